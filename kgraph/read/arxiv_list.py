"""Stage 1, read: abstracts one after the other whose arXiv ids stand alone between them, mostly glued to the beginning of the next abstract."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, cut
from kgraph.read.prose import Paragraph, is_comment, is_prose, is_title, line_at
from kgraph.read.record import OnProblem, make_paper
from kgraph.read.web_page import are_two, split_paragraphs, trimmed

MARK = re.compile(
    r"(?:^[ \t\ufeff]*|(?<=[.!?])|(?<=[.!?][\"'”)]))(?:https?://arxiv\.org/abs/|arXiv:[ ]?)(?P<id>(?:0[789]|1[0-4])\d\d\.\d{4}|\d{4}\.\d{5}"
    r"|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?"
    r"(?:[ ]?\[[\w.-]{2,20}\])?(?:(?P<glued>(?=[^\W_]|[\"“(]))|[ \t]*(?=\r?$))",
    re.MULTILINE | re.IGNORECASE,
)


def sniff(head: str, name: str) -> float:
    """Ids alone on a line or glued to prose."""
    marks = list(MARK.finditer(head))
    if not marks:
        return 0.0
    edges = [0, *(mark.start() for mark in marks), len(head)]
    prose = sum(is_prose(head[left:right]) for left, right in pairwise(edges))
    return min(0.5 + 0.05 * prose, 0.8) if prose and not re.search(r"^(?:Title|\\\\)\s*:?", head, re.MULTILINE) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every abstract, with the id that stands after it (or before it, where the list begins with an id and ends with a text)."""
    text = read_whole(stream)
    yield from read_part(text, 0, len(text), path, on_problem)


def read_part(text: str, start: int, end: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the papers of a part of a text."""
    marks = list(MARK.finditer(text, start, end))
    after = ids_follow(text, start, end, marks)
    begins = [start, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), end]
    for index, (begin, stop) in enumerate(zip(begins, ends, strict=True)):
        owner = index if after else index - 1
        mark = marks[owner] if 0 <= owner < len(marks) else None
        identifiers = [f"arXiv:{mark['id']}"] if mark else []
        found = list(records(list(split_paragraphs(text, begin, stop))))
        if not found and mark:
            on_problem(Problem(path, line_at(text, mark.start()), f"record without an abstract ({identifiers[0]})"))
        for place, (title, body) in enumerate(found):
            nearest = place == (len(found) - 1 if after else 0)
            abstract = cut(text, body[0].start, body[-1].end)
            head = trimmed(title) if title else EMPTY
            paper = make_paper(path, (title or body[0]).line, on_problem, abstract=abstract, title=head, identifiers=identifiers if nearest else [])
            if paper:
                yield paper


def ids_follow(text: str, start: int, end: int, marks: list[re.Match[str]]) -> bool:
    """Do the ids stand after their abstracts? Told by what the list begins and ends with, else by whether they are glued to the next text."""
    if not marks:
        return True
    before, behind = is_prose(text[start : marks[0].start()]), is_prose(text[marks[-1].end() : end])
    if before != behind:
        return before
    return sum(mark["glued"] is not None for mark in marks) * 2 >= len(marks)


def records(found: list[Paragraph]) -> Iterator[tuple[Paragraph | None, list[Paragraph]]]:
    """Yield (title, abstract) of the stretch between two ids: one record, or more where a comment or a title parts two abstracts."""
    title: Paragraph | None = None
    body: list[Paragraph] = []
    parted = False
    for paragraph in found:
        if is_prose(paragraph.text):
            if body and (parted or are_two(body[-1], paragraph)):
                yield title if title is None or title.start < body[0].start else None, body
                title, body = (title if title and title.start > body[-1].end else None), []
            body.append(paragraph)
            parted = False
        else:
            if not is_comment(paragraph.text) and is_title(paragraph.text):
                if body and title and title.start < body[0].start:
                    yield title, body
                    body = []
                title = paragraph
            parted = True
    if body:
        yield title if title is None or title.start < body[0].start else None, body


READER = Reader("arxiv-list", sniff, read)
