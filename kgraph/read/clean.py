r"""Stage 1, read: turn raw text (LaTeX, HTML, hard line breaks, control characters) into readable text that leads back to the raw offsets.

Why an own scanner and not pylatexenc, BeautifulSoup or ftfy: each of them returns a new string without a map to the old one, and
every sentence that kgraph quotes has to be found again in the user's file. The scanner is one loop over one regular expression
with a table of brace pairs, so it takes linear time, never recurses and never fails, however unbalanced or deep the input is.

>>> decode(r"a \textbf{fast} model: $2\times$ at 0.5\% cost")[0]
'a fast model: 2× at 0.5% cost'
"""

from __future__ import annotations

import html
import re
import unicodedata

from kgraph.model import Run
from kgraph.read.markup import DIRTY, NOISE, SPACE, SPECIAL, TOKEN
from kgraph.read.pieces import EMPTY, Piece, compose, cut, join, origin_of
from kgraph.read.symbols import (
    ACCENTS,
    BLOCK_TAGS,
    DOUBLE_STRUCK,
    DROPPED,
    LIGATURES,
    SPACES,
    SUBSCRIPT,
    SUPERSCRIPT,
    SYMBOLS,
    WRAPPERS,
)

__all__ = ["EMPTY", "Piece", "clean", "compose", "cut", "decode", "join", "origin_of"]

_MATH = re.compile(r"(?:[^$\\]|\\.){1,600}?(?=\$)", re.DOTALL)
_SOFT_HYPHEN = 173
_GLYPH_BREAK = re.compile(rf"[{SPACE}]{{1,40}}(?=[a-z])")
_HYPHEN_BREAK = re.compile(rf"[{SPACE}]*[\n\r][{SPACE}]*")
_LATEX = re.compile(r"\\[a-zA-Z\"'`^~=.&%_#$(\[]|\$[^$]{1,300}\$|[_^]\{")
_RAISED = {"circ": "°", "prime": "′", "dagger": "†", "ast": "*", "star": "*", "top": "ᵀ"}
_RAISED_NAME = re.compile(r"\\(circ|prime|dagger|ast|star|top)(?![a-zA-Z])")
_ORDINAL = frozenset({"th", "st", "nd", "rd"})
_KEPT_PREFIXES = frozenset(
    "self non multi pre fine high low large small long short end state real well cross semi co post sub inter intra open closed human data model "
    "zero few one two three first second task domain time cost parameter resource energy memory compute context instruction".split()
)
_CLOSING = frozenset(".,;:!?)]")


def decode(raw: str, *, braces: bool = False) -> tuple[str, tuple[Run, ...]]:
    """Return the readable form of `raw` and the runs of it that stand unchanged there, in order of both.

    `text[run.start : run.start + run.length] == raw[run.origin : run.origin + run.length]` holds for every run; text outside the runs
    replaces something (`\\alpha`, `&amp;`, a line break). `braces` drops `{}` also where no LaTeX is seen, as BibTeX needs it.
    """
    if not DIRTY.search(raw) and not (braces and "{" in raw):
        return raw, ((Run(0, 0, len(raw)),) if raw else ())
    return _Scanner(raw, braces or bool(_LATEX.search(raw))).scan()


def clean(piece: Piece, *, braces: bool = False) -> Piece:
    """Decode a piece; its runs lead from the readable text to the file."""
    text, inner = decode(piece.text, braces=braces)
    return Piece(text, compose(inner, piece.runs))


class _Scanner:
    """The state of one `decode`: output so far, its runs, open mathematics, what to print at which closing brace."""

    def __init__(self, raw: str, latex: bool) -> None:
        self.raw = raw
        self.latex = latex
        self.out: list[str] = []
        self.size = 0
        self.last = " "  # last character put out; a blank at the beginning, so that leading blanks go
        self.runs: list[tuple[int, int, int]] = []
        self.pairs = _brace_pairs(raw) if "{" in raw else {}
        self.at_close: dict[int, str] = {}
        self.math = False
        self.math_end = -1
        self.quoted = False
        self.dropped = False  # something was left out just before: a blank before punctuation goes too

    def copy(self, start: int, end: int) -> None:
        """Put out `raw[start:end]` unchanged, but for a blank that would be doubled."""
        if start < end and self.last == " " and self.raw[start] == " ":
            start += 1
        if start >= end:
            return
        if self.dropped and self.last == " " and self.raw[start] in _CLOSING:
            self.trim()
        self.dropped = False
        self.out.append(self.raw[start:end])
        if self.runs and self.runs[-1][0] + self.runs[-1][2] == self.size and self.runs[-1][1] + self.runs[-1][2] == start:
            self.runs[-1] = (self.runs[-1][0], self.runs[-1][1], self.runs[-1][2] + end - start)
        else:
            self.runs.append((self.size, start, end - start))
        self.size += end - start
        self.last = self.raw[end - 1]

    def emit(self, text: str) -> None:
        """Put out text that stands for something else in the raw text."""
        if self.last == " ":
            text = text.lstrip(" ")
        if text:
            self.out.append(text)
            self.size += len(text)
            self.last = text[-1]
            self.dropped = False

    def trim(self) -> None:
        """Take back a blank at the end of the output."""
        while self.out and self.size and self.out[-1].endswith(" "):
            self.out[-1] = self.out[-1][:-1]
            self.size -= 1
            if not self.out[-1]:
                self.out.pop()
            if self.runs and self.runs[-1][0] + self.runs[-1][2] > self.size:
                start, origin, length = self.runs[-1]
                if length > 1:
                    self.runs[-1] = (start, origin, length - 1)
                else:
                    self.runs.pop()
        self.last = self.out[-1][-1] if self.out else " "

    def scan(self) -> tuple[str, tuple[Run, ...]]:
        raw, at, copied = self.raw, 0, 0
        while found := SPECIAL.search(raw, at):
            start = found.start()
            if raw[start] == " " and start > copied and raw[start - 1] == " ":
                start -= 1
            token = TOKEN.match(raw, start)
            if token is None:
                at = start + 1
                continue
            self.copy(copied, start)
            at = copied = max(_HANDLERS[token.lastgroup or ""](self, token), start + 1)
        self.copy(copied, len(raw))
        self.trim()
        return "".join(self.out), tuple(Run(*run) for run in self.runs)

    def argument(self, at: int) -> tuple[int, int] | None:
        """Return the places of the braces of an argument that begins at `at`, blanks and one `[option]` before it passed over."""
        found = _OPTION.match(self.raw, at)
        at = found.end() if found else at
        return (at, self.pairs[at]) if at in self.pairs else None

    def gap(self, token: re.Match[str]) -> int:
        """White space becomes one blank; a hyphen before a line break may have to go."""
        text = token.group()
        if self.last in "-\u2010" and self.size > 1 and ("\n" in text or "\r" in text) and _HYPHEN_BREAK.fullmatch(text):
            return self.unbreak(token)
        if text[0] == " ":
            self.copy(token.start(), token.start() + 1)
        else:
            self.emit(" ")
        return token.end()

    def unbreak(self, token: re.Match[str]) -> int:
        """Join a word broken over two lines: its hyphen goes unless the word is written with it."""
        before = _WORD_END.search(self.raw, max(0, token.start() - 60), token.start())
        after = _WORD_START.match(self.raw, token.end())
        if before is None or after is None:
            self.emit(" ")
            return token.end()
        left, right = before.group(1), after.group()
        compound = "-" in left or left.lower() in _KEPT_PREFIXES or f"{left}-{right}" in self.raw
        if not compound or (left + right) in self.raw:
            runs = self.runs
            self.out[-1] = self.out[-1][:-1]
            self.size -= 1
            if runs and runs[-1][0] + runs[-1][2] > self.size:
                runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] - 1)
            self.last = left[-1]
        return token.end()

    def url(self, token: re.Match[str]) -> int:
        self.literal(token.start(), token.end())
        return token.end()

    def literal(self, start: int, end: int) -> None:
        """Copy a stretch in which only escaped characters are decoded, as in an address."""
        at = start
        for escape in _ESCAPED.finditer(self.raw, start, end):
            self.copy(at, escape.start())
            if escape.group()[0] == "&":
                self.copy(escape.start(), escape.start() + 1)
                at = escape.end()
            else:
                at = escape.start() + 1
        self.copy(at, end)

    def script(self, token: re.Match[str]) -> int:
        table = SUPERSCRIPT if token["which"] == "p" else SUBSCRIPT
        inner = token["inner"]
        if all(character in table for character in inner):
            self.emit("".join(table[character] for character in inner))
        else:
            self.copy(token.start("inner"), token.end("inner"))
        return token.end()

    def tag(self, token: re.Match[str]) -> int:
        if token["name"] in BLOCK_TAGS:
            self.emit(" ")
        if token["name"] == "a" and not token["slash"]:
            self.anchor(token)
        if token["slash"] and token.start() in self.at_close:
            self.emit(self.at_close[token.start()])
        return token.end()

    def anchor(self, token: re.Match[str]) -> None:
        """Keep the address of a link whose text does not show it."""
        link = _LINK.search(token.group())
        shown = _ANCHOR_TEXT.match(self.raw, token.end())
        if link and shown and not _same_address(link.group(1), shown.group(1)):
            self.at_close[shown.end(1)] = f" ({link.group(1)})"

    def comment(self, token: re.Match[str]) -> int:
        return token.end()

    def entity(self, token: re.Match[str]) -> int:
        text = token.group()
        for _ in range(4):
            text = html.unescape(text)
        if text == token.group():
            self.copy(token.start(), token.end())
        else:
            text = "".join(" " if character.isspace() else character for character in text if not _NOISY.match(character))
            self.emit(text)
        return token.end()

    def accent(self, token: re.Match[str]) -> int:
        base = {"\\i": "i", "\\j": "j"}.get(token["braced"] or token["bare"], token["braced"] or token["bare"])
        self.emit(unicodedata.normalize("NFC", base + ACCENTS[token["mark"] or token["letter"]]))
        return token.end()

    def escape(self, token: re.Match[str]) -> int:
        character = token["char"]
        if character in "([":
            self.math = True
        elif character in ")]":
            self.math = False
        elif character in "\\,;: \n\r\t":
            self.emit(" ")
        elif character in "%&_#${}|<>\"'~^*+=.?":
            self.copy(token.start("char"), token.end("char"))
        elif character not in "-/!@":
            return token.start("char")
        return token.end()

    def dollar(self, token: re.Match[str]) -> int:
        start, end = token.span()
        if start == self.math_end:
            self.math, self.math_end = False, -1
            return end
        if len(token.group()) == 2:
            closing = self.raw.find("$$", end, end + 2000)
        else:
            found = _MATH.match(self.raw, end)
            closing = found.end() if found else -1
            if closing > 0 and not self.is_math(end, closing):
                closing = -1
        if self.math or closing < 0:
            self.copy(start, end)
        else:
            self.math, self.math_end, self.latex = True, closing, True
        return end

    def is_math(self, start: int, end: int) -> bool:
        """Tell mathematics between two dollar signs from two sums of money, as pandoc does (and formulas with blanks by their commands)."""
        inner = self.raw[start:end]
        if "\n\n" in inner or not inner.strip():
            return False
        if any(character in inner for character in "\\^_="):
            return True
        return not inner[0].isspace() and not inner[-1].isspace() and not self.raw[end + 1 : end + 2].isdigit() and len(inner) <= 100

    def open(self, token: re.Match[str]) -> int:
        if not (self.latex and token.start() in self.pairs):
            self.copy(*token.span())
        return token.end()

    def close(self, token: re.Match[str]) -> int:
        start = token.start()
        if start in self.at_close:
            self.emit(self.at_close[start])
        elif not (self.latex and start in self.pairs):
            self.copy(*token.span())
        return token.end()

    def raised(self, token: re.Match[str]) -> int:
        """Superscripts and subscripts: Unicode where it has them, else `^` and `_` with parentheses where needed."""
        start, end = token.span()
        table = SUPERSCRIPT if token.group() == "^" else SUBSCRIPT
        group = (end, self.pairs[end]) if end in self.pairs else None
        if group is None:
            following = self.raw[end : end + 1]
            if self.math and following in table and following:
                self.emit(table[following])
                return end + 1
            if self.math and (named := _RAISED_NAME.match(self.raw, end)):
                self.emit(_RAISED[named.group(1)])
                return named.end()
            self.copy(start, end)
            return end
        inner = self.raw[end + 1 : group[1]] if group[1] - end < 60 else "…"
        if inner and all(character in table for character in inner):
            self.emit("".join(table[character] for character in inner))
            return group[1] + 1
        if inner in _ORDINAL or inner in ("*", ""):
            return end + 1
        if named := _RAISED_NAME.fullmatch(inner):
            self.emit(_RAISED[named.group(1)])
            return group[1] + 1
        self.copy(start, end)
        if _COMPOUND.search(inner):
            self.emit("(")
            self.at_close.setdefault(group[1], ")")
        return end + 1

    def tie(self, token: re.Match[str]) -> int:
        following = self.raw[token.end() : token.end() + 1]
        if self.last == " " and (following.isdigit() or following == "$"):
            self.copy(*token.span())  # "~50 GPUs" is "about 50 GPUs"
        else:
            self.emit(" ")
        return token.end()

    def quote(self, token: re.Match[str]) -> int:
        opening = token.group() == "``"
        self.emit("“" if opening else "”" if self.quoted else '"')
        self.quoted = opening
        return token.end()

    def dash(self, token: re.Match[str]) -> int:
        width = len(token.group())
        option = width == 2 and self.last in " (" and self.raw[token.end() : token.end() + 1].isalpha()
        if option or width > 3:
            self.copy(*token.span())
        else:
            self.emit("–" if width == 2 else "—")
        return token.end()

    def ligature(self, token: re.Match[str]) -> int:
        self.emit(LIGATURES[token.group()])
        return token.end()

    def mojibake(self, token: re.Match[str]) -> int:
        """UTF-8 that was read as Windows-1252 (`â€™`) is read again; what does not decode was meant as it stands."""
        for end in range(token.end(), token.start() + 1, -1):
            try:
                text = b"".join(_windows_byte(character) for character in self.raw[token.start() : end]).decode("utf-8")
            except UnicodeError:
                continue
            self.emit("".join(" " if character.isspace() else character for character in text if not _NOISY.match(character)))
            return end
        self.copy(token.start(), token.start() + 1)
        return token.start() + 1

    def glyph(self, token: re.Match[str]) -> int:
        """A glyph that a PDF gave by number only: 173 is the soft hyphen at the end of a line, whose words are one; others stand for no text."""
        end = token.end()
        if int(token["glyph"]) == _SOFT_HYPHEN and self.last.isalpha() and (space := _GLYPH_BREAK.match(self.raw, end)):
            return space.end()
        return end

    def noise(self, token: re.Match[str]) -> int:
        """Control characters and lone surrogates go; Windows-1252 bytes that were read as Latin-1 get their character."""
        if token.group()[-1] == "\xad" and (end := _HYPHEN_BREAK.match(self.raw, token.end())):
            return end.end()
        for character in token.group():
            if "\x80" <= character <= "\x9f":
                self.emit(character.encode("latin-1").decode("cp1252", "ignore"))
            elif "\ud800" <= character <= "\udfff":
                self.emit("\ufffd")
        return token.end()

    def command(self, token: re.Match[str]) -> int:
        word, end = token["word"], token.end()
        group = self.argument(end)
        if word in ("href", "url", "path") and group:
            return self.link(word, group)
        if word in ("frac", "dfrac", "tfrac", "nicefrac", "sfrac") and group and (second := self.argument(group[1] + 1)):
            for left, right in (group, second):
                if _COMPOUND.search(self.raw[left + 1 : right][:60]):
                    self.at_close.setdefault(right, ")")
            self.at_close[group[1]] = self.at_close.get(group[1], "") + "/" + ("(" if second[1] in self.at_close else "")
            self.emit("(" if ")" in self.at_close[group[1]] else "")
            return group[0] + 1
        if word == "sqrt" and group:
            long = group[1] - group[0] > 2
            self.emit("√(" if long else "√")
            if long:
                self.at_close.setdefault(group[1], ")")
            return group[0] + 1
        if word == "footnote" and group:
            self.emit(" (")
            self.at_close.setdefault(group[1], ")")
            return group[0] + 1
        if word in ACCENTS and len(word) > 1 and group and group[1] - group[0] == 2:
            self.emit(unicodedata.normalize("NFC", self.raw[group[0] + 1] + ACCENTS[word]))
            return group[1] + 1
        if word in ("mathbb", "mathds", "mathbbm") and group and (letter := DOUBLE_STRUCK.get(self.raw[group[0] + 1 : group[1]])):
            self.emit(letter)
            return group[1] + 1
        if word in DROPPED:
            self.dropped = True
            return group[1] + 1 if group else end
        return self.plain_command(word, end, group)

    def plain_command(self, word: str, end: int, group: tuple[int, int] | None) -> int:
        """Commands that print a symbol, a gap, their argument, or (unknown ones) their own name."""
        if word in SPACES:
            self.emit(SPACES[word])
            return end
        if word in SYMBOLS:
            symbol = SYMBOLS[word]
            if len(symbol) > 1 and self.last.isalnum() and self.math:
                self.emit(" ")
            self.emit(symbol)
            if group and group[1] == group[0] + 1:
                return group[1] + 1
            if symbol.isalpha() and len(symbol) <= 2 and not self.math and self.raw[end : end + 1] == " " and self.raw[end + 1 : end + 2].isalpha():
                return end + 1 if word in _LETTERS else end
            return end
        if word in WRAPPERS:
            return group[0] + 1 if group else end + (self.raw[end : end + 1] == " ")
        if word[0] in "nrt" and word[1:2].isupper() and not self.math:
            self.emit(" ")  # a line break or tab that was escaped twice on its way
            return end - len(word) + 1
        self.copy(end - len(word), end)
        return end

    def link(self, word: str, group: tuple[int, int]) -> int:
        """`\\url{u}` is u; `\\href{u}{t}` is t, and u behind it where t does not show it."""
        second = self.argument(group[1] + 1) if word == "href" else None
        if second is None:
            self.literal(group[0] + 1, group[1])
            return group[1] + 1
        address = _ESCAPED.sub(lambda escape: escape.group()[1:] if escape.group()[0] == "\\" else "&", self.raw[group[0] + 1 : group[1]])
        if not _same_address(address, self.raw[second[0] + 1 : second[1]]):
            self.at_close.setdefault(second[1], f" ({' '.join(address.split())})")
        return second[0] + 1


_OPTION = re.compile(r"[ \t]{0,3}(?:\[[^\[\]{}]{0,200}\]){0,2}[ \t]{0,3}")
_ESCAPED = re.compile(r"\\[_%&#~$]|&amp;")
_COMPOUND = re.compile(r"[-+=,/ ]")
_WORD_END = re.compile(r"([^\W\d_]{2,}(?:-[^\W\d_]+)*)[-\u2010]\Z")
_WORD_START = re.compile(r"[^\W\d_]{2,}")
_LINK = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]{4,2000})")
_ANCHOR_TEXT = re.compile(r"([^<>]{0,300})(?=</a)")
_NOISY = re.compile(rf"[{NOISE}]")
_LETTERS = frozenset("ss o O l L ae AE oe OE aa AA i j dh DH th TH ng NG dj DJ".split())

_HANDLERS = {
    "url": _Scanner.url,
    "script": _Scanner.script,
    "tag": _Scanner.tag,
    "comment": _Scanner.comment,
    "entity": _Scanner.entity,
    "accent": _Scanner.accent,
    "command": _Scanner.command,
    "escape": _Scanner.escape,
    "dollar": _Scanner.dollar,
    "open": _Scanner.open,
    "close": _Scanner.close,
    "raised": _Scanner.raised,
    "tie": _Scanner.tie,
    "quote": _Scanner.quote,
    "dash": _Scanner.dash,
    "ligature": _Scanner.ligature,
    "space": _Scanner.gap,
    "glyph": _Scanner.glyph,
    "mojibake": _Scanner.mojibake,
    "noise": _Scanner.noise,
}


def _brace_pairs(raw: str) -> dict[int, int]:
    """Return the partner of every brace that has one (both ways), escaped ones left out."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for found in _BRACE.finditer(raw):
        if found.group() == "{":
            waiting.append(found.start())
        elif found.group() == "}" and waiting:
            opening = waiting.pop()
            pairs[opening], pairs[found.start()] = found.start(), opening
    return pairs


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _same_address(address: str, shown: str) -> bool:
    """Does the text of a link show where it leads?"""
    bare = re.sub(r"\\(?=[_%&#~$])|[{}\s]|\\[a-zA-Z]+", "", shown).lower()
    bare = bare.removeprefix("https://").removeprefix("http://").rstrip("/.")
    return len(bare) >= 6 and "." in bare and bare in address.lower()


def _windows_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
