// Every address of the console; each page is its own chunk.
import { createBrowserRouter, Outlet, type RouteObject } from 'react-router';
import { permission, type Permission } from '../shared/session';
import { PermissionGuard } from '../shared/components/feedback';
import { GateFrame } from './GateFrame';
import { RequireSession } from './RequireSession';
import { NotFoundPage } from './NotFoundPage';
import { RouteError } from './RouteError';
import { Shell } from './Shell';

type Load = () => Promise<{ default: React.ComponentType }>;

function page(path: string, load: Load, needs?: Permission): RouteObject {
  return {
    path,
    lazy: async () => {
      const Page = (await load()).default;
      return {
        Component: () =>
          needs ? (
            <PermissionGuard needs={needs}>
              <Page />
            </PermissionGuard>
          ) : (
            <Page />
          ),
      };
    },
  };
}

const p = permission;

const gate: RouteObject[] = [
  page('/sign-in', () => import('../features/account/pages/SignInPage')),
  page('/sign-up', () => import('../features/account/pages/SignUpPage')),
  page('/sign-in/verify', () => import('../features/account/pages/VerifyMfaPage')),
  page('/sign-in/enrol', () => import('../features/account/pages/EnrolMfaPage')),
  page('/sign-in/password', () => import('../features/account/pages/ChangePasswordPage')),
  page('/password-reset/:token', () => import('../features/account/pages/PasswordResetPage')),
  page('/invitation/:token', () => import('../features/account/pages/InvitationPage')),
];

const inside: RouteObject[] = [
  page('/', () => import('./LandingPage')),
  page('/orders', () => import('../features/orders/pages/OrdersPage'), p.orders_read),
  page('/orders/new', () => import('../features/orders/pages/NewOrderPage'), p.orders_write),
  page('/orders/:id', () => import('../features/orders/pages/OrderPage'), p.orders_read),
  page('/shipping', () => import('../features/fulfil/pages/ShippingPage'), p.shipments_read),
  page('/exceptions', () => import('../features/orders/pages/ExceptionsPage'), p.orders_read),
  page('/mappings', () => import('../features/catalog/pages/MappingsPage'), p.catalog_read),
  page('/skus', () => import('../features/catalog/pages/SkusPage'), p.catalog_read),
  page('/shops', () => import('../features/channel/pages/ShopsPage'), p.shops_read),
  page('/shops/connect', () => import('../features/channel/pages/ConnectPage'), p.shops_write),
  page('/shops/:id', () => import('../features/channel/pages/ShopPage'), p.shops_read),
  page('/imports', () => import('../features/imports/pages/ImportsPage'), p.imports_run),
  page('/imports/new', () => import('../features/imports/pages/ImportStartPage'), p.imports_run),
  page('/imports/:id', () => import('../features/imports/pages/ImportPage'), p.imports_run),
  page('/reports', () => import('../features/insight/pages/ReportsPage'), p.insight_read),
  page('/reports/rates', () => import('../features/insight/pages/RatesPage'), p.insight_read),
  page('/users', () => import('../features/account/pages/UsersPage'), p.users_read),
  page('/users/:id', () => import('../features/account/pages/UserPage'), p.users_read),
  page('/api-keys', () => import('../features/account/pages/ApiKeysPage'), p.keys_write),
  page('/audit', () => import('../features/audit/pages/AuditPage'), p.audit_read),
  page('/buyer-requests', () => import('../features/rights/pages/BuyerRequestsPage'), p.buyers_rights),
  page('/buyers', () => import('../features/rights/pages/LookUpPage'), p.buyers_search),
  page('/legal-holds', () => import('../features/holds/pages/LegalHoldsPage'), p.buyers_hold),
  page('/promises', () => import('../features/compliance/pages/PromisesPage'), p.compliance_read),
  page('/incidents', () => import('../features/compliance/pages/IncidentsPage'), p.compliance_read),
  page('/jobs', () => import('../features/platform/pages/JobsPage'), p.jobs_write),
  page('/settings', () => import('../features/account/pages/SettingsPage')),
  { path: '*', element: <NotFoundPage /> },
];

function Root() {
  return <Outlet />;
}

export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <RouteError />,
    HydrateFallback: () => null,
    children: [
      { element: <GateFrame />, errorElement: <RouteError />, children: gate },
      {
        element: (
          <RequireSession>
            <Shell />
          </RequireSession>
        ),
        errorElement: <RouteError />,
        children: [{ errorElement: <RouteError />, children: inside }],
      },
    ],
  },
]);
