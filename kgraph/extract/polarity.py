"""Extraction of facts, polarity: what is denied, hoped for, or said of earlier work is no fact of this paper."""

from __future__ import annotations

from typing import Literal

from kgraph.extract.phrases import WORD, Row
from kgraph.extract.subjects import subject_before
from kgraph.model import Polarity

_NEGATION = frozenset({"not", "never", "cannot", "n't", "neither", "nor", "without", "fails", "fail", "failed", "unable", "hardly", "no"})
_NEGATING_VERB = frozenset({"fails", "fail", "failed", "failing", "unable", "struggles", "struggle", "refuse", "unachievable", "impossible", "infeasible"})
_HOPE = frozenset(
    {
        "could",
        "might",
        "may",
        "would",
        "should",
        "plan",
        "plans",
        "hope",
        "hopes",
        "expect",
        "expected",
        "aim",
        "aims",
        "potentially",
        "potential",
        "believe",
        "future",
        "intend",
        "envision",
        "theoretically",
        "hypothesize",
        "hypothesise",
    }
)
_CONTRAST = frozenset({"but", "while", "whereas", "although", "though", ";", "however"})


def of_clause(row: Row, cue: int) -> Polarity:
    """The polarity of the statement made by the verb at position `cue`: negated, hypothetical or asserted."""
    for left in range(cue - 1, max(cue - 7, -1), -1):
        item = row.items[left]
        if item.kind == WORD and (item.text in _CONTRAST or (item.text == "," and cue - left > 1)):
            break
        if item.kind == WORD and item.text in _NEGATION:
            if item.text == "not" and row.word(left + 1) in {"only", "just", "merely"}:
                continue
            if item.text in {"without", "no"} and cue - left > 3:
                continue
            return "negated"
        if item.kind == WORD and item.text in _HOPE and not (item.text in {"plan", "plans"} and row.word(left + 1) != "to"):
            return "hypothetical"
    return "prior work" if row.background else "asserted"


def of_value(row: Row, at: int) -> Polarity | Literal["drop"]:
    """The polarity of the value at position `at`; `drop` when the sentence only describes the field and names nobody."""
    words = row.words(max(0, at - 10), at)
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if word in _CONTRAST:
            break
        if word in {"not", "cannot", "never"} and words[index + 1 : index + 2] not in (["only"], ["just"]):
            return "negated" if len(words) - index <= 6 else "asserted"
        if word in {"could", "might", "would", "may", "expect", "plan", "hope", "aim", "should"} and len(words) - index <= 6:
            return "hypothetical"
    if not row.background:
        return "asserted"
    position = subject_before(row, at)
    if position is not None and not row.items[position].pronoun:
        return "prior work"
    return "drop"
