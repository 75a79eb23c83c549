"""Why names are one node or two, what is known of a name, and what is in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.aliases import Aliases
from kgraph.graph import build_graph
from kgraph.model import Claim, Entity, Kind, Mention, Paper, PaperFacts, Sentence
from kgraph.names import fold
from kgraph.resolve import resolve
from kgraph.why import doctor, read_resolution, render_why, show, why, write_resolution


def thing(name: str, kind: Kind = "method", short: str = "") -> Entity:
    return Entity(name, kind, (name, short) if short else (name,), votes=((kind, 1.0),), abbreviations=((short, name),) if short else ())


def rules(left: str, right: str, *papers: PaperFacts, aliases: Aliases | None = None) -> tuple[bool, set[str]]:
    aliases = aliases or Aliases()
    answer = why(left, right, resolve(papers, aliases), aliases)
    return answer.same, {r.rule for r in answer.reasons}


def paper(key: str, *entities: Entity) -> PaperFacts:
    return PaperFacts(key, entities=entities)


def test_an_abbreviation_in_a_paper_and_the_lexicon_are_both_named() -> None:
    facts = (paper("P1", thing("large language models", "model", short="LLMs")), paper("P2", thing("LLM", "model")))
    same, found = rules("LLM", "large language model", *facts)
    assert same and {"lexicon", "abbreviation"} <= found
    assert "P1" in render_why(why("LLM", "large language model", resolve(facts)))


def test_two_spellings_have_the_same_folded_form() -> None:
    same, found = rules("Zorb-Net", "zorbnets", paper("a", thing("Zorb-Net")), paper("b", thing("ZorbNets")))
    assert same and "same folded form" in found


def test_two_turns_of_phrase_have_the_same_normal_form() -> None:
    same, found = rules("detection of seeds", "seed detection task", paper("a", thing("detection of seeds")), paper("b", thing("seed detection task")))
    assert same and found == {"same normal form"}


def test_a_word_and_a_coined_name_in_its_letters_are_two_nodes_and_it_says_so() -> None:
    same, found = rules("Bridge", "BRIDGE", paper("a", thing("bridge", "task")), paper("b", thing("BRIDGE", "model")))
    assert not same and found == {"different case"}


def test_versions_are_kept_apart_and_it_says_so() -> None:
    same, found = rules("GPT-4", "GPT-4V", paper("a", thing("GPT-4", "model"), thing("GPT-4V", "model")))
    assert not same
    assert {"different numbers, versions or sizes", "different entries of the lexicon", "linked, not merged"} <= found


def test_an_ambiguous_abbreviation_names_its_meanings() -> None:
    facts = [paper("a", thing("SAM", "method"), thing("poetry", "task")), paper("b", thing("sharpness-aware minimization"))]
    answer = why("SAM", "sharpness-aware minimization", resolve(facts))
    assert not answer.same
    assert any(r.rule == "ambiguous abbreviation" and "Segment Anything Model" in r.evidence for r in answer.reasons)


def test_user_aliases_are_named_with_their_line() -> None:
    aliases = Aliases(same={fold("Zorb"): "Zorb", fold("Blib"): "Zorb"}, place={fold("Blib"): "aliases.toml:3"})
    same, found = rules("Zorb", "Blib", paper("a", thing("Zorb")), paper("b", thing("Blib")), aliases=aliases)
    assert same and "user alias: same" in found
    apart = Aliases(different=frozenset({(fold("large language model"), fold("LLM"))}), place={})
    same, found = rules("LLM", "large language model", paper("a", thing("LLM")), paper("b", thing("large language model")), aliases=apart)
    assert not same and "user alias: different" in found


def test_a_name_that_no_node_bears_is_told() -> None:
    assert rules("nothing at all", "GPT-4", paper("a", thing("GPT-4", "model"))) == (False, {"no node bears this name"})


def test_doctor_reports_contested_types_and_joins_it_would_not_make_alone() -> None:
    facts = [
        paper("a", thing("Zorb", "model")), paper("b", thing("Zorb", "dataset")), paper("c", thing("Fluffy Quilt Transport", short="FQT")), paper("d", thing("FQT")),
    ]  # fmt: skip
    found = {d.sort: d for d in doctor(resolve(facts), facts)}
    assert found["type"].concept == "zorb" and '[type] "Zorb" = ' in found["type"].rule
    assert found["abbreviation"].rule == 'same = [["Fluffy Quilt Transport", "FQT"]]'


def test_a_resolution_reads_back_as_it_was_written(tmp_path: Path) -> None:
    resolution = resolve([paper("a", thing("accuracy", "metric"), thing("GPT-4", "model")), paper("b", thing("A100", "hardware"))])
    write_resolution(resolution, tmp_path / "r.json")
    assert read_resolution(tmp_path / "r.json") == resolution


def test_show_prints_labels_votes_papers_facts_with_sentences_and_neighbours() -> None:
    text = "ZorbNet beats GPT-4."
    facts = PaperFacts(
        "p1",
        entities=(thing("ZorbNet", "model"), thing("GPT-4", "model")),
        sentences=(Sentence("abstract", 0, len(text)),),
        mentions=(Mention(0, 0, 0, 7), Mention(1, 0, 14, 19)),
        claims=(Claim(0, "outperforms", 1, 0, 0.9),),
    )
    graph = build_graph([Paper("p1", text, "On Zorbs")], {"p1": facts}, resolve([facts]), {"label": "x", "version": "1", "model": "m", "input_hash": "0"})
    shown = show("zorbnet", graph)
    for part in (
        "ZorbNet  (e:zorbnet, Model)",
        "type votes: model 1",
        "On Zorbs (paper:p1)",
        f"ZorbNet outperforms GPT-4 [asserted]: “{text}”",
        "neighbour: it outperforms GPT-4",
    ):
        assert part in shown
    assert "GPT-4  (e:gpt-4, Model)" in show("GPT4", graph)
    with pytest.raises(LookupError, match="near: ZorbNet"):
        show("ZorbNit", graph)
