// All talk of the dashboard and report pages with the server.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Query } from '@/shared/api/client';
import type { Dashboard, Page, RateRow, SalesReport, TopRow } from '@/shared/api/types';
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

export function useDashboard(days: number) {
  return useQuery({
    queryKey: ['/insight', 'dashboard', days],
    queryFn: ({ signal }) => api.get<Dashboard>('/insight/dashboard', { days }, signal),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
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

export function useTop(query: Query) {
  return useQuery({
    queryKey: ['/insight', 'top', query],
    queryFn: ({ signal }) => api.get<{ items: TopRow[] } | TopRow[]>('/insight/top', query, signal),
    select: (answer) => (Array.isArray(answer) ? answer : answer.items),
    placeholderData: keepPreviousData,
  });
}

export function useRates(query: Query) {
  return useQuery({
    queryKey: ['/insight', 'rates', query],
    queryFn: ({ signal }) => api.get<Page<RateRow>>('/insight/rates', query, signal),
    select: (page) => page.items,
    placeholderData: keepPreviousData,
  });
}

export const import_rates = (file: File) =>
  api.upload<{ days: number; rates: number; from: string; to: string }>(
    '/insight/rates/import',
    {},
    file,
    'text/csv',
  );
