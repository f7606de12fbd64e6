// The one door to the API: base path, session token against forged requests, problems as exceptions.
import { Problem, type ProblemBody } from './problem';

export const api_base = '/api/v1';

export type QueryValue = string | number | boolean | undefined | null;
export type Query = Record<string, QueryValue>;

interface Options {
  query?: Query;
  body?: unknown;
  /** A raw body (upload) instead of JSON. */
  raw?: Blob;
  raw_type?: string;
  signal?: AbortSignal;
  /** Sent with a POST that creates, so that a repeated click creates once. */
  idempotency_key?: string;
}

let csrf_token = '';
let on_signed_out: () => void = () => undefined;

export function set_csrf_token(token: string): void {
  csrf_token = token;
}

/** Called when the server says that the session has ended. */
export function when_signed_out(listener: () => void): void {
  on_signed_out = listener;
}

export function api_url(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return `${api_base}${path}${text ? `?${text}` : ''}`;
}

async function problem_of(response: Response): Promise<Problem> {
  const after = Number(response.headers.get('Retry-After'));
  const retry_after = Number.isFinite(after) && after > 0 ? after : undefined;
  const request_id = response.headers.get('X-Request-Id') ?? undefined;
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    if (typeof body.code === 'string') {
      return new Problem({ request_id, retry_after, ...body, status: response.status, code: body.code });
    }
  } catch {
    // Not JSON: a proxy in between has answered.
  }
  const code = response.status >= 500 ? 'client.server_unavailable' : 'client.unexpected';
  return new Problem({ status: response.status, code, request_id, retry_after });
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET' && csrf_token !== '') headers['X-CSRF-Token'] = csrf_token;
  if (options.idempotency_key) headers['Idempotency-Key'] = options.idempotency_key;
  let body: BodyInit | undefined;
  if (options.raw) {
    body = options.raw;
    headers['Content-Type'] = options.raw_type ?? 'application/octet-stream';
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers['Content-Type'] = 'application/json';
  }
  try {
    return await fetch(api_url(path, options.query), {
      method,
      headers,
      body,
      credentials: 'same-origin',
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem({ status: 0, code: 'client.offline' });
  }
}

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) {
    const problem = await problem_of(response);
    if (response.status === 401 && !path.startsWith('/sign-in')) on_signed_out();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** A document that is looked at and never kept: the caller lets go of it. */
async function request_document(path: string, body: unknown): Promise<Blob> {
  const response = await send('POST', path, { body });
  if (response.ok) return response.blob();
  const problem = await problem_of(response);
  if (response.status === 401) on_signed_out();
  throw problem;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', path, { body }),
  create: <T>(path: string, body: unknown, idempotency_key: string = crypto.randomUUID()) =>
    request<T>('POST', path, { body, idempotency_key }),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, { body }),
  remove: <T>(path: string) => request<T>('DELETE', path),
  document: (path: string, body: unknown = {}) => request_document(path, body),
  upload: <T>(path: string, query: Query, raw: Blob, raw_type: string) =>
    request<T>('POST', path, { query, raw, raw_type, idempotency_key: crypto.randomUUID() }),
};
