// All talk of the import pages with the server.
import { useQuery } from '@tanstack/react-query';
import { api, api_url, type Query } from '@/shared/api/client';
import type { ImportFile, ImportPreview } from '@/shared/api/types';

export const keys = { imports: ['/imports'], orders: ['/orders'] } as const;

export const encodings = ['utf8', 'gb18030', 'windows_1252', 'shift_jis', 'utf16le', 'utf16be'];
export const delimiters = ['comma', 'tab', 'semicolon', 'pipe'];
export const date_formats = ['ymd', 'dmy', 'mdy'];

const types: [RegExp, string][] = [
  [/\.gz$/i, 'application/gzip'],
  [/\.(csv|tsv|txt)$/i, 'text/csv'],
];

export const upload_file = (input: { shop_id: string; file: File }) =>
  api.upload<ImportFile>(
    '/imports',
    { shop_id: input.shop_id, file_name: input.file.name },
    input.file,
    types.find(([pattern]) => pattern.test(input.file.name))?.[1] ?? 'application/octet-stream',
  );

/** Followed closely while it runs. */
export function useImport(id: string) {
  return useQuery({
    queryKey: ['/imports', 'one', id],
    queryFn: ({ signal }) => api.get<ImportFile>(`/imports/${id}`, {}, signal),
    refetchInterval: (query) => (['running', 'undoing'].includes(query.state.data?.state ?? '') ? 700 : false),
  });
}

export function usePreview(id: string, choice: Query, enabled: boolean) {
  return useQuery({
    queryKey: ['/imports', 'preview', id, choice],
    queryFn: ({ signal }) => api.get<ImportPreview>(`/imports/${id}/preview`, choice, signal),
    enabled,
    placeholderData: (before) => before,
  });
}

export interface RunImport {
  id: string;
  mapping: Record<string, string>;
  encoding: string;
  delimiter: string;
  number_format: 'point' | 'comma';
  date_format: string;
  time_zone: string;
  currency: string;
  mode: 'all_or_none' | 'skip_bad';
  charges: 'per_line' | 'per_order';
  rules: unknown;
  create_skus: boolean;
}

export const run_import = ({ id, ...body }: RunImport) => api.post<ImportFile>(`/imports/${id}/run`, body);
export const undo_import = (id: string) => api.post<void>(`/imports/${id}/undo`);
export const error_file = (id: string, locale: string) =>
  api_url(`/imports/${id}/errors`, { language: locale === 'zh-CN' ? 'zh' : 'en' });
