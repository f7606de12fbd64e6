// Lets only a full session in; leads every other one to its next step.
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ProblemAlert, SkeletonLines } from '../shared/components/feedback';
import { gate_path } from '../shared/gate';
import { useSession } from '../shared/session';

export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.isPending) return <SkeletonLines lines={6} />;
  if (!session.data) {
    return (
      <div className="page narrow">
        <ProblemAlert error={session.error} retry={() => void session.refetch()} />
      </div>
    );
  }
  if (session.data.level === 'full') return <>{children}</>;
  const wanted = pathname + search;
  const after = wanted === '/' ? '' : `?next=${encodeURIComponent(wanted)}`;
  return <Navigate to={gate_path(session.data) + after} replace />;
}
