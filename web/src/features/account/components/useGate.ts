// After each step of sign-in: read the session anew and go where it must go next.
import { useCallback } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { gate_path, safe_next } from '@/shared/gate';
import { useRefreshSession } from '@/shared/session';

export function useGate(): () => Promise<void> {
  const refresh = useRefreshSession();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  return useCallback(async () => {
    const session = await refresh();
    const wanted = safe_next(params);
    if (session.level === 'full') await navigate(wanted, { replace: true });
    else await navigate(`${gate_path(session)}${wanted === '/' ? '' : `?next=${encodeURIComponent(wanted)}`}`, { replace: true });
  }, [navigate, params, refresh]);
}
