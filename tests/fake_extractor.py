"""An extractor without a model for tests of all that comes after it: words beginning with a capital are entities; some words make trouble.

`extract(papers, model)` is a pure function of title and abstract like the real one.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from kgraph.model import Claim, Entity, Kind, Mention, Paper, PaperFacts, Result, Sentence

KINDS: tuple[Kind, ...] = ("model", "method", "software", "dataset", "benchmark", "metric", "task", "hardware")


def extract(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    for paper in papers:
        _trouble(paper.abstract)
        yield facts_of(paper)


def slow(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    for paper in papers:
        time.sleep(0.05)
        yield facts_of(paper)


def unloadable(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    raise OSError("no such model")


def dies_at_start(papers: Iterable[Paper], model: str) -> Iterator[PaperFacts]:
    os._exit(9)


def _trouble(abstract: str) -> None:
    if "POISON" in abstract:
        raise ZeroDivisionError("poisoned")
    if "SEGFAULT" in abstract:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "HANG" in abstract:
        time.sleep(3600)
    if "PRINT" in abstract:
        print("noise on standard output", flush=True)
    if (named := re.search(r"DIEONCE=(\S+)", abstract)) and not Path(named[1]).exists():
        Path(named[1]).touch()
        os._exit(3)


def facts_of(paper: Paper) -> PaperFacts:
    """One sentence a full stop; every capitalised word of two letters or more an entity; `A beats B` a claim, `N%` a result."""
    sentences = tuple(Sentence("abstract", m.start(), m.end()) for m in re.finditer(r"[^.]*[^.\s][^.]*\.?", paper.abstract))
    names: dict[str, int] = {}
    mentions: list[Mention] = []
    claims: list[Claim] = []
    results: list[Result] = []
    for number, sentence in enumerate(sentences):
        text = paper.abstract[sentence.start : sentence.end]
        for word in re.finditer(r"\b[A-Z][A-Za-z0-9-]+", text):
            entity = names.setdefault(word[0], len(names))
            mentions.append(Mention(entity, number, sentence.start + word.start(), sentence.start + word.end()))
        beaten = re.finditer(r"\b([A-Z][A-Za-z0-9-]+) beats ([A-Z][A-Za-z0-9-]+)", text)
        claims += [Claim(names[said[1]], "outperforms", names[said[2]], number, 0.9) for said in beaten]
        for value in re.finditer(r"\b(\d+)%", text):
            at = sentence.start + value.start()
            results.append(Result(value[1], value[0], at, at + len(value[0]), number, 0.8, unit="%", of=mentions[0].entity if mentions else None))
    entities = tuple(Entity(name, KINDS[sum(name.lower().encode()) % 8], (name,), introduced=f"present {name}" in paper.abstract) for name in names)
    return PaperFacts(paper.key, entities, sentences, tuple(mentions), tuple(claims), tuple(results))
