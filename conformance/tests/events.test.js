// npm's graphql-sse in distinct connections mode.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-sse";
import { change, documentedCases, url } from "./server.js";

const client = () => createClient({ url, singleConnection: false, retryAttempts: 0 });

test("graphql-sse: subscribes with a filter", async () => {
  const c = client();
  try {
    // connected is told when the stream is there, and the subscription with it.
    let tell;
    const connected = new Promise((resolve) => (tell = resolve));
    const events = c.iterate(
      { query: "subscription { caseChanged(filter: { levels: [COUNTY] }) { slug title } }" },
      { connected: () => tell() },
    );
    const first = events.next();
    await connected;
    await change("sse-case", "第一版");
    assert.deepEqual((await first).value, { data: { caseChanged: { slug: "sse-case", title: "第一版" } } });
    await events.return();
  } finally {
    c.dispose();
  }
});

test("graphql-sse: a query is one result", async () => {
  const c = client();
  const results = [];
  for await (const r of c.iterate({ query: "{ cases(filter: { origins: [DOCUMENTED] }) { totalCount } }" })) results.push(r);
  assert.deepEqual(results, [{ data: { cases: { totalCount: documentedCases } } }]);
  c.dispose();
});

test("graphql-sse: what is wrong comes as a result", async () => {
  const c = client();
  const results = [];
  for await (const r of c.iterate({ query: "{ nothing }" })) results.push(r);
  assert.equal(results.length, 1);
  assert.equal(results[0].errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  c.dispose();
});
