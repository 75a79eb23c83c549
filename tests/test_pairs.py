"""Resolution on the labelled pairs never tells them apart worse than was recorded."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.pairs import CHECK, FIFTH, FOURTH, PAIRS, SECOND, SEVENTH, SIXTH, THIRD, measure, read, resolved

FILES = (PAIRS, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, CHECK)
NAMES = ["development", "second", "third", "fourth", "fifth", "sixth", "seventh", "check"]
FLOORS = [
    (PAIRS, 0.97, 0.942),
    (SECOND, 0.979, 0.97),
    (THIRD, 0.98, 0.927),
    (FOURTH, 0.962, 0.895),
    (FIFTH, 0.931, 0.879),
    (SIXTH, 0.955, 0.843),
    (SEVENTH, 0.888, 0.701),
    (CHECK, 0.968, 0.704),
]


@pytest.mark.parametrize(("path", "least_precision", "least_recall"), FLOORS, ids=NAMES)
def test_precision_and_recall_on_the_labelled_pairs_stay_at_what_was_measured(path: Path, least_precision: float, least_recall: float) -> None:
    pairs = read(path)
    assert len(pairs) >= 200
    assert {p.verdict for p in pairs} == {"same", "different", "variant"}
    precision, recall, *_ = measure(pairs, resolved)
    assert precision >= least_precision
    assert recall >= least_recall


def test_no_two_sets_of_pairs_have_a_pair_in_common() -> None:
    names = [{frozenset((p.left.entity.name, p.right.entity.name)) for p in read(path)} for path in FILES]
    assert not any(left & right for left, right in combinations(names, 2))


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_resolution_beats_lower_case_on_the_labelled_pairs(path: Path) -> None:
    pairs = read(path)
    ours = measure(pairs, resolved)
    lower = measure(pairs, lambda p: p.left.entity.name.lower() == p.right.entity.name.lower())
    assert ours[0] >= lower[0] and ours[1] > lower[1]
