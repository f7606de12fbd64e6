// Where a person begins: at the figures, or, whose role has none, where the work of that role is.
import { Navigate } from 'react-router';
import { lazy, Suspense } from 'react';
import { SkeletonLines } from '../shared/components/feedback';
import { permission as p, usePermitted, useSession, type Permission } from '../shared/session';

const HomePage = lazy(() => import('../features/insight/pages/HomePage'));

const rooms: [Permission, string][] = [
  [p.shipments_write, '/shipping'],
  [p.compliance_read, '/promises'],
  [p.audit_read, '/audit'],
  [p.orders_read, '/orders'],
];

export default function LandingPage() {
  const session = useSession();
  const permitted = usePermitted();
  if (session.isPending) return <SkeletonLines />;
  if (permitted(p.insight_read))
    return (
      <Suspense fallback={<SkeletonLines />}>
        <HomePage />
      </Suspense>
    );
  const room = rooms.find(([needs]) => permitted(needs))?.[1] ?? '/settings';
  return <Navigate to={room} replace />;
}
