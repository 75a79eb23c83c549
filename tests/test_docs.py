"""The README is true: sessions print what they say, the reference is that of the code, links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from kgraph.cli import cli
from kgraph.query import questions
from tests.readme import README, ROOT, agrees, blocks, commands, prepare, reference, shell

TEXT = README.read_text(encoding="utf-8")
STALE = "the README is behind the program: python tests/readme.py writes it anew"


def test_the_two_set_up_commands_come_first() -> None:
    shown = re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT)[0].splitlines()
    assert [line for line in shown if not line.startswith("#")][:2] == [
        "pip install . && kgraph build data/papers -o output",
        "pip install '.[test]' && pytest",
    ]


def test_sessions_print_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, block in blocks(TEXT):
        if language == "console":
            for command, written in commands(block):
                printed = shell(command, tmp_path)
                assert agrees(printed, [line.rstrip() for line in written]), f"{STALE}\n$ {command}\n" + "\n".join(printed)
        else:
            test = doctest.DocTestParser().get_doctest(block, names, "README.md", str(README), 0)
            result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, clear_globs=False)
            assert result.failed == 0
            names |= test.globs


def test_the_reference_is_that_of_the_program() -> None:
    assert reference() in TEXT, STALE
    for verb in cli.commands:
        assert f"`kgraph {verb}" in TEXT


def test_every_shipped_question_is_in_the_readme() -> None:
    missing = [name for name in questions() if f"`{name}`" not in TEXT]
    assert not missing


def test_links_within_the_project_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT)
    assert not [target for target in targets if not (ROOT / target).exists()]


def test_elisions_stand_for_any_lines() -> None:
    assert agrees(["a", "b", "c", "d"], ["a", "...", "d"])
    assert agrees(["a", "d"], ["a", "...", "d"])
    assert not agrees(["a", "b"], ["a", "...", "d"])
    assert not agrees(["a", "b"], ["a"])
