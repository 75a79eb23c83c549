from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from test_incremental import EXTRACTOR, Reader, build, bytes_of, many, record

import kgraph
from kgraph.build import EXTRACTOR as OWN
from kgraph.build import last_inputs, run_build
from kgraph.manifest import BuildReport, Request
from kgraph.model import Problem
from kgraph.progress import Step, describe, printer
from kgraph.watch import changes, watch


def test_a_build_writes_what_it_was_asked_for_and_says_what_it_did(tmp_path: Path) -> None:
    many(tmp_path / "in", 12)
    steps: list[Step] = []
    report, _ = build([str(tmp_path / "in")], tmp_path / "out", formats=("ttl", "html"), on_progress=steps.append)
    assert set(bytes_of(tmp_path / "out")) == {"graph.ttl", "graph.html", "manifest.json"}
    assert report.outputs == (str(tmp_path / "out/graph.ttl"), str(tmp_path / "out/graph.html"))
    assert (report.counts["records"], report.counts["papers"], report.extracted) == (12, 12, 12)
    assert report.counts["results"] == 12
    assert report.coverage["results"] == report.coverage["introduced names"] == 12
    assert report.coverage["hardware uses"] == 0
    assert set(report.timings) == {"read", "extract", "resolve", "graph", "write"}
    assert {s.stage for s in steps} == {"read", "extract", "write"}
    assert steps[-1] == Step("write", 2, 2, "formats")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"formats": ("pdf",)}, "'pdf' is not one of the exporters: .*html.*ttl"),
        ({"engine": "spark"}, "'spark' is not one of the engines: local, dask"),
        ({"model": "huge", "extractor": OWN}, "'huge' is not one of the models: "),
        ({"input_format": "docx"}, "'docx' is not one of the formats: "),
        ({"extractor": "no_such_module:read"}, "no extractor 'no_such_module:read'"),
    ],
)
def test_bad_options_are_refused_with_the_choices_before_any_work(tmp_path: Path, options: dict[str, object], message: str) -> None:
    many(tmp_path / "in", 3)
    with pytest.raises(ValueError, match=message):
        build([str(tmp_path / "in")], tmp_path / "out", **options)
    assert not (tmp_path / "out" / "graph.ttl").exists()


def test_problems_of_the_input_are_gathered_and_the_rest_goes_on(tmp_path: Path) -> None:
    many(tmp_path / "in", 4)
    (tmp_path / "in" / "empty.txt").touch()
    said: list[Problem] = []
    report, _ = build([str(tmp_path / "in"), str(tmp_path / "missing")], tmp_path / "out", on_problem=said.append)
    assert sorted(said) == list(report.problems)
    assert [(Path(p.path).name, p.message) for p in report.problems] == [("empty.txt", "empty file"), ("missing", "no such file or folder")]
    assert report.counts["papers"] == 4


def test_no_papers_at_all_make_an_empty_graph(tmp_path: Path) -> None:
    report, _ = build([str(tmp_path / "missing")], tmp_path / "out", formats=("ttl", "html"))
    assert report.counts["papers"] == 0
    assert (tmp_path / "out" / "graph.ttl").exists()


def test_the_last_request_is_remembered(tmp_path: Path) -> None:
    assert last_inputs(tmp_path / "out") is None
    many(tmp_path / "in", 3)
    build([str(tmp_path / "in")], tmp_path / "out", input_format="json")
    last = last_inputs(tmp_path / "out")
    assert last == Request((str(tmp_path / "in"),), ("ttl",), "fast", "json", (), None, str(Path.cwd()), EXTRACTOR)


def test_standard_input_is_read_each_time(tmp_path: Path) -> None:
    head = "from pathlib import Path; from kgraph.build import run_build"
    script = f"{head}; print(run_build(['-'], Path('out'), formats=('ttl',), extractor={EXTRACTOR!r}).unchanged)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    for _ in range(2):
        text = "".join(record(i, "We present Abc.") for i in range(3))
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, input=text, text=True, capture_output=True, check=True)
        assert done.stdout == "False\n"
    assert json.loads((tmp_path / "out/manifest.json").read_text())["counts"]["papers"] == 3


def test_the_python_function_gives_the_same_graph(tmp_path: Path) -> None:
    from kgraph.export import export

    many(tmp_path / "in", 5)
    (tmp_path / "in" / "empty.txt").touch()
    build([str(tmp_path / "in")], tmp_path / "out")
    said: list[Problem] = []
    graph = kgraph.build([tmp_path / "in"], extractor=EXTRACTOR, on_problem=said.append)
    assert len(said) == 1
    assert export(graph, "ttl", tmp_path / "mine.ttl").read_bytes() == (tmp_path / "out/graph.ttl").read_bytes()
    with pytest.warns(UserWarning, match=r"empty\.txt:1: empty file"):
        assert len(kgraph.build(tmp_path / "in", extractor=EXTRACTOR)) == len(graph)


def test_the_users_aliases_join_rename_and_ignore(tmp_path: Path) -> None:
    many(tmp_path / "in", 6)
    rules = tmp_path / "aliases.toml"
    rules.write_text('same = [["Name1", "Name2"]]\nignore = ["Name3"]\nnonsense = 1\n')
    report, _ = build([str(tmp_path / "in")], tmp_path / "out", aliases=rules, formats=("ttl", "shards"))
    plain, _ = build([str(tmp_path / "in")], tmp_path / "plain")
    assert report.counts["concepts"] == plain.counts["concepts"] - 2
    assert 'rdfs:label "Name3"' not in (tmp_path / "out/graph.ttl").read_text()
    assert [p.message.partition(" is not")[0] for p in report.problems] == ["'nonsense'"]
    rules.write_text("")
    again, reader = build([str(tmp_path / "in")], tmp_path / "out", aliases=rules)
    assert not again.unchanged
    assert not reader.read
    assert bytes_of(tmp_path / "out")["graph.ttl"] == bytes_of(tmp_path / "plain")["graph.ttl"]


def test_tables_of_known_facts_are_joined_and_watched_for_changes(tmp_path: Path) -> None:
    many(tmp_path / "in", 4)
    table = tmp_path / "known.csv"
    table.write_text("entity,hardware,count,nonsense\nName1,A100,8,\n")
    report, _ = build([str(tmp_path / "in")], tmp_path / "out", join=[table])
    assert report.counts["hardware uses"] == 1
    assert report.coverage["hardware uses"] == 0, "no paper says so"
    assert [p.message.partition(" is passed")[0] for p in report.problems] == ["column 'nonsense'"]
    table.write_text("entity,hardware,count\nName1,A100,16\n")
    again, _ = build([str(tmp_path / "in")], tmp_path / "out", join=[table])
    assert not again.problems
    with pytest.raises(ValueError, match="cannot hold joined tables"):
        build([str(tmp_path / "in")], tmp_path / "out", join=[table], formats=("shards",))


def test_progress_on_a_terminal_rewrites_one_line() -> None:
    stream, now = io.StringIO(), [0.0]
    show = printer(stream, terminal=True, clock=lambda: now[0])
    for done in (0, 10, 20, 40):
        now[0] += 1
        show(Step("extract", done, 40))
    assert stream.getvalue().split("\r") == [
        "",
        "extract 0 of 40 papers, 0%",
        "extract 10 of 40 papers, 25%",
        "extract 20 of 40 papers, 50%, 10/s, 0:02 left",
        "extract 40 of 40 papers, 100%, 15/s".ljust(45) + "\n",
    ]


def test_progress_in_a_log_is_a_line_every_few_seconds() -> None:
    stream, now = io.StringIO(), [0.0]
    show = printer(stream, clock=lambda: now[0])
    for done in range(120):
        now[0] += 0.1
        show(Step("extract", done, 10_000))
    assert len(stream.getvalue().splitlines()) == 2
    assert describe(Step("read", 7), 0) == "read 7 papers"
    assert describe(Step("extract", 1, 100_000), 1.0).endswith("1.0/s, 27:46:39 left")


def test_progress_as_json_lines_can_be_parsed() -> None:
    stream, now = io.StringIO(), [0.0]
    show = printer(stream, json_lines=True, terminal=True, clock=lambda: now[0])
    show(Step("extract", 0, 40))
    now[0] = 6.0
    show(Step("extract", 40, 40))
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [{"stage": "extract", "done": 40, "total": 40, "unit": "papers", "seconds": 0.0}]


def test_watching_builds_once_for_each_settled_change(tmp_path: Path) -> None:
    many(tmp_path / "in", 4)
    (tmp_path / "in" / "out").mkdir()
    moments = iter(
        [
            lambda: None,
            lambda: (tmp_path / "in" / "out" / "graph.ttl").write_text("a build's own output"),
            lambda: None,
            lambda: (tmp_path / "in" / "part1.jsonl").write_text("half"),
            lambda: (tmp_path / "in" / "part1.jsonl").write_text("whole file"),
            lambda: None,
            lambda: None,
            lambda: (tmp_path / "in" / "part1.jsonl").unlink(),
            lambda: None,
        ]
    )
    slept = 0

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += 1
        next(moments)()

    seen = []
    with pytest.raises(RuntimeError):  # the moments are over
        seen.extend(slept for _ in changes(Request((str(tmp_path / "in"),)), tmp_path / "in" / "out", sleep=sleep))
    assert seen == [0, 7, 9]


def test_watching_rebuilds_on_save_and_reads_only_what_is_new(tmp_path: Path) -> None:
    many(tmp_path / "in", 6)
    reports: list[BuildReport] = []
    second = threading.Event()

    def on_report(report: BuildReport) -> None:
        reports.append(report)
        if len(reports) == 1:
            many(tmp_path / "in", 6, {3: "We present Other."})
        else:
            second.set()
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        watch([tmp_path / "in"], tmp_path / "out", on_report=on_report, interval=0.05, formats=("ttl",), extractor=EXTRACTOR, full=True)
    assert second.is_set()
    assert [r.extracted for r in reports] == [6, 1]
    assert time.monotonic() - began < 60
    with pytest.raises(ValueError, match="standard input"):
        watch(["-"], tmp_path / "out", on_report=on_report)
    with pytest.raises(ValueError, match="'dask'"):
        watch([tmp_path / "in"], tmp_path / "out", on_report=on_report, engine="dask")


def test_building_imports_neither_spacy_nor_rdflib(tmp_path: Path) -> None:
    many(tmp_path / "in", 3)
    script = (
        "import sys; from pathlib import Path; from kgraph.build import run_build\n"
        f"run_build(['in'], Path('out'), formats=('ttl',), extractor={EXTRACTOR!r})\n"
        "print(sorted({'spacy', 'rdflib', 'pyvis'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, text=True, capture_output=True, check=True)
    assert done.stdout == "[]\n"


def test_answers_may_come_in_any_order(tmp_path: Path) -> None:
    class Backwards(Reader):
        def __call__(self, texts):  # type: ignore[no-untyped-def]
            return reversed(list(super().__call__(texts)))

    many(tmp_path / "in", 9)
    build([str(tmp_path / "in")], tmp_path / "out")
    run_build([tmp_path / "in"], tmp_path / "back", formats=("ttl",), extractor=EXTRACTOR, answers=Backwards())
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "back")
