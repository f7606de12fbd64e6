// All talk of the legal holds page with the server.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type { AskOfLegalHold, LegalHold, OpenedHold, PlaceLegalHold } from '@/shared/api/types';
import type { FilterShape } from '@/shared/lib/filters';

/** `open`: the hold whose drawer is open, so that a link shows it to the second person. */
export const holds_filter = { state: 'choice', open: 'text' } as const satisfies FilterShape;

export const hold_states = ['active', 'ending', 'ended'] as const;
export const hold_reasons = ['court', 'authority', 'claim'] as const;
export const hold_acts = ['open', 'release', 'extend'] as const;
export const ask_states = ['waiting', 'approved', 'done', 'declined', 'lapsed'] as const;
export const found_words = ['copied', 'nothing_held', 'already_erased'] as const;

export const keys = { holds: ['/legal-holds'] } as const;
export const everything = [keys.holds];

export const place_hold = (input: PlaceLegalHold) => api.post<LegalHold>('/legal-holds', input);
export const ask_of_hold = ({ id, ...input }: AskOfLegalHold & { id: string }) => api.post<LegalHold>(`/legal-holds/${id}/ask`, input);

interface WhichAsk {
  id: string;
  ask_id: string;
}
export const approve_ask = ({ id, ask_id }: WhichAsk) => api.post<LegalHold>(`/legal-holds/${id}/approve`, { ask_id });
export const decline_ask = ({ id, ask_id }: WhichAsk) => api.post<LegalHold>(`/legal-holds/${id}/decline`, { ask_id });
/** Once; the answer may be shown until its `until` and is kept nowhere. */
export const open_hold = ({ id, ask_id }: WhichAsk) => api.post<OpenedHold>(`/legal-holds/${id}/open`, { ask_id });

const waits = (hold: LegalHold | undefined) =>
  hold?.state === 'ending' || hold?.asks.some((each) => each.state === 'waiting' || each.state === 'approved');

export function useHold(chosen: string | undefined) {
  const id = encodeURIComponent(chosen ?? '');
  return useQuery({
    queryKey: [...keys.holds, 'one', chosen],
    queryFn: ({ signal }) => api.get<LegalHold>(`/legal-holds/${id}`, {}, signal),
    enabled: chosen !== undefined,
    // Somebody waits for a second person, or for the key to be gone.
    refetchInterval: (query) => (waits(query.state.data) ? 5_000 : false),
  });
}

/** Order numbers as they are pasted out of a letter: one a line, or with commas. */
export const numbers_in = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;，；、]+/)
      .map((each) => each.trim())
      .filter(Boolean),
  ),
];
