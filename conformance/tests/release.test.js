// A release of the documented records, read by what others wrote: its Parquet by
// hyparquet, its tables by Frictionless Data's own library, its citations by
// Citation.js. Every value of a table is that of the record in JSON Lines.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import datapackage from "datapackage";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const dir = process.env.JISI_RELEASE;
const read = (...name) => readFileSync(join(dir, ...name), "utf8");
const lines = (name) => read("jsonl", name).split("\n").filter(Boolean).map((l) => JSON.parse(l));

async function table(name) {
  return parquetReadObjects({ file: await asyncBufferFromFile(join(dir, "parquet", name)) });
}

// plain makes a value of JSON one of a table: none for what is empty, names within
// an entry joined, whole numbers as hyparquet gives those of 64 bits.
function plain(v) {
  if (v === undefined || v === null || v === "" || (Array.isArray(v) && v.length === 0)) return undefined;
  if (Array.isArray(v)) return v.join(" ");
  return v;
}
const cell = (v) => (typeof v === "bigint" ? Number(v) : (v ?? undefined));

test("Parquet says what JSON Lines say, in every table", async () => {
  let cells = 0;
  const names = readdirSync(join(dir, "parquet"));
  const kinds = readdirSync(join(dir, "jsonl")).map((f) => f.replace(/\.jsonl$/, ""));
  assert.ok(names.length > 30, `only ${names.length} tables`);
  for (const file of names) {
    const name = file.replace(/\.parquet$/, "");
    const kind = kinds.filter((k) => name === k || name.startsWith(`${k}_`)).sort((a, b) => b.length - a.length)[0]; // evaluation_rounds has two words
    const list = name === kind ? undefined : name.slice(kind.length + 1);
    const records = lines(`${kind}.jsonl`);
    const rows = await table(file);
    const want = list
      ? records.flatMap((r) => (r[list] ?? []).map((entry, position) => ({ record: r.slug, position, ...(typeof entry === "object" ? entry : { value: entry }) })))
      : records;
    assert.equal(rows.length, want.length, name);
    rows.forEach((row, i) => {
      for (const [column, value] of Object.entries(row)) {
        if (!list && ["version", "createdAt", "updatedAt"].includes(column)) continue; // of the knowledge base, in no line
        cells++;
        assert.equal(cell(value), plain(want[i][column]) ?? fallback(column, cell(value)), `${name} row ${i}, ${column}`);
      }
    });
  }
  assert.ok(cells > 3000, `only ${cells} cells`);
});

// A line leaves out what is zero or false; a table has it where the field always
// has a value.
function fallback(column, value) {
  return value === 0 || value === false ? value : undefined;
}

test("every table is what its Frictionless data package says, and refers to rows that are there", async () => {
  const about = await datapackage.Package.load(join(dir, "datapackage.json"), { basePath: dir });
  assert.deepEqual(about.errors, []);
  const tables = about.resources.filter((r) => r.tabular);
  assert.ok(tables.length > 30, `only ${tables.length} tables`);
  let rows = 0;
  for (const table of tables) {
    rows += (await table.read({ relations: true })).length; // throws where a value or a reference is not as said
  }
  assert.ok(rows > 1000, `only ${rows} rows`);
});

test("its citations name it, by BibTeX, RIS and CSL-JSON alike", () => {
  const [csl] = JSON.parse(read("citation.csl.json"));
  for (const name of ["citation.bib", "citation.ris"]) {
    const { data } = new Cite(read(name));
    assert.equal(data.length, 1);
    // The name of the release is CSL-JSON's version; the other two have it in the title.
    assert.equal(data[0].title, `${csl.title} ${csl.version}`);
    assert.equal(data[0].URL, csl.URL);
    assert.deepEqual(data[0].issued["date-parts"], csl.issued["date-parts"]);
  }
  assert.equal(csl.type, "dataset");
});

test("its index has the digest of every record's revisions", () => {
  const [header, ...rows] = read("records.csv").trim().split("\n").map((l) => l.split(","));
  assert.deepEqual(header.slice(-1), ["revision"]);
  assert.ok(rows.length > 200 && rows.every((r) => /^[0-9a-f]{64}$/.test(r.at(-1))));
});
