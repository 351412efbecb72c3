// Against a running server, whose address JISI_SERVER gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AnswerError,
  CaseDocument,
  CaseMatrixDocument,
  CasesDocument,
  Client,
  LearnDocument,
  LedgerDocument,
  SearchDocument,
  TransportError,
  TypedDocumentString,
  type Level,
} from "../src/index.js";

const url = process.env["JISI_SERVER"];
assert.ok(url, "JISI_SERVER is not set");
const client = new Client({ url });

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
    const name = node.__typename === "Brand" ? node.name : node.title;
    assert.ok(name);
    for (const { fragment, ranges } of highlights) {
      const characters = [...fragment]; // offsets are in code points
      for (const { start, end } of ranges) assert.ok(0 <= start && start < end && end <= characters.length);
    }
  }
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
