// All talk of the catalogue pages with the server.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type { MappingSuggestions, Sku, SkuMapping } from '@/shared/api/types';
import type { FilterShape } from '@/shared/lib/filters';

export const mapping_filter = { q: 'text', shop_id: 'choice' } as const satisfies FilterShape;
export const sku_filter = { q: 'text' } as const satisfies FilterShape;

export const keys = { skus: ['/skus'], mappings: ['/sku-mappings'], orders: ['/orders'], exceptions: ['/orders/exceptions'] } as const;

export const create_mapping = (input: {
  shop_id: string;
  seller_sku: string;
  sku_code: string;
  create_sku: boolean;
  valid_from?: string;
}) => api.create<SkuMapping>('/sku-mappings', input);
/** From now on. */
export const end_mapping = (id: string) => api.post<void>(`/sku-mappings/${id}/end`);
/** From the moment on the seller SKU means another SKU; without one, as if it had always been. */
export const change_mapping = (input: { id: string; sku_code: string; valid_from?: string }) => {
  const { id, ...change } = input;
  return api.post<SkuMapping>(`/sku-mappings/${id}/change`, change);
};

export function useSuggestions(shop_id: string | undefined) {
  return useQuery({
    queryKey: ['/sku-mappings', 'suggest', shop_id],
    queryFn: () => api.post<MappingSuggestions>('/sku-mappings/suggest', { shop_id }),
    select: (answer) => answer.items,
    enabled: shop_id !== undefined,
  });
}

export const create_sku = (input: { code: string; title: string }) => api.create<Sku>('/skus', input);
export const save_sku = (input: { id: string; title: string }) => api.put<Sku>(`/skus/${input.id}`, { title: input.title });
