"""Stage 1, read: pasted text with labels: `Abstract:` before each abstract, or blocks of `Title:`, `Authors:`, `Abstract:`, `URL:` lines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kgraph.model import Paper, Problem
from kgraph.read import Reader, arxiv_list, web_page
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, Piece, cut
from kgraph.read.prose import Paragraph, is_prose, is_title, paragraphs
from kgraph.read.record import OnProblem, make_paper

_FIELDS = {
    "title": "title", "paper title": "title", "paper": "title", "author": "authors", "authors": "authors", "abstract": "abstract", "summary": "abstract",
    "tl;dr": "other", "url": "ids", "link": "ids", "links": "ids", "pdf": "ids", "doi": "ids", "arxiv": "ids", "arxiv id": "ids", "id": "ids",
    "paper link": "ids",
    "date": "issued", "year": "issued", "published": "issued", "submitted": "issued", "publication date": "issued", "comments": "other", "comment": "other",
    "subjects": "other", "categories": "other", "keywords": "other", "journal-ref": "other", "venue": "other", "code": "other", "report-no": "other",
    "notes": "other",
}  # fmt: skip
_NAMES = "|".join(sorted((re.escape(name) for name in _FIELDS), key=len, reverse=True))
LABEL = re.compile(
    r"(?:(?<=[a-z\d)][.!?])(?=Abstract:[A-Z])|(?<=[./]\d{{5}})(?=Abstract:)|^)[ \t\ufeff]*"
    rf"(?:[-*•>]\s+|#{{1,6}}\s+|\(?\d{{1,4}}[.)\]]\s+)?(?:\*\*|__)?(?P<label>{_NAMES})(?:\*\*|__)?[ \t]*(?::|：|—|–|\.(?=\s))(?:\*\*|__)?[ \t]*",
    re.I | re.M,
)


def sniff(head: str, name: str) -> float:
    """Labels at the beginnings of lines, `Abstract:` among them."""
    labels = [_FIELDS[found["label"].lower()] for found in LABEL.finditer(head)]
    abstracts = labels.count("abstract")
    if not abstracts or head.lstrip().startswith(("{", "[", "<", "@")):
        return 0.0
    return min(0.7 + 0.05 * abstracts + (0.1 if "title" in labels else 0.0), 0.95)


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every block; text that follows an abstract without a label is read as a list or page of its own."""
    text = read_whole(stream)
    # ids glued to texts part the records of an `arxiv_list` that was pasted below; then `arXiv:` is no label
    listed = any(mark["glued"] is not None for mark in arxiv_list.MARK.finditer(text))
    labels = [found for found in LABEL.finditer(text) if not (listed and found["label"].lower() == "arxiv")]
    marks = [(found.start(), found.end(), _FIELDS[found["label"].lower()]) for found in labels]
    ends = [mark[0] for mark in marks[1:]] + [len(text)] * bool(marks)
    record: dict[str, Piece] = {}
    line = at = 0
    number = 1
    pending: Piece | None = None
    if marks:
        _, leftover, pending = _leftover(text, 0, marks[0][0], first=True)
        yield from _read_rest(text, leftover, path, on_problem)
    for (start, begin, field), end in zip(marks, ends, strict=True):
        number += text.count("\n", at, start)
        at = start
        starts_record = (field in record and field in ("title", "abstract")) or (field == "title" and "abstract" in record)
        if starts_record or (pending is not None and record):
            yield from _finish(record, path, line, on_problem)
            record = {}
        if not record:
            line = number
            if pending is not None and field != "title":
                record["title"] = pending
        pending = None
        stop, leftover, title = _leftover(text, begin, end) if field == "abstract" else (end, (end, end), None)
        value = cut(text, begin, stop)
        record[field] = value if field not in record else Piece(record[field].text + " ; " + value.text, record[field].runs)
        if leftover[0] < leftover[1]:
            yield from _finish(record, path, line, on_problem)
            record = {}
            yield from _read_rest(text, leftover, path, on_problem)
        pending = title
    if record:
        yield from _finish(record, path, line, on_problem)


def _finish(record: dict[str, Piece], path: str, line: int, on_problem: OnProblem) -> Iterator[Paper]:
    title = record.get("title", EMPTY)
    if "abstract" not in record:
        if title.text.strip():
            on_problem(Problem(path, line, f"record without an abstract ({title.text.strip()[:80]!r})"))
        return
    identifiers = re.split(r"[\s;,|]+", record["ids"].text) if "ids" in record else []
    issued, authors = record.get("issued", EMPTY).text, record.get("authors", EMPTY).text
    paper = make_paper(path, line, on_problem, abstract=record["abstract"], title=title, identifiers=identifiers, issued=issued, authors=[authors])
    if paper:
        yield paper


def _leftover(text: str, start: int, end: int, *, first: bool = False) -> tuple[int, tuple[int, int], Piece | None]:
    """Return where the abstract that begins at `start` ends, the stretch behind it that is no part of it, and the title of the next record at its end."""
    found = list(web_page.split_paragraphs(text, start, end)) if first or _long_lines(text, start, end) else list(paragraphs(text, start, end))
    title: Piece | None = None
    if found and end < len(text) and (first or len(found) > 1) and is_title(found[-1].text) and not is_prose(found[-1].text):
        title = web_page.trimmed(found.pop())
    if first:
        return start, (start, found[-1].end if found else start), title
    kept: list[Paragraph] = found[:1]
    for paragraph in found[1:]:
        if not is_prose(paragraph.text, 12) or paragraph.end - kept[0].start > web_page.LONGEST_ABSTRACT or _separate(kept[-1], paragraph, text):
            break
        kept.append(paragraph)
    rest = found[len(kept) :]
    stop = kept[-1].end if kept else start
    if not any(is_prose(paragraph.text) for paragraph in rest):
        return stop, (end, end), title
    return stop, (rest[0].start, rest[-1].end), title


def _long_lines(text: str, start: int, end: int) -> bool:
    """Is the first line a whole paragraph, so that the next line is something else?"""
    stop = text.find("\n", start, end)
    return (stop if stop >= 0 else end) - start > 400


def _separate(before: Paragraph, paragraph: Paragraph, text: str) -> bool:
    """Two lines (or glued texts), each as long as an abstract, are two abstracts; paragraphs of one abstract are parted by empty lines."""
    apart = "\n\n" in text[before.end : paragraph.start].replace("\r", "")
    return web_page.are_two(before, paragraph) or (not apart and len(before.text) > 400 and len(paragraph.text) > 400)


def _read_rest(text: str, where: tuple[int, int], path: str, on_problem: OnProblem) -> Iterator[Paper]:
    reader = arxiv_list if arxiv_list.MARK.search(text, *where) else web_page
    yield from reader.read_part(text, where[0], where[1], path, on_problem)


READER = Reader("abstract-list", sniff, read)
