from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import fake_extractor
import pytest

from kgraph import pool
from kgraph.model import Paper
from kgraph.pool import Answer, Text, Workers, batches
from kgraph.store import unpack

GOOD = "We present Abc. Abc beats Def by 12%."


def texts(n: int, special: dict[int, str] | None = None) -> list[Text]:
    return [Text(i, f"Title {i}", (special or {}).get(i, f"{GOOD} Paper {i} says so.")) for i in range(n)]


def read(asked: list[Text], jobs: int = 2, extractor: str = "fake_extractor:extract") -> dict[int, Answer]:
    with Workers(extractor, "none", jobs) as workers:
        answers = list(workers.extract(asked))
    assert sorted(a.number for a in answers) == sorted(t.number for t in asked)
    return {a.number: a for a in answers}


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_workers_give_what_the_extractor_gives_in_this_process(jobs: int) -> None:
    asked = texts(100)
    answers = read(asked, jobs)
    for text in asked:
        packed = answers[text.number].packed
        assert packed is not None
        assert unpack(packed, "k") == fake_extractor.facts_of(Paper("k", text.abstract, text.title))


def test_a_text_that_the_extractor_raises_on_is_reported_and_costs_no_other() -> None:
    answers = read(texts(70, {5: "POISON", 40: "POISON"}))
    assert {n for n, a in answers.items() if a.packed is None} == {5, 40}
    assert answers[5].reason.startswith("ZeroDivisionError: poisoned (fake_extractor.py:")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_text_that_kills_the_process_is_reported_and_costs_no_other(jobs: int) -> None:
    answers = read(texts(70, {0: "SEGFAULT", 40: "SEGFAULT"}), jobs)
    assert {n for n, a in answers.items() if a.packed is None} == {0, 40}
    assert answers[0].reason == "the extractor's process died on it: signal 11"


def test_a_worker_killed_from_outside_loses_nothing(tmp_path: Path) -> None:
    answers = read(texts(70, {9: f"DIEONCE={tmp_path / 'died'}"}))
    assert all(a.packed for a in answers.values())
    assert (tmp_path / "died").exists()


def test_a_text_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(pool, "CHARACTERS_PER_SECOND", 1e9)
    answers = read(texts(3, {1: "HANG"}))
    assert {n: a.reason for n, a in answers.items() if a.packed is None} == {1: "the extractor's process died on it: no answer in 1 seconds"}


def test_what_an_extractor_prints_does_not_get_among_the_answers() -> None:
    assert all(a.packed for a in read(texts(5, {2: "PRINT"})).values())


def test_an_extractor_that_does_not_load_ends_the_run_with_its_message() -> None:
    with pytest.raises(RuntimeError, match="no such model"):
        read(texts(3), extractor="fake_extractor:unloadable")
    with pytest.raises(RuntimeError, match="exit code 9"):
        read(texts(3), extractor="fake_extractor:dies_at_start")
    with pytest.raises(RuntimeError, match="no extractor 'fake_extractor:nothing'"):
        read(texts(3), extractor="fake_extractor:nothing")


def test_leaving_early_ends_the_workers_at_once() -> None:
    began = time.monotonic()
    with Workers("fake_extractor:slow", "none", 2) as workers:
        answers = workers.extract(texts(2000))
        next(answers)
        processes = [w.process for w in workers._busy]
        answers.close()
    assert time.monotonic() - began < 30
    assert all(p.poll() is not None for p in processes)


def test_workers_are_kept_from_one_extraction_to_the_next() -> None:
    with Workers("fake_extractor:extract", "none", 1) as workers:
        list(workers.extract(texts(2)))
        first = workers._idle[0].process.pid
        list(workers.extract(texts(2)))
        assert workers._idle[0].process.pid == first


def test_no_texts_start_no_process() -> None:
    assert read([]) == {}


def test_batches_keep_the_order_and_are_bounded() -> None:
    asked = [*texts(100), Text(100, "", "x" * 300_000), *texts(3)]
    made = list(batches(asked))
    assert [t for b in made for t in b] == asked
    assert max(len(b) for b in made) == pool.BATCH_TEXTS


def test_lone_surrogates_and_nul_bytes_do_not_break_the_pipe() -> None:
    answers = read([Text(0, "a\x00b", "We present Abc\ud800 now."), Text(1, "", "")])
    assert all(a.packed or a.reason for a in answers.values())


def test_a_worker_ends_when_its_caller_is_gone() -> None:
    import subprocess

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kgraph.pool", "fake_extractor:extract", "none"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    worker.communicate(b"", timeout=60)
    assert worker.returncode == 0
