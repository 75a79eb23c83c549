"""Stage 1, read: what pasted text consists of: paragraphs, and whether one is an abstract, a title, a comment or the furniture of a page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_FUNCTION_WORDS = frozenset(
    "the of and to in a is that for we on with by are as this our from be an it which can these has have not or at into their its been such than more "
    "using".split()
)
_FURNITURE = re.compile(
    r"\b(?:cookies?|privacy policy|terms of (?:use|service)|all rights reserved|subscribe|newsletter|sign (?:in|up)|log ?in|your (?:email|inbox"
    r"|account)|copyright ©|"
    r"javascript|advertisement|view all|read more|load more|browse|follow us|click here|skip to|menu|upvote|trending)\b",
    re.I,
)
_DATE_LINE = re.compile(
    r"\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s*)?(?:(?:published|submitted|updated|posted|date)\s*(?:on|at)?:?\s*)?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w*\.?\s*\d{0,2}(?:st|nd|rd|th)?|\d{1,2}\s*(?:jan|feb|mar|apr|may|june?|july?|aug"
    r"|sept?|oct|nov|dec)\w*|"
    r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4})(?:,?\s*\d{4})?(?:\s*\(?v?\d*\)?)?\W*",
    re.I,
)
_COMMENT = re.compile(
    r"\W*(?:comments?:|(?:\d+|\w+)\s+(?:main\s+)?(?:pages?|pp\b|figures?|figs?\b|tables?)\b|(?:accepted|published|to appear|appears?|appeared"
    r"|presented|submitted|under review|camera[- ]ready|"
    r"preprint|work in progress|in progress|oral|spotlight|poster|technical report|draft|working paper|extended (?:version|abstract)|project page"
    r"|code(?: is)? (?:at|available)|"
    r"journal[- ]ref|subjects?:|cite as:|doi:|msc[- ]class|acm[- ]class|report[- ]no|first (?:two )?authors?|equal contribution|github:|website:"
    r"|homepage:|demo:|"
    r"(?:acl|emnlp|naacl|neurips|nips|icml|iclr|aaai|ijcai|cvpr|iccv|eccv|kdd|www|sigir|coling|interspeech|icassp)\b.{0,40}$))",
    re.I,
)
_BYLINE = re.compile(r"\s*(?:by\b|by(?=[A-Z])|authors?:|posted by|submitted by|from\b.*\bcommunity)", re.I)
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]}]*(?:\s|$)")


class Paragraph(NamedTuple):
    """Lines without an empty one between them: where they begin and end in the text, and the 1-based number of the first."""

    text: str
    start: int
    end: int
    line: int


def paragraphs(text: str, start: int = 0, end: int | None = None, line: int | None = None) -> Iterator[Paragraph]:
    """Yield the paragraphs of `text[start:end]`, blanks around them left out; `line` is the number of the line that `start` is in."""
    end = len(text) if end is None else end
    number = line if line is not None else line_at(text, start)
    at = start
    for found in _PARAGRAPH.finditer(text, start, end):
        number += text.count("\n", at, found.start())
        at = found.start()
        stop = found.start() + len(found.group().rstrip())
        yield Paragraph(text[at:stop], at, stop, number)


_PARAGRAPH = re.compile(r"[^\s\ufeff](?:[^\n]*+(?:\n(?![ \t\r]*(?:\n|\Z))[^\n]*+)*+)")


@lru_cache(maxsize=1)
def _line_ends(text: str) -> list[int]:
    return [found.start() for found in re.finditer("\n", text)]


def line_at(text: str, offset: int) -> int:
    """Return the 1-based number of the line in which `offset` is (the ends of lines of the last text asked for are remembered)."""
    return bisect_left(_line_ends(text), offset) + 1


def lines(paragraph: Paragraph) -> list[Paragraph]:
    """Return the lines of a paragraph as paragraphs of their own."""
    found = []
    at, number = paragraph.start, paragraph.line
    for line in paragraph.text.split("\n"):
        bare = line.strip()
        if bare:
            begin = at + line.index(bare)
            found.append(Paragraph(bare, begin, begin + len(bare), number))
        at += len(line) + 1
        number += 1
    return found


def words(text: str) -> int:
    """Return the number of words."""
    return sum(1 for _ in _WORD.finditer(text))


def is_prose(text: str, fewest: int = 30) -> bool:
    """Is this running text, as an abstract is: sentences with the small words of English (other languages: long and with sentence ends)?"""
    found = [word.lower() for word in _WORD.findall(text[:6000])]
    if len(found) < fewest:
        return len(text) > 120 and _mostly_unspaced(text)
    small = sum(1 for word in found if word in _FUNCTION_WORDS)
    furniture = len(_FURNITURE.findall(text[:3000]))
    if furniture >= 2 and furniture * 25 > len(found):
        return False
    ends = len(_SENTENCE_END.findall(text))
    return ends >= 1 and (small >= 0.12 * len(found) or (len(found) >= 60 and ends * 60 >= len(found)))


def _mostly_unspaced(text: str) -> bool:
    """Chinese, Japanese or Thai, which do not part words by blanks."""
    return sum(1 for character in text if "\u0e00" <= character <= "\u0e7f" or "\u3040" <= character <= "\u9fff") * 2 > len(text)


def is_comment(text: str) -> bool:
    """Is this a line such as `12 pages, 4 figures` or `Accepted to ...`?"""
    return len(text) < 400 and bool(_COMMENT.match(text)) and words(text) < 40


def is_title(text: str) -> bool:
    """Could this line be the title of a paper: no furniture, no date, no byline, no sentence?"""
    bare = " ".join(text.split())
    count = words(bare)
    if not 8 <= len(bare) <= 300 or not (2 <= count <= 40 or _mostly_unspaced(bare)):
        return False
    if _DATE_LINE.fullmatch(bare) or _BYLINE.match(bare) or is_comment(bare) or bare.startswith(("http://", "https://", "www.", "arXiv:")):
        return False
    if bare.endswith((".", "…", ",", ";", ":")) and not bare.endswith(("...", "Inc.")):
        return False
    if bare.endswith("!") and count < 10:
        return False
    return not (_FURNITURE.search(bare) and count < 10)


def is_names(text: str, fewest: int = 1) -> bool:
    """Is this a line of at least `fewest` names of persons: capitalised words, two to five each, parted by commas or `and`?"""
    parts = [part.split() for part in _NAME_BORDER.split(_NAME_MARKS.sub("", text[:2_000])) if part.strip()]
    return len(parts) >= fewest and len(text) < 2_000 and all(2 <= len(part) <= 5 and all(_is_name_part(word) for word in part) for part in parts)


_NAME_BORDER = re.compile(r"[,;·&|]|\band\b|\bet al\b\.?")
_NAME_MARKS = re.compile(r"[\d*†‡§¶_()]+")
_PARTICLES = frozenset("de da di del della der den van von la le el al bin ibn ben dos du y e".split())


def _is_name_part(word: str) -> bool:
    return word in _PARTICLES or (word[0].isupper() and all(character.isalpha() or character in ".-’'" for character in word))
