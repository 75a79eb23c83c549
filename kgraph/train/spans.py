"""Spans from tags, and strict span scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def tags_to_spans(tags: Sequence[str | None]) -> list[tuple[int, int, str]]:
    """`(start, end, label)` of BIO tags, end exclusive; an I- tag that continues nothing opens a span.

    >>> tags_to_spans(["O", "B-task", "I-task", "B-task", "I-model"])
    [(1, 3, 'task'), (3, 4, 'task'), (4, 5, 'model')]
    """
    spans: list[tuple[int, int, str]] = []
    start, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        tag = tag or "O"
        if label and tag != f"I-{label}":
            spans.append((start, i, label))
            label = ""
        if tag != "O" and not label:
            start, label = i, tag[2:]
    return spans


def score_spans(gold: Iterable[set], guess: Iterable[set]) -> tuple[float, float, float]:
    """Micro precision, recall and F1 over parallel sets of spans; 0 where undefined."""
    right = n_gold = n_guess = 0
    for g, p in zip(gold, guess, strict=True):
        right, n_gold, n_guess = right + len(g & p), n_gold + len(g), n_guess + len(p)
    precision, recall = right / max(n_guess, 1), right / max(n_gold, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
