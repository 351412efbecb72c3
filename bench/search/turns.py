#!/usr/bin/python3
"""Runs two builds of bench/search in turns, and writes a table of what each took:

    (cd OLD && go build -o /tmp/old ./bench/search)    # another checkout of jisi
    go build -o /tmp/new ./bench/search
    bench/search/turns.py -old /tmp/old -new /tmp/new -cases cases.jsonl -n 10000

Each turn runs one build, then the other, each in a process of its own; the figure of a
measure is the least of its turns, since what else the machine does only adds. All but
"a second" are processor time of the process, so that a busy machine shows less; how busy
it was is told by a loop of fixed work, timed before each run. Over a checkout that has an
older bench/search, put this one's *.go in its place; both need the flags that are given
here. With -peers, others.py measures SQLite and Xapian, where python3-xapian is there,
in the same run. What was not measured is not in the table.
"""
import argparse
import os
import re
import subprocess
import sys
import time

BUILD = re.compile(r"records (indexed|followed) in .*?\((\d+) a second; ([\d.]+) ms of processor time each\)")
PEAK = re.compile(r"at most (\d+) MB resident beside (\d+) before")
QUERY = re.compile(r"^(.{32}) cold p50 .* processor p50 +([\d.]+) p95 +([\d.]+) ms")
SIMILAR = re.compile(r"^similar .* (\d+) ms of processor time")
SIZE = re.compile(r"index ([\d.]+) MB")


def calibrate():
    """Returns the seconds of processor and of clock that a fixed loop takes."""
    start, busy = time.perf_counter(), time.process_time()
    n = 0
    for i in range(3_000_000):
        n += i & 7
    return time.process_time() - busy, time.perf_counter() - start


def figures(binary, a, processors, extra):
    """Runs a build and returns its figures by name."""
    out = {}
    cpus = ["taskset", "-c", "0"] if processors == 1 else []
    run = subprocess.run(
        cpus + [binary, "-cases", a.cases, "-n", str(a.n)] + extra,
        env=dict(os.environ, GOMAXPROCS=str(processors)), stdout=subprocess.PIPE, text=True, check=True)
    where = "%d processor%s: " % (processors, "s" if processors > 1 else "")
    for line in run.stdout.splitlines():
        if m := BUILD.search(line):
            what = "building" if m[1] == "indexed" else "following"
            out[where + what + ", ms a record"] = float(m[3])
            out[where + what + ", records a second"] = float(m[2])
        if m := PEAK.search(line):
            out[where + "building, most memory beside what was there, MB"] = float(m[1]) - float(m[2])
        if m := SIZE.search(line):
            out["index, MB"] = float(m[1])
        if m := QUERY.match(line):
            out[where + m[1].strip() + ", warm p50, ms"] = float(m[2])
            out[where + m[1].strip() + ", warm p95, ms"] = float(m[3])
        if m := SIMILAR.match(line):
            out[where + "similar of 50 records, 20 each, ms"] = float(m[1])
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("-old", "-new", "-cases"):
        p.add_argument(name, required=True)
    p.add_argument("-n", type=int, default=10000)
    p.add_argument("-turns", type=int, default=3)
    p.add_argument("-rounds", type=int, default=5)
    p.add_argument("-peers", action="store_true", help="measure SQLite and Xapian too")
    a = p.parse_args()
    best, states = {"old": {}, "new": {}}, []
    for turn in range(a.turns):
        for who in ("old", "new") if turn % 2 == 0 else ("new", "old"):
            states.append(calibrate())
            for processors in (1, 2):
                for extra in (["-rounds", str(a.rounds)], ["-follow"]):
                    for name, value in figures(getattr(a, who), a, processors, extra).items():
                        better = max if name.endswith("a second") else min
                        best[who][name] = better(best[who].get(name, value), value)
            print("turn %d of %d, %s: done" % (turn + 1, a.turns, who), file=sys.stderr)
    busy, clock = [s[0] for s in states], [s[1] for s in states]
    print("%s, %d records, %d turns; the loop took %.2f to %.2f s of processor and %.2f to %.2f of clock\n" % (
        time.strftime("%Y-%m-%d %H:%M", time.gmtime()), a.n, a.turns, min(busy), max(busy), min(clock), max(clock)))
    print("| measure | old | new | new : old |\n|---|---|---|---|")
    for name, old in best["old"].items():
        if name in best["new"]:
            new = best["new"][name]
            print("| %s | %g | %g | %s |" % (name, old, new, "%.2f" % (new / old) if old else "–"))
    if a.peers:
        print()
        sys.stdout.flush()
        others = os.path.join(os.path.dirname(os.path.abspath(__file__)), "others.py")
        subprocess.run(["taskset", "-c", "0", others, "-cases", a.cases, "-n", str(a.n), "-rounds", str(a.rounds)], check=True)


if __name__ == "__main__":
    main()
