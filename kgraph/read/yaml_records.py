"""Stage 1, read: YAML with records of papers, and recorded HTTP answers whose JSON holds them (PyYAML, the extra `formats`)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from kgraph.model import Paper, Problem, Run
from kgraph.read import Reader
from kgraph.read.fields import paper_of
from kgraph.read.files import InputError, read_whole
from kgraph.read.json_records import records
from kgraph.read.located import ParseError, Placed, parse_json, placed
from kgraph.read.pieces import Piece
from kgraph.read.record import OnProblem

_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\S+")
_MOST_NODES = 2_000_000


def sniff(head: str, name: str) -> float:
    """Lines of `name: value`, with a title or a list among them, in a file of that name or one that begins as YAML does."""
    keys = re.findall(r"^ *(?:- )?([A-Za-z_][\w-]*):(?: |\r?$)", head, re.M)
    if head.lstrip()[:1] in ("{", "<", "@", "#") and not name.endswith((".yaml", ".yml")):
        return 0.0
    if name.lower().endswith((".yaml", ".yml")):
        return 0.97 if keys else 0.0
    listed = re.match(r"- title: .*\n  \w+:", head) is not None
    return 0.97 if listed or (head.startswith("---\n") and {"title", "abstract"} <= set(keys)) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the papers among the records of all documents of the file; aliases are followed once, tags are never obeyed."""
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError("a YAML file needs the extra: pip install 'kgraph[formats]'") from error
    text = read_whole(stream)
    try:
        documents = [_value(node, text) for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node is not None]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        on_problem(Problem(path, line, f"not YAML: {error.problem}"))
        return
    except yaml.YAMLError as error:
        on_problem(Problem(path, 1, f"not YAML: {' '.join(str(error).split())[:200]}"))
        return
    except RecursionError:
        on_problem(Problem(path, 1, "YAML that is nested too deeply"))
        return
    for document in documents:
        for key, record in records(document):
            line = text.count("\n", 0, min((value.runs[0].origin for value in record.values() if isinstance(value, Placed) and value.runs), default=0)) + 1
            if paper := paper_of(record, path, line, on_problem, key=key, raw=text):
                yield paper


def _value(root: Any, text: str) -> Any:
    """Return the plain value of a node; strings that hold JSON are read, strings know where they stand; no node is visited twice."""
    seen: set[int] = set()

    def visit(node: Any) -> Any:
        if id(node) in seen or len(seen) > _MOST_NODES:
            return None
        if node.id != "scalar":
            seen.add(id(node))
        if node.id == "mapping":
            return {key.value: visit(value) for key, value in node.value if key.id == "scalar"}
        if node.id == "sequence":
            return [visit(item) for item in node.value]
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if node.value[:1] in ("{", "[") and len(node.value) > 20:
            try:
                return _leading_to(parse_json(node.value)[0], node.start_mark.index)
            except ParseError:
                return node.value
        return _folded(node.value, text, node.start_mark.index, node.end_mark.index)

    return visit(root)


def _folded(value: str, text: str, at: int, end: int) -> Placed:
    """Return a string whose lines may be folded and indented in the file, with the place of every word up to the first that is escaped."""
    runs: list[Run] = []
    at += len(text[at:end]) - len(text[at:end].lstrip("|>+-0123456789\"'" if text[at : at + 1] in "|>\"'" else ""))
    for word in _WORD.finditer(value):
        blank = _BLANKS.match(text, at, end)
        at = blank.end() if blank else at
        if not text.startswith(word.group(), at, end):
            break
        last = runs[-1] if runs else None
        if last and word.start() - last.start == at - last.origin and value[last.start : word.start()] == text[last.origin : at]:
            runs[-1] = Run(last.start, last.origin, word.end() - last.start)
        else:
            runs.append(Run(word.start(), at, len(word.group())))
        at += len(word.group())
    return placed(Piece(value, tuple(runs)))


def _leading_to(value: Any, at: int) -> Any:
    """Return JSON from within a YAML string, where it was folded: its strings lead to the beginning of that string only."""
    if isinstance(value, dict):
        return {key: _leading_to(item, at) for key, item in value.items()}
    if isinstance(value, list):
        return [_leading_to(item, at) for item in value]
    return placed(Piece(str(value), (Run(0, at, 0),))) if isinstance(value, str) else value


READER = Reader("yaml", sniff, read)
