// Filters live in the address: a reload, a bookmark and a colleague's link show the same rows.
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What one member of a filter may hold. */
export type FilterKind = 'text' | 'choice' | 'list' | 'day' | 'flag';
export type FilterShape = Record<string, FilterKind>;

export type FilterValues<S extends FilterShape> = {
  [K in keyof S]?: S[K] extends 'list' ? string[] : S[K] extends 'flag' ? boolean : string;
};

const day_pattern = /^\d{4}-\d{2}-\d{2}$/;

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function read_filter<S extends FilterShape>(shape: S, params: URLSearchParams): FilterValues<S> {
  const values: Record<string, string | string[] | boolean> = {};
  for (const [name, kind] of Object.entries(shape)) {
    const text = params.get(name);
    if (text === null || text === '') continue;
    if (kind === 'list') values[name] = text.split(',').filter(Boolean).map(unescaped);
    else if (kind === 'flag') {
      if (text === 'true' || text === 'false') values[name] = text === 'true';
    } else if (kind === 'day') {
      if (day_pattern.test(text)) values[name] = text;
    } else values[name] = text;
  }
  return values as FilterValues<S>;
}

/** Members of a list are escaped one by one: a tag may hold a comma. */
export function write_filter<S extends FilterShape>(shape: S, values: FilterValues<S>): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of Object.keys(shape)) {
    const value = (values as Record<string, string | string[] | boolean | undefined>)[name];
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) {
      if (value.length > 0) params.set(name, value.map((each) => encodeURIComponent(each)).join(','));
    } else params.set(name, String(value));
  }
  return params;
}

/** The same values as the API's query parameters: lists joined by commas, unescaped. */
export function filter_query<S extends FilterShape>(shape: S, values: FilterValues<S>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const value = (values as Record<string, string | string[] | boolean | undefined>)[name];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    query[name] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return query;
}

export function count_filters(values: Record<string, unknown>, except: readonly string[] = []): number {
  return Object.entries(values).filter(
    ([name, value]) =>
      !except.includes(name) && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  ).length;
}

/** Current filter of the page and a setter that merges; foreign parameters of the address stay. */
export function useUrlFilter<S extends FilterShape>(shape: S) {
  const [params, setParams] = useSearchParams();
  const values = useMemo(() => read_filter(shape, params), [shape, params]);
  const replace = useCallback(
    (next: FilterValues<S>) => {
      setParams(
        (current) => {
          const kept = new URLSearchParams(current);
          for (const name of Object.keys(shape)) kept.delete(name);
          write_filter(shape, next).forEach((value, name) => kept.set(name, value));
          return kept;
        },
        { replace: true },
      );
    },
    [setParams, shape],
  );
  const merge = useCallback((change: FilterValues<S>) => replace({ ...values, ...change }), [replace, values]);
  return { values, merge, replace, clear: useCallback(() => replace({} as FilterValues<S>), [replace]) };
}
