"""Relations between two things of a paper, on sentences of our own writing."""

from __future__ import annotations

import pytest
from marked import facts_of, name


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


def test_parts_of_a_system_are_used_by_it_tagged_or_not() -> None:
    marked = "[Foo|method*] consists of three modules, an answer extractor to find phrases, a question generator to ask, and a data filter to select."
    assert claims(marked, "uses") == [("Foo", "answer extractor"), ("Foo", "question generator"), ("Foo", "data filter")]


def test_models_are_evaluated_on_the_benchmark_a_paper_introduces() -> None:
    assert claims("We introduce [Foo|dataset*]. We evaluate four [agents|model] and find that they fail.", "evaluatedOn") == [("agents", "Foo")]


def test_a_result_says_what_was_evaluated_where_and_by_what() -> None:
    marked = "We propose [Foo|model*]. Foo achieves 80% [accuracy|metric] on [Qux|dataset]."
    assert claims(marked, "evaluatedOn") == [("Foo", "Qux")]
    assert claims(marked, "evaluatedBy") == [("Foo", "accuracy")]
