/** One error of an answer, as the server gives it. */
export interface AnswerProblem {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; argument?: string; message?: { zh: string; en: string } };
}

/**
 * The server said that something is wrong. `code` is the first error's, as in
 * INVALID, NOT_FOUND, CONFLICT, LIMIT or UNAVAILABLE; `chinese` its sentence in
 * Chinese; `data` what was answered beside the errors, mostly null.
 */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly code: string;
  readonly chinese: string;

  constructor(
    readonly errors: readonly AnswerProblem[],
    readonly status: number,
    readonly data: unknown = null,
  ) {
    const first = errors[0];
    super(first?.extensions?.message?.en ?? first?.message ?? "an empty list of errors");
    this.code = first?.extensions?.code ?? "";
    this.chinese = first?.extensions?.message?.zh ?? this.message;
  }
}

/** The server could not be reached, or what answered is not jisi. */
export class TransportError extends Error {
  override readonly name = "TransportError";
}
