"""Training stage 1: labelled corpora as word-tagged windows.

Every corpus keeps its own label set ("not labelled" is not "negative"), so each gets its own head in the teacher. Words are those of
kgraph's run-time tokenizer, which keeps the tags of teacher and student comparable word by word.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CORPORA = ("scier", "scierc", "tdmsci", "gsap", "scinlp")
IGNORED_LABELS = {
    "gsap": {"URL", "ReferenceLink"},
    "scierc": {"OtherScientificTerm", "Generic"},
}
WINDOW = 110  # words; MiniLM's 512 word pieces leave room, longer paragraphs are cut at sentence ends


@dataclass(frozen=True, slots=True)
class Tagged:
    """One training window: `words` and, for each, a BIO tag of the corpus (`None` masks the word out of the loss).

    `salience` (own annotations only) says of each labelled word whether a reader would miss its entity (`core`) or not (`O`).
    """

    corpus: str
    words: tuple[str, ...]
    tags: tuple[str | None, ...]
    salience: tuple[str | None, ...] = ()

    def of(self, scheme: str) -> tuple[str | None, ...]:
        """The tags of this window under a label scheme, empty when the scheme does not speak of it."""
        return self.tags if scheme == self.corpus else self.salience if scheme == "salience" else ()


def read_jsonl(path: Path) -> Iterator[dict]:
    """Yield the records of a JSONL file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def word_offsets(nlp, text: str) -> list[tuple[int, int]]:
    """Character offsets of the tokens of `text` that are not white space."""
    return [(t.idx, t.idx + len(t)) for t in nlp.make_doc(text) if not t.is_space]


def bio(offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """BIO tags for words from character spans; of overlapping spans the longest wins, a span that starts or ends inside a word covers it."""
    tags = ["O"] * len(offsets)
    for start, end, label in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
        if inside and all(tags[i] == "O" for i in inside):
            for k, i in enumerate(inside):
                tags[i] = ("I-" if k else "B-") + label
    return tags


def windows(words: list[str], tags: list, corpus: str, size: int = WINDOW, salience: list | None = None) -> Iterator[Tagged]:
    """Cut at the last sentence-final word before `size`, never inside an entity."""
    start = 0
    while start < len(words):
        end = min(start + size, len(words))
        if end < len(words):
            stops = [i + 1 for i in range(start + size // 3, end) if words[i] in {".", "?", "!"}]
            end = stops[-1] if stops else end
            while end < len(words) and (tags[end] or "O").startswith("I-"):
                end += 1
        yield Tagged(corpus, tuple(words[start:end]), tuple(tags[start:end]), tuple((salience or [])[start:end]))
        start = end


def corpus_windows(folder: Path, corpus: str, split: str, nlp, ignored: set[str]) -> list[Tagged]:
    """The windows of one split of one labelled corpus, without the labels in `ignored`."""
    out: list[Tagged] = []
    for record in read_jsonl(folder / corpus / f"{split}.jsonl"):
        text = record["text"]
        spans = [(e["start"], e["end"], e["label"]) for e in record.get("flat") or record["entities"] if e["label"] not in ignored]
        offsets = word_offsets(nlp, text)
        tags = bio(offsets, spans)
        out.extend(windows([text[a:b] for a, b in offsets], list(tags), corpus))
    return out


def occurrences(text: str, surface: str) -> Iterator[tuple[int, int]]:
    """Whole-word occurrences of `surface` in `text`."""
    before = r"(?<![A-Za-z0-9])" if surface[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if surface[-1:].isalnum() else ""
    for match in re.finditer(before + re.escape(surface) + after, text):
        yield match.span()


def annotated_spans(text: str, record: dict) -> list[tuple[int, int, str, bool]]:
    """`(start, end, kind, core)` of an annotation record `{"e": [[kind, surface], ...], "o": ...}`; the longest match wins."""
    rows = [(kind, surface, key == "e") for key in ("e", "o") for kind, surface in record[key]]
    taken = [False] * len(text)
    out = []
    for kind, surface, core in sorted(rows, key=lambda r: (-len(r[1]), not r[2])):
        for start, end in occurrences(text, surface):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                out.append((start, end, kind, core))
    return sorted(out)


def annotation_windows(texts: Iterable[tuple[str, dict]], nlp) -> list[Tagged]:
    """The windows of our own annotations: pairs of a text and its annotation record."""
    out: list[Tagged] = []
    for text, record in texts:
        spans = annotated_spans(text, record)
        offsets = word_offsets(nlp, text)
        tags = bio(offsets, [(a, b, kind) for a, b, kind, _ in spans])
        core = [any(a < end and b > start and is_core for a, b, _, is_core in spans) for start, end in offsets]
        salience = [None if tag == "O" else "I-core" if c else "O" for tag, c in zip(tags, core, strict=True)]
        out.extend(windows([text[a:b] for a, b in offsets], list(tags), "kgraph", salience=salience))
    return out
