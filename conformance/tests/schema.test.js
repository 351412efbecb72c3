// The schema by itself: what @graphql-eslint finds in it, and what has changed
// since the last release that clients would trip over (graphql-inspector).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { ESLint } from "eslint";
import { buildSchema } from "graphql";

test("@graphql-eslint finds nothing in the schema", async () => {
  const results = await new ESLint().lintFiles(["schema/*.graphql"]);
  assert.ok(results.length > 20, "the schema was not read");
  const found = results.flatMap((r) => r.messages.map((m) => `${r.filePath}:${m.line} ${m.ruleId}: ${m.message}`));
  assert.deepEqual(found, []);
});

test("@graphql-eslint would find what is wrong", async () => {
  const [result] = await new ESLint().lintText("type lower { a: Int }", { filePath: "schema/wrong.graphql" });
  assert.ok(result.messages.some((m) => m.ruleId === "@graphql-eslint/naming-convention"), JSON.stringify(result.messages));
});

async function breaking(before, after) {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes.filter((c) => c.criticality.level === CriticalityLevel.Breaking).map((c) => c.message);
}

test("nothing breaks the clients of the last release unnoticed", async () => {
  const served = await (await fetch(`${process.env.JISI_URL}/schema.graphql`)).text();
  const { accepted } = JSON.parse(readFileSync("accepted.json", "utf8"));
  const found = await breaking(readFileSync("released.graphql", "utf8"), served);
  assert.deepEqual(found.filter((m) => !(m in accepted)), []);
  assert.deepEqual(Object.keys(accepted).filter((m) => !found.includes(m)), [], "accepted, but not there any more");
});

test("a field that is taken away would be found", async () => {
  assert.deepEqual(await breaking("type Query { a: Int b: Int }", "type Query { a: Int }"), ["Field 'b' was removed from object type 'Query'"]);
});
