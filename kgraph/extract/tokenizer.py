"""Extraction step 0: words of AI-paper prose.

spaCy's rules for English split names that this field writes with hyphens, slashes and versions (`LLaVA-v1.5-13B`) and keep together what
names a thing plus a modifier (`GPT-4-based`). The rules here keep a hyphen where a version, size or acronym follows it, and split
everywhere else, so that an entity never ends inside a word.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

ABBREVIATIONS = (
    "e.g.",
    "i.e.",
    "cf.",
    "vs.",
    "resp.",
    "approx.",
    "w.r.t.",
    "a.k.a.",
    "Fig.",
    "Figs.",
    "Eq.",
    "Eqs.",
    "Sec.",
    "Tab.",
    "No.",
    "Dr.",
    "St.",
    "U.S.",
    "Ph.D.",
)
CACHE_SIZE = 1_000_000
"""Entries of the token cache: the default (10,000) is evicted all the time on a large corpus, at 2.6 times the cost."""

PREFIXES = [r"[\(\[\{<\"'“”‘’`~∼≈$#*_^|•·§¿¡,;:]", r"\.\.+", r"…", r"[–—−](?!\d)", r"-(?![\d.])", r"[≤≥>±=]", r"\.(?=[A-Z])"]
SUFFIXES = [
    r"[\)\]\}>\"“”‘’`~∼$#*_^|•,;:!?]",
    r"…",
    r"\.\.+",
    r"['’]s",
    r"['’]",
    r"(?<=[\w%\)\]\}\"'”’+$])\.",
    r"%",
    r"‰",
    r"[–—-]",
    r"(?<=\d)[×]",
    r"(?<=[A-Za-z])°",
]
INFIXES = [
    r"\.\.+",
    r"…",
    r"(?<=[A-Za-z0-9\)+])-(?=[A-Za-z][a-z]{2,}(?![a-z]*\d))",  # LLM-based, KV-cache, GPT-4-based; not LLaVA-v1.5-13B, Foo-Llama3
    r"(?<=[a-z]{2})-(?=[a-z]{1,2}-)",  # state-of-the-art
    r"(?<=-of)-(?=the)|(?<=-to)-(?=[a-z])|(?<=-to)-(?=[A-Z])",
    r"(?<=[a-z])-(?=[A-Z])(?=[A-Z][a-z]+\b)",
    r"--+",
    r"[—–](?!\d)|(?<!\d)[—–]",
    r"(?<=[A-Za-z\)\]])/(?=[A-Za-z\(\[])(?!s\b|sec\b|token\b|W\b)",
    r"(?<=[a-z\)\]0-9])\.(?=[A-Z][a-z])",
    r"(?<=[A-Za-z\)\]])[,;:](?=[A-Za-z\(\[])",
    r"(?<=[\w\)\]\}%])[\(\[\{\)\]\}]",
    r"[\(\)\[\]\{\}](?=\w)",
    r"(?<=\d)[x×](?=[A-Z])",
    r"[~∼=<>→≥≤|]",
    r"(?<=%)[-–](?=\d)",
    r"\"|“|”",
]
URL = re.compile(
    r"(?i)^(?:https?://|www\.)\S+?[^\s.,;:!?)\]}>\"']$|^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|ai|edu|cn|gov|dev|co|de|uk|eu)(?:/\S*?[^\s.,;:!?)\]}>\"'])?$"
)


def kgraph_tokenizer(nlp: Language) -> Tokenizer:
    """Return the tokenizer for `nlp`; its words never contain white space and lose no character of the text."""
    rules = {word: [{ORTH: word}] for word in ABBREVIATIONS}
    tokenizer = Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=compile_prefix_regex(PREFIXES).search,
        suffix_search=compile_suffix_regex(SUFFIXES).search,
        infix_finditer=compile_infix_regex(INFIXES).finditer,
        url_match=URL.match,
    )
    tokenizer.max_cache_size = CACHE_SIZE
    return tokenizer


class Words:
    """The words of texts, the same as those of the tokenizer's `Doc`, without one and without entries in spaCy's vocabulary.

    White space always parts words, so the stretches between it are cut one by one, each once; most of a text has been seen before.
    """

    MOST = 100_000
    """Stretches that are remembered (some 30 MB); then all are forgotten."""
    LONGEST = 60

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.special = re.compile("|".join(map(re.escape, tokenizer.rules)))
        self.known: dict[str, tuple[tuple[str, int, int], ...]] = {}

    def __call__(self, text: str) -> tuple[list[str], list[tuple[int, int, int]]]:
        """The words of `text` that are not white space, and of each: start, end (code points), its number."""
        words: list[str] = []
        places: list[tuple[int, int, int]] = []
        at, known = 0, self.known
        for stretch in text.split():
            start = text.index(stretch, at)
            at = start + len(stretch)
            cut = known.get(stretch)
            if cut is None:
                cut = self._remember(stretch)
            if cut:
                for word, begin, end in cut:
                    words.append(word)
                    places.append((start + begin, start + end, len(places)))
            else:
                words.append(stretch)
                places.append((start, at, len(places)))
        return words, places

    def _remember(self, stretch: str) -> tuple[tuple[str, int, int], ...]:
        """The words of a stretch with their borders; nothing where it is a single one."""
        words = [token.text for token in self.tokenizer(stretch)] if self.special.search(stretch) else self._cut(stretch)
        cut = tuple((word, end - len(word), end) for word, end in zip(words, accumulate(map(len, words)), strict=True)) if len(words) > 1 else ()
        if len(stretch) <= self.LONGEST:
            if len(self.known) >= self.MOST:
                self.known.clear()
            self.known[stretch] = cut
        return cut

    def _cut(self, stretch: str) -> list[str]:
        """spaCy's algorithm for a stretch without special cases: prefixes and suffixes in turns as long as there are any, then what is inside.

        A prefix begins with no letter or digit, a suffix ends with none but the possessive and is no longer than that or its dots, an address has
        a dot or slashes, and letters alone have nothing inside: cheap tests that most stretches need no pattern after.
        """
        tokenizer, prefixes, suffixes = self.tokenizer, [], []
        while stretch:
            prefix = None if stretch[0].isalnum() else tokenizer.prefix_search(stretch)
            if prefix:
                prefixes.append(prefix.group())
                stretch = stretch[prefix.end() :]
            ends = stretch and (not stretch[-1].isalnum() or stretch.endswith(("'s", "’s")))
            suffix = tokenizer.suffix_search(stretch, max(min(len(stretch.rstrip(".")), len(stretch) - 2), 0)) if ends else None
            if suffix:
                suffixes.append(suffix.group())
                stretch = stretch[: suffix.start()]
            if not prefix and not suffix:
                break
        if not stretch or stretch.isalpha() or (("." in stretch or "//" in stretch) and tokenizer.url_match(stretch)):
            inside = [stretch] if stretch else []
        else:
            borders = [0, *(at for infix in tokenizer.infix_finditer(stretch) if infix.start() for at in infix.span()), len(stretch)]
            inside = [stretch[a:b] for a, b in pairwise(borders) if a < b]
        return [*prefixes, *inside, *reversed(suffixes)]


@spacy.registry.tokenizers("kgraph.Tokenizer.v1")
def create_tokenizer():  # type: ignore[no-untyped-def]  # spaCy's registry asks for a factory of a factory
    """The factory for spaCy configs: `[nlp.tokenizer] @tokenizers = "kgraph.Tokenizer.v1"`."""
    return kgraph_tokenizer
