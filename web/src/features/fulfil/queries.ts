// All talk of the shipping pages with the server.
import { useQuery } from '@tanstack/react-query';
import { api, type Query } from '@/shared/api/client';
import type { ReleaseAnswer, Revealed, Shipment, ShipmentCounts } from '@/shared/api/types';
import type { FilterShape } from '@/shared/lib/filters';

export const shipping_filter = { tab: 'choice', shop_id: 'choice' } as const satisfies FilterShape;

export const tabs = ['to_release', 'released', 'confirming', 'shipped', 'problems'] as const;
export type Tab = (typeof tabs)[number];

export const keys = {
  shipments: ['/shipments'],
  waiting: ['/shipments/to-release'],
  orders: ['/orders'],
} as const;
/** Whatever is done here may change each of them. */
export const everything = [keys.shipments, keys.waiting, keys.orders];

export const release_limit = 500;
const look_again_ms = 15_000;

export function useShipmentCounts(query: Query) {
  return useQuery({
    queryKey: ['/shipments', 'counts', query],
    queryFn: ({ signal }) => api.get<ShipmentCounts>('/shipments/counts', query, signal),
    refetchInterval: look_again_ms,
  });
}

const is_awaited = (shipment: Shipment | undefined) =>
  shipment?.state === 'confirming' || (shipment?.state === 'released' && shipment.pii_state === 'not_fetched');

export function useShipment(id: string) {
  return useQuery({
    queryKey: ['/shipments', 'one', id],
    queryFn: ({ signal }) => api.get<Shipment>(`/shipments/${id}`, {}, signal),
    // Somebody waits for the marketplace: for its answer, or for an address.
    refetchInterval: (query) => (is_awaited(query.state.data) ? 3_000 : false),
  });
}

export const release_orders = (order_ids: string[]) =>
  api.post<ReleaseAnswer>('/shipments/release', { items: order_ids.map((order_id) => ({ order_id })) });

export interface Entered {
  carrier_code: string;
  carrier_name?: string;
  shipping_method?: string;
  tracking_number: string;
}
export const enter_dispatch = (input: { id: string; entered: Entered }) =>
  api.put<Shipment>(`/shipments/${input.id}`, input.entered);

/** One act for the person who packs: what was typed is stored, then the marketplace is told. */
export async function enter_and_confirm(input: { id: string; entered: Entered }): Promise<Shipment> {
  const entered = await enter_dispatch(input);
  if (!entered.allowed_actions.includes('confirm')) return entered;
  return api.post<Shipment>(`/shipments/${input.id}/confirm`, {});
}
export const deliver_shipment = (id: string) => api.post<Shipment>(`/shipments/${id}/deliver`, {});
export const cancel_shipment = (input: { id: string; reason: string }) =>
  api.post<Shipment>(`/shipments/${input.id}/cancel`, { reason: input.reason });

/** Codes of carriers as marketplaces know them; "Other" asks for a name. */
export const carriers = ['UPS', 'USPS', 'FedEx', 'DHL', 'DPD', 'GLS', 'Hermes', 'Royal Mail', 'Yamato Transport', 'Sagawa', 'Other'];
/** The same address as a PDF with the parcel's lines. */
export const print_pack_slip = (id: string) => api.document(`/shipments/${id}/pack-slip`);
export const slip_limit = 100;
export const print_pack_slips = (shipment_ids: string[]) => api.document('/shipments/pack-slips', { shipment_ids });
/** Leaves a row in the audit; the answer may be shown until its `until` and is kept nowhere. */
export const reveal_recipient = (id: string) => api.post<Revealed>(`/shipments/${id}/reveal`, {});
