// All talk of the buyers' requests page with the server, and what follows from its answers.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type {
  CarryOutInput,
  ExtensionReason,
  FoundOrder,
  FoundOrders,
  LookUpBuyer,
  OpenRightsRequest,
  RefusalReason,
  Revealed,
  RightsAnswer,
  RightsCounts,
  RightsReceipt,
  RightsRequest,
  SearchBuyers,
  VerifyInput,
} from '@/shared/api/types';
import type { FilterShape } from '@/shared/lib/filters';

/** `open`: the request whose drawer is open, so that a link shows it. What is searched for is never in an address. */
export const requests_filter = { state: 'choice', open: 'text', sort: 'choice' } as const satisfies FilterShape;

export const request_states = ['verifying', 'open', 'done', 'refused'] as const;
export const search_fields = ['buyer_email', 'phone', 'name', 'order_number'] as const;
export const look_up_fields = ['buyer_email', 'phone', 'name'] as const;
export const request_kinds = ['access', 'correction', 'erasure', 'restriction'] as const;
export const arrivals = ['marketplace', 'email', 'phone', 'letter', 'in_person', 'other', 'instruction'] as const;
export const verifications = ['order_email', 'order_phone', 'channel_message', 'order_confirmation'] as const;
/** Those that compare what the requester named. */
export const compared: readonly string[] = ['order_email', 'order_phone'];
export const extensions = ['complexity', 'many_requests'] as const;
export const corrected_parts = ['name', 'address', 'phone', 'email'] as const;
export const answer_languages = ['zh', 'en', 'de', 'ja'] as const;
export const refusals = ['not_identified', 'legal_obligation', 'legal_claims', 'unfounded', 'not_ours', 'withdrawn'] as const;

export const keys = { requests: ['/rights/requests'], orders: ['/orders'] } as const;
export const everything = [keys.requests, keys.orders];

export const search_buyers = (input: SearchBuyers) => api.post<FoundOrders>('/buyers/search', input);
/** For customer service: nothing of the buyer comes back. */
export const look_up_buyer = (input: LookUpBuyer) => api.post<FoundOrders>('/buyers/look-up', input);
export const open_request = (input: OpenRightsRequest) => api.post<RightsRequest>('/rights/requests', input);
export const carry_out = ({ id, ...input }: { id: string } & CarryOutInput) =>
  api.post<RightsRequest>(`/rights/requests/${id}/carry-out`, input);
export const verify = ({ id, ...input }: { id: string } & VerifyInput) =>
  api.post<RightsRequest>(`/rights/requests/${id}/verify`, input);
export const extend = (input: { id: string; reason: ExtensionReason }) =>
  api.post<RightsRequest>(`/rights/requests/${input.id}/extend`, { reason: input.reason });
/** What to write to the buyer, as the request stands now. */
export function useAnswer(request: RightsRequest, language: string) {
  return useQuery({
    queryKey: [...keys.requests, 'answer', request.id, request.state, request.due_at, language],
    queryFn: ({ signal }) => api.get<RightsAnswer>(`/rights/requests/${request.id}/answer`, { language }, signal),
  });
}
export const refuse = (input: { id: string; reason: RefusalReason }) =>
  api.post<RightsRequest>(`/rights/requests/${input.id}/refuse`, { reason: input.reason });
export const lift = (id: string) => api.post<RightsRequest>(`/rights/requests/${id}/lift`, {});
export const read_receipt = (id: string) => api.get<RightsReceipt>(`/rights/requests/${id}/receipt`);
/** Leaves a row in the audit; the answer may be shown until its `until` and is kept nowhere. */
export const reveal_order = (input: { id: string; order_id: string }) =>
  api.post<Revealed>(`/rights/requests/${input.id}/reveal`, { order_id: input.order_id });

export function useRequestCounts() {
  return useQuery({
    queryKey: [...keys.requests, 'counts'],
    queryFn: ({ signal }) => api.get<RightsCounts>('/rights/requests/counts', {}, signal),
    refetchInterval: 60_000,
  });
}

const is_awaited = (request: RightsRequest | undefined) =>
  request?.orders.some((each) => each.outcome === 'erasing' || each.outcome === 'fetching');

export function useRequest(chosen: string | undefined) {
  const id = encodeURIComponent(chosen ?? '');
  return useQuery({
    queryKey: [...keys.requests, 'one', chosen],
    queryFn: ({ signal }) => api.get<RightsRequest>(`/rights/requests/${id}`, {}, signal),
    enabled: chosen !== undefined,
    // Keys are being destroyed: somebody waits for the last one.
    refetchInterval: (query) => (is_awaited(query.state.data) ? 2_000 : false),
  });
}

/** What an erasure will do, in counts: what is erased, what has nothing to erase, and what cannot be shipped afterwards. */
export function consequences(orders: Pick<RightsRequest['orders'][number], 'buyer_data' | 'order_state'>[]) {
  const held = orders.filter((each) => each.buyer_data === 'held' || each.buyer_data === 'restricted');
  return {
    erased: held.length,
    untouched: orders.length - held.length,
    unshippable: held.filter((each) => ['pending', 'unshipped', 'partially_shipped'].includes(each.order_state ?? '')).length,
  };
}

/** Those of which something is held; a person may pick others too. */
export const picked_at_first = (orders: FoundOrder[]): ReadonlySet<string> =>
  new Set(orders.filter((each) => each.buyer_data === 'held' || each.buyer_data === 'restricted').map((each) => each.order_id));
