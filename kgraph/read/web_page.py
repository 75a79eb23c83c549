"""Stage 1, read: a pasted web page or list: navigation and date lines, then a title, an empty line, an abstract, and so on."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from kgraph.model import Paper
from kgraph.read import Reader
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, Piece, cut
from kgraph.read.prose import Paragraph, is_comment, is_names, is_prose, is_title, lines, paragraphs
from kgraph.read.record import OnProblem, make_paper

LONGEST_ABSTRACT = 3_500
"""Characters: what is longer than any journal's abstract is more than one text (or a longer text, see `long_text`)."""

IDENTIFIER = re.compile(
    r"(?:arXiv:\s?|https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|doi\.org/|aclanthology\.org/|openreview\.net/forum\?id=))[^\s,;)\]]+|\bdoi:\s?10\.\S+",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?:#{1,6}\s+|[-*•]\s+|\(?\d{1,4}[.)\]:]\s+|\[\d{1,4}\]\s*|\*\*|__)+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]?\s*$")
_END_MARKS = re.compile(r"\s*(?:#+|\*\*|__)\s*$")
_GLUE = re.compile(r"(?<=[a-z)\]”’\"][.!?])(?=(?:[A-Z][a-z]+(?:-[a-z]+)?|We|In|A|The) [a-z(]+)")


class Entry(NamedTuple):
    """The paragraphs of one record."""

    title: Paragraph | None
    body: list[Paragraph]
    identifiers: list[str]


def sniff(head: str, name: str) -> float:
    """Prose paragraphs between short ones: the last resort among the formats of text."""
    found = list(paragraphs(head[:30_000]))[:80]
    prose = sum(is_prose(line.text) for paragraph in found for line in ([paragraph] if len(found) > 1 else lines(paragraph)))
    return min(0.25 + 0.02 * prose, 0.4) if prose else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield a paper for every abstract of the page; what is neither title nor abstract is passed over."""
    text = read_whole(stream)
    yield from read_part(text, 0, len(text), path, on_problem)


def read_part(text: str, start: int, end: int, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the papers of a part of a text."""
    for entry in entries(list(split_paragraphs(text, start, end))):
        title = trimmed(entry.title) if entry.title else EMPTY
        first, last = entry.body[0], entry.body[-1]
        paper = make_paper(path, (entry.title or first).line, on_problem, abstract=cut(text, first.start, last.end), title=title, identifiers=entry.identifiers)
        if paper:
            yield paper


def trimmed(paragraph: Paragraph) -> Piece:
    """Return a title without list numbers, heading marks and emphasis."""
    lead, tail = _MARKS.match(paragraph.text), _END_MARKS.search(paragraph.text)
    begin, stop = lead.end() if lead else 0, tail.start() if tail else len(paragraph.text)
    return cut(paragraph.text, begin, max(stop, begin), paragraph.start)


def split_paragraphs(text: str, start: int, end: int) -> Iterator[Paragraph]:
    """Yield paragraphs; a line that is long enough to be a paragraph is one, so is a title line above hard-broken text."""
    for paragraph in paragraphs(text, start, end):
        comments: list[Paragraph] = []
        parts = lines(paragraph)
        while len(parts) > 1 and is_comment(parts[-1].text) and _SENTENCE_END.search(parts[-2].text):
            comments.append(parts.pop())
        paragraph = paragraph._replace(text=text[paragraph.start : parts[-1].end], end=parts[-1].end)
        if len(parts) == 1:
            yield from unglue(paragraph)
        elif sum(len(part.text) > 250 for part in parts) * 2 >= len(parts) or not is_prose(paragraph.text):
            for part in parts:
                yield from unglue(part)
        elif is_title(parts[0].text) and not is_prose(parts[0].text, 20) and (len(parts[0].text) < 0.75 * len(parts[1].text) or len(parts) < 4):
            yield parts[0]
            yield Paragraph(text[parts[1].start : paragraph.end], parts[1].start, paragraph.end, parts[1].line)
        else:
            yield paragraph
        yield from reversed(comments)


def unglue(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Part two abstracts that a lost line break has glued together: no blank after the full stop, and either side as long as an abstract."""
    text, base = paragraph.text, 0
    for found in _GLUE.finditer(text) if len(text) > 1_200 else ():
        left, right = text[base : found.start()], text[found.start() :]
        if len(left) >= 500 and len(right) >= 500 and len(text) - base > 2_000:
            yield Paragraph(left, paragraph.start + base, paragraph.start + found.start(), paragraph.line)
            base = found.start()
    yield Paragraph(text[base:], paragraph.start + base, paragraph.end, paragraph.line)


def entries(found: list[Paragraph]) -> Iterator[Entry]:
    """Yield the records among paragraphs. Where most abstracts have titles, an abstract without one continues the one before it."""
    prose = [is_prose(paragraph.text) for paragraph in found]
    titled = [index > 0 and prose[index] and not prose[index - 1] and _title_above(found, prose, index) is not None for index in range(len(found))]
    mostly_titled = sum(titled) * 2 > sum(prose)
    entry: Entry | None = None
    for index, paragraph in enumerate(found):
        if not prose[index]:
            continue
        above = _title_above(found, prose, index)
        between = found[found.index(above) if above else max(index - 3, 0) : index]
        if entry and mostly_titled and index and prose[index - 1] and not are_two(entry.body[-1], paragraph) and _size(entry.body) < LONGEST_ABSTRACT:
            entry.body.append(paragraph)
            continue
        if entry:
            yield entry
        identifiers = [match for part in between if not is_prose(part.text) for match in IDENTIFIER.findall(part.text)] if above else []
        entry = Entry(above, [paragraph], identifiers)
        for after in found[index + 1 : index + 6]:
            if is_prose(after.text) or (is_title(after.text) and not IDENTIFIER.search(after.text)):
                break
            entry.identifiers.extend(IDENTIFIER.findall(after.text))
    if entry:
        yield entry


def are_two(left: Paragraph, right: Paragraph) -> bool:
    """Are two paragraphs, one after the other, two abstracts? When each is long enough, and both are too long for one (arXiv allows 1,920 characters)."""
    return min(len(left.text), len(right.text)) > 400 and len(left.text) + len(right.text) > 2_400


def _size(body: list[Paragraph]) -> int:
    return sum(len(part.text) for part in body)


def _title_above(found: list[Paragraph], prose: list[bool], index: int) -> Paragraph | None:
    """Return the title of the abstract at `index`: the last title-like paragraph above it, with at most a few lines of names, dates or ids between."""
    candidates = []
    for at in range(index - 1, max(index - 5, -1), -1):
        if prose[at] or len(found[at].text) > 400:
            break
        if is_title(found[at].text) and not IDENTIFIER.match(found[at].text):
            candidates.append(found[at])
        elif not is_comment(found[at].text) and at == index - 1 and len(found[at].text) < 8:
            continue
    if not candidates:
        return None
    # `Title / Ann Lee, Bo Li / abstract`: a line of names is title-like, too, and the title stands above it
    if len(candidates) > 1 and is_names(candidates[0].text, 2):
        return candidates[1]
    return candidates[0]


READER = Reader("web-page", sniff, read)
