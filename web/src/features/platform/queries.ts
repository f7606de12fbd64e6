// All talk of the jobs page with the server.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import type { Page, QuarantinedJob } from '@/shared/api/types';

export const keys = { jobs: ['/jobs/quarantine'] } as const;

export function useQuarantine() {
  return useQuery({
    queryKey: keys.jobs,
    queryFn: ({ signal }) => api.get<Page<QuarantinedJob>>('/jobs/quarantine', {}, signal),
    select: (page) => page.items,
    refetchInterval: 15_000,
  });
}

export const retry_job = (id: string) => api.post<void>(`/jobs/${id}/retry`);
