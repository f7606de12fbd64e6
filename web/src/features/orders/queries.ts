// All talk of the order pages with the server.
import { useQuery } from '@tanstack/react-query';
import { api, type Query } from '@/shared/api/client';
import type {
  AddedOrder,
  BulkAnswer,
  ExceptionSummary,
  MappingSuggestions,
  NewOrder,
  Order,
  OrderCount,
  Page,
  SameAddress,
  SavedView,
  ShipmentRow,
} from '@/shared/api/types';
import { filter_query, type FilterShape, type FilterValues } from '@/shared/lib/filters';

export const order_filter = {
  q: 'text',
  state: 'list',
  shop_id: 'choice',
  marketplace_id: 'choice',
  sku: 'text',
  from: 'day',
  to: 'day',
  fulfilled_by: 'choice',
  tag: 'text',
  held: 'flag',
  country: 'choice',
  exception: 'flag',
  sort: 'choice',
} as const satisfies FilterShape;

export const exception_filter = { kind: 'choice', shop_id: 'choice', state: 'choice' } as const satisfies FilterShape;

export const order_states = [
  'pending',
  'unshipped',
  'partially_shipped',
  'shipped',
  'delivered',
  'cancelled',
  'unfulfillable',
  'unknown',
];

export const keys = {
  orders: ['/orders'],
  exceptions: ['/orders/exceptions'],
  views: ['/orders/views'],
} as const;

export function useOrderCount(query: Query) {
  return useQuery({
    queryKey: ['/orders', 'count', query],
    queryFn: ({ signal }) => api.get<OrderCount>('/orders/count', query, signal),
  });
}

export function useOrder(id: string) {
  return useQuery({
    queryKey: ['/orders', 'one', id],
    queryFn: ({ signal }) => api.get<Order>(`/orders/${id}`, {}, signal),
    refetchInterval: 60_000,
  });
}

/** Dispatch's route, called here so that features stay apart. A changed order may have others. */
export function useShipments(order: { id: string; version: number }, enabled: boolean) {
  return useQuery({
    queryKey: ['/shipments', 'of', order.id, order.version],
    queryFn: ({ signal }) => api.get<Page<ShipmentRow>>('/shipments', { order_id: order.id }, signal),
    select: (page) => page.items,
    enabled,
  });
}

/** Others that go to the address of this one; nothing of the address is in the answer. */
export function useSameAddress(order: { id: string; version: number }, enabled: boolean) {
  return useQuery({
    queryKey: ['/orders', 'same-address', order.id, order.version],
    queryFn: ({ signal }) => api.get<SameAddress>(`/orders/${order.id}/same-address`, {}, signal),
    select: (answer) => answer.items,
    enabled,
  });
}

/** The key belongs to what was typed, not to the click: the same form sent twice adds one order. */
export const add_order = (input: { order: NewOrder; key: string }) =>
  api.create<AddedOrder>('/orders', input.order, input.key);
export const cancel_order = (input: { id: string; reason: string }) =>
  api.post<void>(`/orders/${input.id}/cancel`, { reason: input.reason });
export const ship_order = (input: { id: string; carrier?: string; tracking_number?: string }) =>
  api.post<void>(`/orders/${input.id}/ship`, { carrier: input.carrier, tracking_number: input.tracking_number });
export const deliver_order = (id: string) => api.post<void>(`/orders/${id}/deliver`);

export const hold_order = (input: { id: string; reason: string }) =>
  api.post<void>(`/orders/${input.id}/hold`, { reason: input.reason });
export const release_order = (id: string) => api.post<void>(`/orders/${id}/release`);
export const change_tags = (input: { id: string; add: string[]; remove: string[] }) =>
  api.post<void>(`/orders/${input.id}/tags`, { add: input.add, remove: input.remove });
export const add_note = (input: { id: string; text: string }) =>
  api.create<void>(`/orders/${input.id}/notes`, { text: input.text });

export interface BulkAct {
  order_ids: string[];
  action: 'hold' | 'release' | 'add_tag' | 'remove_tag';
  reason?: string;
  tag?: string;
}
export const bulk_limit = 500;
export const bulk_act = (input: BulkAct) => api.post<BulkAnswer>('/orders/bulk', input);

export const repull_order = (input: { shop_id: string; channel_order_id: string }) =>
  api.post<void>(`/shops/${input.shop_id}/sync/order`, { channel_order_id: input.channel_order_id });

export function useViews() {
  return useQuery({
    queryKey: keys.views,
    queryFn: ({ signal }) => api.get<Page<SavedView>>('/orders/views', {}, signal),
    select: (page) => page.items,
  });
}
export const save_view = (input: { name: string; filter: Record<string, string>; shared: boolean }) =>
  api.create<SavedView>('/orders/views', input);
export const delete_view = (id: string) => api.remove<void>(`/orders/views/${id}`);

export function useExceptionSummary() {
  return useQuery({
    queryKey: ['/orders/exceptions', 'summary'],
    queryFn: ({ signal }) => api.get<ExceptionSummary>('/orders/exceptions/summary', {}, signal),
    select: (answer) => answer.items,
  });
}
export const dismiss_exception = (input: { id: string; reason: string }) =>
  api.post<void>(`/orders/exceptions/${input.id}/dismiss`, { reason: input.reason });

/** Mapping in place from the inbox: the catalog's route, called here so that features stay apart. */
export const map_sku = (input: { shop_id: string; seller_sku: string; sku_code: string; create_sku: boolean }) =>
  api.create<void>('/sku-mappings', input);

/** The server's guess at what a seller SKU means; null when it has none. */
export function useSkuGuess(shop_id: string, seller_sku: string) {
  return useQuery({
    queryKey: ['/sku-mappings', 'suggest', shop_id],
    queryFn: () => api.post<MappingSuggestions>('/sku-mappings/suggest', { shop_id }),
    select: (answer) => answer.items.find((each) => each.seller_sku === seller_sku)?.sku_code ?? null,
  });
}

export function useSkuSearch(text: string) {
  return useQuery({
    queryKey: ['/skus', 'find', text],
    queryFn: ({ signal }) =>
      api.get<Page<{ id: string; code: string; title: string }>>('/skus', { q: text, limit: 20 }, signal),
    select: (page) => page.items,
  });
}

/** Shortest text that the server looks up; less would name half of the shop. */
export const find_length_min = 3;

/** What a filter of the page asks of the server: whole days are counted in each shop's own zone. */
export function order_query(values: FilterValues<typeof order_filter>): Record<string, string> {
  const { sort: _, ...chosen } = values;
  const query = filter_query(order_filter, chosen);
  if ((query.q?.length ?? find_length_min) < find_length_min) delete query.q;
  if (query.from && query.to) query.insight_day = 'true';
  return query;
}
