"""Resolution on the labelled pairs never tells them apart worse than was recorded."""

from __future__ import annotations

from benchmarks.pairs import PAIRS, measure, read, resolved


def test_precision_and_recall_on_the_labelled_pairs_stay_at_what_was_measured() -> None:
    pairs = read(PAIRS)
    assert len(pairs) >= 400
    assert {p.verdict for p in pairs} == {"same", "different", "variant"}
    precision, recall, *_ = measure(pairs, resolved)
    assert precision >= 0.94
    assert recall >= 0.78


def test_resolution_beats_lower_case_on_the_labelled_pairs() -> None:
    pairs = read(PAIRS)
    ours = measure(pairs, resolved)
    lower = measure(pairs, lambda p: p.left.entity.name.lower() == p.right.entity.name.lower())
    assert ours[0] >= lower[0] and ours[1] > lower[1]
