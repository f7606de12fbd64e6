// Which signed-out page a session must see next.
import type { NextStep, Session } from './api/types';

const paths: Record<NextStep, string> = {
  enrol_mfa: '/sign-in/enrol',
  verify_mfa: '/sign-in/verify',
  change_password: '/sign-in/password',
  done: '/',
};

export function step_path(next: NextStep | null): string {
  return next ? paths[next] : '/sign-in';
}

export function gate_path(session: Session): string {
  if (session.level === 'none') return '/sign-in';
  return step_path(session.next);
}

/** Where to go after sign-in: only an address of this console, never another site. */
export function safe_next(params: URLSearchParams): string {
  const next = params.get('next') ?? '/';
  return next.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}
