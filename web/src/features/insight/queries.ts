// All talk of the dashboard and report pages with the server.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Query } from '@/shared/api/client';
import type { BuyerDataShare, Dashboard, RateRow, RatesImported, SalesReport, TopReport } from '@/shared/api/types';
import type { FilterShape } from '@/shared/lib/filters';

export const report_filter = {
  group: 'choice',
  by: 'choice',
  from: 'day',
  to: 'day',
  shop_id: 'choice',
  country: 'choice',
  sku: 'text',
  currency: 'choice',
  compare: 'choice',
} as const satisfies FilterShape;

/** `query`: days, or from and to. */
export function useDashboard(query: Query, enabled = true) {
  return useQuery({
    queryKey: ['/insight', 'dashboard', query],
    queryFn: ({ signal }) => api.get<Dashboard>('/insight/dashboard', query, signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Of how many orders buyer data is held, was held, or never was. */
export function useBuyerData(enabled: boolean) {
  return useQuery({
    queryKey: ['/orders', 'buyer-data'],
    queryFn: ({ signal }) => api.get<BuyerDataShare>('/orders/buyer-data', {}, signal),
    staleTime: 60_000,
    enabled,
  });
}

/** The first day with any sale, null when there is none; of the shops that the user may see. */
export function useFirstDay(enabled: boolean) {
  return useQuery({
    queryKey: ['/insight', 'first_day'],
    queryFn: async ({ signal }) => (await api.get<Dashboard>('/insight/dashboard', { days: 1 }, signal)).first_day,
    enabled,
  });
}

export function useSales(query: Query, enabled = true) {
  return useQuery({
    queryKey: ['/insight', 'sales', query],
    queryFn: ({ signal }) => api.get<SalesReport>('/insight/sales', query, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useTop(query: Query, enabled = true) {
  return useQuery({
    queryKey: ['/insight', 'top', query],
    queryFn: ({ signal }) => api.get<TopReport>('/insight/top', query, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useRates(query: Query) {
  return useQuery({
    queryKey: ['/insight', 'rates', query],
    queryFn: ({ signal }) => api.get<{ items: RateRow[] }>('/insight/rates', query, signal),
    select: (answer) => answer.items,
    placeholderData: keepPreviousData,
  });
}

export const import_rates = (file: File) =>
  api.upload<RatesImported>(
    '/insight/rates/import',
    {},
    file,
    'application/octet-stream',
  );

/** Address of the orders behind a figure, or null where the list cannot be asked for so exactly. */
export function orders_link(drill: string | null, from: string, to: string): string | null {
  if (drill === null) return null;
  const params = new URLSearchParams(drill);
  params.delete('insight_day');
  params.set('from', from);
  params.set('to', to);
  return `/orders?${params.toString()}`;
}
