"""Extraction step 0: words of AI-paper prose.

spaCy's rules for English split names that this field writes with hyphens, slashes and versions (`LLaVA-v1.5-13B`) and keep together what
names a thing plus a modifier (`GPT-4-based`). The rules here keep a hyphen where a version, size or acronym follows it, and split
everywhere else, so that an entity never ends inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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


class _Pattern:
    """A compiled pattern behind a cheap test of what it can match in. spaCy writes and reads it like the pattern itself."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern.pattern
        self._search, self._finditer, self._match = pattern.search, pattern.finditer, pattern.match

    def suffix(self, word: str) -> re.Match[str] | None:
        """A suffix ends with a sign, or is a possessive."""
        return None if word[-1:].isalnum() and not word.endswith(("'s", "’s")) else self._search(word)

    def infixes(self, word: str) -> Iterable[re.Match[str]]:
        """An infix has a sign or stands behind a digit."""
        return () if word.isalpha() else self._finditer(word)

    def url(self, word: str) -> re.Match[str] | None:
        """An address has a full stop or a colon."""
        return self._match(word) if "." in word or ":" in word else None


def kgraph_tokenizer(nlp: Language) -> Tokenizer:
    """Return the tokenizer for `nlp`; its words never contain white space and lose no character of the text."""
    rules = {word: [{ORTH: word}] for word in ABBREVIATIONS}
    tokenizer = Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=compile_prefix_regex(PREFIXES).search,
        suffix_search=_Pattern(compile_suffix_regex(SUFFIXES)).suffix,
        infix_finditer=_Pattern(compile_infix_regex(INFIXES)).infixes,
        url_match=_Pattern(URL).url,
    )
    tokenizer.max_cache_size = CACHE_SIZE
    return tokenizer


@spacy.registry.tokenizers("kgraph.Tokenizer.v1")
def create_tokenizer():  # type: ignore[no-untyped-def]  # spaCy's registry asks for a factory of a factory
    """The factory for spaCy configs: `[nlp.tokenizer] @tokenizers = "kgraph.Tokenizer.v1"`."""
    return kgraph_tokenizer
