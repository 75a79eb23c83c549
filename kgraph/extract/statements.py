"""Extraction of facts, shared by the readers of relations: a relation found in a row, and the objects behind a cue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kgraph.extract.phrases import ACTORS, DATA, THING, WORD, Row, coordinated
from kgraph.extract.pronouns import main_thing
from kgraph.extract.subjects import subject_before
from kgraph.model import Polarity

RIVALS = ACTORS | {"hardware"}


@dataclass(frozen=True, slots=True)
class Found:
    """One relation found in a row: things by index, the cue's position, the rule's name."""

    subject: int
    predicate: str
    object: int
    cue: int
    rule: str
    polarity: Polarity | None = None


_SUCH = frozenset({"like", "including", "include", "namely", "e.g", "as"})


def objects_after(
    row: Row, at: int, kinds: frozenset[str], reach: int = 10, stop: frozenset[str] = frozenset({";", "while", "whereas", "which", "when", "by", "on", "where"})
) -> list[int]:
    """Positions of the things that follow position `at`: the first within `reach` items and its list, and lists after `such as`."""
    out: list[int] = []
    step = at + 1
    while step < len(row.items) and step - at <= reach:
        item = row.items[step]
        if item.kind == THING:
            if row.kind(step) in kinds:
                out = coordinated(row, step, kinds, 3)
                out = _apposed(row, out)
                break
        elif item.kind == WORD and item.text in stop and step > at + 1:
            return out
        step += 1
    if out:
        last = out[-1]
        dash = next(
            (
                p
                for p in range(last + 1, min(last + 4, len(row.items) - 1))
                if row.word(p) in {"--", "—", "–", ":", "namely"} or (row.word(p) == "-" and row.word(p + 1) == "-")
            ),
            None,
        )
        named = row.things(dash, dash + 4, kinds) if dash is not None and all(w.isalpha() or not w.isalnum() for w in row.words(last + 1, dash)) else []
        if named:  # `three algorithms -- A, B and C`
            return coordinated(row, named[0], kinds, 3)
        for ahead in range(last + 1, min(last + 5, len(row.items) - 1)):
            word = row.word(ahead)
            if word in _SUCH and (word != "as" or row.word(ahead - 1) == "such"):
                if row.items[ahead + 1].kind == THING or row.items[min(ahead + 2, len(row.items) - 1)].kind == THING:
                    out += [p for p in objects_after(row, ahead, kinds, 3) if p not in out]
                break
            if row.items[ahead].kind != WORD or (word not in {"(", ",", "such", "."} and not word.isalpha()):
                break
    return out


def _apposed(row: Row, chain: list[int]) -> list[int]:
    """`the leading system, X, by` names one thing: the second."""
    if len(chain) == 2 and chain[1] - chain[0] == 2 and row.word(chain[0] + 1) == "," and row.word(chain[1] + 1) in {",", "by", "."}:
        return chain[1:]
    return chain


def sure_subject(row: Row, at: int, kinds: frozenset[str] = RIVALS | DATA) -> int | None:
    """The thing that does what the verb at `at` says: the grammatical subject, or the paper's own thing outside the background."""
    position = subject_before(row, at, kinds)
    if position is not None:
        return row.thing(position)
    return None if row.background else main_thing(row.reading, ACTORS)


def is_class(name: str) -> bool:
    """`large language models`, `LLMs`: a class of models rather than one method or tool."""
    return re.search(r"(?:[Mm]odels|LMs|Ms|[Nn]etworks|NNs|Ts)$|\b(?:[Mm]odel|LLM|PLM|MLLM|VLM|PTM)$", name) is not None
