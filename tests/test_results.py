"""Results: measured values with their slots, on sentences of our own writing."""

from __future__ import annotations

import pytest
from marked import facts_of, name


def results(marked: str) -> list[tuple[str, ...]]:
    r = facts_of(marked)
    return [(x.value, x.unit, name(r, x.metric), name(r, x.of), name(r, x.baseline), name(r, x.benchmark), x.direction) for x in r.results]


def test_values_are_shared_out_in_order_over_metrics_and_baselines() -> None:
    assert results("[Foo|method*] achieves [speedups|metric] of up to 1.9x and 2.8x compared to [Bar|method] and [Baz|method], respectively.") == [
        ("1.9", "x", "speedups", "Foo", "Bar", "", "increase"),
        ("2.8", "x", "speedups", "Foo", "Baz", "", "increase"),
    ]


def test_each_value_takes_the_metric_beside_it() -> None:
    assert results("[Foo|model*] sets 48.0 [top-1 accuracy|metric] and 80.3 [CIDEr|metric] on [Qux|dataset].") == [
        ("48.0", "", "top-1 accuracy", "Foo", "", "Qux", ""),
        ("80.3", "", "CIDEr", "Foo", "", "Qux", ""),
    ]


def test_metrics_in_a_list_take_the_values_of_a_list() -> None:
    assert [(v, m) for v, _, m, *_ in results("[Foo|model*] reaches [precision|metric], [recall|metric] and [F1|metric] of 0.91, 0.85 and 0.88.")] == [
        ("0.91", "precision"),
        ("0.85", "recall"),
        ("0.88", "F1"),
    ]


def test_each_value_takes_the_benchmark_behind_it() -> None:
    assert [
        (v, b)
        for v, _, _, _, _, b, _ in results(
            "[Foo|model*] improves [quality|metric] in 80% of [Qux|dataset], 87% of [Quux|dataset] and 83% of [Corge|dataset] questions."
        )
    ] == [
        ("80", "Qux"),
        ("87", "Quux"),
        ("83", "Corge"),
    ]


def test_a_metric_that_was_not_tagged_becomes_a_thing() -> None:
    assert results("[Foo|method*] is fast, reducing 40% communication overheads during training.") == [
        ("40", "%", "communication overheads", "Foo", "", "", "reduction")
    ]


def test_a_range_gives_both_its_ends() -> None:
    assert [(v, m) for v, _, m, *_ in results("[Foo|method*] maintains 90-95% [zero-shot performance|metric] with 25-30% [compression rates|metric].")] == [
        ("90", "zero-shot performance"), ("95", "zero-shot performance"), ("25", "compression rates"), ("30", "compression rates"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "marked",
    [
        "We study [Foo|model*] in Section 3 and present 7 figures from 2021 in version 2.0.",
        "[GPT-4|model] and [Foo-7B|model*] are models.",
        "We use 4x super-resolution with [Foo|model*].",
    ],
)
def test_other_numbers_are_no_results(marked: str) -> None:
    assert results(marked) == []


def test_what_only_describes_the_field_is_no_result() -> None:
    assert results("Training takes up to 80% of the budget. We propose [Foo|method*].") == []


def test_a_value_of_earlier_work_is_marked() -> None:
    r = facts_of("[Bar|model] achieves 80% [accuracy|metric] on [Qux|dataset]. We propose [Foo|method*].")
    assert [x.polarity for x in r.results] == ["prior work"]


def test_a_hoped_for_value_is_marked() -> None:
    r = facts_of("We propose [Foo|method*]. It could reach 95% [accuracy|metric].")
    assert [x.polarity for x in r.results] == ["hypothetical"]
