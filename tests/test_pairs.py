"""Resolution on the labelled pairs never tells them apart worse than was recorded."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.pairs import SETS, measure, met, read, resolved

FLOORS = {
    "pairs": (0.97, 0.942),
    "pairs_check": (0.979, 0.97),
    "pairs_check2": (0.98, 0.936),
    "pairs_check3": (0.963, 0.913),
    "pairs_check4": (0.931, 0.879),
    "pairs_check5": (0.978, 0.882),
    "pairs_check6": (0.893, 0.736),
    "pairs_check7": (0.968, 0.704),
    "pairs_check8": (0.951, 0.977),
    "pairs_check9": (0.888, 0.827),
    "pairs_check10": (0.935, 0.963),
    "pairs_check11": (0.933, 0.956),
}
"""Least precision and recall, a hair under what was measured."""


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_precision_and_recall_on_the_labelled_pairs_stay_at_what_was_measured(path: Path) -> None:
    least_precision, least_recall = FLOORS[path.stem]
    pairs = read(path)
    assert len(pairs) >= 200
    assert {p.verdict for p in pairs} == {"same", "different", "variant"}
    precision, recall, *_ = measure(pairs, resolved)
    assert precision >= least_precision
    assert recall >= least_recall


def test_no_two_sets_of_pairs_have_a_pair_in_common() -> None:
    names = [{frozenset((p.left.entity.name, p.right.entity.name)) for p in read(path)} for path in SETS]
    assert not any(left & right for left, right in combinations(names, 2))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_resolution_beats_lower_case_on_the_labelled_pairs(path: Path) -> None:
    def f1(precision: float, recall: float, *_: int) -> float:
        return 2 * precision * recall / (precision + recall)

    pairs = read(path)
    ours = measure(pairs, resolved)
    lower = measure(pairs, lambda p: p.left.entity.name.lower() == p.right.entity.name.lower())
    assert ours[1] > lower[1] and f1(*ours) > f1(*lower)


def test_pairs_by_papers_are_drawn_as_often_as_papers_use_the_names() -> None:
    places = {"moss net": [(n, 0) for n in range(90)], "rare moss": [(90, 0)], "QML": [(91, 0)], "quiet moss logic": [(92, 0)]}
    drawn = list(met(places, random.Random(1)))
    assert drawn == list(met(places, random.Random(1)))
    assert ((91, 0), (92, 0), "abbreviation") in drawn
    both_common = [left[0] < 90 and right[0] < 90 for left, right, how in drawn if how == "token"]
    assert len(both_common) > 80 and sum(both_common) > 0.9 * len(both_common)
    assert all(left in places["moss net"] for left, right, how in drawn if how == "edit distance" and right in places["moss net"])
