"""Stage 2 and 3, known names: what the field calls its models, methods, software, datasets, metrics, tasks and devices.

One table a kind (`model.tsv`, ...), made by `kgraph/train/lexicon.py` from public lists and a hand-kept one, with source and licence in
each row; `words.txt` holds the common words of the field by frequency, `abbreviations.tsv` what abbreviations stand for and among which
other names. A name that is also an ordinary word, or is short, counts only in its exact case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from itertools import accumulate

import msgspec

from kgraph.model import KINDS, Kind
from kgraph.names import fold, singular

COLUMNS = ("name", "aliases", "exact", "kind", "broader", "higher_is_better", "ids", "source", "licence", "keys")
PREFIXES = {
    "aio": "https://w3id.org/aio/",
    "pwc": "https://paperswithcode.com/",
    "tpu": "https://www.techpowerup.com/gpu-specs/",
    "arxiv": "https://arxiv.org/abs/",
    "wd": "http://www.wikidata.org/entity/",
}
_EXACT_SOURCES = ("aio", "wd")  # ids of concepts; the others are pages about the thing


class Entry(msgspec.Struct, frozen=True):
    """One known thing. `id` is the local part of its IRI, `exact` the names that count only in their exact case."""

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    exact: frozenset[str] = frozenset()
    broader: str = ""
    higher_is_better: bool | None = None
    ids: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    keys: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the preferred one first."""
        return (self.name, *self.aliases)

    @property
    def exact_match(self) -> tuple[str, ...]:
        """IRIs of the same concept elsewhere."""
        return tuple(_expand(i) for i in self.ids if i.partition(":")[0] in _EXACT_SOURCES)

    @property
    def see_also(self) -> tuple[str, ...]:
        """IRIs of pages about it."""
        return tuple(_expand(i) for i in self.ids if i.partition(":")[0] not in _EXACT_SOURCES)


def _expand(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else curie


def entry_id(name: str) -> str:
    """The id of an entry: its preferred name in lower case, parts joined by hyphens (`Megatron-LM` -> `megatron-lm`)."""
    text = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    text = text.replace("+", "-plus").replace("#", "-sharp").replace("@", "-at-").replace("&", "-and-")
    return re.sub(r"(?<!\d)\.|\.(?!\d)|[^a-z0-9.]+", "-", text).strip("-")


# A run of letters, a number, or one of the signs that belong to names; what lies between are separators.
_PIECE = re.compile(r"([^\W\d_]+|\d+(?:\.\d+)*|[+#@/&%*]|(?<=\w)\.(?=\w))")
_ASCII_PIECE = re.compile(r"([a-z]+|[0-9]+(?:\.[0-9]+)*|[+#@/&%*]|(?<=[a-z0-9_])\.(?=[a-z0-9_]))")
"""The same in lower-case ASCII text, in two thirds of the time."""
_JOINED = re.compile(r"[\s\-_\u2010-\u2015\u2212'’]+")
_NUMBERED = re.compile(r"\s\d+(?:\.\d+)?(?![\d.]*\s*(?:%|x\b|times|points|percent))")
_LONGEST = 12  # pieces
# After a hyphen these make an adjective of a name (BERT-based); any other capital or digit there makes another name of it (BERT-Large).
_ADJECTIVE = re.compile(
    r"-(?:(?i:based|guided|driven|aware|free|augmented|enhanced|powered|level|style|like|generated|assisted|trained|inspired|related|specific|centric)\b"
    r"|(?:as|to|in|or|by)\b|[a-z]{3,})"
)


def _plain(letters: str) -> str:
    """Lower case without accents, of equal length for the letters that matter."""
    letters = letters.lower()
    return letters if letters.isascii() else "".join(unicodedata.normalize("NFKD", c)[0] for c in letters)


class Lexicon:
    """Known names, ready to be looked up and to be found in texts. Built once by `load`; immutable."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.by_id: dict[str, Entry] = {}
        self._by_key: dict[str, list[tuple[Entry, str]]] = {}
        self._single: set[str] = set()
        self._starts: dict[str, dict[str, int]] = {}  # by first and second piece: the most pieces of a name that begins so
        for entry in self.entries:
            self.by_id.setdefault(entry.id, entry)
            for name, key in zip(entry.names, entry.keys or map(fold, entry.names), strict=True):
                self._by_key.setdefault(key, []).append((entry, _JOINED.sub("", name) if name in entry.exact else ""))
                pieces = _PIECE.findall(_plain(name))
                if len(pieces) == 1:
                    self._single.add(pieces[0])
                elif pieces:
                    following = self._starts.setdefault(pieces[0], {})
                    following[pieces[1]] = max(following.get(pieces[1], 0), min(len(pieces), _LONGEST))
        self._begins = lru_cache(maxsize=1 << 16)(self._begins_name)

    def senses(self, name: str) -> tuple[Entry, ...]:
        """All entries that bear this name in this case, hand-kept ones first."""
        return self._admitted(name, self._by_key.get(fold(name), ()))

    def lookup(self, name: str, kind: Kind | None = None) -> Entry | None:
        """The entry that bears this name (of `kind`, where there is a choice), or None."""
        found = self.senses(name)
        if kind is not None and len(found) > 1:
            found = tuple(e for e in found if e.kind == kind) or found
        return found[0] if found else None

    def _begins_name(self, word: str) -> tuple[bool, dict[str, int]] | None:
        """Whether a piece is a name by itself, and by what follows it the most pieces of a name that it begins; None for most pieces."""
        alone = word in self._single or (word.endswith("s") and singular(word) in self._single)
        following = self._starts.get(word, {})
        return (alone, following) if alone or following else None

    @staticmethod
    def _admitted(surface: str, candidates: Iterable[tuple[Entry, str]]) -> tuple[Entry, ...]:
        joined = ""
        found: list[Entry] = []
        for entry, exact in candidates:
            if exact:
                joined = joined or _JOINED.sub("", surface.partition("(")[0])
                if joined != exact and (joined not in (exact + "s", exact + "es") or exact.istitle()):  # adults are no UCI Adult
                    continue
            if entry not in found:
                found.append(entry)
        return tuple(found)

    def find(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        """Known names in a text as (start, end, entry), in order, not overlapping; at each place the longest one.

        Whole words only. A name that goes on into another one (`GPT-4` in `GPT-4V`, `BERT` in `BERT-Large`, `Llama` in `Llama 2`) is not a match.

        >>> [(text, entry.name) for text, entry in ((t[a:b], e) for t in ["We train a GPT-3.5-based model on ImageNet."] for a, b, e in load().find(t))]
        [('GPT-3.5', 'GPT-3.5'), ('ImageNet', 'ImageNet')]
        """
        parts = _ASCII_PIECE.split(text.lower()) if text.isascii() else _PIECE.split(text)  # separators at even places, pieces at odd ones
        borders = list(accumulate(map(len, parts)))  # piece i is text[borders[2 * i] : borders[2 * i + 1]]
        words = parts[1::2] if text.isascii() else list(map(_plain, parts[1::2]))
        count = len(words)
        words.append("")
        done = 0
        for i, begin in enumerate(map(self._begins, words)):
            if begin is None or i < done:  # most words begin no name
                continue
            (alone, following), second = begin, words[i + 1]
            longest = following.get(second) or following.get(singular(second), 0) if following else 0
            if not (alone or longest):
                continue
            start = borders[2 * i]
            before = text[start - 1] if start else " "
            if before.isalnum() or before in "_@#/\\." or (before == "-" and start > 1 and text[start - 2].isalnum()):
                continue
            for length in range(min(longest or 1, count - i), 0 if alone else 1, -1):
                end = borders[2 * (i + length) - 1]
                entry = self._match(text, start, end)
                if entry is not None:
                    yield start, end, entry
                    done = i + length
                    break

    def _match(self, text: str, start: int, end: int) -> Entry | None:
        if not _ends_name(text, end):
            return None
        surface = text[start:end]
        candidates = self._by_key.get(fold(surface))
        if candidates is None:
            return None
        found = self._admitted(surface, candidates)
        if not found or (found[0].kind == "model" and _NUMBERED.match(text[end : end + 12])):
            return None
        return found[0]


def _ends_name(text: str, end: int) -> bool:
    """Does a name end here, or does it go on into another name?"""
    after = text[end : end + 1]
    if not after or after.isspace():
        return True
    if after.isalnum() or after in "_@#+":
        return False
    following = text[end + 1 : end + 2]
    if after == "-" and following.isalnum():
        return bool(_ADJECTIVE.match(text, end))
    return not (after == "." and following.isdigit())


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Entries of one table (its first line names the columns)."""
    rows = iter(lines)
    next(rows)
    for row in rows:
        name, aliases, exact, kind, broader, higher, ids, source, licence, keys = row.rstrip("\n").split("\t")
        others = tuple(aliases.split("|")) if aliases else ()
        yield Entry(
            entry_id(name),
            name,
            kind,  # type: ignore[arg-type]
            others,
            frozenset((name, *others) if exact == "*" else exact.split("|") if exact else ()),
            broader,
            {"": None, "1": True, "0": False}[higher],
            tuple(ids.split("|")) if ids else (),
            source,
            licence,
            tuple(keys.split("|")),
        )


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The lexicon that ships with kgraph (read once)."""
    tables = resources.files(__name__)
    entries = [e for kind in KINDS for e in read_entries(tables.joinpath(f"{kind}.tsv").read_text("utf-8").splitlines())]
    entries.sort(key=lambda e: e.source != "kgraph")
    taken: dict[str, Kind] = {}
    for number, entry in enumerate(entries):  # two things of one name: the second one's IRI says what it is
        if taken.setdefault(entry.id, entry.kind) != entry.kind:
            entries[number] = msgspec.structs.replace(entry, id=f"{entry.id}-{entry.kind}")
    return Lexicon(entries)
