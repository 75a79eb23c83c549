"""Stage 3, names: what makes two spellings one name, and what makes two names different things.

Pure functions of a string, cached, without the lexicon. `fold` says when two spellings are the same name; `version_key` says when two
names must never be joined however near they look; `family` and `variants` say what a name is a variant of; `slug` makes the IRI's local part.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from importlib import resources
from math import log

_SEPARATORS = re.compile(r"[\s\-_~\u2010-\u2015\u2212\u00ad]+")
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
# What stands in trailing brackets is a second name unless it says which variant is meant: a size, a year, a memory.
_VARIANT_IN_BRACKETS = re.compile(r"^\W*(?:v(?:ersion)?\s*)?\d[\d.,]*\s*(?:[kmbt]|bn|[gmt]i?b|million|billion|trillion|[a-z]{0,2})?\W*$", re.IGNORECASE)
_QUOTES = str.maketrans("", "", "'’`\"")
_MARKS = str.maketrans("", "", "®™©")
_OUTER = "\"'`´‘’“”«»,;:!?*"
# A `v` before one or two digits only says "version": LLaVA-v1.5 is LLaVA-1.5, InceptionV3 is Inception 3; V100 and V2X are names of their own.
_VERSION_V = re.compile(r"(?<=[A-Za-z\s\-_])[vV]\.?(?=\d{1,2}(?:\.\d+)*(?![\dA-Za-z]))")
_SIZE_TAG = re.compile(r"(?<=[\w.]):(?=\d+(?:\.\d+)?[bBmM]\b)")
"""The colon before a size as registries of models write it ("llama3.1:8b")."""
_WORD = re.compile(r"[^\W_]+")
_IRREGULAR = {
    "analyses": "analysis", "hypotheses": "hypothesis", "theses": "thesis", "syntheses": "synthesis", "prostheses": "prosthesis", "corpora": "corpus",
    "crises": "crisis", "diagnoses": "diagnosis", "prognoses": "prognosis", "parentheses": "parenthesis", "metastases": "metastasis",
    "matrices": "matrix", "indices": "index", "vertices": "vertex", "simplices": "simplex", "appendices": "appendix", "vortices": "vortex",
    "criteria": "criterion", "phenomena": "phenomenon", "automata": "automaton", "spectra": "spectrum", "minima": "minimum", "maxima": "maximum",
    "optima": "optimum", "bacteria": "bacterium", "equilibria": "equilibrium", "stimuli": "stimulus", "nuclei": "nucleus", "radii": "radius",
    "foci": "focus", "loci": "locus", "fungi": "fungus", "formulae": "formula", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "children": "child", "women": "woman", "men": "man", "leaves": "leaf", "wolves": "wolf", "halves": "half", "shelves": "shelf", "knives": "knife",
    "axes": "axis", "movies": "movie", "cookies": "cookie", "caches": "cache", "biases": "bias", "gases": "gas", "lenses": "lens",
    "viruses": "virus", "aliases": "alias", "atlases": "atlas", "canvases": "canvas",
    "metrics": "metric", "topics": "topic", "heuristics": "heuristic", "characteristics": "characteristic", "critics": "critic", "clinics": "clinic",
    "antennas": "antenna", "replicas": "replica", "panoramas": "panorama", "copulas": "copula", "arenas": "arena", "encyclopedias": "encyclopedia",
    "gliomas": "glioma", "arrhythmias": "arrhythmia", "echoes": "echo", "buses": "bus", "bonuses": "bonus", "quizzes": "quiz", "cortices": "cortex",
    "laptops": "laptop", "desktops": "desktop", "metaheuristics": "metaheuristic",
    "rubrics": "rubric", "logics": "logic", "fabrics": "fabric", "mosaics": "mosaic", "tactics": "tactic", "mimics": "mimic", "comics": "comic",
}  # fmt: skip
# These end in -s and are no plurals, or have no other singular.
_IRREGULAR |= {
    word: word
    for word in (
        "news omics lens chaos cosmos ethos pathos series species means diabetes rabies measles herpes odds headquarters crossroads always perhaps besides"
        " sometimes nowadays themselves ourselves whereas towards bayes stokes gibbs kubernetes biceps forceps corps timeseries humanities"
    ).split()
}
_PARTICLES = frozenset({"ups", "ins", "ons"})
"""Behind a hyphen the plural of a verb's particle ("speed-ups", "plug-ins"), where three letters are mostly no plural."""
_SHOUTED = re.compile(r"(?=.*[A-Z]{5,}$)[A-Z]{2,}(?:[\s\-][A-Z]{2,}){2,}|(?=.*[A-Z]{6,}$)[A-Z]{5,}[\s\-][A-Z]+")
"""A phrase in capitals, as titles have it; two short names beside each other are none."""
_TIER_FIRST = re.compile(r"\b(claude|gemini)[\s\-]+(opus|sonnet|haiku|flash|pro|ultra)[\s\-]+(\d+(?:\.\d+)?)(?![\w.])")
"""Models of these makers are written with the version before the tier and behind it: Claude Opus 4.6 is Claude 4.6 Opus."""
_BASES = re.compile(r"\b(orthogonal|orthonormal|spline|spectral|polynomial|radial|wavelet|fourier|bernstein|haar|sinusoidal|eigenfunction)([\s-])bases$", re.I)
"""The plural of a basis; other bases are of a base (knowledge bases)."""
# British spellings and the American ones. Not all that ends in -ise is one (noise, precise, supervised), so the verbs are named.
_AMERICAN = {
    "behaviour": "behavior", "colour": "color", "neighbour": "neighbor", "favour": "favor", "tumour": "tumor", "labour": "labor", "flavour": "flavor",
    "humour": "humor", "rumour": "rumor", "harbour": "harbor", "odour": "odor", "artefact": "artifact", "dialogue": "dialog", "catalogue": "catalog",
    "analyse": "analyze", "analysing": "analyzing", "fibre": "fiber", "defence": "defense", "centred": "centered", "centre": "center",
    "paediatric": "pediatric", "oedema": "edema", "ischaemi": "ischemi", "anaemi": "anemi", "leukaemi": "leukemi", "haemo": "hemo", "foetal": "fetal",
    "manoeuvr": "maneuver", "judgement": "judgment", "ageing": "aging", "aluminium": "aluminum", "co-operat": "cooperat", "isation": "ization",
}  # fmt: skip
_BRITISH = re.compile(
    "|".join(_AMERICAN)
    + r"|(?P<stem>(?:analog|anonym|categor|central|character|contextual|custom|digit|discret|factor|formal|general|hypothes|initial|linear|local|maxim|minim"
    r"|mobil|modular|neutral|normal|optim|organ|parallel|parameter|parametr|penal|personal|polar|prior|quant|random|recogn|regular|serial|special|stabil|standard|summar|symbol|synchron|token|util|vector|visual)"
    r"i)s(?=ed?\b|ers?\b|ing\b)"
    r"|(?P<program>program)me(?=s?\b)"
    r"|(?P<doubled>model|label|signal|travel|cancel|channel|tunnel)l(?=ing\b|ed\b|er\b)"
)
_HINT = re.compile("our|is|ll|ogue|efact|yse|ysing|tre|fibre|ence|mme|ae|oe|agei|gement|nium|co-op")
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip


FIELDS = frozenset(("AI", "ML", "DL", "RL", "DRL", "NLP", "CV", "IR", "ASR", "TTS", "XAI", "FL", "LLM", "KG", "IoT", "GenAI", "QA", "VQA", "SLAM"))
"""Short forms of fields and wide classes: with a word for its sort behind, they name a thing of their own ("ML model")."""


def shared_start(left: str, right: str) -> int:
    """How many first letters two words have in common.

    >>> shared_start("multiply", "multiplication"), shared_start("a", "b")
    (7, 0)
    """
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """The singular of an English noun, in the case it came in; a word that only looks like a plural stays (`GPS`, `bias`, `loss`).

    >>> [singular(w) for w in ("GPUs", "strategies", "losses", "analysis", "biases", "ROS", "caches", "LLM's", "RecSys", "areas", "Keras", "time-series")]
    ['GPU', 'strategy', 'loss', 'analysis', 'bias', 'ROS', 'cache', 'LLM', 'RecSys', 'area', 'Keras', 'time-series']
    """
    if word.endswith(("'s", "’s")):
        return word[:-2]
    if "-" in word:
        before, hyphen, last = word.rpartition("-")
        return before + hyphen + (last[:-1] if last in _PARTICLES else singular(last))
    known = _IRREGULAR.get(word.lower())
    if known is not None and not word.isupper():  # MEN is an abbreviation
        return known if word[0].islower() else known[0].upper() + known[1:]
    if len(word) < 3 or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is", "ys", "ops")) and not word.endswith(("ays", "eys", "oys", "loops", "drops", "shops", "crops", "hops", "stops")):
        return word
    if word.endswith("as") and word[:-1].lower() not in _word_costs():  # Keras, Atlas, RAGAs; but areas, schemas
        return word
    if word.endswith("ics") and len(word) > 5:  # dynamics, robotics; what has a singular is listed
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "xes", "zzes")) or (word.endswith("ches") and len(word) > 6):
        return word[:-2]
    if word.endswith(("uses", "ases")) and word[:-2].lower() in _word_costs() and word[:-1].lower() not in _word_costs():  # viruses; but clauses, databases
        return word[:-2]
    return word[:-1] if len(word) > 3 or word[-2].isupper() else word


def american(text: str) -> str:
    """Lower-case text in American spelling.

    >>> american("tumour behaviour modelling, optimised centre, denoising, supervised, noise")
    'tumor behavior modeling, optimized center, denoising, supervised, noise'
    """
    if _HINT.search(text) is None:  # ten times faster than the pattern, and most names stop here
        return text
    return _BRITISH.sub(lambda m: m["stem"] + "z" if m["stem"] else m["doubled"] or m["program"] or _AMERICAN[m.group()], text)


_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}(?:[A-Z]\b)?")
"""Initials with full stops (D.O.F., U.S.)."""
_INNER_PLURAL = re.compile(r"(?<=[A-Z]{2})s(?=[\s\-/])|(?<=[^\W\d_]{2})['’`]s(?=[\s\-])")
"""Inside a name: the plural of an abbreviation ("LLMs-in-the-loop") and the possessive ("Moore's law")."""


def without_stops(text: str) -> str:
    """A text whose initials stand without full stops.

    >>> without_stops("D.O.F. of the U.S. arm v1.2.3")
    'DOF of the US arm v1.2.3'
    """
    return _DOTTED.sub(lambda m: m[0].replace(".", ""), text)


def greek_spelled(name: str) -> str:
    """A name with its Greek letters as words.

    >>> greek_spelled("β-VAE")
    'beta-VAE'
    """
    return name if name.isascii() else "".join(_GREEK.get(c, c) for c in name)


@lru_cache(maxsize=1 << 19)
def fold(name: str) -> str:
    """One spelling for all ways to write a name; `""` when nothing of a name is left.

    Case, accents, hyphens, spaces and underscores, the plural of the last word, a trailing bracketed second name, British spelling and the
    `v` of a version do not matter; digits, their order and their separation do.

    >>> fold("Zorb® Q"), fold("Zorb™ Q"), fold("DEEP ZORBING NETWORKS"), fold("Zorb Bases"), fold("orthonormal bases"), fold("Zorb speed-ups")
    ('zorbq', 'zorbq', 'deepzorbingnetwork', 'zorbbase', 'orthonormalbasis', 'zorbspeedup')
    >>> fold("Claude Opus 4.6") == fold("Claude-4.6-Opus"), fold("Gemini Pro 1.5") == fold("Gemini 1.5 Pro")
    (True, True)
    >>> [fold(n) for n in ("Large Language Models (LLMs)", "large-language model", "GPT-4V-1106", "LLaVA-v1.5-13B", "Tesla V100")]
    ['largelanguagemodel', 'largelanguagemodel', 'gpt4v1106', 'llava1.5-13b', 'teslav100']
    """
    if name.isascii() and name.isalpha():  # one plain word, as most names are whose form is asked for the first time
        return american(singular(name).lower())
    text = name if name.isascii() else "".join(c for c in unicodedata.normalize("NFKD", name.translate(_MARKS)) if not unicodedata.combining(c))
    text = text.strip().strip(_OUTER).strip()
    if text[:1] == "[":  # a token of a vocabulary ([CLS]), whole or cut
        text = text.strip("[]")
    if "." in text:
        text = without_stops(text)
    bracket = _BRACKETED.search(text)
    while bracket is not None and bracket.start() > 0:
        inside = bracket.group(1)
        if (_VARIANT_IN_BRACKETS.match(inside) and any(c.isdigit() for c in inside) and not re.fullmatch(r"\d+[A-Z]\d+[A-Z]", inside)) or (
            len(inside) <= 2 and text[: bracket.start()].rstrip()[-1:].isdigit()
        ):
            text = f"{text[: bracket.start()].rstrip()} {inside}"
            break
        text = text[: bracket.start()].rstrip(" -,;:")
        bracket = _BRACKETED.search(text)
    if len(text) > 3:  # AV1 is a name
        text = _VERSION_V.sub(" ", text)
    if ":" in text:
        text = _SIZE_TAG.sub("-", text)
    text = _INNER_PLURAL.sub("", text)
    if text.isupper() and _SHOUTED.fullmatch(text):
        text = text.lower()
    if text.endswith("bases"):
        text = _BASES.sub(r"\1\2basis", text)
    last = max(text.rfind(" "), text.rfind("_"), text.rfind("/"))
    text = (text[: last + 1] + singular(text[last + 1 :])).lower()
    text = american(text)
    if "claude" in text or "gemini" in text:
        text = _TIER_FIRST.sub(r"\1 \3 \2", text)
    if not text.isascii():
        text = "".join(_GREEK.get(c, c) for c in text)
    parts = _SEPARATORS.split(text.strip(" ."))
    folded = ""
    for part in filter(None, (part.translate(_QUOTES) for part in parts)):  # digits stay apart: GPT-4-1106 is not GPT-41106
        folded += ("-" if folded and folded[-1].isdigit() and part[0].isdigit() else "") + part
    return folded


_SIZE_WORDS = frozenset(
    (
        "nano micro mini tiny small medium base large big huge giant gigantic xs xxs s m l xl xxl lite light lightning flash pro plus max ultra turbo "
        "fast super ti duo preview instruct it chat sft dpo rlhf distill distilled quantized long short omni multi single double triple two three "
        "four five six seven eight nine ten one first second third high low weak strong vision vl audio coder code math "
    ).split()
)
_ROMAN = frozenset(("II", "III", "IV", "VI", "VII", "VIII", "IX"))


@lru_cache(maxsize=1 << 16)
def version_key(name: str) -> tuple[str, ...]:
    """What tells members of one family apart: numbers, versions, sizes and the words and letters that mark a variant, sorted.

    Two names whose keys differ are never joined by likeness, only by a definition or an alias.

    >>> version_key("GPT-4V-1106"), version_key("GPT-4"), version_key("LLaVA-v1.5-13B"), version_key("Llama 3 Instruct")
    (('1106', '4v'), ('4',), ('1.5', '13b'), ('3', 'instruct'))
    """
    text = _VERSION_V.sub(" ", unicodedata.normalize("NFKC", name))
    found = []
    for token in re.findall(r"[^\W_]+(?:\.\d+[^\W_]*)*\+*", text):
        if any(c.isdigit() for c in token):
            digits = re.search(r"\d.*", token)
            found.append((digits.group() if digits else token).lower())
        elif token in _ROMAN or token.lower() in _SIZE_WORDS or token.endswith("+") or (len(token) == 1 and token.isupper()):
            found.append(token.lower())
    return tuple(sorted(found))


_SUFFIX = (
    r"(?:"
    r"instruct|chat|it|base|preview|sft|dpo|rlhf|rl|hf|latest|turbo|mini|nano|micro|tiny|small|medium|large|big|huge|giant|xl|xxl|xs|xxs|"
    r"lite|light|flash|pro|plus|max|ultra|fast|distill(?:ed)?|opus|sonnet|haiku|thinking|reasoning|vision|vl|coder|code|math|omni|audio|"
    r"moe|uncased|cased|v|o|r|x|exp|high|low|non-?reasoning|[sblh]"
    r")"
)
_TAIL = (
    # the last part, most specific first: a date, a size or memory, a word that marks a variant, a version
    re.compile(r"[\s\-_:]*\((?:\d[\w.]*\s?[A-Za-z]*)\)$"),
    re.compile(r"[\s\-_@:](?:20\d\d-?\d\d-?\d\d|(?:19|20)\d{6}|\d{4})$"),
    re.compile(r"[\s\-_:](?:A?\d+(?:\.\d+)?\s?(?:[kKmMbBtT]|bn|[GM]i?B)|\d+x\d+(?:\.\d+)?[bB]|\d+[eE])$"),
    re.compile(rf"[\s\-_:]{_SUFFIX}$", re.IGNORECASE),
    re.compile(r"(?<=[\s\-.]\d)(?:[A-Z]|o)$|(?<=v\d)[nsmlx]$|\++$"),
    re.compile(r"(?:(?<=[A-Za-z])|[\s\-_]+)[vV]?\.?\d{1,3}(?:\.\d+)*(?:/\d+)?$"),
)


@lru_cache(maxsize=1 << 12)
def variants(name: str) -> tuple[str, ...]:
    """The names that `name` is a variant of, nearest first, from its form alone; only names with a capital or a digit have any.

    >>> variants("Llama-3.1-70B-Instruct"), variants("GPT-4V-1106"), variants("sequence length 8")
    (('Llama-3.1-70B', 'Llama-3.1', 'Llama'), ('GPT-4V', 'GPT-4', 'GPT'), ())
    """
    found: list[str] = []
    current = name.strip()
    if not any(c.isupper() for c in current):
        return ()
    while True:
        for pattern in _TAIL:
            match = pattern.search(current)
            if match and match.start() >= 2:
                break
        else:
            return tuple(found)
        current = current[: match.start()].rstrip(" -_:")
        if sum(c.isalpha() for c in current) < 2 and len(current) < 3:
            return tuple(found)
        found.append(current)


def family(name: str) -> str:
    """The nearest name that `name` is a variant of, or `name` itself.

    >>> family("GPT-4V-1106"), family("LLaVA-v1.5"), family("BERT"), family(family("LLaVA-v1.5-13B"))
    ('GPT-4V', 'LLaVA', 'BERT', 'LLaVA')
    """
    return next(iter(variants(name)), name)


@lru_cache(maxsize=1)
def _word_costs() -> dict[str, float]:
    """Cost of each common word (negative log of its Zipf probability by rank), from the list that ships with the lexicon."""
    words = resources.files("kgraph.lexicon").joinpath("words.txt").read_text("utf-8").split()
    scale = log(len(words) + 1)
    return {word: log((rank + 1) * scale) for rank, word in enumerate(words) if len(word) > 1}


@lru_cache(maxsize=1)
def _word_starts() -> frozenset[str]:
    """All beginnings of common words, themselves too: what is none of these begins no word."""
    return frozenset(word[:end] for word in _word_costs() if len(word) <= 20 for end in range(1, len(word) + 1))


def is_common_word(word: str) -> bool:
    """Is it among the words that abstracts write in lower case?"""
    return word.lower() in _word_costs()


def _split_words(letters: str) -> str:
    """`largelanguagemodel` -> `large-language-model`: the cheapest split into common words (dynamic programming over unigram costs).

    The letters stay as they are when any part of them is no common word: a made-up name is one piece.
    """
    costs = _word_costs()
    if len(letters) < 6 or len(letters) > 80 or letters in costs:
        return letters
    starts = _word_starts()
    unreached = float("inf")
    best = [(0.0, 0)] + [(unreached, 0)] * len(letters)
    for start, (cost, _) in enumerate(best):
        if cost == unreached:
            continue
        for end in range(start + 1, len(letters) + 1):
            piece = letters[start:end]
            if piece not in starts:
                break
            if piece in costs:
                best[end] = min(best[end], (cost + costs[piece], start))
    if best[-1][0] == unreached:
        return letters
    pieces, end = [], len(letters)
    while end:
        start = best[end][1]
        pieces.append(letters[start:end])
        end = start
    return "-".join(reversed(pieces))


_SYMBOLS = {"+": "-plus", "#": "-sharp", "@": "-at-", "&": "-and-", "*": "-star", "%": "-percent"}


def slug(label: str) -> str:
    """The IRI's local part for a name: ASCII letters, digits, `-` and inner `.`, a function of `fold(label)` alone.

    Words are set apart by a list of common words (the fold has no spaces any more), so every spelling of a name gives one slug. A fold with
    other characters gets a hash of itself appended, so different folds have different slugs.

    >>> slug("Large Language Models (LLMs)"), slug("large-language model"), slug("LLaVA-v1.5"), slug("GPT-3.5")
    ('large-language-model', 'large-language-model', 'llava1.5', 'gpt3.5')
    """
    return slug_of(fold(label))


@lru_cache(maxsize=1 << 12)  # each name is asked for about once, and `canonical` keeps what it asks for
def slug_of(folded: str) -> str:
    """`slug` of an already folded name."""
    text = folded if folded.isascii() and folded.isalnum() else "".join(_GREEK.get(c) or _SYMBOLS.get(c) or c for c in folded)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[^a-z0-9.]+", "-", text).strip("-")
    text = re.sub(r"[a-z]+", lambda m: _split_words(m.group()), text)
    if len(text) > 110 or not re.fullmatch(r"(?:[a-z0-9\-]|(?<=\d)\.(?=\d))+", folded):
        text = "-".join(p for p in (text[:100].rstrip("-."), hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()) if p)
    return text
