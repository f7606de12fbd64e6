// All talk of the shop pages with the server.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type { Shop, ShopSync } from '@/shared/api/types';

export const keys = { shops: ['/shops'], sync: (id: string) => ['/shops', id, 'sync'] } as const;

export interface AmazonCredentials {
  lwa_client_id: string;
  lwa_client_secret: string;
  refresh_token: string;
}

export interface AmazonShop extends AmazonCredentials {
  name: string;
  region: 'NA' | 'EU' | 'FE';
  endpoint?: string;
}

export const connect_amazon = (input: AmazonShop) => api.create<Shop>('/shops/amazon', input);
export const create_file_shop = (input: { name: string; country: string; currency: string; time_zone: string }) =>
  api.create<Shop>('/shops/file', input);
export const save_shop = (input: { id: string; name: string; time_zone: string }) =>
  api.put<Shop>(`/shops/${input.id}`, { name: input.name, time_zone: input.time_zone });
export const save_marketplaces = (input: { id: string; enabled: string[] }) =>
  api.put<Shop>(`/shops/${input.id}/marketplaces`, { enabled: input.enabled });
export const save_credentials = (input: { id: string } & AmazonCredentials) => {
  const { id, ...credentials } = input;
  return api.put<void>(`/shops/${id}/credentials`, credentials);
};
export const pause_shop = (id: string) => api.post<void>(`/shops/${id}/pause`);
export const resume_shop = (id: string) => api.post<void>(`/shops/${id}/resume`);

/** Asked often: the page shows a machine at work. */
export function useShopSync(id: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.sync(id),
    queryFn: ({ signal }) => api.get<ShopSync>(`/shops/${id}/sync`, {}, signal),
    refetchInterval: 5_000,
    enabled,
  });
}

export const run_now = (id: string) => api.post<void>(`/shops/${id}/sync/run`);
export const pull_history = (input: { id: string; from: string; to: string }) =>
  api.post<void>(`/shops/${input.id}/sync/history`, { from: input.from, to: input.to });
export const repull_order = (input: { id: string; channel_order_id: string }) =>
  api.post<void>(`/shops/${input.id}/sync/order`, { channel_order_id: input.channel_order_id });
export const repull_day = (input: { id: string; day: string }) =>
  api.post<void>(`/shops/${input.id}/sync/day`, { day: input.day });
