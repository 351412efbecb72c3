#!/usr/bin/python3
"""Measures SQLite FTS5 (trigram) and Xapian (CJK n-grams) as bench/search and
bench/relevance measure the product: over the same files, one query after the
other in one thread.

    apt-get install python3-xapian
    bench/search/others.py -cases cases.jsonl -n 10000 [-queries questions.txt]
    bench/search/others.py -passages passages.jsonl -questions questions.jsonl

Each engine gets what its manual advises for such queries: FTS5 the trigrams of
the query joined by OR, ranked by its bm25(); Xapian the CJK n-grams of texts and
queries, joined by OR, BM25. Both answer with the first 20 records
and their titles; neither counts facets or marks words, so that their times are
for less than what the product does.
"""
import argparse
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time

import xapian

KEYWORDS = ["课后服务", "营商环境", "黑土地", "夜经济", "银企对接", "老旧小区", "养老服务", "乡村振兴", "停车难", "人参产业"]
QUESTIONS = [
    "小学放学早，家长下班晚，孩子没人管怎么办？", "老旧小区改造如何协商解决停车难问题？",
    "企业贷不到款，政协怎样搭台让银行和企业对接？", "黑土地退化严重，有哪些县政协开展过保护协商？",
    "怎样把夜间的商圈重新做热闹？", "乡村振兴中农民专业合作社如何壮大？", "哪些市县用委员联络站收集社情民意？",
    "营商环境的体验式评价怎样与部门绩效考核挂钩？", "农村饮水安全工程的管护由谁负责？", "社区养老服务设施不足应该怎么协商？",
]


def lines(path, n=None):
    with open(path, encoding="utf-8") as f:
        for i, line in enumerate(f):
            if n is not None and i >= n:
                return
            yield json.loads(line)


def text_of(r):
    return "".join(r.get(k) or "" for k in ("text", "summary", "background", "approach", "results", "lessons"))


class SQLite:
    name = "SQLite FTS5 trigram " + sqlite3.sqlite_version

    def __init__(self, folder):
        self.db = sqlite3.connect(os.path.join(folder, "fts.db"))
        self.db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS t USING fts5(title, body, tokenize='trigram')")

    def add(self, records):
        self.db.executemany("INSERT INTO t(title, body) VALUES (?, ?)", records)
        self.db.commit()

    def search(self, query, first, phrase=False):
        if phrase:
            match = '"%s"' % query
        else:
            grams = {q[i:i + 3] for q in re.findall(r"\w+", query) for i in range(max(len(q) - 2, 0))}
            if not grams:
                return []
            match = " OR ".join('"%s"' % g for g in sorted(grams))
        sql = "SELECT rowid, title FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT ?"
        return [row[0] for row in self.db.execute(sql, (match, first))]


class Xapian:
    name = "Xapian CJK n-grams " + xapian.version_string()

    def __init__(self, folder):
        self.db = xapian.WritableDatabase(os.path.join(folder, "xapian"), xapian.DB_CREATE_OR_OPEN)
        self.generator = xapian.TermGenerator()
        self.generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        self.parser = xapian.QueryParser()
        self.parser.set_default_op(xapian.Query.OP_OR)
        self.parser.set_database(self.db)

    def add(self, records):
        for title, body in records:
            doc = xapian.Document()
            self.generator.set_document(doc)
            self.generator.index_text(title)
            self.generator.increase_termpos()
            self.generator.index_text(body)
            doc.set_data(title)
            self.db.add_document(doc)
        self.db.commit()

    def search(self, query, first, phrase=False):
        enquire = xapian.Enquire(self.db)
        if phrase:
            flags = xapian.QueryParser.FLAG_CJK_NGRAM | xapian.QueryParser.FLAG_PHRASE
            enquire.set_query(self.parser.parse_query('"%s"' % query, flags))
        else:
            # The parser joins the n-grams of a run of characters by AND, which finds
            # next to nothing for a question: its terms are made as the texts' were.
            doc = xapian.Document()
            self.generator.set_document(doc)
            self.generator.index_text(query)
            terms = [t.term.decode() for t in doc.termlist()]
            enquire.set_query(xapian.Query(xapian.Query.OP_OR, terms))
        hits = []
        for match in enquire.get_mset(0, first):
            match.document.get_data()
            hits.append(match.docid)
        return hits


def percentile(times, p):
    times = sorted(times)
    return times[min(len(times) * p // 100, len(times) - 1)] * 1000


def folder_size(folder):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(folder) for f in fs)


def latency(engine, rounds, questions):
    if rounds == 0:  # to build the indexes only
        return
    for name, queries, phrase in (("keyword", KEYWORDS, False), ("question", questions, False), ("phrase", KEYWORDS, True)):
        first, times, cpu = [], [], []
        for r in range(rounds + 1):
            for q in queries:
                start, busy = time.perf_counter(), time.process_time()
                engine.search(q, 20, phrase)
                if r == 0:
                    first.append(time.process_time() - busy)
                else:
                    times.append(time.perf_counter() - start)
                    cpu.append(time.process_time() - busy)
        print("  %-10s first time processor p50 %7.2f p95 %7.2f   warm p50 %7.2f p95 %7.2f p99 %7.2f   processor p50 %7.2f p95 %7.2f ms" % (
            name, percentile(first, 50), percentile(first, 95), percentile(times, 50), percentile(times, 95), percentile(times, 99), percentile(cpu, 50), percentile(cpu, 95)))


def relevance(engine, ids, questions):
    for form in ("question", "question_traditional"):
        total = first = tenth = 0
        questions = [q for q in questions if q.get(form)]
        for q in questions:
            hits = engine.search(q[form], 10)
            want = ids[q["passage"]]
            if want in hits:
                tenth += 1
                total += 1 / (hits.index(want) + 1)
                first += hits[0] == want
        n = len(questions)
        if n:
            print("  %-20s MRR@10 %.4f recall@1 %.4f recall@10 %.4f" % (form, total / n, first / n, tenth / n))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("-cases")
    p.add_argument("-n", type=int, default=10000)
    p.add_argument("-queries")
    p.add_argument("-passages")
    p.add_argument("-questions")
    p.add_argument("-rounds", type=int, default=5)
    p.add_argument("-index", help="folder in which to keep the indexes for the next run; without one they are removed")
    a = p.parse_args()
    asked = QUESTIONS
    if a.queries:
        with open(a.queries, encoding="utf-8") as f:
            asked = [line.strip() for line in f if line.strip()]
    source = a.cases or a.passages
    n = a.n if a.cases else None
    for engine_class in (SQLite, Xapian):
        folder = os.path.join(a.index, engine_class.__name__) if a.index else tempfile.mkdtemp(prefix="jisi-others-")
        built = os.path.isdir(folder) and bool(os.listdir(folder))
        os.makedirs(folder, exist_ok=True)
        try:
            engine = engine_class(folder)
            if built:
                print("%s: indexed before, %.1f MB" % (engine.name, folder_size(folder) / 1e6))
            else:
                build(engine, folder, [((r.get("title") or "") + (r.get("name") or ""), text_of(r)) for r in lines(source, n)])
            if a.passages:
                ids = {r["id"]: i + 1 for i, r in enumerate(lines(a.passages))}
                relevance(engine, ids, list(lines(a.questions)))
            else:
                latency(engine, a.rounds, asked)
        finally:
            if not a.index:
                shutil.rmtree(folder)


def build(engine, folder, records):
    start = time.perf_counter()
    engine.add(records)
    took = time.perf_counter() - start
    print("%s: %d records in %.1f s (%.0f a second), %.1f MB" % (
        engine.name, len(records), took, len(records) / took, folder_size(folder) / 1e6))


if __name__ == "__main__":
    main()
