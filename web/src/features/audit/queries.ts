// All talk of the audit page with the server.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type { AuditProof } from '@/shared/api/types';
import { filter_query, type FilterShape, type FilterValues } from '@/shared/lib/filters';
import { add_days, start_of_day } from '@/shared/lib/time';

export const audit_filter = {
  q: 'text',
  actor_id: 'text',
  act: 'text',
  object_kind: 'choice',
  object_id: 'text',
  result: 'choice',
  from: 'day',
  to: 'day',
} as const satisfies FilterShape;

export const audit_path = '/audit';

/** Asked again until the row is sealed, which takes a second. */
export function useProof(id: string) {
  return useQuery({
    queryKey: [audit_path, 'proof', id],
    queryFn: ({ signal }) => api.get<AuditProof>(`/audit/entries/${id}/proof`, {}, signal),
    refetchInterval: (query) => (query.state.data && !query.state.data.seal ? 1_000 : false),
  });
}

/** Days of the company's zone become moments; the end is the beginning of the day after. */
export function audit_query(values: FilterValues<typeof audit_filter>, zone: string): Record<string, string> {
  const query = filter_query(audit_filter, values);
  if (query.from) query.from = start_of_day(query.from, zone);
  if (query.to) query.to = start_of_day(add_days(query.to, 1), zone);
  return query;
}
