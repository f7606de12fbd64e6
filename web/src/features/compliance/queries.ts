// All talk of the promises page with the server.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Query } from '@/shared/api/client';
import type { Incident, PromiseDetail, PromiseLine, Promises, PromisesChecked } from '@/shared/api/types';
import type { Tone } from '@/shared/components/texts';
import type { FilterShape } from '@/shared/lib/filters';

/** `open`: the promise whose drawer is open, so that a link shows it. */
export const promise_filter = { q: 'text', state: 'choice', policy: 'choice', open: 'text' } as const satisfies FilterShape;

export const proof_states = ['green', 'amber', 'red'] as const;

export const keys = { promises: ['/compliance/promises'], incidents: ['/incidents'] } as const;

export const incident_filter = { state: 'choice' } as const satisfies FilterShape;
export const incident_states = ['open', 'contained', 'closed'] as const;
export const incident_tones: Record<string, Tone> = { open: 'bad', contained: 'warn', closed: 'neutral' };

export const note_length_max = 2000;
export const is_note_good = (note: string) => {
  const length = [...note.trim()].length;
  return length > 0 && length <= note_length_max;
};

/** Seconds from an alarm to its containment, with one digit and never rounded down to none; null: not known. */
export function seconds_taken(incident: Pick<Incident, 'took_ms'>): string | null {
  if (incident.took_ms === null) return null;
  const tenths = Math.ceil(incident.took_ms / 100);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

export const close_incident = ({ id, note }: { id: string; note: string }) =>
  api.post<Incident>(`/incidents/${id}/close`, { note });

export function usePromises(query: Query) {
  return useQuery({
    queryKey: [...keys.promises, 'list', query],
    queryFn: ({ signal }) => api.get<Promises>('/compliance/promises', query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export function usePromise(id: string | undefined) {
  const name = encodeURIComponent(id ?? '');
  return useQuery({
    queryKey: [...keys.promises, 'one', id],
    queryFn: ({ signal }) => api.get<PromiseDetail>(`/compliance/promises/${name}`, {}, signal),
    enabled: id !== undefined,
  });
}

export const check_now = () => api.post<PromisesChecked>('/compliance/check', {});

export interface Section {
  key: string;
  policy: PromiseLine['policy'];
  title: PromiseLine['section_title'];
  lines: PromiseLine[];
}

/** Promises under the headings of their policy, in the server's order. */
export function sections_of(lines: PromiseLine[]): Section[] {
  const sections: Section[] = [];
  for (const line of lines) {
    const key = `${line.policy} ${line.section}`;
    const last = sections.at(-1);
    if (last?.key === key) last.lines.push(line);
    else sections.push({ key, policy: line.policy, title: line.section_title, lines: [line] });
  }
  return sections;
}
