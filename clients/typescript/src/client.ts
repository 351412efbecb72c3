import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";
import { AnswerError, TransportError, type AnswerProblem } from "./errors.js";
import { readEvents } from "./events.js";

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

const answers = "application/graphql-response+json, application/json";
const events = "text/event-stream";

/** The longest that a busy server may ask to be left alone for, in milliseconds. */
const longestWait = 60_000;

/** Client asks one server. It holds no state but its options. */
export class Client {
  readonly #options: Required<Omit<ClientOptions, "token">> & Pick<ClientOptions, "token">;

  constructor(options: ClientOptions) {
    this.#options = { tries: 4, timeout: 60_000, fetch: globalThis.fetch, ...options, url: options.url.replace(/\/+$/, "") };
  }

  /**
   * Runs a document and returns its data, typed by it.
   * @throws AnswerError where the server says that something is wrong.
   * @throws TransportError where it does not answer.
   */
  async request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...[variables]: Variables extends { [name: string]: never } ? [variables?: Variables] : [variables: Variables]
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#post({ query: document.toString(), variables }, answers, AbortSignal.timeout(this.#options.timeout));
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

  /**
   * Gives what a subscription tells, as it comes, over server-sent events, until
   * the server ends it or `signal` aborts. What changes while nobody listens is not
   * told later: after an error ask for what is newest, and subscribe again.
   * @throws AnswerError where the server says that something is wrong.
   * @throws TransportError where the connection breaks.
   */
  async *subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<Result, void, undefined> {
    let response: Response;
    try {
      response = await this.#post({ query: document.toString(), variables }, events, signal);
    } catch (problem) {
      if (signal.aborted) return;
      throw problem;
    }
    if (!response.headers.get("content-type")?.startsWith(events) || !response.body) {
      yield await read<Result>(response);
      return;
    }
    try {
      for await (const event of readEvents(response.body)) {
        if (event.name === "complete") return;
        if (event.name === "next") yield unwrap<Result>(JSON.parse(event.data) as Answer<Result>, response.status);
      }
    } catch (problem) {
      if (signal.aborted) return;
      throw problem instanceof AnswerError ? problem : new TransportError("the subscription has broken off", { cause: problem });
    }
    throw new TransportError("the subscription has broken off");
  }

  async #post(body: unknown, accept: string, signal: AbortSignal): Promise<Response> {
    const headers: { [name: string]: string } = { "content-type": "application/json", accept };
    if (this.#options.token) headers["authorization"] = `Bearer ${this.#options.token}`;
    try {
      return await this.#options.fetch(`${this.#options.url}/graphql`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        redirect: "error", // a token must not follow to somebody else
        signal,
      });
    } catch (problem) {
      throw new TransportError(`${this.#options.url} cannot be reached`, { cause: problem });
    }
  }
}

type Ask<Result, Variables> = (document: TypedDocument<Result, Variables>, variables: Variables) => Promise<Result>;

/** comeAgain returns the milliseconds after which a busy server wants to be asked again. */
function comeAgain(response: Response): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  const wait = Math.max(seconds, 0.1) * 1000;
  return wait <= longestWait ? wait : undefined; // NaN is not
}

interface Answer<Result> {
  data?: Result | null;
  errors?: AnswerProblem[];
}

async function read<Result>(response: Response): Promise<Result> {
  let answer: Answer<Result>;
  try {
    answer = (await response.json()) as typeof answer;
  } catch (problem) {
    throw new TransportError(`what answered is not jisi (HTTP ${response.status})`, { cause: problem });
  }
  return unwrap(answer, response.status);
}

function unwrap<Result>(answer: Answer<Result>, status: number): Result {
  if (answer.errors?.length) throw new AnswerError(answer.errors, status, answer.data ?? null);
  if (!answer.data) throw new TransportError(`what answered is not jisi (HTTP ${status})`);
  return answer.data;
}
