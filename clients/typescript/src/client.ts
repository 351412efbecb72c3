import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";
import { AnswerError, TransportError, type AnswerProblem } from "./errors.js";

/** A GraphQL text that knows the types of its variables and of its result. */
export type TypedDocument<Result, Variables> = DocumentTypeDecoration<Result, Variables> & { toString(): string };

export interface ClientOptions {
  /** The server's address, without /graphql. */
  url: string;
  /** Sent as a bearer's token; without one the client asks as an anonymous reader. */
  token?: string;
  /** How often a busy server that says when to come again is asked in all; 4. */
  tries?: number;
  /** How long a server may take for one answer, in milliseconds; 60,000. */
  timeout?: number;
  /** Another fetch, for instance one that goes by a proxy. */
  fetch?: typeof fetch;
}

/** What a connection gives of its pages. */
export interface Page {
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** The longest that a busy server may ask to be left alone for, in milliseconds. */
const longestWait = 60_000;

/** Client asks one server. It holds no state but its options. */
export class Client {
  readonly #options: Required<Omit<ClientOptions, "token">> & Pick<ClientOptions, "token">;

  constructor(options: ClientOptions) {
    this.#options = { tries: 4, timeout: 60_000, fetch: globalThis.fetch, ...options, url: options.url.replace(/\/+$/, "") };
  }

  /**
   * Runs a document and gives its data, typed by it.
   * @throws AnswerError where the server says that something is wrong.
   * @throws TransportError where it does not answer.
   */
  async request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...[variables]: Variables extends { [name: string]: never } ? [variables?: Variables] : [variables: Variables]
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#post({ query: document.toString(), variables });
      const wait = comeAgain(response);
      if (wait === undefined || attempt >= this.#options.tries) return read<Result>(response);
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /**
   * Gives the pages of a connection until there are no more. `of` finds the
   * connection in the data; null, where a record above it is not there, ends it.
   */
  async *pages<Result, Variables extends { after?: string | null | undefined }, P extends Page>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    of: (data: Result) => P | null | undefined,
  ): AsyncGenerator<P, void, undefined> {
    let given = variables;
    for (;;) {
      const page = of(await (this.request as Ask<Result, Variables>).call(this, document, given));
      if (!page) return;
      yield page;
      const next = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage || !next || next === given.after) return;
      given = { ...given, after: next };
    }
  }

  async #post(body: unknown): Promise<Response> {
    const headers: { [name: string]: string } = {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
    };
    if (this.#options.token) headers["authorization"] = `Bearer ${this.#options.token}`;
    try {
      return await this.#options.fetch(`${this.#options.url}/graphql`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        redirect: "error", // a token must not follow to somebody else
        signal: AbortSignal.timeout(this.#options.timeout),
      });
    } catch (problem) {
      throw new TransportError(`${this.#options.url} cannot be reached`, { cause: problem });
    }
  }
}

type Ask<Result, Variables> = (document: TypedDocument<Result, Variables>, variables: Variables) => Promise<Result>;

/** comeAgain gives the milliseconds after which a busy server wants to be asked again. */
function comeAgain(response: Response): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  const wait = Math.max(seconds, 0.1) * 1000;
  return wait <= longestWait ? wait : undefined; // NaN is not
}

async function read<Result>(response: Response): Promise<Result> {
  let answer: { data?: Result | null; errors?: AnswerProblem[] };
  try {
    answer = (await response.json()) as typeof answer;
  } catch (problem) {
    throw new TransportError(`what answered is not jisi (HTTP ${response.status})`, { cause: problem });
  }
  if (answer.errors?.length) throw new AnswerError(answer.errors, response.status, answer.data ?? null);
  if (!answer.data) throw new TransportError(`what answered is not jisi (HTTP ${response.status})`);
  return answer.data;
}
