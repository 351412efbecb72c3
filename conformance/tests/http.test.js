// npm's graphql-http checks GraphQL over HTTP: all of it, the SHOULDs too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditServer } from "graphql-http";
import { url } from "./server.js";

test("every audit of GraphQL over HTTP is passed", async () => {
  const results = await auditServer({ url });
  const wrong = results.filter((r) => r.status !== "ok").map((r) => `${r.id} ${r.name}: ${r.status} ${r.reason ?? ""}`);
  assert.deepEqual(wrong, []);
  assert.equal(results.length, 61);
});
