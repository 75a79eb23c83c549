"""Stage 1, read: JSON documents, JSON Lines and Python-literal lines, whatever their fields are called.

Known by their shapes: the arXiv metadata dump (Kaggle, OAI), Semantic Scholar, OpenAlex (`abstract_inverted_index`), OpenReview (`content`,
`{"value": ...}`), Hugging Face daily papers (`paper`), and lists, envelopes and id-keyed tables of such records.
"""

from __future__ import annotations

import io
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.clean import EMPTY, Piece
from kgraph.read.files import read_lines, read_whole
from kgraph.read.located import ParseError, parse_json, parse_python, piece_of
from kgraph.read.record import OnProblem, make_paper

TITLES = ("title", "papertitle", "displayname", "articletitle", "primarytitle", "originaltitle", "name", "headline")
ABSTRACTS = ("abstract", "summary", "paperabstract", "abstracttext", "abstractoriginal", "abs", "description", "fulltext", "text", "body", "content")
AUTHORS = ("authors", "author", "authorslist", "authornames", "authorships", "creators", "creator", "authorsparsed", "submitter")
DATES = ("published", "publisheddate", "publicationdate", "publishedat", "date", "versions", "created", "createdat", "year", "publicationyear", "pubyear", "issued", "pdate", "cdate", "updatedate", "updated")
IDENTIFIERS = (
    "id", "arxivid", "arxiv", "arxivurl", "doi", "externalids", "ids", "url", "link", "links", "pdfurl", "pdf", "pdflink", "paperurl", "paperlink", "absurl", "entryid", "paperid",
    "corpusid", "aclid", "aclanthologyid", "pmid", "pmcid", "forum", "openreview", "site", "primarylocation", "arxivlink", "articleid", "landingpageurl", "openaccesspdf",
)  # fmt: skip
_SCHEMES = {"arxivid": "arXiv", "arxiv": "arXiv", "doi": "doi", "acl": "acl", "aclid": "acl", "pmid": "pmid", "pubmed": "pmid", "pmcid": "pmcid", "pubmedcentral": "pmcid", "forum": "openreview", "openalex": "openalex", "mag": "mag", "dblp": "dblp", "corpusid": "s2"}
_DEEPEST = 12
_MOST_VALUES = 2_000_000


class _Lines(NamedTuple):
    """Where the lines of a text begin."""

    starts: list[int]

    def at(self, offset: int) -> int:
        return bisect_right(self.starts, offset)


def sniff(head: str, name: str) -> float:
    """A `{` or `[` and quoted names behind it."""
    bare = head.lstrip("\ufeff \t\r\n\x1e")
    if bare[:1] == "{" and bare[1:].lstrip()[:1] in ('"', "'", "}"):
        return 0.95
    if bare[:1] == "[" and bare[1:].lstrip()[:1] in ("{", "]", "["):
        return 0.95 if bare[1:].lstrip()[:1] == "{" else 0.5
    return 0.3 if name.endswith((".json", ".jsonl", ".ndjson")) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every object that has an abstract; lines are read one by one, a document as a whole."""
    first = ""
    lines = read_lines(stream)
    for number, offset, line in lines:
        if line.strip("\ufeff \t\r\n\x1e"):
            first = line
            break
    else:
        return
    if _is_line(first):
        yield from _read_line(first, number, offset, path, on_problem)
        for number, offset, line in lines:  # noqa: PLW2901, B020
            if line.strip(" \t\r\n\x1e"):
                yield from _read_line(line, number, offset, path, on_problem)
    else:
        yield from _read_document(first + read_whole(stream), number, offset, path, on_problem)


def _is_line(line: str) -> bool:
    """Is the first line a record of its own (a JSON or Python object that ends where the line ends)?"""
    bare = line.strip("\ufeff \t\r\n\x1e")
    if not (bare.startswith("{") and bare.endswith("}")):
        return False
    if bare[1:].lstrip()[:1] == "'":
        return True
    try:
        value, end = parse_json(bare)
    except ParseError:
        return '"' in bare[:3]
    return end == len(bare) and (_has_abstract(value) or len(bare) < 100_000)


def _read_line(line: str, number: int, offset: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    bare = line.lstrip("\ufeff \t\x1e")
    try:
        if bare.startswith("{'") or (bare.startswith("{") and bare[1:].lstrip()[:1] == "'"):
            value = parse_python(line)
        else:
            value, end = parse_json(line)
            if end < len(line) and line[end] != ",":
                raise ParseError("more than one value in a line of JSON Lines", end)
    except ParseError as error:
        on_problem(Problem(path, number, f"{error} (column {error.at + 1})"))
        return
    found = False
    for key, record in _records(value):
        found = True
        if paper := _paper(record, key, line, offset, number, path, on_problem):
            yield paper
    if not found:
        on_problem(Problem(path, number, "no title and no abstract in this object"))


def _read_document(text: str, first_line: int, offset: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    starts = [0]
    at = text.find("\n") + 1
    while at:
        starts.append(at)
        at = text.find("\n", at) + 1
    lines = _Lines(starts)
    at = 0
    while at < len(text):
        try:
            value, end = parse_json(text, at)
        except ParseError as error:
            on_problem(Problem(path, first_line - 1 + lines.at(min(error.at, len(text))), str(error)))
            return
        for key, record in _records(value):
            line = first_line - 1 + lines.at(_first_place(record, at))
            if paper := _paper(record, key, text, offset, line, path, on_problem):
                yield paper
        at = end + (text[end : end + 1] == ",")


def _first_place(record: dict[str, Any], otherwise: int) -> int:
    places = [value.start for value in record.values() if hasattr(value, "start")]
    return min(places, default=otherwise)


def _fold(key: object) -> str:
    return "".join(character for character in str(key).lower() if character.isalnum())


def _has_abstract(record: object) -> bool:
    return isinstance(record, dict) and any(_fold(key) in ("abstract", "summary", "abstractinvertedindex", "paperabstract", "abstracttext") for key in record)


def _records(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (key it stands under, object) for every object that describes a paper, in the order of the file; never recurses."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    seen = 0
    while stack and seen < _MOST_VALUES:
        key, item, depth = stack.pop()
        seen += 1
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            stack.extend(("", child, depth + 1) for child in reversed(item) if isinstance(child, (dict, list)))
        elif isinstance(item, dict):
            flat = _flat(item)
            if flat is not None:
                yield key, flat
            else:
                stack.extend((str(name), child, depth + 1) for name, child in reversed(item.items()) if isinstance(child, (dict, list)))


def _flat(item: dict[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a record by folded name, those of its `paper` or `content` object included; None when it is no record."""
    fields: dict[str, Any] = {}
    for name, child in item.items():
        folded = _fold(name)
        if isinstance(child, dict) and set(child) <= {"value", "readers", "param"} and "value" in child:
            child = child["value"]  # noqa: PLW2901
        fields.setdefault(folded, child)
    for name in ("paper", "content", "metadata", "attributes", "article"):
        inner = fields.get(name)
        if isinstance(inner, dict) and (nested := _flat(inner)) is not None:
            for folded, child in nested.items():
                if child or folded not in fields:
                    fields[folded] = child
    titled = any(isinstance(fields.get(name), str) or _texts(fields.get(name)) for name in TITLES[:6])
    told = any(name in fields for name in (*ABSTRACTS[:7], "abstractinvertedindex"))
    plain = any(isinstance(fields.get(name), str) and len(fields[name]) > 200 for name in ABSTRACTS[7:])
    if told and not any(isinstance(fields.get(name), (str, list)) or fields.get(name) is None for name in ABSTRACTS[:7]) and "abstractinvertedindex" not in fields:
        told = False
    return fields if (told and (titled or _long_text(fields))) or plain or (titled and _looks_like_paper(fields)) else None


def _long_text(fields: dict[str, Any]) -> bool:
    return any(isinstance(fields.get(name), str) and len(fields[name]) > 80 for name in ABSTRACTS) or isinstance(fields.get("abstractinvertedindex"), dict)


def _looks_like_paper(fields: dict[str, Any]) -> bool:
    """A title with authors, or with a date and an id: a paper, if one without an abstract."""
    return any(name in fields for name in AUTHORS[:5]) or (any(name in fields for name in DATES[:-2]) and any(name in fields for name in IDENTIFIERS[1:6]))


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _paper(fields: dict[str, Any], key: str, raw: str, base: int, line: int, path: str, on_problem: OnProblem) -> Paper | None:
    def text(names: Iterable[str], least: int = 1) -> Piece:
        for name in names:
            value = fields.get(name)
            value = value if isinstance(value, str) else next(iter(_texts(value)), "")
            if len(value.strip()) >= least:
                return piece_of(value, raw, base)
        return EMPTY

    abstract = text(ABSTRACTS)
    index = fields.get("abstractinvertedindex")
    if isinstance(index, str) and index.startswith("{"):
        try:
            index = json.loads(index)
        except (ValueError, RecursionError):
            index = None
    if not abstract.text and isinstance(index, dict):
        abstract = Piece(from_inverted_index(index))
    issued = next((date for name in DATES if (date := _date(fields.get(name)))), "")
    return make_paper(
        path,
        line,
        on_problem,
        abstract=abstract,
        title=text(TITLES),
        identifiers=[key, *_identifiers(fields)],
        issued=issued,
        authors=[name for field in AUTHORS[:7] for name in _names(fields.get(field))] or _names(fields.get("submitter")),
    )


def from_inverted_index(index: dict[str, Any]) -> str:
    """Return the text of OpenAlex' `abstract_inverted_index`: word to the positions where it stands. Positions beyond a million are dropped."""
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < 1_000_000:
                words[place] = str(word)
    return " ".join(words[place] for place in sorted(words))


def _identifiers(fields: dict[str, Any]) -> Iterator[object]:
    for name in IDENTIFIERS:
        value = fields.get(name)
        for item_name, item in value.items() if isinstance(value, dict) else ((name, value),):
            for single in item if isinstance(item, list) else [item]:
                if isinstance(single, dict):
                    yield from (inner for inner in single.values() if isinstance(inner, str))
                elif isinstance(single, (str, int)) and not isinstance(single, bool):
                    scheme = _SCHEMES.get(_fold(item_name))
                    yield single
                    if scheme and not str(single).lower().startswith((scheme.lower() + ":", "http")):
                        yield f"{scheme}:{single}"
    if isinstance(fields.get("paperid"), str) and len(fields["paperid"]) == 40:
        yield f"s2:{fields['paperid']}"


def _date(value: Any) -> str:
    from kgraph.read.record import date

    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("created") or value.get("date") or value.get("raw")
    if isinstance(value, int) and value > 100_000_000_000:  # milliseconds, as OpenReview gives them
        from datetime import UTC, datetime

        return datetime.fromtimestamp(min(value, 4_000_000_000_000) / 1000, UTC).date().isoformat()
    return date(value)


def _names(value: Any) -> list[str]:
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):  # [last, first, suffix] of the arXiv dump
            parts = [part for part in item if isinstance(part, str) and part]
            found.append(" ".join([*parts[1:2], parts[0], *parts[2:]]) if parts else "")
        elif isinstance(item, dict):
            inner = item.get("author") if isinstance(item.get("author"), dict) else item
            name = next((inner[key] for key in ("name", "display_name", "fullname", "full_name") if isinstance(inner.get(key), str)), None)
            given, family = inner.get("given") or inner.get("first") or "", inner.get("family") or inner.get("last") or ""
            found.append(name or f"{given} {family}".strip())
    return [name for name in found if name]


READER = Reader("json", sniff, read)
