// What went wrong, as the server says it (RFC 9457), or as the network does.

export interface FieldProblem {
  pointer: string;
  code: string;
  detail?: string;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
  retry_after?: number;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly request_id: string | undefined;
  readonly fields: FieldProblem[];
  readonly retry_after: number | undefined;

  constructor(body: ProblemBody) {
    super(body.code);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code;
    this.detail = body.detail;
    this.request_id = body.request_id;
    this.fields = body.errors ?? [];
    this.retry_after = body.retry_after;
  }
}

export function as_problem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ status: 0, code: 'client.unexpected', detail: error instanceof Error ? error.message : '' });
}

/** Faults that may pass by themselves. */
export function is_transient(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 502;
}
