// Keyset lists: pages follow by the server's cursor; a changed filter starts anew.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, type Query } from './client';
import type { Page } from './types';

export const page_size = 50;

export function useKeysetList<T>(path: string, query: Query, enabled = true) {
  const result = useInfiniteQuery({
    queryKey: [path, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, { ...query, limit: page_size, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
  return {
    rows: result.data?.pages.flatMap((page) => page.items) ?? [],
    loading: result.isPending,
    refreshing: result.isFetching && !result.isFetchingNextPage,
    loading_more: result.isFetchingNextPage,
    has_more: result.hasNextPage,
    load_more: () => {
      if (!result.isFetchingNextPage && result.hasNextPage) void result.fetchNextPage();
    },
    error: result.error,
    retry: () => void result.refetch(),
  };
}

export type KeysetList<T> = {
  rows: T[];
  loading: boolean;
  refreshing: boolean;
  loading_more: boolean;
  has_more: boolean;
  load_more: () => void;
  error: Error | null;
  retry: () => void;
};
