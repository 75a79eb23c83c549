"""Relations between two things of a paper, on sentences of our own writing."""

from __future__ import annotations

import pytest
from marked import facts_of, name, reading_of_marked


def claims(marked: str, predicate: str) -> list[tuple[str, str]]:
    r = facts_of(marked)
    return [(name(r, c.subject), name(r, c.object)) for c in r.claims if c.predicate == predicate and c.polarity == "asserted"]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[Foo|model*] is strong, outperforming [Bar|model], [Baz|model] and [Quux|model] on [Qux|dataset].",
            [("Foo", "Bar"), ("Foo", "Baz"), ("Foo", "Quux")],
        ),
        ("[Foo|method*] outperforms traditional methods and vanilla models like [Bar|model].", [("Foo", "Bar")]),
        (
            "[Foo|method*] outperforms chain distillation, freeform generation and strong baselines.",
            [("Foo", "chain distillation"), ("Foo", "freeform generation")],
        ),
        ("[Foo|method*] is slower than [Bar|method].", [("Bar", "Foo")]),
        ("We study planning. Our results show that masked planners are able to outperform [Bar|method].", [("masked planners", "Bar")]),
        ("We propose [Foo|method*]. Masked planners surpass [Bar|method].", [("Masked planners", "Bar")]),
        ("We propose [Foo|method*]. It outperforms competing methods and contemporary models.", []),
        ("We propose [Foo|method*]. It outperforms robust baselines and generic approaches.", []),
    ],
)
def test_winners_and_losers_are_told_apart(marked: str, expected: list[tuple[str, str]]) -> None:
    assert claims(marked, "outperforms") == expected


def test_a_base_may_be_adapted_into_the_new_thing() -> None:
    assert claims("We adapt existing [LLMs|model] to [duplex models|model*].", "basedOn") == [("duplex models", "LLMs")]


def test_the_title_tells_what_a_model_is_made_of() -> None:
    r = claims("We propose [Foo|model*]. It couples a backbone with pre-trained vision modules from [Bar|model] or [Baz|model].", "basedOn")
    assert r == [("Foo", "Bar"), ("Foo", "Baz")]


def test_members_of_a_family_are_its_variants() -> None:
    assert sorted(claims("We introduce [Foo|model*]. We release the Foo family, including [Foo-DPO|model*], [Foo-MoE|model*] and [Foo-128K|model*].", "variantOf")) == [
        ("Foo-128K", "Foo"), ("Foo-DPO", "Foo"), ("Foo-MoE", "Foo"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "marked",
    [
        "We propose [Graph-Aware Foo|method*] for any [Graph|method].",
        "We propose [Swift Kinetic Join|method*]. [Kinetic Join|method] is its second half.",
        "We propose the [kinetic join method|method*]. [Kinetic Join|method] is its title.",
    ],
)
def test_a_name_that_holds_a_part_of_another_is_not_its_variant(marked: str) -> None:
    assert claims(marked, "variantOf") == []


def test_a_method_may_outperform_what_it_uses() -> None:
    marked = "We propose [Foo|method*]. Foo uses [Bar|method] to warm up. Foo outperforms [Bar|method]."
    assert claims(marked, "uses") == claims(marked, "outperforms") == [("Foo", "Bar")]


def test_what_only_the_title_names_is_not_used() -> None:
    from kgraph.extract.facts import read_facts

    for abstract, used in (("We propose [Foo|method*].", False), ("We propose [Foo|method*]. The steps of [Bar|method] are few.", True)):
        reading = reading_of_marked("[Foo|method*] Plans with [Bar|method]. " + abstract)
        reading.abstract_start = reading.sentences[1][0]
        read_facts(reading)
        assert any(c.predicate == "uses" for c in reading.claims) is used


def test_parts_of_a_system_are_used_by_it_tagged_or_not() -> None:
    marked = "[Foo|method*] consists of three modules, an answer extractor to find phrases, a question generator to ask, and a data filter to select."
    assert claims(marked, "uses") == [("Foo", "answer extractor"), ("Foo", "question generator"), ("Foo", "data filter")]


def test_models_are_evaluated_on_the_benchmark_a_paper_introduces() -> None:
    assert claims("We introduce [Foo|dataset*]. We evaluate four [agents|model] and find that they fail.", "evaluatedOn") == [("agents", "Foo")]


def test_a_result_says_what_was_evaluated_where_and_by_what() -> None:
    marked = "We propose [Foo|model*]. Foo achieves 80% [accuracy|metric] on [Qux|dataset]."
    assert claims(marked, "evaluatedOn") == [("Foo", "Qux")]
    assert claims(marked, "evaluatedBy") == [("Foo", "accuracy")]


def test_authors_that_are_cited_are_no_rivals() -> None:
    marked = "[Foo|model*] outperforms [Qux|model] (Khan and Sawa, 2020). Foo outperforms Zork and Meyer."
    assert claims(marked, "outperforms") == [("Foo", "Qux"), ("Foo", "Zork"), ("Foo", "Meyer")]


def test_what_is_only_said_to_be_another_choice_is_no_rival() -> None:
    assert claims("[Foo|model*] outperforms common off-the-shelf options and router-based components.", "outperforms") == []
