// Shapes of the API's answers, taken from the generated schema: a renamed member breaks the build here and where it is used.
import type { Money } from '../lib/money';
import type { paths } from './schema';

export type { Money };

type Verb = 'get' | 'post' | 'put';
type Success<R> = R extends { 200: { content: { 'application/json': infer Body } } }
  ? Body
  : R extends { 201: { content: { 'application/json': infer Body } } }
    ? Body
    : never;

/** What a route answers when all goes well. */
export type Answer<P extends keyof paths, V extends Verb = 'get'> = paths[P] extends Record<V, { responses: infer R }>
  ? Success<R>
  : never;
type Item<P extends keyof paths> = Answer<P> extends { items: (infer Each)[] } ? Each : never;

/** What a route takes as JSON. */
export type Input<P extends keyof paths, V extends 'post' | 'put'> = paths[P] extends Record<
  V,
  { requestBody?: { content: { 'application/json': infer Body } } }
>
  ? Body
  : never;

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/* account */
export type Session = Answer<'/api/v1/session'>;
export type NextStep = NonNullable<Session['next']>;
export type SignInAnswer = Answer<'/api/v1/sign-in', 'post'>;
export type SignUp = Input<'/api/v1/sign-up', 'post'>;
export type User = Item<'/api/v1/users'>;
export type RoleGrant = User['roles'][number];
export type Invitation = Item<'/api/v1/users/invitations'>;
export type Role = Item<'/api/v1/roles'>;
export type DeviceSession = Item<'/api/v1/sessions'>;
export type ApiKey = Item<'/api/v1/api-keys'>;
export type Tenant = Answer<'/api/v1/tenant'>;

/** The console's own object; the server keeps it as it comes. */
export interface Preferences {
  language?: string;
  theme?: 'light' | 'dark' | 'system';
  density?: 'compact' | 'comfortable';
}

/* compliance */
export type Promises = Answer<'/api/v1/compliance/promises'>;
export type PromiseLine = Promises['items'][number];
export type PromiseDetail = Answer<'/api/v1/compliance/promises/{promise}'>;
export type CheckView = PromiseDetail['checks'][number];
export type Incident = Answer<'/api/v1/incidents/{id}'>;
export type PromisesChecked = Answer<'/api/v1/compliance/check', 'post'>;

/* rights */
export type FoundOrders = Answer<'/api/v1/buyers/search', 'post'>;
export type FoundOrder = FoundOrders['items'][number];
export type SearchBuyers = Input<'/api/v1/buyers/search', 'post'>;
export type RightsRequestRow = Item<'/api/v1/rights/requests'>;
export type OpenRightsRequest = Input<'/api/v1/rights/requests', 'post'>;
export type RightsRequest = Answer<'/api/v1/rights/requests/{id}'>;
export type CoveredOrder = RightsRequest['orders'][number];
export type RightsCounts = Answer<'/api/v1/rights/requests/counts'>;
export type LookUpBuyer = Input<'/api/v1/buyers/look-up', 'post'>;
export type RightsAnswer = Answer<'/api/v1/rights/requests/{id}/answer'>;
export type CarryOutInput = Input<'/api/v1/rights/requests/{id}/carry-out', 'post'>;
export type VerifyInput = Input<'/api/v1/rights/requests/{id}/verify', 'post'>;
export type ExtensionReason = Input<'/api/v1/rights/requests/{id}/extend', 'post'>['reason'];
export type RightsReceipt = Answer<'/api/v1/rights/requests/{id}/receipt'>;
export type RefusalReason = NonNullable<RightsRequestRow['refusal']>;

/* holds */
export type LegalHoldRow = Item<'/api/v1/legal-holds'>;
export type LegalHold = Answer<'/api/v1/legal-holds/{id}'>;
export type LegalHoldAsk = LegalHold['asks'][number];
export type PlaceLegalHold = Input<'/api/v1/legal-holds', 'post'>;
export type AskOfLegalHold = Input<'/api/v1/legal-holds/{id}/ask', 'post'>;
export type OpenedHold = Answer<'/api/v1/legal-holds/{id}/open', 'post'>;

/* channel */
export type Shop = Item<'/api/v1/shops'>;
export type ShopSync = Answer<'/api/v1/shops/{id}/sync'>;

/* orders */
export type OrderRow = Item<'/api/v1/orders'> & { masked?: string[] };
export type Order = Answer<'/api/v1/orders/{id}'> & { masked?: string[] };
export type NewOrder = Input<'/api/v1/orders', 'post'>;
export type AddedOrder = Answer<'/api/v1/orders', 'post'>;
export type OrderLine = Order['lines'][number];
export type OrderCount = Answer<'/api/v1/orders/count'>;
export type BulkAnswer = Answer<'/api/v1/orders/bulk', 'post'>;
export type SavedView = Item<'/api/v1/orders/views'>;
export type OrderException = Item<'/api/v1/orders/exceptions'>;
export type ExceptionSummary = Answer<'/api/v1/orders/exceptions/summary'>;
export type SearchAnswer = Answer<'/api/v1/search'>;

/* fulfil */
export type ShipmentRow = Item<'/api/v1/shipments'>;
export type Shipment = Answer<'/api/v1/shipments/{id}'>;
export type WaitingOrder = Item<'/api/v1/shipments/to-release'>;
export type SameAddress = Answer<'/api/v1/orders/{id}/same-address'>;
export type SameAddressOrder = SameAddress['items'][number];
export type BuyerDataShare = Answer<'/api/v1/orders/buyer-data'>;
export type ShipmentCounts = Answer<'/api/v1/shipments/counts'>;
export type ReleaseAnswer = Answer<'/api/v1/shipments/release', 'post'>;
export type Revealed = Answer<'/api/v1/shipments/{id}/reveal', 'post'>;

/* catalog */
export type Sku = Item<'/api/v1/skus'>;
export type SkuMapping = Item<'/api/v1/sku-mappings'>;
export type MappingSuggestions = Answer<'/api/v1/sku-mappings/suggest', 'post'>;

/* imports */
export type ImportFile = Item<'/api/v1/imports'>;
export type ImportPreview = Answer<'/api/v1/imports/{id}/preview'>;

/* insight */
export type SalesReport = Answer<'/api/v1/insight/sales'>;
export type Figures = SalesReport['totals'];
export type SalesPoint = SalesReport['series'][number]['points'][number];
export type TopReport = Answer<'/api/v1/insight/top'>;
export type TopRow = TopReport['items'][number];
export type Dashboard = Answer<'/api/v1/insight/dashboard'>;
export type Freshness = Pick<TopReport, 'as_of' | 'complete' | 'incomplete_reason' | 'gaps'>;
export type RateRow = Item<'/api/v1/insight/rates'>;
export type RatesImported = Answer<'/api/v1/insight/rates/import', 'post'>;

/* audit, platform */
export type AuditRow = Item<'/api/v1/audit'>;
export type AuditProof = Answer<'/api/v1/audit/entries/{id}/proof'>;
export type QuarantinedJob = Item<'/api/v1/jobs/quarantine'>;
