// npm's graphql-http checks GraphQL over HTTP: all of it, the SHOULDs too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditServer } from "graphql-http";
import { productionURL, url } from "./server.js";

test("every audit of GraphQL over HTTP is passed", async () => {
  const results = await auditServer({ url });
  const wrong = results.filter((r) => r.status !== "ok").map((r) => `${r.id} ${r.name}: ${r.status} ${r.reason ?? ""}`);
  assert.deepEqual(wrong, []);
  assert.equal(results.length, 61);
});

// In production introspection is off, by which four audits see whether variables
// arrive: { __type(name: $name) }. That they do is seen here by other fields.
const byIntrospection = ["2EA1", "28B9", "D6D5", "6A70"];

test("in production every audit is passed but those that ask for introspection", async () => {
  const results = await auditServer({ url: productionURL });
  const wrong = results.filter((r) => r.status !== "ok").map((r) => r.id);
  assert.deepEqual(wrong.sort(), [...byIntrospection].sort());
  assert.equal(results.length, 61);
});

for (const accept of ["application/json", "application/graphql-response+json"]) {
  test(`in production variables arrive by POST and GET: ${accept}`, async () => {
    const query = "query Q($first: Int!) { cases(first: $first) { nodes { __typename } } }";
    const variables = { first: 2 };
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    for (const response of [
      await fetch(productionURL, { method: "POST", headers: { accept, "content-type": "application/json" }, body: JSON.stringify({ query, variables }) }),
      await fetch(`${productionURL}?${parameters}`, { headers: { accept } }),
    ]) {
      assert.equal(response.status, 200);
      const { data } = await response.json();
      assert.deepEqual(data, { cases: { nodes: [{ __typename: "Case" }, { __typename: "Case" }] } });
    }
  });
}
