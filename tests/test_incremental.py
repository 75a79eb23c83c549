from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import fake_extractor
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.build import run_build
from kgraph.manifest import BuildReport
from kgraph.model import Problem
from kgraph.pool import Answer, Text, extract_batch

EXTRACTOR = "fake_extractor:extract"
WORDS = ("Abc", "Def", "Ghi", "Jkl", "beats", "with", "a score of 12%.", "We present", "on", "Mno.", "It runs.")


class Reader:
    """Answers from this process, and which texts were asked for."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Iterable[Text]) -> Iterator[Answer]:
        for text in texts:
            self.read.append(text.abstract)
            yield from extract_batch(fake_extractor.extract, "fast", [text])


def record(number: int, abstract: str, **more: object) -> str:
    said = f"{abstract} This is what paper {number} says of it."
    return json.dumps({"id": f"2401.{number:05d}", "title": f"Paper {number} of many", "abstract": said, **more}) + "\n"


def write(folder: Path, files: dict[str, list[tuple[int, str]]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in files:
            old.unlink()
    for name, records in files.items():
        content = "".join(record(number, text) for number, text in records)
        if not (folder / name).exists() or (folder / name).read_text() != content:
            (folder / name).write_text(content)


def bytes_of(output: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(output.iterdir()) if p.is_file() and not p.name.startswith(".")}


def build(inputs: list[str], output: Path, **options: object) -> tuple[BuildReport, Reader]:
    reader = Reader()
    options = {"formats": ("ttl",), "extractor": EXTRACTOR, "answers": reader, **options}
    return run_build(inputs, output, **options), reader  # type: ignore[arg-type]


def many(folder: Path, n: int, changed: dict[int, str] | None = None) -> None:
    records = [(i, (changed or {}).get(i, f"We present Name{i}. Name{i} beats Name{i // 2} by {i % 90}%.")) for i in range(n)]
    write(folder, {f"part{part}.jsonl": records[part::4] for part in range(4)})


texts = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12).map(" ".join)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 30), texts),
        st.tuples(st.just("edit"), st.integers(0, 30), texts),
        st.tuples(st.just("remove"), st.integers(0, 30), st.just("")),
        st.tuples(st.just("rename"), st.integers(0, 2), st.sampled_from(["x.jsonl", "y.jsonl", "a/../z.jsonl"]).map(os.path.basename)),
        st.tuples(st.just("swap files"), st.integers(0, 2), st.just("")),
        st.tuples(st.just("reverse"), st.integers(0, 2), st.just("")),
        st.tuples(st.just("duplicate"), st.integers(0, 30), st.just("")),
        st.tuples(st.just("nothing"), st.just(0), st.just("")),
    ),
    min_size=1,
    max_size=6,
)


def apply(files: dict[str, list[tuple[int, str]]], edit: tuple[str, int, str]) -> dict[str, list[tuple[int, str]]]:
    kind, number, text = edit
    names = list(files)
    changed = {name: list(records) for name, records in files.items()}
    home = names[number % len(names)]
    if kind == "add":
        changed[home].append((100 + number, text))
    elif kind == "edit":
        changed = {name: [(n, text if n == number else old) for n, old in records] for name, records in changed.items()}
    elif kind == "remove":
        changed = {name: [r for r in records if r[0] != number] for name, records in changed.items()}
    elif kind == "rename":
        changed = {(text if name == home else name): records for name, records in changed.items() if name == home or name != text}
    elif kind == "swap files":
        changed = dict(reversed(changed.items()))
    elif kind == "reverse":
        changed[home].reverse()
    elif kind == "duplicate":
        changed[names[0]] += [r for records in files.values() for r in records if r[0] == number]
    return changed


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(steps=edits)
def test_after_any_edits_incremental_gives_the_bytes_of_clean(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]) -> None:
    base = tmp_path_factory.mktemp("edits")
    files = {f"{c}.jsonl": [(i, f"We present Name{i}. Name{i} beats Abc by {i}%.") for i in range(ord(c) - 97, 20, 3)] for c in "abc"}
    write(base / "in", files)
    build([str(base / "in")], base / "out")
    for number, step in enumerate(steps):
        files = apply(files, step)
        write(base / "in", files)
        inputs = sorted((str(base / "in" / name) for name in files), reverse=bool(number % 2))
        run = [str(base / "in")] if number % 3 else inputs
        build(run, base / "out")
        build(run, base / f"clean{number}", cache=base / f"cache{number}")
        assert bytes_of(base / "out") == bytes_of(base / f"clean{number}")


def test_only_the_changed_paper_is_read_again(tmp_path: Path) -> None:
    many(tmp_path / "in", 200)
    report, reader = build([str(tmp_path / "in")], tmp_path / "out")
    assert (report.extracted, report.reused, len(reader.read)) == (200, 0, 200)
    many(tmp_path / "in", 200, {17: "We present Other."})
    report, reader = build([str(tmp_path / "in")], tmp_path / "out")
    assert (report.extracted, report.reused, report.unchanged) == (1, 199, False)
    assert reader.read == ["We present Other. This is what paper 17 says of it."]


def test_order_of_inputs_and_place_do_not_change_a_byte(tmp_path: Path) -> None:
    for place, turn in (("one", False), ("two/deeper", True)):
        many(tmp_path / place / "in", 40)
        inputs = sorted((tmp_path / place / "in").iterdir(), reverse=turn)
        options = f"formats=('ttl', 'html'), extractor='{EXTRACTOR}', jobs={1 + turn}"
        script = f"from kgraph.build import run_build; run_build({[f'in/{p.name}' for p in inputs]!r}, 'out', {options})"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "PYTHONHASHSEED": str(1 + turn)}
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path / place, env=environment, check=True)
    assert bytes_of(tmp_path / "one/out") == bytes_of(tmp_path / "two/deeper/out")
    assert set(bytes_of(tmp_path / "one/out")) == {"graph.ttl", "graph.html", "manifest.json"}


def test_an_unchanged_build_reads_nothing_and_repeats_its_report(tmp_path: Path) -> None:
    many(tmp_path / "in", 10)
    (tmp_path / "in" / "broken.jsonl").write_text('{"title": "no abstract here"}\n')
    problems: list[Problem] = []
    first, _ = build([str(tmp_path / "in")], tmp_path / "out", on_problem=problems.append)
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir() if p.is_file()}
    again: list[Problem] = []
    report, reader = build([str(tmp_path / "in")], tmp_path / "out", on_problem=again.append)
    assert report.unchanged
    assert not first.unchanged
    assert not reader.read
    assert problems == again == list(report.problems)
    assert problems
    assert (report.counts, report.coverage, report.outputs) == (first.counts, first.coverage, first.outputs)
    assert before == {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir() if p.is_file()}


def test_whatever_changes_is_noticed(tmp_path: Path) -> None:
    many(tmp_path / "in", 10)
    asked = [str(tmp_path / "in")]
    build(asked, tmp_path / "out")

    def changed(inputs: list[str] = asked, **options: object) -> bool:
        return not build(inputs, tmp_path / "out", **options)[0].unchanged

    assert not changed()
    file = tmp_path / "in" / "part0.jsonl"
    file.touch()
    assert not changed()  # the same content
    old = file.read_text()
    file.write_text(old.replace("12%", "13%").replace("Name4", "Name5"))  # the same length
    assert changed()
    times = file.stat()
    file.write_text(old)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # the same length and time
    assert changed()
    file.rename(tmp_path / "in" / "renamed.jsonl")
    assert changed()
    (tmp_path / "in" / "part1.jsonl").unlink()
    assert changed()
    assert changed(formats=("ttl", "html"))
    assert changed()
    (tmp_path / "out" / "graph.ttl").write_bytes(b"edited by hand")
    assert changed()
    (tmp_path / "out" / "graph.ttl").unlink()
    assert changed()
    assert (tmp_path / "out" / "graph.ttl").stat().st_size > 1000
    assert changed(full=True)
    assert changed(asked + asked)
    (tmp_path / "out" / ".last.json").write_text("{")
    assert changed(asked + asked)
    assert not changed(asked + asked)


def test_full_reads_everything_again(tmp_path: Path) -> None:
    many(tmp_path / "in", 10)
    build([str(tmp_path / "in")], tmp_path / "out")
    report, reader = build([str(tmp_path / "in")], tmp_path / "out", full=True)
    assert len(reader.read) == report.extracted == 10


def test_damaged_cache_entries_are_noticed_and_redone(tmp_path: Path) -> None:
    import sqlite3

    many(tmp_path / "in", 30)
    build([str(tmp_path / "in")], tmp_path / "out")
    before = bytes_of(tmp_path / "out")
    db = sqlite3.connect(tmp_path / "out/.cache/facts.db", isolation_level=None)
    db.execute("UPDATE facts SET entry = x'00' WHERE rowid IN (3, 5)")
    db.close()
    (tmp_path / "out" / "graph.ttl").unlink()
    report, _ = build([str(tmp_path / "in")], tmp_path / "out")
    assert (report.damaged, report.extracted, report.reused) == (2, 2, 28)
    assert bytes_of(tmp_path / "out") == before


def test_a_paper_that_cannot_be_read_is_a_problem_and_tried_again_the_next_time(tmp_path: Path) -> None:
    many(tmp_path / "in", 8, {3: "We present POISON."})
    for _ in range(2):
        report, reader = build([str(tmp_path / "in")], tmp_path / "out", full=False)
        assert (report.failed, report.counts["papers"]) == (1, 8)
        assert [str(p.message).partition(" (")[0] for p in report.problems] == ["could not be read: ZeroDivisionError: poisoned"]
        assert (report.problems[0].path, report.problems[0].line) == ("part3.jsonl", 1)
    assert len(reader.read) == 1


def test_an_unusable_cache_is_a_problem_but_not_the_end(tmp_path: Path) -> None:
    many(tmp_path / "in", 8)
    (tmp_path / "file").touch()
    report, _ = build([str(tmp_path / "in")], tmp_path / "out", cache=tmp_path / "file")
    assert report.extracted == 8
    assert ["the cache cannot be used" in p.message for p in report.problems] == [True]


def test_one_text_of_two_papers_is_read_once(tmp_path: Path) -> None:
    many(tmp_path / "in", 4)
    report, _ = build([str(tmp_path / "in")], tmp_path / "out")
    build([str(tmp_path / "in")], tmp_path / "other", cache=tmp_path / "out/.cache")
    assert report.extracted == 4
    assert build([str(tmp_path / "in")], tmp_path / "third", cache=tmp_path / "out/.cache")[0].reused == 4


def test_nothing_changed_is_known_at_once_and_without_heavy_imports(tmp_path: Path) -> None:
    many(tmp_path / "in", 1000)
    build([str(tmp_path / "in")], tmp_path / "out", formats=("ttl", "html"))
    script = (
        "import sys, time; from kgraph.build import run_build\n"
        f"report = run_build([{str(tmp_path / 'in')!r}], {str(tmp_path / 'out')!r}, extractor={EXTRACTOR!r})\n"
        "assert report.unchanged\n"
        "heavy = {'spacy', 'networkx', 'numpy', 'rdflib', 'pyoxigraph', 'pyvis'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "print(time.process_time())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    done = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert float(done.stdout) < 0.5


@pytest.mark.slow
def test_the_shipped_extractor_gives_a_text_the_same_facts_in_any_company_and_process(tmp_path: Path) -> None:
    from kgraph.build import EXTRACTOR as OWN
    from kgraph.extract.pipeline import read_papers
    from kgraph.read import read_papers as read

    def fail(problem: Problem) -> None:
        raise AssertionError(problem)

    papers = list(read([Path(__file__).parents[1] / "data" / "papers"], on_problem=fail))
    together = list(read_papers(papers))
    assert together == [next(iter(read_papers([paper]))) for paper in papers]
    assert together == list(read_papers(reversed(papers)))[::-1]
    for jobs in (1, 2):
        run_build([Path(__file__).parents[1] / "data" / "papers"], tmp_path / f"jobs{jobs}", formats=("ttl",), extractor=OWN, jobs=jobs)
    assert bytes_of(tmp_path / "jobs1") == bytes_of(tmp_path / "jobs2")
