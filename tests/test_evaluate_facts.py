"""`kgraph eval --labels facts`: what counts as right, how papers are found, the calibration, the command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph import evaluate_facts as module
from kgraph.cli import run
from kgraph.evaluate import calibration_table
from kgraph.evaluate_facts import PAIRS, Fact, FactEvaluation, Wanted, agree, as_rows, evaluate, find_papers, match, read_gold
from kgraph.extract import pipeline
from kgraph.model import Claim, Entity, HardwareUse, Mention, Paper, PaperFacts, Quantity, Result, Sentence

TITLE = "Quokka: Fast Answers"
ABSTRACT = "We present Quokka, which beats Wombat by 3.5% on Numbat. It was trained on 8 Fictive F1 GPUs. Quokka has 2B parameters. Quokka may beat Dingo."
SECOND = "Wombat is compared with Dingo in a second abstract that is long enough to be one."
PLACES = [found.span() for found in re.finditer(r"\S.*?\.(?= |$)", ABSTRACT)]
NAMES = ("Quokka", "Wombat", "Numbat", "Fictive F1", "Dingo")
KINDS = ("model", "model", "dataset", "hardware", "model")
GOLD = {
    "key": "arXiv:2401.00001",
    "lead": "We present Quokka",
    "introduces": ["Quokka model"],
    "entities": [{"type": "model", "names": ["Quokka", "Quokka model"]}, {"type": "model", "names": ["Wombat", "WBT"]}],
    "outperforms": [["Quokka model", "WBT"]],
    "evaluated_on": [["Quokka", "Numbat"]],
    "results": [{"value": 3.5, "unit": "percent", "subject": "Quokka", "baseline": "Dingo"}],
    "quantities": [{"property": "parameters", "value": 2e9, "subject": "Quokka"}],
    "hardware": [{"device": "Fictive F1", "count": 8, "role": "training"}],
    "code": ["https://github.com/quokka/quokka"],
}
OTHER = {"key": "beside", "lead": "Wombat is compared", "introduces": [], "entities": [], "compared_with": [["Dingo", "Wombat"]]}


def told(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    """What an extractor might say of the two papers; `TITLE` tells them apart."""
    entities = tuple(Entity(name, kind, (name,), introduced=name == "Quokka") for name, kind in zip(NAMES, KINDS, strict=True))  # type: ignore[arg-type]
    for paper in papers:
        if paper.title != TITLE:
            sentence = Sentence("abstract", 0, len(paper.abstract))
            yield PaperFacts(paper.key, entities[1:], (sentence,), (Mention(0, 0, 0, 6),), (Claim(0, "comparedWith", 3, 0, 0.55),))
            continue
        yield PaperFacts(
            paper.key,
            entities,
            tuple(Sentence("abstract", *place) for place in PLACES),
            (Mention(0, 0, 11, 17),),
            claims=(
                Claim(0, "outperforms", 1, 0, 0.9),
                Claim(1, "outperforms", 0, 0, 0.6),
                Claim(0, "outperforms", 4, 3, 0.9, "hypothetical"),
                Claim(0, "addresses", 2, 0, 0.9),
            ),
            results=(Result("3.5", "3.5%", 40, 44, 0, 0.95, unit="%", of=0, baseline=1),),
            quantities=(Quantity("parameters", "2000000000", "2B", 104, 106, 2, 0.92, of=1),),
            uses=(HardwareUse(3, 70, 85, 1, 0.85, count="8", role="training"),),
            code=("http://www.github.com/Quokka/quokka.git",),
        )


@pytest.fixture
def extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_papers", told)


@pytest.fixture
def texts(tmp_path: Path) -> str:
    records = [
        {"id": "arxiv:2401.00001", "title": TITLE, "abstract": ABSTRACT},
        {"id": "own:7", "title": "Beside it", "abstract": SECOND},
        {
            "id": "arxiv:2401.00003",
            "title": "A third",
            "abstract": ABSTRACT.replace("beats", "hunts").replace("Wombat", "every other animal of the bush, at night,"),
        },
    ]
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def gold_file(path: Path, *papers: object) -> Path:
    lines = [json.dumps(paper) for paper in papers]
    path.write_text("".join(f"{line}\n" for line in lines) if path.suffix == ".jsonl" else '{"papers": [\n' + ",\n".join(lines) + "]}", encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return gold_file(tmp_path / "gold.json", GOLD, OTHER)


@pytest.fixture
def result(extractor: None, gold: Path, texts: str) -> FactEvaluation:
    return evaluate(read_gold(gold), [texts])


def wanted(kind: str, more: dict[str, Any] | None = None, **must: Any) -> Wanted:
    return Wanted(kind, "", must, more or {})


def pair(subject: str, other: str, kind: str = "uses") -> Fact:
    return Fact(kind, "", {"subject": frozenset({subject}), "object": frozenset({other})})


def named(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("said", "gold", "same"),
    [
        (named("gpt4"), named("gpt4", "generativepretrained"), True),
        (named("gpt4"), named("gpt5"), False),
        (None, named("gpt4"), False),
        (2e9, 2000000000.0004, True),
        (3.5, 3.6, False),
        (3.5, named("3.5"), False),
    ],
)
def test_a_slot_agrees_by_any_name_or_by_number(said: Any, gold: Any, same: bool) -> None:
    assert agree(said, gold) is same


def test_one_relation_may_be_told_of_several_names_but_not_turned_round() -> None:
    told_pairs = [pair("quokka", "wombat"), pair("quokka1", "wombat"), pair("wombat", "quokka")]
    met, right = match([wanted("uses", subject=named("quokka", "quokka1"), object=named("wombat"))], told_pairs)
    assert right == [True, True, False]
    assert met == [told_pairs[0]]


def test_a_comparison_without_winner_has_no_direction() -> None:
    met, right = match([wanted("compared_with", subject=named("a"), object=named("b"))], [pair("b", "a", "compared_with"), pair("b", "b", "compared_with")])
    assert right == [True, False]
    assert met[0] is not None


def test_a_value_that_stands_twice_must_be_found_twice_and_the_fuller_slots_win() -> None:
    bare = Fact("results", "", {"value": 5.0})
    full = Fact("results", "", {"value": 5.0, "of": named("quokka")})
    want = wanted("results", {"of": named("quokka")}, value=5.0)
    assert match([want], [bare, full]) == ([full], [False, True])
    assert match([want, want, want], [bare, full]) == ([full, bare, None], [True, True])


def test_each_kind_is_counted(result: FactEvaluation) -> None:
    counted = {kind: (score.gold, score.predicted, score.right, score.recalled) for kind, score in result.scores.items()}
    assert counted == {
        "introduces": (1, 1, 1, 1),
        "results": (1, 1, 1, 1),
        "quantities": (1, 1, 1, 1),
        "hardware": (1, 1, 1, 1),
        "outperforms": (1, 2, 1, 1),  # the turned one is wrong, the hypothetical one is none
        "compared_with": (1, 1, 1, 1),
        "evaluated_on": (1, 0, 0, 0),
        "code": (1, 1, 1, 1),
        "all": (8, 8, 7, 7),
    }


def test_slots_are_counted_where_the_fact_was_found(result: FactEvaluation) -> None:
    slots = {kind: (score.filled, score.slots) for kind, score in result.scores.items() if score.slots}
    assert slots == {"results": (2, 3), "quantities": (0, 1), "hardware": (2, 2), "all": (4, 6)}
    rows = {row["label"]: row for row in as_rows(result)}
    assert rows["results"]["slots right"] == 66.7
    assert rows["outperforms"]["slots right"] is None
    assert (rows["outperforms"]["precision"], rows["outperforms"]["recall"]) == (50.0, 100.0)


def test_the_calibration_is_over_the_facts_that_have_a_confidence(result: FactEvaluation) -> None:
    assert sorted(result.judged) == sorted(
        [("beside", 0.55, True), *((GOLD["key"], sure, right) for sure, right in ((0.6, False), (0.85, True), (0.9, True), (0.92, True), (0.95, True)))]
    )
    assert result.calibration == [(0.5, 0.6, 1, 0.55, 1.0), (0.6, 0.7, 1, 0.6, 0.0), (0.8, 0.9, 1, 0.85, 1.0), (0.9, 1.0, 3, 0.923, 1.0)]
    assert calibration_table([(1.0, True), (0.0, False)]) == [(0.0, 0.1, 1, 0.0, 0.0), (0.9, 1.0, 1, 1.0, 1.0)]


def test_errors_name_the_paper_and_the_sentence(result: FactEvaluation) -> None:
    assert result.errors == [
        "missed evaluated_on: Quokka -> Numbat (arXiv:2401.00001) in: We present Quokka, which beats Wombat by 3.5% on Numbat.",
        "false outperforms: Wombat -> Quokka (arXiv:2401.00001, 0.60) in: We present Quokka, which beats Wombat by 3.5% on Numbat.",
    ]


def test_a_missed_value_is_shown_where_its_number_stands(extractor: None, tmp_path: Path, texts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "asserted", lambda graph: {})
    paper = {key: GOLD[key] for key in ("key", "lead", "entities", "quantities")}
    missed = evaluate(read_gold(gold_file(tmp_path / "gold.json", paper)), [texts]).errors
    assert missed == ["missed quantities: property parameters, value 2000000000.0, subject Quokka (arXiv:2401.00001) in: Quokka has 2B parameters."]


def test_lines_label_one_thing_and_nothing_else_is_scored(extractor: None, tmp_path: Path, texts: str) -> None:
    pairs = {"id": "own:7", "compared_with": [["Dingo dog|Dingo method", "Wombat|WBT"]]}
    introduced = {"id": "arxiv:2401.00001", "part": "dev", "introduces": [["method", "QKA", "quokkas"]], "optional": ["x"]}
    found = evaluate(read_gold(gold_file(tmp_path / "gold.jsonl", pairs, introduced)), [texts])
    assert {kind: (s.gold, s.predicted, s.right) for kind, s in found.scores.items()} == {"compared_with": (1, 1, 1), "introduces": (1, 1, 1), "all": (2, 2, 2)}


def test_a_line_may_label_numbers_and_devices_alone(extractor: None, tmp_path: Path, texts: str) -> None:
    line = {"id": "arxiv:2401.00001", "results": [{"value": 3.5, "unit": "%"}], "quantities": [], "hardware": [{"device": "F1|Fictive F1", "count": 8}]}
    found = evaluate(read_gold(gold_file(tmp_path / "gold.jsonl", line)), [texts])
    counts = {kind: (s.gold, s.predicted, s.right) for kind, s in found.scores.items()}
    assert counts == {"results": (1, 1, 1), "quantities": (0, 1, 0), "hardware": (1, 1, 1), "all": (2, 3, 2)}


def test_what_may_be_introduced_is_neither_right_nor_false(extractor: None, tmp_path: Path, texts: str) -> None:
    line = {"id": "arxiv:2401.00001", "part": "dev", "introduces": [["method", "Emu"]], "optional": ["Quokka"]}
    found = evaluate(read_gold(gold_file(tmp_path / "gold.jsonl", line)), [texts])
    assert (found.scores["all"].gold, found.scores["all"].predicted) == (1, 0)


def test_papers_are_found_by_identifier_by_the_id_of_their_line_or_by_how_they_begin(tmp_path: Path, texts: str) -> None:
    lines = gold_file(tmp_path / "gold.jsonl", {"id": "arxiv:2401.00003"}, {"id": "own:7"}, {"id": "own:8"})
    document = gold_file(tmp_path / "gold.json", GOLD, OTHER)
    found = find_papers([*read_gold(lines), *read_gold(document)], [texts], pytest.fail)
    assert {key: paper.title for key, paper in found.items()} == {
        "arxiv:2401.00003": "A third",  # it begins as the first does, which has an identifier
        "own:7": "Beside it",
        "arXiv:2401.00001": TITLE,
    }
    assert find_papers(read_gold(document), [texts], pytest.fail).keys() == {"arXiv:2401.00001", "beside"}


@pytest.mark.parametrize("first", PAIRS.values())
def test_a_labelled_line_is_read_in_the_order_it_is_written_in(tmp_path: Path, first: str) -> None:
    """The first thing that has a name says what else is called so, whatever order a set of kinds has in this process."""
    others = {kind: [["Quokka-2", "Numbat"]] for kind in PAIRS.values() if kind != first}
    (tmp_path / "gold.jsonl").write_text(json.dumps({"id": "a", first: [["Quokka-2|Quokka", "Numbat"]], **others}))
    [paper] = read_gold(tmp_path / "gold.jsonl")
    assert [wanted.must["subject"] for wanted in paper.facts] == [{"quokka2", "quokka"}] * len(PAIRS)


def test_a_paper_that_is_not_in_the_texts_is_all_missed(extractor: None, tmp_path: Path, texts: str) -> None:
    paper = {"key": "nowhere", "lead": "Nothing begins so", "entities": [], "uses": [["a", "b"]]}
    found = evaluate(read_gold(gold_file(tmp_path / "gold.json", paper)), [texts])
    assert (found.records, [missing.key for missing in found.missing], found.scores["all"].recall) == (0, ["nowhere"], 0.0)
    assert found.errors == ["missed uses: a -> b (nowhere) in: no such paper in the texts"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gold.jsonl", '{"id": "a"}\n{"id": "b", "uses": [["x"]]}\n', r"gold\.jsonl:2: not a labelled paper"),
        ("gold.jsonl", '{"id": "a", "beats": []}\n', r"gold\.jsonl:1: not a labelled paper .*unknown: beats"),
        ("gold.jsonl", "{\n", r"gold\.jsonl:1: not a labelled paper"),
        ("gold.json", '{"papers": [\n{"key": "a", "entities": []},\n{"key": "b"}]}', r"gold\.json:3: not a labelled paper"),
        ("gold.json", '{"papers": [\n{"key": "a", "entities": [], "results": [{"value": "many"}]}]}', r"gold\.json:2: not a labelled paper"),
        ("gold.json", '{"papers": [\n{', r"gold\.json:2: no list of papers"),
        ("gold.json", "7", r"gold\.json:1: no list of papers"),
        ("gold.json", "[7]", r"gold\.json:1: not a labelled paper"),
        ("gold.json", '[{"key": "a", "lead": 7, "entities": []}]', r"gold\.json:1: not a labelled paper .*key and lead are texts"),
        ("gold.jsonl", '{"id": "a\u2028b"}\n\n{"id": "b", "uses": 1}', r"gold\.jsonl:3: not a labelled paper"),
        ("gold.jsonl", '{"id": "a"}\n{"id": "\udcff"}', r"gold\.jsonl:2: not UTF-8"),
    ],
)
def test_bad_gold_is_named_with_its_line(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=says):
        read_gold(tmp_path / name)


def command(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = run([str(word) for word in ("eval", *words)])
    return code, *capfd.readouterr()


def test_the_command_prints_scores_calibration_and_errors(extractor: None, gold: Path, texts: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = command(capfd, gold, "--labels", "facts", "--texts", texts, "--errors")
    assert (code, err) == (0, "")
    scores, calibration, errors = out.split("\n\n")
    assert scores.splitlines()[0].split() == "label gold predicted right precision recall f1 recalled slots right".split()
    assert next(line.split() for line in scores.splitlines() if line.startswith("outperforms")) == ["outperforms", "1", "2", "1", "50.0", "100.0", "66.7", "1"]
    assert [line.split() for line in calibration.splitlines()[2:]][-1] == ["0.9", "1.0", "3", "0.923", "1.0"]
    assert errors.startswith("missed evaluated_on: Quokka -> Numbat")


def test_the_command_prints_json(extractor: None, gold: Path, texts: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = command(capfd, gold, "--labels", "facts", "--texts", texts, "--json")
    shown = json.loads(out)
    assert (code, shown["scheme"], shown["records"], len(shown["calibration"])) == (0, "facts", 2, 4)
    assert "errors" not in shown


def test_the_command_says_when_it_is_not_good_enough(extractor: None, gold: Path, texts: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(capfd, gold, "--labels", "facts", "--texts", texts, "--min-f1", 80)[0] == 0
    assert command(capfd, gold, "--labels", "facts", "--texts", texts, "--min-f1", 99)[0] == 4


def test_the_command_names_what_is_missing_or_bad(extractor: None, tmp_path: Path, gold: Path, texts: str, capfd: pytest.CaptureFixture[str]) -> None:
    some = gold_file(tmp_path / "some.json", GOLD, {"key": "nowhere", "entities": []})
    code, _, err = command(capfd, some, "--labels", "facts", "--texts", texts)
    assert (code, err) == (0, f"{some}:3: 'nowhere' is not in the texts; its facts count as missed\n")
    none = gold_file(tmp_path / "none.json", {"key": "nowhere", "entities": []})
    code, out, err = command(capfd, none, "--labels", "facts", "--texts", texts)
    assert (code, out) == (1, "")
    assert "none.json: none of its papers is in the texts" in err
    code, out, err = command(capfd, gold_file(tmp_path / "bad.jsonl", {}), "--labels", "facts", "--texts", texts)
    assert (code, out) == (1, "")
    assert "bad.jsonl:1: not a labelled paper" in err
    code, _, err = command(capfd, gold, "--labels", "facts", "--texts", tmp_path / "no.jsonl")
    assert code == 1
    assert "no.jsonl:1: no such file or folder" in err
    for words in (["--labels", "facts"], ["--labels", "scier", "--texts", texts]):
        code, out, err = command(capfd, gold, *words)
        assert (code, out) == (2, "")
        assert "--labels facts and --texts go together" in err
