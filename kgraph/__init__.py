"""From AI-paper abstracts to a knowledge graph in which every fact has its sentence.

The public names are imported when they are first used, so that `import kgraph` is instant:

* `build(inputs)` reads, extracts and resolves, and returns a `KnowledgeGraph` (a `networkx.MultiDiGraph`);
* `load(path)` reads a graph that `kgraph build` wrote;
* `query(source, question, parameters)` and `ask(source, question, parameters)` answer questions as tables;
* `view(graph)` shows the interactive page in a notebook.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgraph.ask import ask as ask
    from kgraph.build import build as build
    from kgraph.graph import KnowledgeGraph as KnowledgeGraph
    from kgraph.load import load as load
    from kgraph.query import query as query
    from kgraph.viewer.page import view as view

__version__ = "0.1.0"
__all__ = ["KnowledgeGraph", "__version__", "ask", "build", "load", "query", "view"]

_HOMES = {
    "KnowledgeGraph": "kgraph.graph",
    "ask": "kgraph.ask",
    "build": "kgraph.build",
    "load": "kgraph.load",
    "query": "kgraph.query",
    "view": "kgraph.viewer.page",
}


if not TYPE_CHECKING:  # a type checker would take it that any name is there

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'kgraph' has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        setattr(sys.modules[__name__], name, value)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Some public functions live in a module of their own name; importing that module must not hide the function behind it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and _HOMES.get(name) == value.__name__:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
