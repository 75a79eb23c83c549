"""Different ways of saying one thing give the same fact."""

from __future__ import annotations

from pathlib import Path

import pytest
from marked import facts_of, name

from kgraph.extract.reading import Reading
from kgraph.names import fold

DIRECT = {"outperforms", "comparedWith", "basedOn", "variantOf", "uses", "evaluatedOn", "trainedOn", "evaluatedBy", "addresses"}
SLOTS = {"metric", "of", "baseline", "benchmark", "task", "hardware"}


def cases() -> list[tuple[str, str]]:
    """Each (fact, text) of the files."""
    out, fact = [], ""
    for path in sorted((Path(__file__).parent / "paraphrases").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("= "):
                fact = line[2:]
            elif line and not line.startswith("#"):
                out.append((fact, line))
    return out


def slots_of(words: list[str]) -> dict[str, str]:
    """`metric=communication overhead of=Foo` as a dictionary; a value runs to the next `key=`."""
    out: dict[str, str] = {}
    key = ""
    for word in words:
        if "=" in word:
            key, _, value = word.partition("=")
            out[key] = value
        else:
            out[key] += " " + word
    return out


def holds(reading: Reading, kind: str, wanted: dict[str, str]) -> bool:
    facts = {"result": reading.results, "quantity": reading.quantities, "use": reading.uses}[kind]
    wanted = {{"device": "hardware", "memory": "memory_gb"}.get(k, k): v for k, v in wanted.items()}
    for fact in facts:
        if fact.polarity == "asserted" and all(
            fold(name(reading, getattr(fact, k))) == fold(v) if k in SLOTS else getattr(fact, k) == v for k, v in wanted.items()
        ):
            return True
    return False


def claimed(reading: Reading, subject: str, predicate: str, object_: str) -> bool:
    return any(
        c.predicate == predicate and name(reading, c.subject) == subject and name(reading, c.object) == object_ and c.polarity == "asserted"
        for c in reading.claims
    )


@pytest.mark.parametrize(("fact", "text"), cases())
def test_each_way_of_saying_it_gives_the_fact(fact: str, text: str) -> None:
    kind, *words = fact.split()
    reading = facts_of(text)
    if kind in {"claim", "not"}:
        at = next(i for i, word in enumerate(words) if word in DIRECT)
        assert claimed(reading, " ".join(words[:at]), words[at], " ".join(words[at + 1 :])) is (kind == "claim"), reading.claims
    else:
        assert holds(reading, kind, slots_of(words)), (reading.results, reading.quantities, reading.uses)


def test_there_are_at_least_fifty_pairs() -> None:
    by_fact: dict[str, int] = {}
    for fact, _ in cases():
        by_fact[fact] = by_fact.get(fact, 0) + 1
    assert sum(n * (n - 1) // 2 for n in by_fact.values()) >= 50
