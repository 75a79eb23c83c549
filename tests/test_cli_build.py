"""`kgraph build`, `rebuild` and `clean` as a user meets them, with an extractor that needs no model."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kgraph.cli import run

ROOT = Path(__file__).parents[1]
FAKE = ("--extractor", "fake_extractor:extract")
RECORDS = [
    {"id": "a", "title": "Fernwave", "abstract": "We present Fernwave, a model of waves. Fernwave beats Orchid by 12% on the Glade test."},
    {"id": "b", "title": "On Orchid", "abstract": "It is shown in this paper that Orchid beats Tidepool whenever it matters."},
]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("KGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "tests"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
    monkeypatch.setattr("kgraph.progress.LOG_SECONDS", 3600.0)  # on a busy machine even two papers may take long enough for a line
    Path("papers").mkdir()
    Path("papers/two.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")


def kgraph(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(words)
    out, err = capfd.readouterr()
    return code, out, err


def test_a_build_says_what_is_in_the_graph_and_what_it_wrote(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "build", "papers", *FAKE)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "2 papers from 2 records"
    assert "3 facts, each with its sentence: 2 claims, 1 result" in out
    assert out.endswith("facts of 2 papers extracted, of 0 known from before\nwrote output/graph.ttl, output/graph.html\n")
    assert {path.name for path in Path("output").iterdir()} >= {"graph.ttl", "graph.html", "manifest.json"}


def test_bad_input_is_reported_and_passed_over_and_strict_makes_it_count(capfd: pytest.CaptureFixture[str]) -> None:
    Path("papers/empty.txt").write_text("")
    Path("papers/binary.bib").write_bytes(bytes(range(256)) * 20)
    with Path("papers/two.jsonl").open("a") as file:
        file.write('{"id": "c", "title": "no abstract"}\n{broken\n')
    code, out, err = kgraph(capfd, "build", "papers", "nowhere.txt", *FAKE)
    assert code == 0
    assert out.startswith("2 papers from 2 records\n")
    *problems, last = err.splitlines()
    assert {line.partition(":")[0] for line in problems} == {"papers/empty.txt", "papers/binary.bib", "papers/two.jsonl", "nowhere.txt"}
    assert all(line.split(":")[1].isdigit() for line in problems)
    assert "papers/two.jsonl:3: " in err and "papers/two.jsonl:4: " in err
    assert last == f"{len(problems)} problems in the input, passed over"
    assert kgraph(capfd, "build", "papers", "nowhere.txt", "--strict", "-q", *FAKE)[:2] == (3, "")


def test_the_second_build_keeps_what_is_there_and_a_clean_one_has_the_same_bytes(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "build", "papers", "-q", *FAKE) == (0, "", "")
    before = Path("output/graph.ttl").read_bytes()
    code, out, _ = kgraph(capfd, "build", "papers", *FAKE)
    assert code == 0
    assert "nothing has changed since the last build\nkept output/graph.ttl, output/graph.html\n" in out
    assert kgraph(capfd, "clean")[1] == "removed output/.cache/facts.db\n"
    report = json.loads(kgraph(capfd, "build", "papers", "--full", "--json", *FAKE)[1])
    assert (report["extracted"], report["counts"]["papers"]) == (2, 2)
    assert Path("output/graph.ttl").read_bytes() == before


def test_rebuild_repeats_the_last_build_from_wherever_it_is_run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert kgraph(capfd, "build", "papers/two.jsonl", "--to", "ttl", "-q", *FAKE)[0] == 0
    before = Path("output/graph.ttl").read_bytes()
    assert "nothing has changed" in kgraph(capfd, "rebuild")[1]
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    code, out, err = kgraph(capfd, "rebuild", "../output", "--full")
    assert (code, err) == (0, "")
    assert "facts of 2 papers extracted" in out
    assert Path("../output/graph.ttl").read_bytes() == before
    assert not Path("../output/graph.html").exists()
    assert Path.cwd().name == "elsewhere"


def test_papers_come_from_standard_input(capfd: pytest.CaptureFixture[str]) -> None:
    data = Path("papers/two.jsonl").read_bytes()
    done = subprocess.run([sys.executable, "-m", "kgraph", "build", "-", *FAKE], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"2 papers from 2 records")


def test_clean_all_leaves_only_what_is_not_ours(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "build", "papers", "-q", *FAKE)[0] == 0
    Path("output/mine.txt").write_text("")
    code, out, _ = kgraph(capfd, "clean", "--all")
    assert code == 0
    assert "removed output/graph.ttl\n" in out
    assert [path.name for path in Path("output").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["papers", "--aliases", "nowhere.toml"], "'nowhere.toml' does not exist"),
        (["papers", "--join", "nowhere.csv"], "'nowhere.csv' does not exist"),
        (["papers", "--join", "papers/two.jsonl", "--to", "ttl,shards"], "cannot hold joined tables"),
        (["-", "--watch"], "--watch needs files or folders"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(words: list[str], says: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "build", *words, *FAKE)
    assert (code, out) == (2, "")
    assert says in err
    assert not Path("output").exists()


def test_an_output_folder_that_cannot_be_made_is_said_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("")
    code, out, err = kgraph(capfd, "build", "papers", "-q", "-o", "file/output", *FAKE)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1 and err.startswith("kgraph: ")


def test_progress_is_json_lines_on_demand(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = kgraph(capfd, "build", "papers", "nowhere.txt", "--log-json", *FAKE)
    assert code == 0
    lines = [json.loads(line) for line in io.StringIO(err)]
    assert {"read", "extract", "write"} <= {line.get("stage") for line in lines}
    assert {"path": "nowhere.txt", "line": 1, "message": "no such file or folder"} in lines


def test_ctrl_c_ends_a_build_with_130_and_the_old_files_are_whole(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "build", "papers", "-q", *FAKE)[0] == 0
    before = {path.name: path.read_bytes() for path in Path("output").glob("graph.*")}
    rng = random.Random(0)
    texts = [" ".join("".join(rng.choices("abcdefghij", k=7)) for _ in range(30)) for _ in range(1000)]
    many = "".join(json.dumps({"id": str(i), "title": f"Paper {text[:20]}", "abstract": f"Orchid beats {text}."}) + "\n" for i, text in enumerate(texts))
    Path("papers/many.jsonl").write_text(many)
    command = [sys.executable, "-m", "kgraph", "build", "papers", "--log-json", "--extractor", "fake_extractor:slow"]
    build = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert build.stderr is not None
    for line in build.stderr:
        if '"read"' in line:
            break
    time.sleep(1)
    build.send_signal(signal.SIGINT)
    out, err = build.communicate(timeout=60)
    assert (build.returncode, out) == (130, "")
    assert err.endswith("kgraph: interrupted\n") and "Traceback" not in err
    assert {path.name: path.read_bytes() for path in Path("output").glob("graph.*")} == before


def test_why_and_doctor_speak_of_the_last_build(capfd: pytest.CaptureFixture[str]) -> None:
    Path("aliases.toml").write_text('same = [["Orchid", "Tidepool"]]\n')
    assert kgraph(capfd, "build", "papers", "-q", *FAKE)[0] == 0
    code, out, err = kgraph(capfd, "why", "Orchid", "Tidepool")
    assert (code, err) == (0, "")
    assert out.startswith("one node: ") and "aliases.toml:1" in out
    assert json.loads(kgraph(capfd, "why", "Orchid", "Fernwave", "--json")[1])["same"] is False
    assert kgraph(capfd, "why", "Orchid", "Tidepool", "-g", "output") == kgraph(capfd, "why", "Orchid", "Tidepool", "output") == (0, out, "")
    assert kgraph(capfd, "why", "Orchid", "Tidepool", "-g", "output/graph.ttl") == (0, out, "")
    code, out, err = kgraph(capfd, "why", "Orchid", "Tidepool", "output", "-g", "elsewhere")
    assert (code, out) == (2, "") and "two folders" in err
    code, out, err = kgraph(capfd, "doctor")
    assert (code, err) == (0, "")
    assert "in doubt" in out
