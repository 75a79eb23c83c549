"""Stage 1, read: a numbered list of papers: number, title, perhaps names and an id, the abstract below (or number and abstract)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, Piece, cut
from kgraph.read.prose import Paragraph, is_comment, is_names, is_prose, is_title, lines
from kgraph.read.record import OnProblem, make_paper
from kgraph.read.web_page import IDENTIFIER, trimmed

_NUMBER = re.compile(r"^[ \t\ufeff]*[\[(]?(\d{1,4})[.)\]:][ \t]+(?=\S)", re.MULTILINE)


def sniff(head: str, name: str) -> float:
    """Lines that begin with 1, 2, 3, ... and prose between them."""
    found = _items(head)
    if len(found) < 2 or head.lstrip()[:1] in ("{", "<", "@", "#"):
        return 0.0
    edges = [*(mark.end() for mark in found), len(head)]
    prose = sum(is_prose(head[left:right]) for left, right in pairwise(edges))
    return min(0.7 + 0.05 * prose, 0.88) if prose >= 2 and prose * 2 >= len(found) and found[0].start() < 2_000 else 0.0


def _items(text: str) -> list[re.Match[str]]:
    """Return the numbers that count up by one from the first; others (in a text) are no items."""
    found: list[re.Match[str]] = []
    for mark in _NUMBER.finditer(text):
        if int(mark.group(1)) == (int(found[-1].group(1)) + 1 if found else 1):
            found.append(mark)
    return found


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every item that has an abstract."""
    text = read_whole(stream)
    items = _items(text)
    line = 1
    at = 0
    for index, item in enumerate(items):
        stop = items[index + 1].start() if index + 1 < len(items) else len(text)
        line += text.count("\n", at, item.start())
        at = item.start()
        title, abstract, identifiers, authors = _parts(text, item.end(), stop, line)
        if not abstract.text:
            on_problem(Problem(path, line, f"record without an abstract ({(title.text or text[item.end() : stop].strip())[:80]!r})"))
        elif paper := make_paper(path, line, on_problem, abstract=abstract, title=title, identifiers=identifiers, authors=authors):
            yield paper


def _parts(text: str, start: int, stop: int, line: int) -> tuple[Piece, Piece, list[str], list[str]]:
    """Return title, abstract, ids and names of an item: title lines first, then lines of names, dates and ids, then the abstract."""
    found = lines(Paragraph(text[start:stop], start, stop, line))
    title = EMPTY
    identifiers: list[str] = []
    authors: list[str] = []
    at = 0
    if len(found) > 1 and is_title(found[0].text) and not is_prose(found[0].text):
        title = trimmed(found[0])
        at = 1
        while at < len(found) and (is_names(found[at].text) or is_comment(found[at].text) or IDENTIFIER.match(found[at].text) or len(found[at].text) < 25):
            if is_names(found[at].text):
                authors.append(found[at].text)
            identifiers += IDENTIFIER.findall(found[at].text)
            at += 1
    end = len(found)
    while end > at and (is_comment(found[end - 1].text) or IDENTIFIER.match(found[end - 1].text)):
        end -= 1
        identifiers += IDENTIFIER.findall(found[end].text)
    if end <= at or not is_prose(text[found[at].start : found[end - 1].end], 12):
        return title, EMPTY, identifiers, authors
    return title, cut(text, found[at].start, found[end - 1].end), identifiers, authors


READER = Reader("numbered-list", sniff, read)
