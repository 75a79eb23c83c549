"""Stage 1, read: Markdown: a heading (or a bold line, or a linked title) for each paper, its abstract below; also tables with a header."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from kgraph.model import Paper, Problem, Run
from kgraph.read import Reader
from kgraph.read.fields import fold_name, paper_of
from kgraph.read.files import read_whole
from kgraph.read.located import placed
from kgraph.read.pieces import EMPTY, Piece, cut, join, part
from kgraph.read.prose import Paragraph, is_comment, is_names, is_prose, paragraphs
from kgraph.read.record import OnProblem, make_paper

_HEADING = re.compile(r"^\ufeff?(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*\r?$", re.MULTILINE)
_BOLD_LINE = re.compile(r"^(?:[-*+]|\d{1,4}[.)])?[ \t]*(?:\*\*|__)(?P<text>[^*_\n]{8,300})(?:\*\*|__)[ \t]*:?\r?$", re.MULTILINE)
_LINK_LINE = re.compile(r"^(?:[-*+]|\d{1,4}[.)])[ \t]+(?:\*\*)?\[(?P<text>[^\]\n]{8,300})\]\([^)\s]{8,400}\)(?:\*\*)?[^\n]{0,80}\r?$", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*\r?$")
_RULE_ROW = re.compile(r"^[ \t]*+\|?(?:[ \t]*+:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?\r?$")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]*)(?:[ \t]+\"[^\"\n]*\")?\)")
_MARKUP = re.compile(
    r"(?P<link>!?\[(?P<shown>[^\]\n]*)\]\((?P<address>[^)\s]*)(?:[ \t]+\"[^\"\n]*\")?\))|(?P<strong>\*\*|__|(?<![\w*])\*(?=\w)|(?<=[\w.)])\*(?![\w*]))"
    r"|(?P<code>`+)|(?P<quote>^[ \t]*>[ \t]?)|(?P<escape>\\(?=[*_#\[\]<>|!]))",
    re.MULTILINE,
)
_SECTIONS = frozenset("abstract summary tl;dr introduction overview contents table of contents references links authors paper papers".split())
_ABSTRACT_MARK = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(?:#{1,6}[ \t]+)?(?:\*\*|__)?(?:abstract|summary)(?:\*\*|__)?[ \t]*(?::|\.|—|-)?(?:\*\*|__)?[ \t]*", re.I)
_DETAIL = re.compile(
    r"[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)?(authors?|date|published|year|venue|links?|url|pdf|arxiv|doi|code)(?:\*\*|__)?[ \t]*:(?:\*\*|__)?[ \t]*(.*)", re.I
)


class Heading(NamedTuple):
    """The title line of a record: its level, where it begins and ends, where its text stands."""

    level: int
    start: int
    end: int
    text: Piece


def sniff(head: str, name: str) -> float:
    """Headings or bold lines with prose below them, or a table with a header."""
    if re.search(r"^[ \t]*\|.*(?:title|abstract).*\|[ \t]*\r?\n[ \t]*\|?[ \t]*:?-{2,}", head, re.I | re.M):
        return 0.9
    headings = len(_HEADING.findall(head)) + len(_LINK_LINE.findall(head)) + len(_BOLD_LINE.findall(head))
    if not headings or head.lstrip()[:1] in ("{", "<", "@") or name.lower().endswith((".yaml", ".yml")):
        return 0.0
    prose = sum(is_prose(paragraph.text) for paragraph in paragraphs(head[:30_000]))
    labels = len(re.findall(r"^Abstract:", head, re.M))
    return 0.0 if not prose or labels > headings else 0.96 if name.lower().endswith((".md", ".markdown")) or _HEADING.search(head) else 0.45


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every heading with prose below it, and of every row of a table that has an abstract."""
    text = read_whole(stream)
    yield from _tables(text, path, on_problem)
    headings = list(_headings(text))
    line = 1
    at = 0
    for index, heading in enumerate(headings):
        stop = headings[index + 1].start if index + 1 < len(headings) else len(text)
        line += text.count("\n", at, heading.start)
        at = heading.start
        body, links, authors, issued = _body(text, heading.end, stop)
        if not body:
            continue
        title = _unmarked(heading.text)
        links += [found.group(2) for found in _LINK.finditer(heading.text.text)]
        abstract = join([_unmarked(cut(text, paragraph.start, paragraph.end)) for paragraph in body])
        if paper := make_paper(path, line, on_problem, abstract=abstract, title=title, identifiers=links, issued=issued, authors=authors):
            yield paper


def _headings(text: str) -> Iterator[Heading]:
    """Yield the lines that are titles; a heading `Abstract` below a title is a part of that title's record."""
    fenced = [(found.start(), found.end()) for found in re.finditer(r"^(```|~~~).*?^\1", text, re.MULTILINE | re.DOTALL)]
    found = [Heading(len(match.group(1)), match.start(), match.end(), cut(text, match.start(2), match.end(2))) for match in _HEADING.finditer(text)]
    if not found or all(not is_prose(text[heading.end : heading.end + 3000]) for heading in found) or len(found) < 3:
        lines = [match for pattern in (_BOLD_LINE, _LINK_LINE) for match in pattern.finditer(text)]
        for match in lines:
            linked = text[match.start("text") - 1] == "["
            found.append(Heading(7, match.start(), match.end(), cut(text, match.start("text") - linked, match.end() if linked else match.end("text"))))
        found.sort(key=lambda heading: heading.start)
    for heading in found:
        bare = re.sub(r"[\W\d_]+", " ", heading.text.text).strip().lower()
        if bare not in _SECTIONS and not any(start <= heading.start < end for start, end in fenced):
            yield heading


def _body(text: str, start: int, stop: int) -> tuple[list[Paragraph], list[str], list[str], str]:
    """Return the prose below a title, and the links, authors and date that stand beside it."""
    body: list[Paragraph] = []
    links: list[str] = []
    authors: list[str] = []
    issued = ""
    for paragraph in paragraphs(text, start, stop):
        if _ROW.match(paragraph.text.split("\n", 1)[0]):
            continue
        begin = paragraph.start
        for part_ in paragraph.text.split("\n"):
            detail = _DETAIL.match(part_)
            if detail is None and not (
                body == [] and (is_comment(part_.strip()) or (_LINK.search(part_) and not is_prose(part_, 12)) or re.fullmatch(r"\s*https?://\S+\s*", part_))
            ):
                break
            begin += len(part_) + 1
            links += [found.group(2) for found in _LINK.finditer(part_)] + re.findall(r"https?://[^\s)\]]+|arXiv:\s?[\w./-]+", part_)
            if detail and detail.group(1).lower().startswith("author"):
                authors.append(re.sub(r"[*_]", "", detail.group(2)))
            elif detail and detail.group(1).lower() in ("date", "published", "year"):
                issued = detail.group(2)
        mark = _ABSTRACT_MARK.match(text, begin, paragraph.end) if begin < paragraph.end else None
        begin = mark.end() if mark else begin
        while begin < paragraph.end and text[begin].isspace():
            begin += 1
        rest = text[begin : paragraph.end]
        if rest and is_prose(rest, 20) and sum(len(done.text) for done in body) + len(rest) < 200_000:
            body.append(Paragraph(rest, begin, paragraph.end, paragraph.line))
        elif not body and (is_names(rest, 2) or (rest.startswith(("*", "_")) and is_names(rest))):
            authors.append(re.sub(r"[*_]", "", rest))
    return body, links, authors, issued


def _unmarked(piece: Piece) -> Piece:
    """Return the text without the marks of Markdown; the address of a link stays behind its text."""
    kept: list[Piece] = []
    at = 0
    for found in _MARKUP.finditer(piece.text):
        kept.append(part(piece, at, found.start()))
        if found["link"] and not found.group().startswith("!"):
            kept.append(part(piece, found.start("shown"), found.end("shown")))
            if found["address"].startswith("http") and not found["shown"].startswith("http") and len(piece.text) > 300:
                kept += [Piece(" ("), part(piece, found.start("address"), found.end("address")), Piece(")")]
        at = found.end()
    kept.append(part(piece, at, len(piece.text)))
    return join([kept_part for kept_part in kept if kept_part.text], "") if at else piece


def _tables(text: str, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    names: list[str] = []
    offset = 0
    before = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if _RULE_ROW.match(line) and _ROW.match(before):
            names = [fold_name(piece.text) for piece in _cells(before, 0)]
            if not {"title", "paper", "papertitle"} & set(names) or not {"abstract", "summary"} & set(names):
                names = []
        elif names and _ROW.match(line):
            cells = _cells(line, offset)
            fields: dict[str, object] = {("title" if name == "paper" else name): placed(_unmarked(cell)) for name, cell in zip(names, cells, strict=False)}
            fields["links"] = [found.group(2) for found in _LINK.finditer(line)]
            if len(cells) < len(names):
                on_problem(Problem(path, number, f"{len(cells)} values for {len(names)} columns"))
            elif paper := paper_of(fields, path, number, on_problem):
                yield paper
        else:
            names = []
        before = line
        offset += len(line)


def _cells(row: str, offset: int) -> list[Piece]:
    """Return the values between the bars of a row."""
    begin, stop = row.index("|") + 1, row.rindex("|")
    edges = [begin - 1, *(found.start() for found in re.finditer(r"(?<!\\)\|", row[:stop]) if found.start() >= begin), stop]
    cells = []
    for left, right in pairwise(edges):
        value = row[left + 1 : right]
        start = left + 1 + len(value) - len(value.lstrip())
        bare = value.strip()
        cells.append(Piece(bare, (Run(0, offset + start, len(bare)),)) if bare else EMPTY)
    return cells


READER = Reader("markdown", sniff, read)
