// Against a running server, whose address JISI_SERVER gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AnswerError,
  ArchiveCaseDocument,
  CaseChangedDocument,
  CaseDocument,
  CaseMatrixDocument,
  CasesDocument,
  Client,
  CreateCaseDocument,
  LearnDocument,
  LedgerDocument,
  PublishCaseDocument,
  SearchDocument,
  SubmitCaseDocument,
  TransportError,
  TypedDocumentString,
  UpdateCaseDocument,
  type Level,
} from "../src/index.js";
import { readEvents } from "../src/events.js";

const url = process.env["JISI_SERVER"];
assert.ok(url, "JISI_SERVER is not set");
const client = new Client({ url });

/** until waits for what holds soon: an anonymous reader's answers follow the feed of changes. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, "it does not hold after a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function total(): Promise<number> {
  return (await client.request(CasesDocument, { first: 1 })).cases.totalCount;
}

test("a list comes page by page, each record once", async () => {
  const slugs = new Set<string>();
  let pages = 0;
  for await (const page of client.pages(CasesDocument, { first: 4 }, (data) => data.cases)) {
    pages++;
    for (const node of page.nodes) slugs.add(node.slug);
  }
  const count = await total();
  assert.equal(slugs.size, count);
  assert.equal(pages, Math.ceil(count / 4));
});

test("a record comes with its type", async () => {
  const list = await client.request(CasesDocument, { first: 1 });
  const slug = list.cases.nodes[0]?.slug;
  assert.ok(slug);
  const { case: found } = await client.request(CaseDocument, { slug });
  assert.ok(found);
  const level: Level = found.level;
  assert.ok(["PROVINCE", "PREFECTURE", "COUNTY", "UNSTATED"].includes(level));
  assert.equal(found.steps.length, 8);
  assert.equal(found.steps.filter((step) => step.documented).length, found.completeness.documented);
  assert.equal((await client.request(CaseDocument, { slug: "nowhere" })).case, null);
});

test("a search tells its hits apart by type", async () => {
  const { search } = await client.request(SearchDocument, { query: "协商", first: 100 });
  assert.equal(search.edges.length, Math.min(search.totalCount, 100));
  assert.ok(search.totalCount > 0);
  for (const { node, highlights } of search.edges) {
    const name = "title" in node ? node.title : "name" in node ? node.name : node.problem;
    assert.ok(name);
    for (const { fragment, ranges } of highlights) {
      const characters = [...fragment]; // offsets are in code points
      for (const { start, end } of ranges) assert.ok(0 <= start && start < end && end <= characters.length);
    }
  }
});

test("a search of other kinds has their names too", async () => {
  const { search } = await client.request(SearchDocument, { query: "朝阳", kinds: ["COMMITTEE", "REGION"], first: 10 });
  assert.ok(search.edges.length > 1);
  for (const { node } of search.edges) assert.ok("name" in node && node.name.includes("朝阳"));
});

test("learning, counting and the ledger", async () => {
  const { learn } = await client.request(LearnDocument, { problem: "小学生放学后没人接", first: 3 });
  assert.ok(learn.length > 0 && learn.every((peer) => peer.reasons.length > 0));
  const { caseMatrix } = await client.request(CaseMatrixDocument, { rows: "LEVEL", columns: "ORIGIN" });
  assert.equal(caseMatrix.total, await total());
  assert.equal(caseMatrix.counts.flat().reduce((sum, n) => sum + n, 0), caseMatrix.total);
  const { ledger } = await client.request(LedgerDocument);
  const held = ledger.filter((line) => typeof line.held === "number");
  assert.ok(held.length > 0);
  for (const line of held) assert.equal(line.gap, line.claimed - line.held!);
});

test("a document of one's own", async () => {
  const document = new TypedDocumentString<{ sources: { totalCount: number } }, { [name: string]: never }>("{ sources { totalCount } }");
  assert.ok((await client.request(document)).sources.totalCount > 0);
});

test("errors have their code and sentences", async () => {
  await assert.rejects(client.request(CasesDocument, { first: 101 }), (problem) => {
    assert.ok(problem instanceof AnswerError);
    assert.equal(problem.code, "INVALID");
    assert.notEqual(problem.chinese, problem.message);
    return true;
  });
  await assert.rejects(new Client({ url: "http://127.0.0.1:1" }).request(LedgerDocument), TransportError);
  await assert.rejects(new Client({ url: `${url}/healthz` }).request(LedgerDocument), TransportError);
});

test("a busy server is asked again, as often as is allowed", async () => {
  let asked = 0;
  const busy: typeof fetch = async (...call) => {
    asked++;
    return asked < 3 ? new Response("{}", { status: 503, headers: { "retry-after": "0" } }) : fetch(...call);
  };
  await new Client({ url, fetch: busy }).request(LedgerDocument);
  assert.equal(asked, 3);
});

test("a case is written, published, told to who listens, and taken back", async () => {
  const token = process.env["JISI_TOKEN"];
  assert.ok(token, "JISI_TOKEN is not set");
  const admin = new Client({ url, token });
  const input = { title: "测试用的案例", committee: "长春市政协" };

  const refused = await admin.request(CreateCaseDocument, { input: { title: "" } });
  assert.equal(refused.createCase.record, null);
  assert.ok(refused.createCase.userErrors.length > 0);
  await assert.rejects(client.request(CreateCaseDocument, { input }), (problem) => problem instanceof AnswerError && problem.code === "UNAUTHENTICATED");

  const created = (await admin.request(CreateCaseDocument, { input })).createCase.record;
  assert.ok(created);
  assert.equal(created.status, "DRAFT");
  const { id, slug } = created;

  const over = new AbortController();
  const told = (async () => {
    for await (const { caseChanged } of client.subscribe(CaseChangedDocument, { filter: { origins: ["CONTRIBUTED"] } }, over.signal))
      if (caseChanged.slug === slug) return caseChanged;
    return undefined;
  })();
  const submitted = (await admin.request(SubmitCaseDocument, { id, version: created.version })).submitCase.record;
  assert.equal(submitted?.status, "IN_REVIEW");
  let version = (await admin.request(PublishCaseDocument, { id, version: submitted.version })).publishCase.version ?? 0;
  // Whoever listens too late is not told: changed until it is.
  let heard: Awaited<typeof told>;
  void told.then((change) => (heard = change));
  for (let n = 1; heard === undefined && n < 200; n++) {
    const updated = await admin.request(UpdateCaseDocument, { id, version, input: { ...input, title: `${input.title} ${n}` } });
    version = updated.updateCase.version ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  over.abort();
  assert.equal((await told)?.status, "PUBLISHED");
  await until(async () => (await client.request(CaseDocument, { slug })).case?.version === version);

  const stale = await admin.request(UpdateCaseDocument, { id, version: 1, input });
  assert.equal(stale.updateCase.userErrors[0]?.code, "CONFLICT");
  const archived = await admin.request(ArchiveCaseDocument, { id, version, reason: "测试结束" });
  assert.equal(archived.archiveCase.record?.status, "ARCHIVED");
  await until(async () => (await client.request(CaseDocument, { slug })).case === null);
});

test("events are read however they are cut into pieces", async () => {
  const text = ": hello\n\nevent: next\ndata: {\"标题\":1}\n\nevent: complete\r\ndata:\r\n\r\nevent: cut";
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(body)) events.push(event);
    assert.deepEqual(events, [{ name: "next", data: '{"标题":1}' }, { name: "complete", data: "" }]);
  }
});

// What must not compile.
export async function wrong(): Promise<void> {
  // @ts-expect-error a variable of another type
  await client.request(CasesDocument, { first: "four" });
  // @ts-expect-error a variable that is missing
  await client.request(CaseDocument);
  // @ts-expect-error an enum's value that is not there
  await client.request(CaseMatrixDocument, { rows: "WEATHER" });
  // @ts-expect-error a field that was not asked for
  (await client.request(CasesDocument, {})).cases.nodes[0]?.background;
}
