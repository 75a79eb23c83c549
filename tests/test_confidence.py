"""Confidences are shares that were counted: how they are drawn together, and how `python -m kgraph.train.confidence` counts and writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kgraph.extract import confidence, pipeline
from kgraph.extract.confidence import CONFIDENCE, MEASURED, ODDS, UNSEEN, confidences, odds_of_telling, weighed
from kgraph.model import Claim, Entity, Paper, PaperFacts, Quantity, Sentence
from kgraph.train import confidence as recount
from kgraph.train.confidence import Judged, count, cross_validated, told_apart, written

SENTENCE = "Quokka uses Emu and beats Wombat, all in a sentence that is long enough to be an abstract of a paper."


def told(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    """Two claims and a size of rules in the table, and a claim of none."""
    for paper in papers:
        entities = tuple(Entity(name, "model", (name,)) for name in ("Quokka", "Emu", "Wombat"))
        claims = (
            Claim(0, "uses", 1, 0, CONFIDENCE["uses.verb"]),
            Claim(0, "outperforms", 2, 0, CONFIDENCE["outperforms.over"]),
            Claim(0, "outperforms", 1, 0, 0.7),
        )
        size = Quantity("parameters", "2", "2", 0, 1, 0, CONFIDENCE["quantity.parameters"], of=0)
        yield PaperFacts(paper.key, entities, (Sentence("abstract", 0, len(paper.abstract)),), claims=claims, quantities=(size,))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A gold file that labels relations, and its texts."""
    monkeypatch.setattr(pipeline, "read_papers", told)
    texts, gold = tmp_path / "papers.jsonl", tmp_path / "gold.jsonl"
    texts.write_text(json.dumps({"id": "own:1", "title": "Quokka", "abstract": SENTENCE}) + "\n", encoding="utf-8")
    gold.write_text(json.dumps({"id": "own:1", "uses": [["Quokka", "Emu"]], "outperforms": [["Quokka", "Dingo"]]}) + "\n", encoding="utf-8")
    return str(gold), str(texts)


def tables_of(source: str) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """The tables that a module's source has."""
    names: dict[str, dict[str, tuple[int, int]]] = {}
    exec(compile(source, "confidence.py", "exec"), names)  # type: ignore[arg-type]
    return names["MEASURED"], names["UNSEEN"]


def test_few_facts_are_drawn_towards_their_kind_and_a_kind_towards_all() -> None:
    counts = {"good.often": (96, 100), "good.once": (1, 1), "good.failed": (0, 1), "bad.often": (30, 100), "bad.once": (1, 1), "new.rule": (0, 0)}
    found = confidences(dict.fromkeys(counts, (0, 0)), counts)
    assert 0.93 < found["good.often"] < 0.96
    assert 0.9 < found["good.once"] < 1
    assert 0.8 < found["good.failed"] < found["good.often"]
    assert found["bad.often"] < found["bad.once"] < 0.5
    assert found["new.rule"] == pytest.approx(0.63, abs=0.01)


def test_papers_that_a_rule_was_written_beside_say_less() -> None:
    seen, unseen = {"a.x": (40, 40)}, {"a.x": (10, 20)}
    assert confidences(seen, {})["a.x"] == confidences({"a.x": (0, 0)}, {"a.x": (6, 6)})["a.x"]
    assert confidences({"a.x": (0, 0)}, unseen)["a.x"] < confidences(seen, unseen)["a.x"] < 0.75 < confidences(seen, {})["a.x"]


def test_the_tables_of_the_module_are_what_it_is_drawn_from() -> None:
    assert confidences(MEASURED, UNSEEN) == CONFIDENCE
    assert set(UNSEEN) <= set(MEASURED)
    assert all(0 <= right <= found for right, found in (*MEASURED.values(), *UNSEEN.values()))
    assert all(0 < value < 1 for value in CONFIDENCE.values())


def test_rules_are_told_apart_only_while_they_are_counted() -> None:
    before = dict(CONFIDENCE)
    with told_apart() as rules:
        assert {CONFIDENCE[rule]: (rule, True) for rule in CONFIDENCE}.items() <= rules.items()
        assert {confidence.weighed(CONFIDENCE[rule], False): (rule, False) for rule in CONFIDENCE}.items() <= rules.items()
        assert len(rules) == 2 * len(CONFIDENCE)
        assert sorted(CONFIDENCE.values()) == pytest.approx(sorted(before.values()), abs=1e-4)
        assert all((CONFIDENCE[a] < CONFIDENCE[b]) for a in before for b in before if before[a] < before[b])
    assert before == CONFIDENCE


def test_right_and_found_are_counted_by_rule(corpus: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    gold, texts = corpus
    judged = recount.judge([Path(gold)], [texts], "fast")
    assert sorted(judged) == [("own:1", "outperforms.over", False, False, True), ("own:1", "uses.verb", True, False, True)]  # sizes are not labelled there
    seen, unseen = count(judged)
    assert {rule: counts for rule, counts in seen.items() if counts[1]} == {"uses.verb": (1, 1), "outperforms.over": (0, 1)}
    assert not any(found for _, found in unseen.values())
    monkeypatch.setattr(recount, "CHECKS", {"gold.jsonl"})
    assert count(recount.judge([Path(gold)], [texts], "fast")) == (unseen, seen)


def test_the_tables_are_written_in_place_rule_by_rule() -> None:
    source = recount.MODULE.read_text(encoding="utf-8")
    counts = {rule: (number, 1000 + number) for number, rule in enumerate(MEASURED)}
    anew = written(source, counts, {"uses.verb": (1, 2), "uses.part": (0, 0)}, {True: 2.5, False: 0.5})
    assert "\nODDS: dict[bool, float] = {True: 2.5, False: 0.5}\n" in anew
    assert tables_of(anew) == (counts, {"uses.verb": (1, 2)})
    assert list(tables_of(anew)[0]) == list(MEASURED)
    assert written(anew, MEASURED, UNSEEN, ODDS) == written(source, MEASURED, UNSEEN, ODDS)
    assert max(map(len, anew.splitlines())) <= 160


def test_what_is_told_plainly_is_surer() -> None:
    told = [("a", True, number < 18, True) for number in range(20)] + [("a", False, number < 10, True) for number in range(20)]
    odds = odds_of_telling([*told, *(("b", plain, right, False) for _, plain, right, _ in told)])
    assert 2 < odds[True] < 3 and odds[True] * odds[False] == pytest.approx(1, abs=0.01)
    assert weighed(0.7, False, odds) < 0.7 < weighed(0.7, True, odds) < 1
    assert odds_of_telling([]) == {True: 1.0, False: 1.0}
    assert 0 < ODDS[False] <= 1 <= ODDS[True]


def test_cross_validation_judges_each_fact_by_other_papers() -> None:
    judged = [Judged(f"paper {number}", "uses.verb", number < 30, number % 2 == 0) for number in range(40)]
    rows = cross_validated(judged)
    assert sum(right for _, right, _ in rows) == 30
    assert sum(unseen for _, _, unseen in rows) == 20
    assert all(0.6 < value < 0.9 for value, _, _ in rows)
    assert cross_validated([Judged("the only paper", "uses.verb", True, True)]) == [(0.5, True, True)]  # nothing is known without it


def test_the_command_counts_writes_and_reports(corpus: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, texts = corpus
    module = tmp_path / "confidence.py"
    module.write_text(Path(confidence.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    recount.main([gold, "--texts", texts, "--module", str(module)])
    measured, unseen = tables_of(module.read_text(encoding="utf-8"))
    assert (measured["uses.verb"], measured["outperforms.verb"], unseen) == ((1, 1), (0, 0), {})
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["uses.verb", "1", "1", "0", "0", "0.518"] in lines
    assert ["0.5", "0.6", "2", "0.500", "0.500"] in lines  # one paper: without it nothing is known


def test_the_command_writes_nothing_when_a_paper_is_missing(corpus: tuple[str, str], tmp_path: Path) -> None:
    gold, texts = corpus
    Path(gold).write_text('{"id": "own:2", "uses": []}\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="not in the texts: own:2"):
        recount.main([gold, "--texts", texts, "--module", str(tmp_path / "confidence.py")])
    assert not (tmp_path / "confidence.py").exists()
