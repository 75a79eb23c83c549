"""Stage 1, read: one longer text: an introduction or a whole paper as plain text, with the headings of sections; references are left out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kgraph.model import Paper
from kgraph.read import Reader
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, cut, join
from kgraph.read.prose import Paragraph, is_prose, is_title, lines, paragraphs
from kgraph.read.record import OnProblem, make_paper

_SECTION = re.compile(
    r"^[ \t]*+(?:(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){0,2}\.?[ \t]+)?(abstract|introduction|related works?|background|preliminaries|methods?|methodology"
    r"|approach|our approach|model|experiments?"
    r"|experimental (?:setup|results)|evaluation|results(?: and discussion)?|discussion|conclusions?(?: and future work)?|limitations"
    r"|acknowledge?ments?|references|bibliography|appendix)[ \t]*+[:.]?[ \t]*+\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"^[ \t]*+(?:\d{1,2}\.?[ \t]+)?(?:references|bibliography|acknowledge?ments?)[ \t]*+:?[ \t]*+\r?$", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"arXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?")


def sniff(head: str, name: str) -> float:
    """At least two headings of sections, each once."""
    headings = [found.group(1).lower() for found in _SECTION.finditer(head)]
    if head.lstrip()[:1] in ("{", "<", "@", "#") or not headings:
        return 0.0
    several = len(set(headings)) >= 2 and headings.count("abstract") <= 1 and headings.count("introduction") <= 1
    alone = headings == ["introduction"]
    return 0.9 if several and "introduction" in headings else 0.75 if several else 0.6 if alone else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the one paper of the file: its title, and all its prose up to the references."""
    text = read_whole(stream)
    first = _SECTION.search(text)
    middle = len(text) // 3
    end = next((found.start() for found in _END.finditer(text, first.end() if first else 0) if found.start() > middle), len(text))
    front = list(paragraphs(text, 0, first.start() if first else 0))
    top = [line for paragraph in front for line in lines(paragraph)]
    title = next((line for line in top if is_title(line.text) and not is_prose(line.text)), None)
    body = [paragraph for paragraph in front if is_prose(paragraph.text)]
    body += _prose(text, first.end() if first else 0, end)
    abstract = join([cut(text, paragraph.start, paragraph.end) for paragraph in body])
    head = cut(text, title.start, title.end) if title else EMPTY
    identifiers = _ID.findall(text[: first.start() if first else 2_000])
    if paper := make_paper(
        path, (title or next(iter([*body, *front]), None) or Paragraph("", 0, 0, 1)).line, on_problem, abstract=abstract, title=head, identifiers=identifiers
    ):
        yield paper


def _prose(text: str, start: int, end: int) -> Iterator[Paragraph]:
    """Yield what is running text: no headings, page numbers, tables; a paragraph that a page break cuts has few words in its parts."""
    for paragraph in paragraphs(text, start, end):
        parts = lines(paragraph)
        while parts and _SECTION.fullmatch(parts[0].text):
            parts.pop(0)
        if parts:
            rest = Paragraph(text[parts[0].start : paragraph.end], parts[0].start, paragraph.end, parts[0].line)
            letters = sum(character.isalpha() or character == " " for character in rest.text)
            if is_prose(rest.text, 8) or (len(rest.text) > 80 and letters > 0.8 * len(rest.text) and " the " in rest.text):
                yield rest


READER = Reader("long-text", sniff, read)
