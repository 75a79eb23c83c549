"""Extraction step 2: abbreviations that the paper defines itself, as spaCy component `kgraph_abbreviations`.

The algorithm of Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation definitions in biomedical text"), both ways
round (`long form (SF)` and `SF (long form)`), with the plural of a short form matched as its singular.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from spacy.language import Language

from kgraph.extract.reading import Reading, reading_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

BRACKETED = re.compile(r"\(([^()]{2,80})\)")
WORD = re.compile(r"[^\s\-/–]+")
LEADING = re.compile(r"^(?:e\.g\.,?|i\.e\.,?|also|or|called|named|termed|dubbed|short|abbreviated as|abbr\.?|denoted as|denoted|we call it|hereafter)\s+", re.I)
NEVER = frozenset({"e.g.", "i.e.", "ours", "left", "right", "top", "bottom", "we", "it", "and", "or", "code", "demo"})


class Abbreviation(NamedTuple):
    """Offsets of a short form and of its long form in one text."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


def is_short_form(text: str) -> bool:
    """2 to 12 characters, at most two words, with a capital or a digit beside a letter, beginning with a letter or digit."""
    if not 2 <= len(text) <= 12 or len(text.split()) > 2 or text.lower() in NEVER or not text[0].isalnum():
        return False
    if not any(c.isalpha() for c in text) or re.fullmatch(r"\d+(?:\.\d+)?\s?[a-zA-Z%]{0,3}", text):
        return False
    return sum(c.isupper() for c in text) >= 1 and not (text[0].isupper() and text[1:].islower() and len(text) > 4)


def long_form_start(short: str, text: str) -> int | None:
    """Where the long form of `short` begins in `text` (which ends with it), or None: Schwartz and Hearst's backward match.

    >>> text = "we use large language model"
    >>> text[long_form_start("LLM", text):]
    'large language model'
    """
    s, t = len(short) - 1, len(text) - 1
    while s >= 0:
        char = short[s].lower()
        if not char.isalpha():  # a digit may stand for a word ("1F1B", "S2S")
            s -= 1
            continue
        while t >= 0 and (text[t].lower() != char or (s == 0 and t > 0 and text[t - 1].isalnum())):
            t -= 1
        if t < 0:
            return None
        s, t = s - 1, t - 1
    start = t + 1
    while start > 0 and not text[start - 1].isspace() and text[start - 1] not in '("“,;:':
        start -= 1
    return start


SMALL = frozenset("a an and as at by for from in of on or the to via with".split())


def initials_start(short: str, text: str) -> int | None:
    """Where words begin in `text` whose first letters, small words left out, spell `short`, and that end with it; None where there are none.

    >>> text = "a solution: Foo and Bar Transformer"
    >>> text[initials_start("FBT", text):]
    'Foo and Bar Transformer'
    """
    letters = [c.lower() for c in short if c.isalpha()]
    for word in reversed(list(WORD.finditer(text))):
        if word.group() in SMALL:
            continue
        if not letters or word.group()[0].lower() != letters.pop():
            return None
        if not letters:
            return word.start()
    return None


_NO_BEGINNING = re.compile(r"(?:an?|the|and|is|are|from|with|to|of|for|at|we)\s")
"""In lower case these begin no full form, whatever letter they have ("an NVIDIA L4 GPU (Ada)")."""


def plausible(short: str, long: str) -> bool:
    """The length rules of the paper, and the long form is not the short form again."""
    if "(" in long or ")" in long or not long[:1].isalnum() or _NO_BEGINNING.match(long):
        return False
    words = WORD.findall(long)
    letters = sum(c.isalnum() for c in short)
    if len(words) < 2 and not (len(long) >= 2 * len(short) and long[:1].isalpha()):
        return False
    return (
        len(long) > len(short)
        and len(words) <= min(letters + 5, letters * 2)
        and short.lower() not in {w.lower() for w in words}
        and not re.search(r"[.;:!?]\s", long)
    )


def find_abbreviations(text: str) -> Iterator[Abbreviation]:
    """Yield the definitions in `text`, in order.

    >>> [("Use retrieval-augmented generation (RAG) now"[a.long_start:a.long_end]) for a in find_abbreviations("Use retrieval-augmented generation (RAG) now")]
    ['retrieval-augmented generation']
    """
    for match in BRACKETED.finditer(text):
        inner_start, inner = match.start(1), match.group(1)
        inner = re.split(r"[;,]\s", inner, maxsplit=1)[0]
        lead = LEADING.match(inner)
        if lead:
            inner_start, inner = inner_start + lead.end(), inner[lead.end() :]
        inner = inner.rstrip()
        before = text[: match.start()].rstrip()
        window_start = max(0, before.rfind(". ") + 2 if ". " in before[-200:] else len(before) - 160, len(before) - 160)
        window = before[window_start:]
        if is_short_form(inner):
            short = inner[:-1] if inner.endswith("s") and len(inner) > 2 and inner[:-1].isupper() else inner
            letters = sum(c.isalnum() for c in short)
            limit = len(window)
            for _ in range(min(letters + 5, letters * 2)):
                cut = max(window.rfind(" ", 0, limit), window.rfind("-", 0, limit), window.rfind("/", 0, limit))
                limit = cut
                if cut < 0:
                    break
            reach = window[max(limit, 0) :]
            start = long_form_start(short, reach)
            if start is not None:
                whole = initials_start(short, reach) if short.isupper() else None  # "Easy and Efficient Foo (EEF)" has no E inside its words
                if whole is not None and whole < start and reach[whole - 1 : whole] in {"", " "}:
                    start = whole
                long_start = window_start + max(limit, 0) + start
                while text[long_start].isspace():
                    long_start += 1
                if plausible(short, text[long_start : len(before)]):
                    yield Abbreviation(inner_start, inner_start + len(inner), long_start, len(before))
        else:
            word = re.search(r"\S+$", before)
            if word and is_short_form(word.group().strip("\"“'")) and len(WORD.findall(inner)) > 1:
                short = word.group().strip("\"“'")
                start = long_form_start(short, inner)
                if start == 0 and plausible(short, inner):
                    at = word.start() + word.group().index(short)
                    yield Abbreviation(at, at + len(short), inner_start, inner_start + len(inner))


def read_abbreviations(reading: Reading) -> list[Abbreviation]:
    """Fill `reading.abbreviations` (short form, long form); where they stand."""
    text, found = reading.text, list(find_abbreviations(reading.text))
    reading.abbreviations = [(text[a.short_start : a.short_end], text[a.long_start : a.long_end]) for a in found]
    return found


@Language.factory("kgraph_abbreviations")
class Abbreviations:
    """Fills `Reading.abbreviations` and `doc.user_data["kgraph_abbreviations"]` (offsets)."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Find the definitions of one document."""
        doc.user_data["kgraph_abbreviations"] = read_abbreviations(reading_of(doc))
        return doc


make_abbreviations = Abbreviations
