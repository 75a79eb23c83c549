"""Stage 1, read: records of the same paper become one paper, by identifier, DOI, title or near-equal text; papers get their final keys.

Near-equal texts are found with MinHash and locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, chapter 3) over shingles of five words, and texts that were cut off by the hash of their opening. Every candidate is then
compared exactly. No step compares all pairs, and the result does not depend on the order of the input.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from kgraph.model import Paper, Run, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 32, 3
NEAR = 0.5
"""Jaccard similarity of the shingles from which two texts are the same abstract."""
INSIDE = 0.8
"""Share of the shorter text's shingles found in the longer one from which it is a cut form of it (when both begin alike)."""
UNLIKE = 0.04
"""Two long texts of one language that are less alike than this are two papers even under one title."""
_OPENING = 120
_MOST_OF_A_KIND = 8
_MOST_SHINGLES = 3_000
_PRIME = (1 << 61) - 1


def merge_duplicates(papers: Iterable[Paper]) -> list[Paper]:
    """Return each distinct paper once, with the sources of all its records, sorted by its final key.

    Identifiers are merged; the longest abstract and title are kept (ties by content), the fullest author list, the most exact date.
    """
    records = sorted(papers, key=_content)
    folded = [fold(paper.abstract) for paper in records]
    groups = _Groups(len(records))
    for left, right in _same_identifier(records):
        groups.unite(left, right)
    texts = _Shingles(folded)
    for candidates in (_one_text(folded), _near_texts(folded, texts), _like_titles(records)):
        for left, right in candidates:
            if groups.root(left) != groups.root(right) and same_paper(records[left], records[right], *texts.alike(left, right)):
                groups.unite(left, right)
    merged = [merge([records[member] for member in members]) for members in groups.members()]
    return _with_keys(merged)


def same_paper(left: Paper, right: Paper, jaccard: float, inside: float) -> bool:
    """Are these two records of one paper, given the likeness of their texts (Jaccard) and the share of the shorter one in the other?

    Titles and identifiers speak, too: other numbers in the titles tell the parts of a series apart, other ids of one kind two papers
    of the same authors, unless text and title agree; a like title makes up for a text that was revised.
    """
    one, two = title_words(left.title), title_words(right.title)
    titled = bool(one and two)
    overlap = len(one & two) / min(len(one), len(two)) if titled else 0.0
    if titled and jaccard < 0.98 and _numbers(left.title) != _numbers(right.title):
        return False
    if _other_ids(left, right):
        return jaccard >= 0.65 and overlap >= 0.5 if titled else jaccard >= 0.98
    if jaccard >= NEAR or (inside >= INSIDE and fold(left.abstract)[:_OPENING] == fold(right.abstract)[:_OPENING]):
        return True
    if not titled:
        return False
    if fold(left.title) == fold(right.title):
        translated = left.abstract.isascii() != right.abstract.isascii()
        return jaccard >= UNLIKE or translated or min(len(left.abstract), len(right.abstract)) <= 200
    return (
        (one == two and jaccard >= 0.1)
        or (overlap >= 0.8 and jaccard >= 0.3)
        or (_coined(left.title) != "" and _coined(left.title) == _coined(right.title) and jaccard >= 0.15)
    )


def title_words(title: str) -> frozenset[str]:
    """Return the stems (five letters) of the words of a title that say something."""
    return frozenset(word[:5] for word in fold(title).split() if word not in _SMALL_WORDS and (len(word) > 1 or word.isdigit()))


_SMALL_WORDS = frozenset(
    "a an and as at by for from in into is of on or over the to towards toward using via with without through its it are can do does how".split()
)
_ORDINALS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth i ii iii iv v vi vii viii".split()
)


def _numbers(title: str) -> frozenset[str]:
    """Return the numbers, years, ordinals and version marks of a title."""
    return frozenset(word for word in fold(title).split() if word in _ORDINALS or any(character.isdigit() for character in word))


def _coined(title: str) -> str:
    """Return the one word before the colon of a title, the name that the paper gives to its work."""
    head, colon, _ = title.partition(":")
    return fold(head) if colon and 4 <= len(head.strip()) <= 40 and " " not in head.strip() else ""


def _other_ids(left: Paper, right: Paper) -> bool:
    """Do both have an id of one kind, and not the same?"""
    one, two = ({scheme: rest for scheme, _, rest in (identifier.partition(":") for identifier in paper.identifiers)} for paper in (left, right))
    return any(one[scheme] != two[scheme] for scheme in one.keys() & two.keys() & {"arXiv", "acl", "pmid"})


def fold(text: str) -> str:
    """Return the letters and digits of a text in lower case, one blank between words: what is left when only the typography differs."""
    if text.isascii():
        return " ".join(_ASCII_WORDS.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(_WORDS.findall("".join(character for character in plain if not unicodedata.combining(character))))


_ASCII_WORDS = re.compile(r"[a-z0-9]+")
_WORDS = re.compile(r"[^\W_]+")


def _content(paper: Paper) -> tuple[object, ...]:
    return (paper.abstract, paper.title, paper.identifiers, paper.issued, paper.authors, paper.urls, paper.sources)


class _Groups:
    """Disjoint sets of record numbers; the smallest member stands for its set, so the order of unions does not matter."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, member: int) -> int:
        while self.parent[member] != member:
            self.parent[member] = self.parent[self.parent[member]]
            member = self.parent[member]
        return member

    def unite(self, left: int, right: int) -> None:
        low, high = sorted((self.root(left), self.root(right)))
        self.parent[high] = low

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for member in range(len(self.parent)):
            found[self.root(member)].append(member)
        return list(found.values())


class _Shingles:
    """The hashed shingles of texts, computed when first asked for."""

    def __init__(self, folded: list[str]) -> None:
        self.folded = folded
        self.known: dict[int, NDArray[np.uint64]] = {}
        self.words: dict[str, int] = {}

    def of(self, index: int) -> NDArray[np.uint64]:
        if index not in self.known:
            if len(self.known) > 4_096:
                self.known.clear()
            self.known[index] = shingles(self.folded[index], self.words)
        return self.known[index]

    def alike(self, left: int, right: int) -> tuple[float, float]:
        """Return the Jaccard similarity of two texts and the share of the smaller one that is in the other."""
        import numpy as np

        one, two = self.of(left), self.of(right)
        if not len(one) or not len(two):
            return 0.0, 0.0
        common = len(np.intersect1d(one, two, assume_unique=True))
        return common / (len(one) + len(two) - common), common / min(len(one), len(two))


def shingles(folded: str, words: dict[str, int]) -> NDArray[np.uint64]:
    """Return the sorted hashes of all runs of SHINGLE words (of characters, where blanks do not part words); equal on every machine."""
    import numpy as np

    parts = folded.split()
    if len(parts) * 15 < len(folded):
        parts = list(folded.replace(" ", ""))
    codes = []
    for word in parts[:_MOST_SHINGLES]:
        code = words.get(word)
        if code is None:
            if len(words) > 1_000_000:
                words.clear()
            code = words[word] = zlib.crc32(word.encode("utf-8", "surrogatepass"))
        codes.append(code)
    if not codes:
        return np.zeros(0, dtype=np.uint64)
    values = np.array(codes, dtype=np.uint64)
    width = min(SHINGLE, len(values))
    mixed = np.zeros(len(values) - width + 1, dtype=np.uint64)
    for offset in range(width):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + values[offset : offset + len(mixed)]
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


def _same_identifier(records: list[Paper]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for index, paper in enumerate(records):
        for identifier in paper.identifiers:
            yield first.setdefault(identifier, index), index


def _one_text(folded: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs whose folded texts are equal."""
    first: dict[bytes, int] = {}
    for index, text in enumerate(folded):
        head = first.setdefault(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), index)
        if head != index:
            yield head, index


def _like_titles(records: list[Paper]) -> Iterator[tuple[int, int]]:
    """Pairs under one title, under titles of the same words, or under the same coined name; each with the first few of its kind."""
    kinds: dict[object, list[int]] = defaultdict(list)
    for index, paper in enumerate(records):
        title = fold(paper.title)
        if not title:
            continue
        words = title_words(paper.title)
        keys: list[object] = [title] if len(title) >= 20 and (len(words) >= 2 or not title.isascii()) else []
        keys += [words] if len(words) >= 4 else []
        keys += [(name,)] if (name := _coined(paper.title)) else []
        for key in keys:
            for head in kinds[key]:
                yield head, index
            if len(kinds[key]) < _MOST_OF_A_KIND:
                kinds[key].append(index)


def _near_texts(folded: list[str], texts: _Shingles) -> Iterator[tuple[int, int]]:
    """Pairs that share a band of their signature or their opening."""
    buckets: dict[tuple[int, bytes], int] = {}
    openings: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(folded):
        if len(text) < 60:
            continue
        heads = {buckets.setdefault(key, index) for key in _bands(texts.of(index))} - {index}
        opening = openings[text[:_OPENING]]
        heads.update(opening)
        if len(opening) < _MOST_OF_A_KIND:
            opening.append(index)
        for head in sorted(heads):
            yield head, index


def _bands(hashes: NDArray[np.uint64]) -> list[tuple[int, bytes]]:
    """Return the bands of the MinHash signature of a set of shingles."""
    import numpy as np

    global _MULTIPLIERS
    if _MULTIPLIERS is None:
        made = [int.from_bytes(hashlib.blake2b(str(number).encode(), digest_size=8).digest(), "big") | 1 for number in range(BANDS * ROWS)]
        _MULTIPLIERS = np.array(made, dtype=np.uint64)
    if not len(hashes):
        return []
    # multiply-shift hashing (Dietzfelbinger et al. 1997): the upper half of a product with an odd number is nearly universal
    signature = ((hashes[None, :] * _MULTIPLIERS[:, None]) >> np.uint64(32)).min(axis=1).astype(np.uint32)
    data = signature.tobytes()
    width = 4 * ROWS
    return [(band, data[band * width : (band + 1) * width]) for band in range(BANDS)]


_MULTIPLIERS: NDArray[np.uint64] | None = None


def merge(records: list[Paper]) -> Paper:
    """Return one paper for the records of it; offsets of the sources lead from the text that is kept, as far as theirs equals it."""
    if len(records) == 1:
        return records[0]
    text = max(records, key=lambda paper: (len(paper.abstract), paper.abstract))
    title = max((paper.title for paper in records), key=lambda title: (len(title), title))
    sources: dict[tuple[str, int], Source] = {}
    for paper in records:
        for source in paper.sources:
            mapped = msgspec.structs.replace(
                source,
                abstract_runs=_carried(source.abstract_runs, paper.abstract, text.abstract),
                title_runs=_carried(source.title_runs, paper.title, title),
            )
            known = sources.get((source.path, source.line))
            if known is None or known < mapped:
                sources[source.path, source.line] = mapped
    authors = max((paper.authors for paper in records), key=lambda names: (len(names), sum(map(len, names)), names))
    issued = max((paper.issued for paper in records), key=lambda issued: (len(issued), issued))
    return Paper(
        key="",
        abstract=text.abstract,
        title=title,
        identifiers=tuple(sorted({identifier for paper in records for identifier in paper.identifiers})),
        issued=issued,
        authors=authors,
        urls=tuple(sorted({url for paper in records for url in paper.urls})),
        sources=tuple(sources[place] for place in sorted(sources)),
    )


def _carried(runs: tuple[Run, ...], own: str, kept: str) -> tuple[Run, ...]:
    """Return the runs of a record's own text as runs of the text that was kept: those in the common beginning and the common end."""
    if own == kept:
        return runs
    shortest = min(len(own), len(kept))
    begin = next((at for at in range(shortest) if own[at] != kept[at]), shortest)
    end = next((at for at in range(shortest - begin) if own[-1 - at] != kept[-1 - at]), shortest - begin)
    shift = len(kept) - len(own)
    made = []
    for run in runs:
        stop = run.start + run.length
        if run.start < begin:
            made.append(Run(run.start, run.origin, min(stop, begin) - run.start))
        if stop > len(own) - end:
            left = max(run.start, len(own) - end)
            made.append(Run(left + shift, run.origin + left - run.start, stop - left))
    return tuple(made)


def key_of(paper: Paper) -> str:
    """Return the key of a paper, a legal local name of an IRI that depends on its content alone.

    >>> key_of(Paper(key="", abstract="We ...", identifiers=("arXiv:1706.03762",)))
    'arxiv-1706.03762'
    >>> key_of(Paper(key="", abstract="We present a system.", title="Attention Is All You Need"))
    'attention-is-all-you-need-728182e9'
    """
    for scheme in ("arXiv", "doi", "acl", "pmid", "openreview"):
        for identifier in paper.identifiers:
            name, _, rest = identifier.partition(":")
            if name == scheme:
                legal = re.sub(r"[^A-Za-z0-9.]+", "-", rest).strip("-.")
                if legal:
                    same = legal.lower() == rest.lower()
                    return f"{scheme.lower()}-{legal}" + ("" if same or scheme in ("arXiv", "acl") else f"-{_digest(rest)}")
    words = fold(paper.title or " ".join(paper.abstract.split()[:6]))
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:48].rsplit("-", 1 if len(words) > 48 else 0)[0].strip("-") or "paper"
    return f"{slug}-{_digest(fold(paper.title) + chr(10) + fold(paper.abstract))}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _with_keys(papers: list[Paper]) -> list[Paper]:
    """Give every paper its key; papers that would share one (a hash collision, odd ids) get a longer one each."""
    by_key: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        by_key[key_of(paper)].append(paper)
    keyed = []
    for key, members in by_key.items():
        for paper in members:
            more = "" if len(members) == 1 else "-" + hashlib.blake2b(repr(_content(paper)[:3]).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
            keyed.append(msgspec.structs.replace(paper, key=key + more))
    return sorted(keyed, key=lambda paper: paper.key)
