"""Settings: kgraph.toml and KGRAPH_* variables as defaults of the options."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.cli import cli
from kgraph.config import options, settings
from kgraph.scaffold import init


def read(tmp_path: Path, text: str, **environ: str) -> tuple[dict[str, dict[str, object]], list[str]]:
    path = tmp_path / "kgraph.toml"
    path.write_text(text, encoding="utf-8")
    values, problems = settings(cli.commands, path, environ)
    return values, [f"{Path(p.path).name}:{p.line}: {p.message}" for p in problems]


def test_a_key_at_the_top_serves_every_verb_and_one_in_a_table_that_verb_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        Path(name).touch()
    values, problems = read(tmp_path, 'graph = "g.ttl"\n[ask]\ngraph = "mine.ttl"\n[build]\njobs = 3\nto = ["ttl", "nt"]\njoin = ["a.csv", "b.csv"]\n')
    assert problems == []
    assert values["query"]["graph"] == "g.ttl"
    assert values["ask"]["graph"] == "mine.ttl"
    assert values["build"]["jobs"] == 3
    assert values["build"]["formats"] == "ttl,nt"
    assert values["build"]["join"] == ["a.csv", "b.csv"]
    assert "jobs" not in values.get("rebuild", {})


def test_variables_win_over_the_file_and_the_verbs_own_over_the_general_one(tmp_path: Path) -> None:
    values, problems = read(tmp_path, "[build]\njobs = 3\nstrict = true\n", KGRAPH_BUILD_JOBS="5", KGRAPH_JOBS="4", KGRAPH_STRICT="no")
    assert problems == []
    assert values["build"]["jobs"] == "5"
    assert values["rebuild"]["jobs"] == "4"
    assert values["build"]["strict"] == "no"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[build]\n\njbos = 2\n", "kgraph.toml:3: unknown key 'jbos' in [build]; did you mean 'jobs'?"),
        ("outptu = 'x'\n", "kgraph.toml:1: unknown key 'outptu'; did you mean 'output'?"),
        ("[bulid]\njobs = 2\n", "kgraph.toml:1: unknown table [bulid]; did you mean 'build'?"),
        ("[build]\njobs = 'two'\n", "kgraph.toml:2: build.jobs: 'two' is not a valid integer range."),
        ("[build]\njobs = true\n", "kgraph.toml:2: build.jobs: True is not a value of this option"),
        ("[build]\nstrict = 7\n", "kgraph.toml:2: build.strict:"),
        ("[build]\nto = 'pdf'\n", "kgraph.toml:2: build.to: 'pdf' is not one of the exporters:"),
        ("[build]\njobs = \n", "kgraph.toml:2: not TOML: Invalid value"),
        ("jobs = -1\n", "kgraph.toml:1: jobs: -1 is not in the range x>=0."),
    ],
)
def test_what_is_wrong_with_the_file_is_said_with_its_line_and_a_suggestion(tmp_path: Path, text: str, message: str) -> None:
    _, problems = read(tmp_path, text)
    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_an_unknown_variable_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "", KGRAPH_JBOS="2", KGRAPH_CONFIG="x", OTHER="y")
    assert problems == ["environment:1: unknown variable KGRAPH_JBOS; did you mean 'KGRAPH_JOBS'?"]


def test_a_file_that_cannot_be_read_is_a_problem_and_none_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings(cli.commands, None, {}) == ({}, [])
    assert settings(cli.commands, Path("not-there.toml"), {})[1][0].message == "No such file or directory"
    Path("kgraph.toml").write_bytes(b"a = '\xff'")
    assert settings(cli.commands, None, {})[1][0].message == "not UTF-8 text"


def test_the_settings_file_that_init_writes_names_every_setting_and_is_valid_when_its_comments_are_taken_away(tmp_path: Path) -> None:
    made = init(tmp_path / "project", cli.commands)
    assert all(new for _, new in made)
    path = tmp_path / "project" / "kgraph.toml"
    text = path.read_text(encoding="utf-8")
    assert settings(cli.commands, path, {}) == ({}, [])
    for verb, command in cli.commands.items():
        section = text.partition(f"[{verb}]\n")[2].partition("\n\n")[0]
        for name, option in options(command).items():
            assert getattr(option, "hidden", False) or f"# {name} = " in section, (verb, name)


def test_init_leaves_what_is_there_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kgraph.toml").write_text("# mine\n")
    (tmp_path / "papers").mkdir()
    made = dict(init(tmp_path, cli.commands))
    assert made[tmp_path / "kgraph.toml"] is False
    assert made[tmp_path / "papers"] is False
    assert made[tmp_path / "aliases.toml"] is True
    assert (tmp_path / "kgraph.toml").read_text() == "# mine\n"
    assert not any(new for _, new in init(tmp_path, cli.commands))
