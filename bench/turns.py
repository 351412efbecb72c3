#!/usr/bin/python3
"""Runs two builds of jisi in turns through what they do, and writes one table:

    (cd OLD && make build && go build -o /tmp/old-search ./bench/search)   # see search/turns.py
    make build && go build -o /tmp/new-search ./bench/search
    go build -o /tmp/graphql ./bench/graphql && (cd bench/graphql/_others && go build -o /tmp/others .)
    bench/turns.py -old OLD/bin/jisi -new bin/jisi -cases 10000 \\
        -old-search /tmp/old-search -new-search /tmp/new-search -graphql /tmp/graphql -others /tmp/others > table.md

Each build has a data directory of its own, with PostgreSQL as jisi runs it; the figure of
a measure is the least of its turns, since what else the machine does only adds. "CPU" is
processor time of a process and all that it started, PostgreSQL among them, and shows
little of that; "clock" shows all of it. How busy the machine was is told by a loop of fixed
work, timed before each turn. The peer of an import is COPY of the same lines into a table
of one column of jsonb, that of a deep page over GraphQL the statement written by hand of
bench/graphql. With -old-search and -new-search, search/turns.py adds building, following,
searches and its peers SQLite and Xapian.

-built 2 imports, indexes, exports and backs up on two processors only, and serves what
that made on as many as -processors says: at 100,000 cases the rest takes hours.
"""
import argparse
import http.client
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "search"))
from turns import calibrate  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
KEYWORDS = "养老 停车 物业 垃圾分类 社区 就业 教育 医疗 乡村振兴 营商环境 供暖 电动车 旅游 农产品 水源".split()
QUESTIONS = ["老旧小区停车难怎么解决", "怎样让农村老人就近吃上热饭", "如何推动部门落实协商意见", "电动车飞线充电有什么办法", "孩子放学没人接怎么办",
             "供暖不热找谁协商", "村里的垃圾怎样收集转运", "企业办证慢如何改进"]
STEPS = "ASK_PRIORITY ASK_FITNESS ASSESS_PARTICIPANTS PLAN_INQUIRY FIVE_PARTY_EXCHANGE OUTCOME_FORM OUTCOME_USE OUTCOME_EFFECT".split()
DIMENSIONS = "REGION PREFECTURE LEVEL TOPIC BRAND YEAR ORIGIN".split()


def cpu_of_tree(root):
    """Returns the seconds of processor that a process and all it has started have used."""
    parents, used = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = open("/proc/%s/stat" % pid).read().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended
        parents[int(pid)] = int(fields[1])
        used[int(pid)] = sum(map(int, fields[11:15])) / TICKS
    total = 0.0
    for pid, seconds in used.items():
        while pid > 1 and pid != root:
            pid = parents.get(pid, 0)
        total += seconds if pid == root else 0
    return total


def anonymous(pid):
    """Returns the MB of a process that no file backs."""
    return int(re.search(r"RssAnon:\s+(\d+)", open("/proc/%d/status" % pid).read())[1]) / 1024


class Build:
    """One build, its data directory, and the least that each measure took."""

    def __init__(self, name, binary, work):
        self.name, self.binary, self.best = name, os.path.abspath(binary), {}
        self.data = os.path.join(work, name)
        self.run_on(2)

    def run_on(self, processors):
        """Has what is run from now on use so many processors."""
        self.cpus = ["taskset", "-c", "0"] if processors == 1 else []
        self.env = dict(os.environ, GOMAXPROCS=str(processors), JISI_DATA_DIR=self.data)
        self.env.pop("DATABASE_URL", None)

    def keep(self, measure, value, better=min):
        self.best[measure] = better(value, self.best.get(measure, value))

    def run(self, *args):
        """Runs a command; returns seconds of processor and of clock, and the most MB of one process."""
        child = subprocess.Popen(self.cpus + [self.binary, *args], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        began, said = time.perf_counter(), child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit("%s %s: %s" % (self.binary, " ".join(args), said.decode(errors="replace")[-2000:]))
        return used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024

    def fresh(self, work):
        """Makes the data directory anew; returns what opening the database takes, in seconds of processor."""
        shutil.rmtree(self.data, ignore_errors=True)
        empty = os.path.join(work, "empty.jsonl")
        open(empty, "w").close()
        self.run("migrate")
        self.run("import", empty)
        return min(self.run("import", empty)[0] for _ in range(2))


class Server:
    """A build that serves."""

    def __init__(self, build):
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            build.cpus + [build.binary, "serve", "-listen", "127.0.0.1:0", "-response-cache", "0", "-log-level", "error",
                        "-max-cost", "1000000000", "-max-time", "10m"],
            env=build.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.pid = self.process.pid
        self.connection = http.client.HTTPConnection(re.search(r"http://(\S+)", self.process.stdout.readline())[1], timeout=600)

    def ask(self, query, **variables):
        """Asks a query; returns its data, or None where the server answers with errors."""
        self.connection.request("POST", "/graphql", json.dumps({"query": query, "variables": variables}), {"Content-Type": "application/json"})
        answer = json.loads(self.connection.getresponse().read())
        self.errors = answer.get("errors")
        return None if self.errors else answer["data"]

    def took(self, query, **variables):
        """Asks a query; returns the seconds of clock and of processor that it took."""
        used, began = cpu_of_tree(self.pid), time.perf_counter()
        if self.ask(query, **variables) is None:
            sys.exit("%s: %s" % (query, self.errors[0]["message"]))
        return time.perf_counter() - began, cpu_of_tree(self.pid) - used

    def stop(self):
        self.process.terminate()
        self.process.wait()


SEARCH = "query($q: String!) { search(query: $q) { totalCount edges { node { __typename } } } }"


def serving(b, p95_seconds):
    """Measures a build that starts over what is there."""
    s = Server(b)
    try:
        while s.ask("{ cases(first: 1) { nodes { slug } } }") is None:
            time.sleep(0.01)
        b.keep("start until reading works, clock s", time.perf_counter() - s.began)
        b.keep("start until reading works, CPU s", cpu_of_tree(s.pid))
        while s.ask(SEARCH, q="协商") is None:
            time.sleep(0.02)
        b.keep("start until search works, clock s", time.perf_counter() - s.began)
        first = {"keyword": [s.took(SEARCH, q=k)[0] for k in KEYWORDS], "question": [s.took(SEARCH, q=k)[0] for k in QUESTIONS]}
        for what, times in first.items():
            b.keep("%s, first time, clock p50 ms" % what, statistics.median(times) * 1e3)
        times, end = [], time.perf_counter() + p95_seconds
        while time.perf_counter() < end:
            times += [s.took(SEARCH, q=q)[0] for q in KEYWORDS + QUESTIONS]
        times.sort()
        b.keep("searches in the %d s after, clock p50 ms" % p95_seconds, times[len(times) // 2] * 1e3)
        b.keep("searches in the %d s after, clock p95 ms" % p95_seconds, times[len(times) * 95 // 100] * 1e3)
        b.keep("anonymous memory after searches, MB", anonymous(s.pid))
        counting = "query($m: [StepCode!]) { cases(filter: {missing: $m}) { totalCount } }"
        b.keep("cases by a missing step, counted, best clock ms", min(s.took(counting, m=[STEPS[i % 8]])[0] for i in range(40)) * 1e3)
        b.keep("`similar`, 20 of each of 50 cases, CPU s", s.took("{ cases(first: 50) { nodes { similar(first: 20) { score } } } }")[1])
        for rows in DIMENSIONS:
            for columns in DIMENSIONS:
                s.took("query($r: Dimension!, $c: Dimension) { caseMatrix(rows: $r, columns: $c) { __typename } }", r=rows, c=None if rows == columns else columns)
        s.took("{ keywords(first: 100) { __typename } cooccurrence(first: 100) { __typename } }")
        s.took('{ concordance(term: "协商", first: 100) { __typename } }')
        b.keep("anonymous memory after analyses too, MB", anonymous(s.pid))
    finally:
        s.stop()


def psql_of(b):
    """Returns the command that asks the database of a build whose server runs."""
    return ["psql", "-qX", "-h", os.path.join(b.data, "postgres", "socket"), "-U", "jisi", "-d", "jisi", "-c"]


def settle(b):
    """Does what PostgreSQL does by itself within minutes of an import: until then it reads tables beside indexes."""
    s = Server(b)
    try:
        subprocess.run(psql_of(b) + ["VACUUM ANALYZE"], check=True)
    finally:
        s.stop()


def copying(b, lines, work):
    """Returns the seconds of processor that COPY of the lines takes, in the database of a server that idles."""
    s = Server(b)
    try:
        psql = psql_of(b)
        subprocess.run(psql + ["CREATE SCHEMA bench; CREATE TABLE bench.copied (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, doc jsonb)"], check=True)
        time.sleep(1)
        with open(os.path.join(b.data, "postgres", "data", "postmaster.pid")) as f:
            postmaster = int(f.readline())
        before, own = cpu_of_tree(postmaster), resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(lines) as f:
            subprocess.run(psql + [r"COPY bench.copied (doc) FROM STDIN (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"], stdin=f, check=True)
        used, after = cpu_of_tree(postmaster) - before, resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(psql + ["DROP SCHEMA bench CASCADE"], check=True, stderr=subprocess.DEVNULL)
        return used + after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime
    finally:
        s.stop()


def deep(b, a, work):
    """Measures a page at any depth of the list of cases beside a statement written by hand."""
    data = os.path.join(work, "graphql-" + b.name)
    if not os.path.exists(data + "-cold"):  # what was indexed need not be once more
        shutil.copytree(os.path.join(b.data, "index"), os.path.join(data + "-cold", "index"), ignore=shutil.ignore_patterns("lock"))
    s = Server(b)
    try:
        socket = os.path.join(b.data, "postgres", "socket")
        subprocess.run(psql_of(b)[:-1] + ["-f", os.path.join(HERE, "graphql", "prepare.sql")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        env = dict(b.env, DATABASE_URL="postgres://jisi@/jisi?host=" + socket)
        out = subprocess.run(b.cpus + [a.graphql, "-database", env["DATABASE_URL"], "-jisi", b.binary, "-jisi-data", data,
                                       "-others", a.others, "-only", "plain,jisi", "-question", "deep"], env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
        seen = {row[3].strip(" *"): (float(row[4]), float(row[7])) for row in (line.split("|") for line in out.splitlines() if line.startswith("| deep | cold"))}
        b.keep("GraphQL, deep, cold: requests a second, of the statement by hand", seen["jisi"][0] / seen["plain"][0], max)
        b.keep("… CPU a request, of the statement by hand", seen["jisi"][1] / seen["plain"][1])
    finally:
        s.stop()


def filled(b, lines, records, work, turn):
    """Measures importing, indexing, exporting and backing up, into a data directory made anew."""
    opening = b.fresh(work)
    b.keep("import, CPU ms a record", (b.run("import", lines)[0] - opening) * 1e3 / records)
    used, clock, most = b.run("reindex")
    b.keep("reindex, CPU ms a record", (used - opening) * 1e3 / records)
    b.keep("reindex, clock s", clock)
    b.keep("reindex, most memory, MB", most)
    b.keep("export XLSX, CPU s", b.run("export", "-kind", "case", "-o", os.path.join(work, "out.xlsx"))[0] - opening)
    copy = os.path.join(work, "out.backup-%d" % turn)
    used, clock, _ = b.run("backup", copy)
    b.keep("backup, CPU s", used - opening)
    b.keep("backup, clock s", clock)
    b.keep("backup, MB", os.path.getsize(copy) / 1e6)
    os.remove(copy)
    settle(b)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("-old", required=True)
    p.add_argument("-new", required=True)
    p.add_argument("-cases", type=int, default=10000)
    p.add_argument("-turns", type=int, default=2)
    p.add_argument("-processors", default="2,1", help="how many processors, with commas")
    p.add_argument("-built", type=int, default=0, help="on how many processors all is imported and indexed; 0: on as many as serve")
    p.add_argument("-seconds", type=int, default=10, help="how long searches go on after a start")
    p.add_argument("-old-search")
    p.add_argument("-new-search")
    p.add_argument("-graphql", help="the binary of bench/graphql")
    p.add_argument("-others", help="that of bench/graphql/_others")
    a = p.parse_args()
    work = tempfile.mkdtemp(prefix="jisi-turns-")
    os.chmod(work, 0o711)
    try:
        lines = os.path.join(work, "cases.jsonl")
        subprocess.run([a.new, "generate", "-cases", str(a.cases), "-seed", "1", "-o", lines], check=True)
        records = sum(1 for _ in open(lines, "rb"))
        print("%s, %d cases, %d records, turns: %d\n" % (time.strftime("%Y-%m-%d %H:%M", time.gmtime()), a.cases, records, a.turns))
        builds, asked = [Build("old", a.old, work), Build("new", a.new, work)], [int(n) for n in a.processors.split(",")]
        if a.built and a.built not in asked:
            asked.insert(0, a.built)
        asked.sort(key=lambda n: n != a.built)  # what serves is made first
        for processors in asked:
            states, copied = [], None
            making = a.built in (0, processors)
            for b in builds:
                b.best = {}
                b.run_on(processors)
            for turn in range(a.turns):
                for b in builds if turn % 2 == 0 else builds[::-1]:
                    states.append(calibrate() + (os.getloadavg()[0],))
                    if making:
                        filled(b, lines, records, work, turn)
                    serving(b, a.seconds)
                    if a.graphql:
                        deep(b, a, work)
                    if making and b.name == "new":
                        c = copying(b, lines, work) * 1e3 / records
                        copied = min(c, copied or c)
                    print("turn %d of %d, %s, %d processors: done" % (turn + 1, a.turns, b.name, processors), file=sys.stderr)
            columns = list(zip(*states))
            print("%d processor%s; the loop took %.2f to %.2f s of processor and %.2f to %.2f of clock, load %.0f to %.0f\n" % (
                processors, "s" if processors > 1 else "", min(columns[0]), max(columns[0]), min(columns[1]), max(columns[1]), min(columns[2]), max(columns[2])))
            print("| measure | old | new | new : old | peer | new : peer |\n|---|---:|---:|---:|---:|---:|")
            for measure, old in builds[0].best.items():
                new = builds[1].best[measure]
                peer = copied if measure.startswith("import") else None
                print("| %s | %.3g | %.3g | %s | %s | %s |" % (
                    measure, old, new, "%.2f" % (new / old) if old > 0 else "–", "%.3g (COPY)" % peer if peer else "", "%.2f" % (new / peer) if peer else ""))
            print(flush=True)
        if a.old_search and a.new_search:
            only = os.path.join(work, "only.jsonl")
            with open(lines) as f, open(only, "w") as out:
                out.writelines(line for line in f if line.startswith('{"type":"case"'))
            subprocess.run([os.path.join(HERE, "search", "turns.py"), "-old", a.old_search, "-new", a.new_search, "-cases", only,
                            "-n", str(a.cases), "-turns", str(a.turns), "-peers"], check=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
