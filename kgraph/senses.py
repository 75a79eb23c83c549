"""Stage 3, abbreviations: what a short form stands for in a paper that does not say so itself.

The table `lexicon/abbreviations.tsv` says how many papers define each short form as what, and which words stand around each meaning. A short
form that is practically always one thing is that thing; for any other the words in the names of the paper's other entities decide (naive
Bayes over the table), and without a clear winner it stays what it is. The decision depends on this paper and the table alone, never on
the other papers of a build, so no added paper changes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import resources
from math import log

import msgspec

from kgraph.names import fold, shared_start, singular

CERTAIN = {2: ((5, 0.85),), 3: ((5, 0.85), (3, 1.0)), 4: ((3, 0.85), (2, 1.0)), 5: ((3, 0.85), (2, 1.0))}
"""By the length of a short form (5 stands for longer ones too): so many papers that define it so, and this share of all that define it, make
a meaning certain without looking around. Measured on abstracts that the table was not made from: with these, 94 to 100 % of the definitions
there are the table's first meaning (three letters and 3 or 4 papers: 81 %); a single paper's definition would be right for 22 % of the
three-letter forms and 53 % of the four-letter ones."""
USUAL_PAPERS, USUAL_SHARE = 15, 0.75
"""So many papers must define a short form of three letters or more, and this share of them alike, for the meaning of papers that leave it unsaid."""
LONG = 5
"""Letters of a short form that one paper's definition settles: of 40 such (in capitals, not to be spoken, defined by a paper that does not seem to
have made them) a second paper's definition was the same 31 times letter by letter, and most of the rest were the same in other words."""
MARGIN = 1.5
"""By how much (natural logarithm of the odds) the best meaning must lead the second best."""
MIN_CONTEXT = {2: 5.0, 3: 3.0, 4: 2.0}
"""The least evidence from the paper's other names for a meaning that is not certain by itself, by length (4 stands for longer ones too)."""


_SPOKEN = re.compile(r"(?:[B-DF-HJ-NP-TV-XZ]{0,2}[AEIOUY]{1,2})+[B-DF-HJ-NP-TV-XZ]{0,2}")


def is_spoken(word: str) -> bool:
    """Can a word in capitals be spoken, vowels among no more than two consonants?

    >>> is_spoken("PRISMA"), is_spoken("OMP")
    (True, True)
    """
    return _SPOKEN.fullmatch(word) is not None


class Sense(msgspec.Struct, frozen=True):
    """One meaning of a short form: its full form, how many of the `of` papers that define the short form mean it, and its company."""

    short: str
    long: str
    papers: int
    of: int
    variants: tuple[str, ...] = ()
    context: dict[str, float] = {}

    @property
    def certain(self) -> bool:
        """Is the short form practically always this? One paper is enough for five capitals or more that cannot be spoken, if it did not make them up."""
        if self.of == 1:
            return len(self.short) >= LONG and self.short.isupper() and not is_spoken(self.short)
        return any(self.papers >= papers and self.papers >= share * self.of for papers, share in CERTAIN[min(max(len(self.short), 2), 5)])

    @property
    def usual(self) -> bool:
        """Is the short form of three letters or more mostly this, so that a paper which says nothing else means it?"""
        return len(self.short) > 2 and self.papers >= USUAL_PAPERS and self.papers >= USUAL_SHARE * self.of


@lru_cache(maxsize=1)
def load_senses() -> dict[str, tuple[Sense, ...]]:
    """Meanings by short form, most papers first."""
    table: dict[str, list[Sense]] = {}
    rows = resources.files("kgraph.lexicon").joinpath("abbreviations.tsv").read_text("utf-8").splitlines()
    for row in rows[1:]:
        short, long, papers, of, variants, context = row.split("\t")
        words = {word: float(weight) for word, _, weight in (pair.partition(":") for pair in context.split())}
        table.setdefault(short, []).append(Sense(short, long, int(papers), int(of), tuple(variants.split("|")), words))
    return {short: tuple(senses) for short, senses in table.items()}


@lru_cache(maxsize=1)
def _long_forms() -> dict[str, str]:
    return {variant: sense.long for senses in load_senses().values() for sense in senses for variant in sense.variants}


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, str]:
    return {variant: sense.short for senses in load_senses().values() for sense in senses[:1] if sense.certain for variant in sense.variants}


@lru_cache(maxsize=1)
def _by_initials() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Full forms of three or more words that are certain meanings, by the initials of their words."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for senses in load_senses().values():
        if senses[0].certain and len(words := _lower_words(senses[0].long)) >= 3:
            table.setdefault("".join(w[0] for w in words), []).append((words, senses[0].long))
    return table


def _lower_words(name: str) -> tuple[str, ...]:
    return tuple(singular(w) for w in re.findall(r"[a-z]+", name.lower()))


SHARED = 6
"""So many first letters two forms of one word have in common, and 60 % of the longer one."""


def full_form(name: str) -> str:
    """The usual spelling of a full form that papers misspell or vary ("chains of thought"), else the name itself.

    Of three or more words one may be another form of the same word.

    >>> full_form("discrete wavelet transformation"), full_form("recursive neural network"), full_form("magnetic resonance images")
    ('discrete wavelet transform', 'recursive neural network', 'magnetic resonance images')
    """
    folded = fold(name)
    known = _long_forms().get(folded)
    if known is not None:
        return name if _product_and_activity(folded, fold(known)) else known
    if name.count(" ") + name.count("-") < 2:
        return name
    words = _lower_words(name)
    for others, long in _by_initials().get("".join(w[0] for w in words), ()):
        unlike = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
        if not unlike:
            return long
        if len(unlike) == 1 and _one_word(*unlike[0]):
            return long
    return name


def usual_form(short: str, long: str) -> str:
    """The usual spelling of a full form that a paper gives beside its abbreviation; it may differ more where the abbreviation is the same.

    Where the abbreviation practically always means one thing, a form of one of its words, or one word that is missing, makes no other.

    >>> usual_form("GEMM", "General Matrix Multiply"), usual_form("GEMM", "green enamel"), usual_form("CNN", "convolutional network")
    ('General Matrix Multiplication', 'green enamel', 'convolutional neural network')
    """
    usual = full_form(long)
    senses = load_senses().get(short_key(short), ())
    if usual != long or not senses or not senses[0].certain or _product_and_activity(fold(long), fold(senses[0].long)):
        return usual
    ours, theirs = _content_words(long), _content_words(senses[0].long)
    if len(ours) == len(theirs):
        unlike = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
        alike = len(unlike) <= 1 and all(_one_root(a, b) for a, b in unlike)
    else:
        alike = len(ours) > 1 and any(ours == theirs[:i] + theirs[i + 1 :] for i in range(len(theirs)))
    return senses[0].long if alike else usual


def _content_words(name: str) -> tuple[str, ...]:
    return tuple(w for w in _lower_words(name) if w not in _SMALL)


_SMALL = frozenset("of the and for with to in on a an by via from".split())


OTHER_WORDS = frozenset(map(frozenset, (("object", "objective"), ("difference", "differential"), ("mode", "model"), ("pathology", "pathologist"))))
"""Words that begin alike and are no forms of each other."""


def _one_root(left: str, right: str) -> bool:
    """Do two words begin alike in their greater part, neither being the doer of the other (`multiply`, `multiplication`)?"""
    return (
        frozenset((left, right)) not in OTHER_WORDS
        and shared_start(left, right) >= max(4, len(left) / 2, len(right) / 2)
        and left.endswith("er") == right.endswith("er")
    )


_PRODUCT = re.compile(r"(.*(?:model|imag))(?:e|ing)?")


def _product_and_activity(left: str, right: str) -> bool:
    """Is one folded name the making of models or images and the other what comes of it?

    >>> _product_and_activity("sonarimaging", "sonarimage"), _product_and_activity("mossmodel", "mossmodeling"), _product_and_activity("image", "images")
    (True, True, False)
    """
    if left.endswith("ing") == right.endswith("ing"):
        return False
    stems = [found[1] for found in map(_PRODUCT.fullmatch, (left, right)) if found]
    return len(stems) == 2 and stems[0] == stems[1]


def _one_word(left: str, right: str) -> bool:
    """Are these forms of one word (`transformation`, `transform`)? A doer (`transformer`) is another thing."""
    least = max(SHARED, 0.6 * max(len(left), len(right)))
    return frozenset((left, right)) not in OTHER_WORDS and shared_start(left, right) >= least and left.endswith("er") == right.endswith("er")


def short_form(name: str) -> str:
    """The abbreviation that practically always stands for this full form, or `""`.

    >>> short_form("retrieval-augmented generation"), short_form("blue pens")
    ('RAG', '')
    """
    return _short_forms().get(fold(name), "")


def short_key(name: str) -> str:
    """A short form without its plural `s`, hyphens and spaces; its case counts.

    >>> short_key("LLMs"), short_key("CoT"), short_key("ROS")
    ('LLM', 'CoT', 'ROS')
    """
    name = name[:-1] if name.endswith("s") and len(name) > 2 and name[-2].isupper() else name
    return re.sub(r"[-/& ]", "", name)


SURE_PAPERS, SURE_SHARE = 20, 0.95
"""So many papers must define a short form, and this share of them alike, for it to be spelled out inside longer names."""
_INSIDE = re.compile(r"[A-Za-z][a-z]*(?:(?:\s|--?)[A-Za-z][a-z]*)*")
_SHORTEST = 3
"""Letters of an abbreviation that is spelled out when it is only certain."""


@lru_cache(maxsize=1)
def _sure() -> dict[str, str]:
    firsts = {short: senses[0] for short, senses in load_senses().items()}
    return {
        short: s.long
        for short, s in firsts.items()
        if (s.of >= SURE_PAPERS and s.papers >= SURE_SHARE * s.of) or (len(short) >= _SHORTEST and s.certain and s.papers >= 3)
    }


_UPPER_WORD = re.compile(r"(?:(?<![\w\-])|(?<=[a-z]{4}-)|(?<=[a-z]{4}--))[A-Z]{2,6}s?(?!\w|-[A-Z\d](?!\w))")


def spelled_out(name: str) -> str:
    """A longer name of ordinary words with the abbreviation among them spelled out, where practically all papers mean the same by it.

    >>> spelled_out("LLM inference"), spelled_out("LLM-CRF"), spelled_out("LLM")
    ('large language model inference', 'LLM-CRF', 'LLM')
    """
    found = _UPPER_WORD.search(name)
    if found is None:
        return name
    rest = f"{name[: found.start()]}x{name[found.end() :]}"
    long = _sure().get(short_key(found.group()))
    return name[: found.start()] + long + name[found.end() :] if long and len(rest) > 1 and _INSIDE.fullmatch(rest) else name


_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9\-/&]{1,7}")


def is_short_form(name: str) -> bool:
    """Could it be an abbreviation: one word of two to eight characters with two capitals?"""
    return len(name) <= 8 and _SHORT.fullmatch(name) is not None and sum(c.isupper() for c in name) >= 2


@lru_cache(maxsize=1 << 16)
def words_of(name: str) -> frozenset[str]:
    """The words of a name as the table knows them: singular, lower case, five letters or more."""
    return frozenset(singular(w.lower()) for w in re.findall(r"[^\W\d_]{5,}", name))


def overruling(short: str, usual: str, company: Iterable[str]) -> Sense | None:
    """The other meaning of a short form that the paper's other names speak for, against `usual`, which practically all papers mean by it; or None.

    They must say `SPEAKING` for it and nothing for the usual one, and it must be another meaning ("out-of-domain" and "out-of-distribution",
    "large-scale language model" are none). In two draws of 20,000 papers it
    overruled 8 times, 6 of them rightly (MTL, metric temporal logic, beside model checking).

    >>> found = overruling("MTL", "multi-task learning", ("model checking", "automaton", "timing requirement"))
    >>> found and found.long, overruling("MTL", "multi-task learning", ("ranking",))
    ('Metric Temporal Logic', None)
    """
    senses = load_senses().get(short_key(short), ())
    if len(senses) < 2:
        return None
    words = frozenset().union(*map(words_of, company))
    meant, meant_words = fold(usual), words_of(usual)
    others = []
    for sense in senses:
        named = words_of(sense.long)
        around = sum(weight for word, weight in sense.context.items() if word in words) + 3.0 * len(words & named) / max(1, len(named))
        if meant == fold(sense.long) or meant in sense.variants:
            if around:
                return None
        elif around >= SPEAKING and named.isdisjoint(meant_words) and shared_start(fold(sense.long), meant) < ALIKE:
            others.append((around, sense))
    return max(others, key=lambda o: (o[0], o[1].papers, o[1].long))[1] if others else None


SPEAKING, ALIKE = 3.0, 5
"""What the paper's other names must say for a meaning against the usual one, and so many first letters make two full forms one meaning."""
FITTING_KIND, FITTING_METRIC = 2.0, 8.0
"""What it counts for (or against) a meaning that the lexicon types it like (unlike) the paper does; of a metric that alone tells (FPS)."""


def decide(
    short: str, company: Iterable[str], fits: Callable[[str], bool | None] = lambda long: None, fitting: float = FITTING_KIND
) -> tuple[Sense | None, str]:
    """The meaning of `short` among entities named `company`, or None; and why.

    `fits` says of a full form whether its known type is that of the entity (None: not known), which counts `fitting` for or against it.

    >>> sense, _ = decide("RAG", ["question answering"])
    >>> sense.long
    'retrieval-augmented generation'
    """
    senses = load_senses().get(short_key(short), ())
    if not senses:
        return None, "no paper known to the lexicon defines it"
    first = senses[0]
    if first.certain:
        company = tuple(company)
        if (other := overruling(short, first.long, company)) is not None:
            return other, f"the paper's other names speak for it, and none for {first.long}"
        return first, f"{first.papers} of {first.of} papers known to the lexicon define {first.short} so"
    words = frozenset().union(*map(words_of, company))
    scored = []
    for sense in senses:
        around = sum(weight for word, weight in sense.context.items() if word in words)
        around += 3.0 * len(words & words_of(sense.long)) / max(1, len(words_of(sense.long)))
        fit = fits(sense.long)
        around += 0.0 if fit is None else fitting if fit else -fitting
        scored.append((around + 0.5 * log(sense.papers / sense.of), around, sense))
    scored.sort(key=lambda s: (-s[0], s[2].long))
    lead = scored[0][0] - scored[1][0] if len(scored) > 1 else MARGIN
    if scored[0][1] >= MIN_CONTEXT[min(max(len(first.short), 2), 4)] and lead >= MARGIN:
        best = scored[0][2]
        told = sorted(word for word in best.context if word in words) or sorted(words & words_of(best.long))
        return best, f"the paper's other names say {', '.join(told[:4])}" if told else "it is the meaning of that type"
    if first.usual and scored[0][2] is first:
        return first, f"{first.papers} of {first.of} papers known to the lexicon define {first.short} so, and the paper's other names say nothing else"
    choices = "; ".join(f"{s.long} ({s.papers} of {s.of} papers)" for s in senses[:4])
    return None, f"{short_key(short)} is ambiguous: {choices}; the paper's other names do not decide"
