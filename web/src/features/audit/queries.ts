// All talk of the audit page with the server.
import type { FilterShape } from '@/shared/lib/filters';

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
