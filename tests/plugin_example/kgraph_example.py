"""A reader, an exporter and a component in one file; `pyproject.toml` beside it registers them as entry points."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from kgraph.model import Paper, Problem, Source
from kgraph.read import Reader

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kgraph.graph import KnowledgeGraph


def _sniff(head: str, name: str) -> float:
    return 1.0 if head.startswith("%cards\n") else 0.0


def _read(stream: io.TextIOBase, path: str, on_problem: Callable[[Problem], None]) -> Iterator[Paper]:
    """One paper a line: title, a tab, abstract."""
    for number, line in enumerate(stream, 1):
        title, tab, abstract = line.rstrip("\n").partition("\t")
        if number > 1 and not tab:
            on_problem(Problem(path, number, "no tab between title and abstract"))
        elif tab:
            yield Paper(f"{path}:{number}", abstract, title=title, sources=(Source(path, number),))


CARDS = Reader("cards", _sniff, _read)


def write_names(graph: KnowledgeGraph, path: Path) -> None:
    """The labels of all entities, one a line."""
    labels = sorted(data["label"] for name, data in graph.nodes(data=True) if name.startswith("e:"))
    path.write_text("".join(f"{label}\n" for label in labels), encoding="utf-8")


@Language.factory("example_shout")
def make_shout(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """A component that counts the words in capitals."""

    def shout(doc: Doc) -> Doc:
        doc.user_data["shouted"] = sum(token.is_upper for token in doc)
        return doc

    return shout
