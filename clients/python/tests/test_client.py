"""Against a running server, whose address JISI_SERVER gives."""

import csv
import json
import os
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path

from jisi import AnswerError, Client, Error, TransportError, flatten, to_frame, write_csv, write_jsonl

TOTALS = "{ cases { totalCount } }"
LIST = """query($first: Int, $after: String) {
  cases(first: $first, after: $after) { nodes { slug } pageInfo { hasNextPage endCursor } }
}"""


class Asked(unittest.TestCase):
    def setUp(self):
        self.kb = Client(os.environ["JISI_SERVER"])
        self.total = self.kb.query(TOTALS)["cases"]["totalCount"]

    def test_every_page_comes_once(self):
        slugs = [case["slug"] for case in self.kb.records(LIST, {"first": 4})]
        self.assertEqual(len(slugs), self.total)
        self.assertEqual(len(set(slugs)), self.total)
        self.assertEqual(len(list(self.kb.pages(LIST, {"first": 4}))), -(-self.total // 4))

    def test_a_connection_below_a_record_that_is_not_there_is_empty(self):
        document = """query($after: String) { committee(slug: "nowhere") {
          cases(after: $after) { nodes { slug } pageInfo { hasNextPage endCursor } } } }"""
        self.assertEqual(list(self.kb.records(document)), [])

    def test_cases_take_a_filter_and_fields(self):
        documented = list(self.kb.cases(filter={"origins": ["DOCUMENTED"]}, fields="slug origin citations { quote start end source { slug } }"))
        self.assertEqual(len(documented), self.total)
        texts = {s["slug"]: s["text"] for s in self.kb.query("{ sources { nodes { slug text } } }")["sources"]["nodes"]}
        for case in documented:
            for citation in case["citations"]:
                text = texts[citation["source"]["slug"]]
                self.assertEqual(text[citation["start"] : citation["end"]], citation["quote"], case["slug"])

    def test_search_pages_through_its_hits(self):
        hits = list(self.kb.search("协商", page_size=3))
        count = self.kb.query('{ search(query: "协商") { totalCount } }')["search"]["totalCount"]
        self.assertEqual(len(hits), count)
        self.assertGreater(count, 3)
        self.assertEqual(sorted((h.score for h in hits), reverse=True), [h.score for h in hits])
        self.assertTrue(hits[0].highlights)
        only = list(self.kb.search("协商", kinds=["BRAND"]))
        self.assertEqual({h.node["__typename"] for h in only}, {"Brand"})

    def test_learn_gives_reasons(self):
        found = self.kb.learn("小学生放学后没人接", first=3)
        self.assertIn(len(found), (1, 2, 3))
        self.assertTrue(all(peer["reasons"] and peer["case"]["title"] for peer in found))

    def test_the_matrix_counts_every_case(self):
        matrix = self.kb.matrix("LEVEL", "ORIGIN")
        self.assertEqual(matrix.total, self.total)
        self.assertFalse(matrix.multiple)
        self.assertEqual(sum(map(sum, matrix.counts)), self.total)
        self.assertEqual(sum(record["count"] for record in matrix.records()), self.total)

    def test_the_ledger_tells_the_gap(self):
        lines = [line for line in self.kb.ledger() if line["held"] is not None]
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual(line["gap"], line["claimed"] - line["held"])

    def test_errors_have_their_code_and_sentences(self):
        with self.assertRaises(AnswerError) as caught:
            self.kb.query("{ cases(first: 5000) { totalCount } }")
        self.assertEqual(caught.exception.code, "INVALID")
        self.assertEqual(list(caught.exception.path), ["cases"])
        self.assertNotEqual(caught.exception.chinese, caught.exception.english)
        with self.assertRaises(AnswerError) as caught:
            self.kb.query("{ nothing }")
        self.assertEqual(caught.exception.code, "GRAPHQL_VALIDATION_FAILED")
        with self.assertRaises(TransportError):
            Client("http://127.0.0.1:1").query("{ cases { totalCount } }")
        with self.assertRaises(TransportError):
            Client(self.kb.url + "/healthz").query("{ cases { totalCount } }")

    def test_a_document_that_cannot_be_paged_is_told(self):
        with self.assertRaises(ValueError):
            next(self.kb.records(TOTALS))
        with self.assertRaises(Error):
            next(self.kb.records("query($after: String) { cases(after: $after) { nodes { slug } } }"))

    def test_tables_hold_every_record(self):
        with tempfile.TemporaryDirectory() as folder:
            table, lines = Path(folder, "cases.csv"), Path(folder, "cases.jsonl")
            self.assertEqual(write_csv(table, self.kb.cases()), self.total)
            self.assertEqual(write_jsonl(lines, self.kb.cases()), self.total)
            with table.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
        self.assertEqual([row["slug"] for row in rows], [record["slug"] for record in records])
        self.assertIn("committee.name", rows[0])

    def test_frames_are_made_where_pandas_is(self):
        if find_spec("pandas") is None:
            with self.assertRaisesRegex(ImportError, "python3-pandas"):
                to_frame(self.kb.cases())
            return
        frame = to_frame(self.kb.cases())
        self.assertEqual(len(frame), self.total)
        self.assertEqual(frame["slug"].nunique(), self.total)


class Flattened(unittest.TestCase):
    def test_a_record_becomes_a_row(self):
        record = {"slug": "a", "committee": {"name": "x"}, "tags": ["p", "q"], "topics": [{"name": "m"}, {"name": None, "n": 1}], "none": None}
        want = {"slug": "a", "committee.name": "x", "tags": "p；q", "topics.name": "m；", "topics.n": "；1", "none": None}
        self.assertEqual(flatten(record), want)

    def test_no_cell_is_a_formula_and_null_objects_have_no_column(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "t.csv")
            write_csv(path, [{"a": "=1+1", "c": None}, {"a": "b", "c": {"n": -1}}])
            self.assertEqual(path.read_bytes().decode("utf-8-sig"), "a,c.n\r\n'=1+1,\r\nb,-1\r\n")


if __name__ == "__main__":
    unittest.main()
