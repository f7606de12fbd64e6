// Who is signed in, what they may do, and in which zone and currency they read.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, set_csrf_token } from './api/client';
import type { Session } from './api/types';
import { browser_zone } from './lib/time';

export const session_key = ['session'] as const;

async function fetch_session(): Promise<Session> {
  const session = await api.get<Session>('/session');
  set_csrf_token(session.csrf_token ?? '');
  return session;
}

export function useSession() {
  return useQuery({ queryKey: session_key, queryFn: fetch_session, staleTime: 60_000, retry: 1 });
}

/** Asks the server again who we are: after sign-in, a second factor, sign-out. */
export function useRefreshSession() {
  const client = useQueryClient();
  return useCallback(async () => {
    const session = await fetch_session();
    client.setQueryData(session_key, session);
    return session;
  }, [client]);
}

export function useTenantZone(): string {
  return useSession().data?.tenant?.time_zone ?? browser_zone();
}

export function useBookCurrency(): string {
  return useSession().data?.tenant?.book_currency ?? 'USD';
}

/** The permissions that the console asks about, under the server's names. */
export const permission = {
  orders_read: 'orders.read',
  orders_write: 'orders.write',
  orders_export: 'orders.export',
  money_read: 'money.read',
  catalog_read: 'catalog.read',
  catalog_write: 'catalog.write',
  shops_read: 'shops.read',
  shops_write: 'shops.write',
  imports_run: 'imports.run',
  insight_read: 'insight.read',
  rates_write: 'rates.write',
  users_read: 'users.read',
  users_write: 'users.write',
  keys_write: 'api_keys.write',
  tenant_write: 'tenant.write',
  audit_read: 'audit.read',
  jobs_write: 'jobs.write',
  shipments_read: 'shipments.read',
  shipments_write: 'shipments.write',
  buyers_reveal: 'buyers.reveal',
  compliance_read: 'compliance.read',
  compliance_write: 'compliance.write',
  buyers_rights: 'buyers.rights',
  buyers_search: 'buyers.search',
  buyers_hold: 'buyers.hold',
} as const;

export type Permission = (typeof permission)[keyof typeof permission];

export function usePermitted(): (needed: Permission) => boolean {
  const granted = useSession().data?.permissions;
  return useCallback((needed) => granted?.includes(needed) ?? false, [granted]);
}
