// The endpoint for assistants, used by the protocol's own client for Node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { url } from "./server.js";

const client = new Client({ name: "conformance", version: "0" });
let text; // of the source

before(async () => {
  await client.connect(new StreamableHTTPClientTransport(new URL(url.replace(/graphql$/, "mcp"))));
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: `{ sources(first: 1) { nodes { text } } }` }),
  });
  text = [...(await response.json()).data.sources.nodes[0].text];
});
after(() => client.close());

async function call(name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, JSON.stringify(result.content));
  return result.structuredContent; // which the client has held against the tool's own schema
}

// Whatever an assistant could say of a documented record has its quote.
function quoted(records) {
  assert.ok(records.length > 0);
  for (const r of records.filter((r) => r.origin === "DOCUMENTED")) {
    assert.ok(r.id && r.address.endsWith(r.slug) && r.quotes.length > 0, r.slug);
    for (const q of r.quotes) assert.equal(text.slice(q.start, q.end).join(""), q.text);
    for (const { field } of r.texts) {
      if (/status$/.test(field)) continue; // an enum, which follows from the quote of its outcome
      const supports = (f) => f === field || field.startsWith(`${f}.`) || f.startsWith(`${field}.`);
      assert.ok(r.quotes.some((q) => q.fields.some(supports)), `${r.slug}: ${field} has no quote`);
    }
  }
}

test("the tools only read", async () => {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((t) => t.name).sort(), ["cite", "compare_cases", "get_record", "learn", "list_topics", "search_cases"]);
  for (const t of tools) assert.equal(t.annotations.readOnlyHint, true);
});

test("every sentence has its quote", async () => {
  const { topics } = await call("list_topics", {});
  assert.ok(topics.length > 60);
  const found = await call("search_cases", { query: "黑土地 玉米", first: 3 });
  quoted(found.records);
  const peers = await call("learn", { problem: "小学放学早，孩子没人接" });
  quoted(peers.records);
  quoted((await call("compare_cases", { slugs: ["siping-haodi-zhong-haoliang", "guilin-lu-shangquan-gaizao"] })).records);
  const reference = await call("cite", { kind: "case", slug: "siping-haodi-zhong-haoliang" });
  assert.match(reference.citation, /\[EB\/OL\]/);
});

test("what is not there is said to be not there", async () => {
  const none = await call("get_record", { kind: "case", slug: "none" });
  assert.deepEqual(none.records, []);
  assert.match(none.note, /没有查到/);
});

test("the prompts tell to quote", async () => {
  const { prompts } = await client.listPrompts();
  assert.equal(prompts.length, 2);
  const { messages } = await client.getPrompt({ name: "write_background", arguments: { topic: "课后服务" } });
  assert.match(messages[0].content.text, /逐字照录/);
});
