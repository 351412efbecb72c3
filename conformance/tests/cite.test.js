// Citations of records of every kind, of quotes and of what has awkward titles,
// read by what others wrote: BibTeX by @retorquere/bibtex-parser and Citation.js,
// RIS by Citation.js, CSL-JSON by citeproc-js.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-csl";
import "@citation-js/plugin-ris";
import { parse } from "@retorquere/bibtex-parser";
import { change, documentedCases, url } from "./server.js";

const awkward = [
  `50% 的“边贸”{协商} & 更多`,
  `《通知》 \\section {未完 $5 #1 a_b ~ ^ @article{x,`,
  `"引号" 'it''s' --- a<b> | c -- d`,
  `TY  - JOUR ER  - %0`,
];
const mark = "（合成数据）"; // of what is made up

const styles = `key: slug bibtex: cite(style: BIBTEX) ris: cite(style: RIS) csl: cite(style: CSLJSON)`;
const places = `citations { quote start end bibtex: cite(style: BIBTEX) ris: cite(style: RIS) csl: cite(style: CSLJSON) section { title } source { title } }`;

async function ask(query) {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

// What is cited, with the title that a reader should find: GB/T 7714-2025 sets colons
// and commas in Chinese full width, and programs print what they are given.
const cited = [];
const printed = (title) => (/\p{Script=Han}/u.test(title) ? title.replaceAll(": ", "：").replaceAll(", ", "，") : title);

before(async () => {
  for (const [i, title] of awkward.entries()) await change(`awkward-${i}`, title);
  const lists = await ask(`{
    case: cases(first: 100) { nodes { title origin ${styles} ${places} } }
    brand: brands(first: 100) { nodes { title: name origin ${styles} } }
    proposal: proposals(first: 100) { nodes { title origin ${styles} } }
    practice: practices(first: 100) { nodes { title origin ${styles} } }
    source: sources(first: 100) { nodes { title origin ${styles} } }
  }`);
  for (const [kind, { nodes }] of Object.entries(lists)) {
    assert.ok(nodes.length > 0, `there is no ${kind}`);
    for (const n of nodes) {
      cited.push({ ...n, key: `${kind}-${n.key}`, title: printed(n.title.split(/\s+/).join(" ")) + (n.origin === "SYNTHETIC" ? mark : "") });
      for (const c of n.citations ?? []) cited.push({ ...c, title: printed((c.section ?? c.source).title), pages: [c.start + 1, `${c.end}字`] });
    }
  }
  assert.ok(cited.length > documentedCases + awkward.length + 60, `only ${cited.length} citations`);
});

const data = (text) => {
  const { data } = new Cite(text);
  assert.equal(data.length, 1, text);
  return data[0];
};

test("BibTeX says the title, the day and the address, by two readers", () => {
  for (const c of cited) {
    const { entries, errors } = parse(c.bibtex, { sentenceCase: false });
    assert.deepEqual(errors, [], c.bibtex);
    assert.equal(entries.length, 1, c.bibtex);
    assert.equal(entries[0].fields.title, c.title, c.bibtex);
    if (c.key) assert.equal(entries[0].key, c.key);
    const read = data(c.bibtex);
    assert.equal(read.title, c.title, c.bibtex);
    const { year, month, day } = entries[0].fields;
    if (year) assert.deepEqual(read.issued["date-parts"], [[year, month, day].filter(Boolean).map(Number)], c.bibtex);
    if (c.pages) assert.equal(entries[0].fields.pages.replace("–", "-"), c.pages.join("-"), c.bibtex);
  }
});

test("RIS says the same", () => {
  for (const c of cited) {
    const ris = data(c.ris);
    const bibtex = data(c.bibtex);
    assert.equal(ris.title, c.title, c.ris);
    assert.deepEqual(ris.issued?.["date-parts"], bibtex.issued?.["date-parts"], c.ris);
    assert.equal(ris.URL, bibtex.URL, c.ris);
    assert.deepEqual(ris.author, bibtex.author, c.ris);
  }
});

test("CSL-JSON is formatted by citeproc", () => {
  const some = cited.filter((c, i) => c.key || i % 20 === 0); // quotes are alike
  const items = some.map((c, i) => {
    const list = JSON.parse(c.csl);
    assert.equal(list.length, 1);
    assert.equal(list[0].title, c.title);
    return { ...list[0], id: `${list[0].id}-${i}` }; // a source's quotes have its id
  });
  const text = new Cite(items).format("bibliography", { template: "apa", format: "text" });
  // citeproc sets straight quotes and apostrophes as printers do.
  const plain = (s) => s.replace(/["'“”‘’]+/g, "").replace(/\s+/g, " ");
  for (const c of some) assert.ok(plain(text).includes(plain(c.title)), `${c.title} is lacking`);
  assert.equal(text.trim().split("\n").length, items.length);
  assert.ok(!text.includes("undefined") && !text.includes("NaN"), text);
});

test("what is no BibTeX would be found", () => {
  assert.notDeepEqual(parse("@misc{a, title = {{b}", {}).errors, []);
});
