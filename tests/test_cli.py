"""The command line as a user meets it: words, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kgraph.cli import SECTIONS, cli, run
from kgraph.export.turtle import write_turtle
from tests.sample import sample_graph

VERBS = sorted(cli.commands)
HEAVY = {"spacy", "networkx", "rdflib", "pyvis", "pyoxigraph", "numpy", "lxml", "dask", "torch"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a working directory of its own, with a graph in output/, and no settings of the person who runs it."""
    for name in os.environ:
        if name.startswith("KGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    write_turtle(sample_graph(), Path("output/graph.ttl"))


def kgraph(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(words)
    out, err = capfd.readouterr()
    return code, out, err


def loaded_by(*words: str) -> set[str]:
    """The top-level modules that a command line imports."""
    program = "import sys; from kgraph.cli import run; code = run(sys.argv[1:]); print(code, *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    code, *modules = done.stderr.split()
    assert code == "0"
    return {module.partition(".")[0] for module in modules}


def test_help_imports_nothing_heavy() -> None:
    assert not HEAVY & loaded_by("--help")
    assert not HEAVY & loaded_by("build", "--help")
    assert "rdflib" not in (asked := loaded_by("ask", "trained-on", "hardware=A100"))
    assert "spacy" not in asked


def test_help_comes_in_less_than_a_third_of_a_second_of_cpu() -> None:
    """CPU time, the best of three: a busy machine shall not fail the test."""

    def seconds() -> float:
        before = os.times()
        subprocess.run([sys.executable, "-m", "kgraph", "--help"], check=True, capture_output=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(seconds() for _ in range(3)) < 0.3


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"serve"}))
def test_every_verb_speaks_json(verb: str) -> None:
    assert any("--json" in parameter.opts for parameter in cli.commands[verb].params)


def test_on_a_terminal_the_next_command_is_suggested(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert kgraph(capfd, "ask")[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "next: kgraph ask QUESTION" in kgraph(capfd, "ask")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_manual_with_examples_that_parse(verb: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, verb, "--help")
    assert (code, err) == (0, "")
    assert "Examples:" in out
    assert "Exit status:" in out
    command = cli.commands[verb]
    short = command.get_short_help_str()
    assert short.endswith(".") and len(short) <= 75, short
    for line, says in command.examples:  # type: ignore[attr-defined]
        assert "kgraph " in line and says
    assert not set(command.see) - set(VERBS)  # type: ignore[attr-defined]


def test_the_verbs_are_listed_by_purpose(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = kgraph(capfd, "--help")
    assert code == 0
    for title, verbs in SECTIONS.items():
        assert f"{title}:\n" in out
        for verb in verbs:
            assert f"\n  {verb.name} " in out
    assert kgraph(capfd, "-V") == (0, "kgraph 0.1.0\n", "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["bild"], "'bild' is not a verb of kgraph; did you mean 'build'?"),
        (["xyzzy"], "'xyzzy' is not a verb of kgraph (verbs: "),
        (["build"], "Missing argument 'INPUT...'"),
        (["build", "x", "--jbos", "2"], "No such option '--jbos'"),
        (["build", "x", "--jobs", "two"], "'two' is not a valid integer"),
        (["build", "x", "--to", "ttl,gx"], "'gx' is not one of the exporters: "),
        (["build", "x", "--format", "jsn"], "'jsn' is not one of the formats: "),
        (["build", "x", "--model", "fst"], "did you mean 'fast'?"),
        (["build", "x", "--engine", "ray"], "'ray' is not one of 'local', 'dask'"),
        (["export", "pdf"], "'pdf' is not one of the exporters: "),
        (["ask", "trained-onn"], "did you mean trained-on"),
        (["ask", "trained-on", "A100"], "'A100' is not of the form name=value"),
        (["ask", "trained-on", "hardware=A100", "hardware=H100"], "'hardware' is given twice"),
        (["ask", "trained-on", "device=A100"], "trained-on has no parameter 'device': it takes hardware"),
        (["ask", "trained-on", "hardware=A10"], "no entity 'A10'; did you mean NVIDIA A100?"),
        (["show", "A10"], "no entity 'A10'; did you mean NVIDIA A100?"),
        (["why", "A", "B"], "output: no finished build there; run: kgraph build INPUT... -o output"),
        (["query", "nowhere.rq"], "nowhere.rq: No such file or directory"),
        (["stats", "nowhere.ttl"], "nowhere.ttl: No such file or directory"),
        (["rebuild", "nowhere"], "no finished build to repeat; run: kgraph build INPUT... -o nowhere"),
        (["eval", "nowhere.jsonl", "--labels", "scier"], "'nowhere.jsonl' does not exist"),
        (["--config", "nowhere.toml", "stats"], "nowhere.toml:1: No such file or directory"),
    ],
)
def test_a_wrong_word_is_refused_with_exit_status_2_and_nothing_on_stdout(words: list[str], says: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, *words)
    assert (code, out) == (2, "")
    assert says in err


def test_a_wrong_setting_stops_every_verb_but_help(capfd: pytest.CaptureFixture[str]) -> None:
    Path("kgraph.toml").write_text("[build]\njbos = 2\n")
    assert kgraph(capfd, "stats") == (2, "", "kgraph.toml:2: unknown key 'jbos' in [build]; did you mean 'jobs'?\n")
    assert kgraph(capfd, "stats", "--help")[0] == 0


def test_settings_are_defaults_below_the_flags(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kgraph.toml").write_text("[ask]\ngraph = 'nowhere.ttl'\nevidence = true\n")
    assert kgraph(capfd, "ask", "trained-on", "hardware=A100")[0] == 2
    code, out, _ = kgraph(capfd, "ask", "trained-on", "hardware=A100", "-g", "output")
    assert code == 0
    assert "with 64 A100 GPUs" in out
    monkeypatch.setenv("KGRAPH_GRAPH", "output/graph.ttl")
    monkeypatch.setenv("KGRAPH_ASK_EVIDENCE", "0")
    code, out, _ = kgraph(capfd, "ask", "trained-on", "hardware=A100")
    assert code == 0
    assert "with 64 A100 GPUs" not in out
    assert kgraph(capfd, "query", "trained-on")[0] == 0


def test_ask_without_a_word_lists_the_questions(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "ask")
    assert (code, err) == (0, "")
    assert "trained-on" in out
    assert len(json.loads(kgraph(capfd, "ask", "--json")[1])) >= 16


def test_an_answer_ends_with_its_coverage_and_shows_sentences_on_demand(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "ask", "trained-on", "hardware=a100")
    assert (code, err) == (0, "")
    assert out.endswith("Coverage: 4 of 7 papers state hardware.\n")
    assert "64 A100 GPUs" not in out
    assert "64 A100 GPUs" in kgraph(capfd, "ask", "trained-on", "hardware=a100", "--evidence")[1]


def test_results_come_as_json_csv_markdown_and_sparql(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("ask", "trained-on", "hardware=A100")
    assert json.loads(kgraph(capfd, *words, "--json")[1])["coverage"] == ["4 of 7 papers state hardware"]
    assert kgraph(capfd, *words, "--csv")[1].startswith("system,device,")
    assert kgraph(capfd, *words, "--markdown")[1].startswith("| system | device |")
    sparql = kgraph(capfd, *words, "--sparql")[1]
    Path("mine.rq").write_text(sparql, encoding="utf-8")
    code, out, _ = kgraph(capfd, "query", "mine.rq", "--json")
    assert code == 0
    assert {row["device"] for row in json.loads(out)} == {"NVIDIA A100"}


def test_query_reads_sparql_from_standard_input(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/kgraph/ns#Paper> }"))
    assert kgraph(capfd, "query", "-", "--csv")[:2] == (0, "n\r\n7\r\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT nonsense"))
    code, out, err = kgraph(capfd, "query", "-")
    assert (code, out) == (2, "")
    assert err.startswith("kgraph: -:1: ")


def test_a_question_with_one_parameter_is_a_verb_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "leaderboard", "accuracy") == kgraph(capfd, "ask", "leaderboard", "metric=accuracy")
    assert kgraph(capfd, "conflicts", "--json") == kgraph(capfd, "ask", "conflicts", "--json")
    assert kgraph(capfd, "timeline", "Fernwave")[0] == 0
    assert kgraph(capfd, "timeline")[0] == 2


def test_stats_count_things_and_the_papers_that_speak_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "stats", "--json")
    assert (code, err) == (0, "")
    rows = {(row["kind"], row["what"]): row for row in json.loads(out)}
    assert rows["papers", "papers"]["count"] == 7
    assert rows["facts", "HardwareUse"] == {"kind": "facts", "what": "HardwareUse", "count": 5, "papers": 4, "coverage": 57.1}
    assert rows["says", "negated"]["count"] == 1


def test_stats_of_an_empty_graph_are_zeros(capfd: pytest.CaptureFixture[str]) -> None:
    Path("empty.ttl").write_text("")
    code, out, _ = kgraph(capfd, "stats", "empty.ttl", "--json")
    assert code == 0
    assert json.loads(out)[0] == {"kind": "papers", "what": "papers", "count": 0, "papers": 0, "coverage": None}


def test_view_makes_the_page_when_it_is_missing_or_old_and_prints_where_it_is(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)) or True)
    assert kgraph(capfd, "view", "--no-open") == (0, "output/graph.html\n", "")
    assert opened == []
    page = Path("output/graph.html")
    page.write_text("newer")
    assert kgraph(capfd, "view", "output/graph.ttl")[0] == 0
    assert opened == [page.resolve().as_uri()]
    assert page.read_text() == "newer"
    os.utime(page, (1, 1))
    assert kgraph(capfd, "view", "--no-open", "--page", "output/graph.html")[0] == 0
    assert "Fernwave" in page.read_text(encoding="utf-8")


def test_export_writes_another_format_beside_the_graph_or_where_it_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "export", "html") == (0, "output/graph.html\n", "")
    assert json.loads(kgraph(capfd, "export", "nt", "--json")[1]) == {"path": "output/graph.nt"}
    assert kgraph(capfd, "export", "ttl", "-g", "output/graph.ttl", "-o", "copy.ttl") == (0, "copy.ttl\n", "")
    assert Path("copy.ttl").read_bytes() == Path("output/graph.ttl").read_bytes()


def test_init_makes_a_folder_whose_question_runs(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = kgraph(capfd, "init", "project")
    assert code == 0
    assert "made project/kgraph.toml\n" in out
    assert kgraph(capfd, "query", "project/queries/most-named-models.rq", "--csv")[1].startswith("label,papers\r\n")
    monkeypatch.chdir("project")
    assert kgraph(capfd, "init")[1].count("kept ") == 5


def test_an_output_that_cannot_be_written_is_said_in_one_line_with_exit_status_1(capfd: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("")
    code, out, err = kgraph(capfd, "export", "ttl", "-o", "file/graph.ttl")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "file" in err


def test_ctrl_c_ends_with_130(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kgraph.stats.stats", interrupt)
    code, out, err = kgraph(capfd, "stats")
    assert (code, out) == (130, "")
    assert err.strip() == "kgraph: interrupted"


def test_a_reader_that_closes_the_pipe_is_no_error() -> None:
    done = subprocess.run(f"{sys.executable} -m kgraph query hardware --json | head -c 1", shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "["
    assert done.stderr == ""


def test_no_color_means_no_escape_codes_even_on_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    Path("kgraph.toml").write_text("nonsense = 1\n")

    def on_terminal(**environ: str) -> bytes:
        leader, follower = pty.openpty()
        env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")} | environ
        subprocess.run([sys.executable, "-m", "kgraph", "stats"], stderr=follower, stdout=follower, env=env, check=False)
        os.close(follower)
        text = b""
        try:
            while part := os.read(leader, 4096):
                text += part
        except OSError:  # how Linux says that the other side has gone
            pass
        os.close(leader)
        return text

    assert b"\x1b[" in on_terminal()
    assert b"\x1b[" not in on_terminal(NO_COLOR="1")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_verbs_questions_parameters_and_names(shell: str) -> None:
    def completed(*words: str) -> list[str]:
        env = os.environ | {"_KGRAPH_COMPLETE": f"{shell}_complete", "COMP_WORDS": " ".join(("kgraph", *words)), "COMP_CWORD": str(len(words))}
        if shell == "fish":
            env["COMP_CWORD"] = words[-1]
        done = subprocess.run([sys.executable, "-m", "kgraph"], env=env, capture_output=True, text=True, check=True)
        return done.stdout.split()

    assert any("export" in line for line in completed("exp"))
    assert any("graphml" in line for line in completed("export", "gr"))
    assert any("trained-on" in line for line in completed("ask", "trained"))
    assert any("hardware=" in line for line in completed("ask", "trained-on", "har"))
    assert any("A100" in line for line in completed("ask", "trained-on", "hardware=a"))


def test_clean_removes_what_builds_left_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("output/.cache/facts.db", "output/.cache/facts.db-wal", "output/mine.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("")
    assert kgraph(capfd, "clean") == (0, "removed output/.cache/facts.db\nremoved output/.cache/facts.db-wal\n", "")
    assert not Path("output/.cache").exists()
    assert kgraph(capfd, "clean") == (0, "", "")
    assert Path("output/graph.ttl").exists() and Path("output/mine.txt").exists()


def test_show_prints_what_is_known_of_one_thing(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "show", "a100s")
    assert (code, err) == (0, "")
    assert out.startswith("NVIDIA A100  (e:nvidia-a100, Hardware)\n")
    assert "64 A100 GPUs in 36 hours" in out
    assert json.loads(kgraph(capfd, "show", "A100", "--json")[1])["rows"]


def test_doctor_says_what_is_installed_even_without_a_build(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "doctor", "nowhere")
    assert (code, err) == (0, "")
    assert "formats written  csv, " in out
    assert out.endswith("nowhere: no finished build there\n")
    report = json.loads(kgraph(capfd, "doctor", "nowhere", "--json")[1])
    assert report["doubts"] is None
    assert "ttl" in report["installation"]["formats written"]


def test_validate_finds_nothing_wrong_with_our_graph_and_ends_with_4_when_there_is(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "validate") == (0, "valid: 0 violations\n", "")
    assert kgraph(capfd, "validate", "output", "--json")[:2] == (0, "[]\n")
    text = Path("output/graph.ttl").read_text(encoding="utf-8")
    Path("bad.ttl").write_text(text.replace("kg:outperforms e:orchid", "kg:outperforms e:gpu", 1), encoding="utf-8")
    code, out, err = kgraph(capfd, "validate", "bad.ttl")
    assert (code, err) == (4, "")
    assert out.splitlines()[-1].endswith(" violations") or out.endswith("1 violation\n")
    Path("bad.ttl").write_text("<a b> <c> <d> .", encoding="utf-8")
    assert kgraph(capfd, "validate", "bad.ttl")[0] == 4


def test_compare_and_path_join_two_things(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = kgraph(capfd, "compare", "Fernwave", "Orchid", "--csv")
    assert (code, err) == (0, "")
    assert out.startswith("aspect,Fernwave,Orchid,same")
    code, out, err = kgraph(capfd, "path", "Tidepool", "Wikipedia")
    assert (code, err) == (0, "")
    assert "sentence" in out.splitlines()[0]
    assert kgraph(capfd, "path", "Tidepool", "Wikipeda")[0] == 2


def test_diff_of_a_graph_with_itself_is_no_difference(capfd: pytest.CaptureFixture[str]) -> None:
    assert kgraph(capfd, "diff", "output") == (0, "No difference.\n", "")
    Path("other.ttl").write_text(Path("output/graph.ttl").read_text(encoding="utf-8").replace("61.2", "62.2"), encoding="utf-8")
    code, out, _ = kgraph(capfd, "diff", "output", "other.ttl", "--json")
    assert code == 0
    assert json.loads(out)
    assert kgraph(capfd, "diff", "output", "other.ttl", "--summary", "--csv")[1].startswith("kind,added,removed,changed")


def test_serve_answers_until_it_is_interrupted(tmp_path: Path) -> None:
    import shutil
    import signal
    import socket
    import sysconfig
    from urllib.parse import quote
    from urllib.request import urlopen

    if not shutil.which("oxigraph", path=sysconfig.get_path("scripts")):
        pytest.skip("Oxigraph's server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "kgraph", "serve", "output", "-p", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline().split()[-1] == f"http://127.0.0.1:{port}/query"
    with urlopen(f"http://127.0.0.1:{port}/query?query={quote('ASK { ?s ?p ?o }')}") as answer:
        assert b"true" in answer.read()
    server.send_signal(signal.SIGINT)
    _, err = server.communicate(timeout=30)
    assert (server.returncode, err) == (130, "")
