"""Stage 1, read: JSON and Python literals whose strings know where they stand in the file, so that offsets lead back through the escapes."""

from __future__ import annotations

import ast
import re
import warnings
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from kgraph.model import Run
from kgraph.read.pieces import Piece


class Located(str):
    """A string and the place of its opening quote (or of its first character when it has none)."""

    start: int


class Placed(str):
    """A string that knows its runs already."""

    runs: tuple[Run, ...]


def placed(piece: Piece) -> Placed:
    """Return the text of a piece as a string that carries its runs along."""
    text = Placed(piece.text)
    text.runs = piece.runs
    return text


class ParseError(Exception):
    """The text is not of the format; `at` is the offset where that shows."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def _string(text: str, end: int, strict: bool = True) -> tuple[Located, int]:
    value, after = scanstring(text, end, False)
    located = Located(value)
    located.start = end - 1
    return located, after


_DECODER = JSONDecoder()
_DECODER.parse_string = _string  # type: ignore[attr-defined]
_SCAN = py_make_scanner(_DECODER)
_BLANKS = re.compile(r"[ \t\r\n\ufeff\x1e]*")


def parse_json(text: str, at: int = 0) -> tuple[Any, int]:
    """Return the JSON value at offset `at` of a text, its strings `Located`, and the offset behind it.

    Raises ParseError for anything that is not JSON, too deeply nested values included (the depth is that of the interpreter's stack).
    """
    at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
    try:
        value, end = _SCAN(text, at)
    except StopIteration as error:
        raise ParseError("not JSON: a value is expected", int(error.value)) from None
    except JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg}", error.pos) from None
    except RecursionError:
        raise ParseError("JSON that is nested too deeply", at) from None
    except ValueError as error:
        raise ParseError(f"not JSON: {error}", at) from None
    return value, _BLANKS.match(text, end).end()  # type: ignore[union-attr]


def parse_python(text: str) -> Any:
    """Return the value of a Python literal on one line (`{'title': ...}`), its strings `Located`. Raises ParseError."""
    bare = text.strip().lstrip("\ufeff")
    shift = text.index(bare[:1]) if bare else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(bare, mode="eval")
        return _literal(tree.body, bare, bare.encode("utf-8", "surrogatepass") if not bare.isascii() else None, shift)
    except SyntaxError as error:
        raise ParseError(f"not a Python literal: {error.msg}", (error.offset or 1) - 1) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise ParseError(f"not a Python literal: {error}", 0) from None


def _literal(node: ast.expr, text: str, encoded: bytes | None, shift: int) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        located = Located(node.value)
        located.start = shift + (node.col_offset if encoded is None else len(encoded[: node.col_offset].decode("utf-8", "surrogatepass")))
        return located
    if isinstance(node, ast.Dict):
        keys = [_literal(key, text, encoded, shift) if key is not None else None for key in node.keys]
        return {key: _literal(value, text, encoded, shift) for key, value in zip(keys, node.values, strict=True) if isinstance(key, (str, int))}
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [_literal(item, text, encoded, shift) for item in node.elts]
    return ast.literal_eval(node)


_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|N\{[^}]{1,80}\}|[0-7]{1,3}|\r\n|.)", re.DOTALL)


def piece_of(value: str, raw: str, base: int = 0) -> Piece:
    """Return the text of a located string, with the runs of it that stand unescaped in `raw`, which begins at offset `base` of the file.

    Strings without a place (numbers, joined words) lead nowhere.
    """
    if isinstance(value, Placed):
        return Piece(str(value), value.runs)
    if not isinstance(value, Located):
        return Piece(str(value))
    at = value.start + 1
    if raw.startswith(value, at):
        return Piece(str(value), (Run(0, base + at, len(value)),) if value else ())
    runs: list[Run] = []
    place = 0
    while place < len(value):
        escape = _ESCAPE.search(raw, at)
        stretch = (escape.start() if escape else len(raw)) - at
        length = min(stretch, len(value) - place)
        if length > 0:
            if raw[at : at + length] != value[place : place + length]:
                break  # a string written in another way (joined literals): what was found so far is right
            runs.append(Run(place, base + at, length))
        place += length
        if place >= len(value) or escape is None:
            break
        at = escape.end()
        if escape.group() == "\\\n":
            continue
        if ord(value[place]) > 0xFFFF and escape.group()[1] == "u":
            second = _ESCAPE.match(raw, at)
            at = second.end() if second else at
        place += 1
    return Piece(str(value), tuple(runs))
