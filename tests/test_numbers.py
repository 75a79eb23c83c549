"""Numbers in running text: what counts as one, its value and its unit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.extract.numbers import find_numbers


def values(text: str) -> list[tuple[str, str]]:
    return [(n.value, n.unit) for n in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reaches 90-95% of it", [("90", "%"), ("95", "%")]),
        ("between 25 and 30 percent", [("25", "%"), ("30", "%")]),
        ("10, 20 and 30%", [("10", "%"), ("20", "%"), ("30", "%")]),
        ("speedups of up to 1.9x and 2.8×", [("1.9", "x"), ("2.8", "x")]),
        ("10x-20x", [("10", "x"), ("20", "x")]),
        ("from 31.2 to 44.7 mAP", [("31.2", ""), ("44.7", "")]),
        ("7B-13B models", [("7000000000", ""), ("13000000000", "")]),
        ("1.2B and 2.4B weights", [("1200000000", ""), ("2400000000", "")]),
        ("1 to 3 billion", [("1000000000", ""), ("3000000000", "")]),
        ("198 billion parameters", [("198000000000", "")]),
        ("593.8K tables", [("593800", "")]),
        ("12,288 GPUs", [("12288", "")]),
        ("3.2×10^5 samples", [("320000", "")]),
        ("10^{6} steps", [("1000000", "")]),
        ("502 petaFLOP/s", [("502", "petaFLOP/s")]),
        ("538 tokens/s and 30 frames per second", [("538", "tokens/s"), ("30", "FPS")]),
        ("a 2.5-hour run", [("2.5", "hours")]),
        ("a 10-point gain, 28 percentage points, 3 pp", [("10", "points"), ("28", "points"), ("3", "points")]),
        ("in 50 ms with 6 GB", [("50", "ms"), ("6", "GB")]),
        ("30+ languages", [("30", "")]),
        ("throughput by 10+%", [("10", "%")]),
        ("halves the cost", [("2", "x")]),
        ("a twofold, three-fold and 4-fold gain", [("2", "x"), ("3", "x"), ("4", "x")]),
        ("an order of magnitude; two orders of magnitude", [("10", "x"), ("100", "x")]),
        ("doubles approximately every three months", [("3", "months")]),
        ("five categories and twenty-one tasks", [("5", ""), ("21", "")]),
        ("N=28", [("28", "")]),
        ("0.93±0.02", [("0.93", "")]),
        ("249-255/300", [("249", ""), ("255", "")]),
        ("$0.5 per task", [("0.5", "$")]),
        ("8 X A100", [("8", "count")]),
    ],
)
def test_values_are_read_with_their_units(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and Llama-2/3", "CIFAR-10/100", "v1.5-13B", "in 2023", "since 1998,", "Section 3", "Figure 2", "Table 1", "version 2.0", "(1) we (2) do", "top-1", "3D", "a 4-bit code", "5-shot", "2nd",
        "224x224", "p < 0.05", "SemEval-2024 Task 3", "COVID-19", "Qwen2.5-7B-Instruct", "one of them", "F1", "H2O", "24/7",
    ],
)  # fmt: skip
def test_names_years_labels_and_dimensions_are_no_numbers(text: str) -> None:
    assert values(text) == []


def test_a_bound_printed_before_a_number_is_kept_with_it() -> None:
    assert [n.bound for n in find_numbers("more than 5 cats, up to 3%, about 7 dogs, <50 ms")] == ["over", "upto", "about", "sym"]


@given(st.lists(st.sampled_from("5 1.9x 90-95% 2.4B 12,288 of and 10^5 GPT-4 twofold ( ) , . to % K 0.5 ± 3e-4 / - \n two half the".split()), max_size=12))
def test_numbers_are_slices_in_order_and_their_digits_stand_in_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    found = find_numbers(text)
    assert all(0 <= n.start < n.end <= len(text) and not text[n.start].isspace() for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for n in found:
        if not n.word and not n.scaled and "^" not in text[n.start : n.end] and "e" not in text[n.start : n.end]:
            assert n.value in text[n.start : n.end].replace(",", "")
