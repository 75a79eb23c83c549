"""Quantities: sizes that are no results, and whose they are."""

from __future__ import annotations

import pytest
from marked import facts_of, name


def quantities(marked: str) -> list[tuple[str, str, str]]:
    r = facts_of(marked)
    return [(q.property, q.value, name(r, q.of)) for q in r.quantities]


def test_a_size_belongs_to_the_name_in_front_or_in_brackets_behind() -> None:
    assert quantities("We train two models: a bilingual model with 11 billion parameters ([Foo|model*]) and its MoE version with 198 billion parameters.") == [
        ("parameters", "11000000000", "Foo"),
        ("parameters", "198000000000", "Foo"),
    ]


def test_a_list_takes_the_noun_of_its_last_member() -> None:
    assert quantities("We introduce [Foo|model*], specifically the 1.2B and 2.4B non-embedding parameter variants.") == [
        ("parameters", "1200000000", "Foo"),
        ("parameters", "2400000000", "Foo"),
    ]


def test_a_range_of_model_sizes_is_two_sizes() -> None:
    assert [v for _, v, _ in quantities("We propose [Foo|model*]. It is on par with 7B-13B [LLMs|model].")] == ["7000000000", "13000000000"]


def test_training_data_is_told_from_other_sizes() -> None:
    assert quantities("[Bar|model], with 175 billion parameters and 570GB training data, drew attention. We propose [Foo|model*].") == [
        ("parameters", "175000000000", "Bar"),
        ("training data", "570", "Bar"),
    ]


@pytest.mark.parametrize(
    ("marked", "value"),
    [
        ("We introduce [Foo|dataset*], a benchmark with 1,200 questions.", "1200"),
        ("We introduce [Foo|dataset*], covering more than 10 types of files.", "10"),
        ("We evaluate [Foo|model*] on three datasets.", "3"),
        ("A user study (N=28) shows that [Foo|software*] helps.", "28"),
    ],
)
def test_counts_of_things_are_quantities(marked: str, value: str) -> None:
    assert value in [v for _, v, _ in quantities(marked)]


@pytest.mark.parametrize(
    "marked",
    [
        "We face two challenges and propose [Foo|method*] in three steps.",
        "[Foo|method*] consists of two key components.",
        "We propose [Foo|method*], which uses 4-bit weights and 5-shot prompts.",
        "There are two reasons. We propose [Foo|method*].",
    ],
)
def test_rhetorical_counts_are_no_quantities(marked: str) -> None:
    assert quantities(marked) == []


def test_what_a_class_of_models_has_before_the_paper_speaks_is_left_out() -> None:
    assert quantities("As the sequence length of [LLMs|model] extends to 32k, memory grows. We propose [Foo|method*].") == []
