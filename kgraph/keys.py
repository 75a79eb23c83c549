"""What a name is called by across papers: its core without owner and sort of thing, the key that all its spellings share, and ids.

Caches hold the names of 60,000 papers (about 350,000 differ): an LRU cache that is too small for a stream of names misses nearly always.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import msgspec

from kgraph.extract.boundaries import AFFIXED
from kgraph.lexicon import Entry, load
from kgraph.model import Kind
from kgraph.names import FIELDS, fold, greek_spelled, is_common_word, singular, slug_of, without_stops
from kgraph.normal import normal
from kgraph.senses import is_spoken, load_senses, short_key, spelled_out


class Anchor(msgspec.Struct, frozen=True):
    """Where an entity belongs: the concept's id, the name that led there, its lexicon entry if any, and by which rule."""

    id: str
    name: str
    rule: str  # `folded form`, `introduced`, `lexicon`, `abbreviation`, `known abbreviation`, `device`, `user alias`
    entry: Entry | None = None
    evidence: str = ""
    parent: str = ""  # id of the device that this one is a variant of


DATA = frozenset(("dataset", "benchmark"))
_TURNED = re.compile(r"-(?:as|[a-z]{3,}ed)$")
"""What makes an adjective of a name ("ASR-derived embeddings", "LLM-as-classifier")."""
# Words after a proper name that say what it is: "the ImageNet dataset" is ImageNet. They are no part of a name in lower case
# ("diffusion model"), nor after the name of a field ("ML model").
_SORT = re.compile(
    r"(?<=\w)(?:\s|-(?-i:(?=[a-z])))(?:models?|datasets?|data ?sets?|corpus|corpora|benchmarks?|frameworks?|librar(?:y|ies)|"
    r"toolkits?|toolbox|packages?|platforms?|algorithms?|methods?"
    r"|approach(?:es)?|architectures?|networks?|scores?|values?|metrics?|tasks?|challenge|competition|optimi[sz]ers?|"
    r"simulator|engines?|systems?|famil(?:y|ies)|series|backbones?"
    r"|variants?|embeddings?|encoders?|classifiers?|detectors?|checkpoints?|suite|leaderboard|knowledge base|test sets?|training sets?|database"
    r"|(?<=\d[\s\-])(?:(?:video|audio|image) )?codecs?)$",
    re.IGNORECASE,
)
_DETERMINER = re.compile(r"^(?:(?:the|an?|our|its|their)\s+|(?-i:Dr|Prof)\.\s+(?-i:(?=\S*[A-Z]\S*$)))", re.IGNORECASE)
# These go before a name by its form only: "standard deviation" and "Meta Learning" are names as they stand.
_OWNER = re.compile(
    r"^(?:(?i:standard|vanilla|original|popular|publicly available|pre-?trained|open-source|proprietary)"
    r"|(?:OpenAI|Google|Google DeepMind|DeepMind|Meta|META|Meta AI|Microsoft|Anthropic|NVIDIA|Nvidia|Alibaba|"
    r"Hugging ?Face|Facebook|Stanford|Amazon|Apple|IBM|Intel|AMD|ARM|Arm|Qualcomm|Baidu|Tencent|ByteDance|"
    r"Huawei|Samsung|Adobe|Salesforce|IEEE)(?P<possessive>['’]s)?)\s+(?=[A-Za-z])"
)
_SORT_BEFORE = re.compile(
    r"^(?:[a-z\-]+\s){0,2}(?i:middleware|frameworks?|data ?sets?|benchmarks?|library|toolkit|package|simulator|corpus|database|chatbots?|optimi[sz]er|models?"
    r"|methods?|algorithms?|solvers?|compilers?|tools?|systems?|detectors?|classifiers?|planners?|parsers?|fuzzers?|robots?|platforms?|challenge|paper)\s(?=\S+$)"
)
_DASHED = re.compile(r"(?P<before>\S{4,})-(?:an?|the)|[a-z].* --? (?P<after>\S{4,})")
"""A name and a dash that something else hangs on ("TransE-a" of "TransE-a well-known model", "flow network - FlowNet3D")."""
_KIND_BEFORE = re.compile(r"[A-Z][a-z]+ (?:middleware|library|toolkit|simulator|chatbot|robot|platform) ((?=\S*[a-z])(?=\S+[A-Z])\S{4,})")
"""What sort of thing a name in two cases is ("Grid middleware gLExec")."""
_DOUBLED = re.compile(r"(.{8,}?)\s([A-Z]{2,6})s?")
"""A full form with its abbreviation behind it, no brackets between ("linear temporal logic LTL")."""
_ROBOT = re.compile(r"(\S*[a-z]\S*[A-Z]\S*) robots?")
"""A robot by a name in two cases ("GoBot robot")."""
_DATA_SORT = re.compile(r"\s(?:data ?sets?|corpus|corpora|benchmarks?|librar(?:y|ies)|toolkits?|database|simulator)$", re.IGNORECASE)


def is_proper(name: str) -> bool:
    """Has it a capital after the first letter, or a digit, in its first word?"""
    first = re.split(r"\s", name, maxsplit=1)[0]
    return any(c.isupper() for c in first[1:]) or any(c.isdigit() for c in first) or (first[:1].isupper() and " " not in name)


@lru_cache(maxsize=1 << 19)
def core(name: str) -> str:
    """A name without its owner and without the word that says what sort of thing it is.

    >>> core("quiet moss logic QML"), core("quiet moss CPU"), core("MoBot robots"), core("UAV robot")
    ('quiet moss logic', 'quiet moss CPU', 'MoBot', 'UAV robot')
    >>> core("the ImageNet-1K dataset"), core("OpenAI's GPT-4"), core("diffusion model"), core("ML models"), core("LLM-based systems")
    ('ImageNet-1K', 'GPT-4', 'diffusion model', 'ML models', 'LLM-based systems')
    """
    rest = name[found.end() :] if (found := _DETERMINER.match(name)) else name
    if "." in rest:
        rest = without_stops(rest)
    if "-" in rest:
        dashed = _DASHED.fullmatch(rest)
        if dashed and named_by_form(dashed["before"] or dashed["after"]):
            rest = dashed["before"] or dashed["after"]
    owner = _OWNER.match(rest)
    if owner:
        owned = rest[owner.end() :]
        general = owned.removesuffix("s") in FIELDS and not owner.group().islower()  # Meta AI is a lab
        if not general and (owner["possessive"] or named_by_form(owned) or load().lookup(owned, "model")):
            rest = owned
    before = _SORT_BEFORE.match(rest)
    if before and named_by_form(rest[before.end() :]):
        return rest[before.end() :]
    if named := _KIND_BEFORE.match(rest) or _ROBOT.fullmatch(rest):
        return named[1]
    sort = _SORT.search(rest)
    if sort:
        stem = rest[: sort.start()]
        letters = re.sub(r"[^A-Za-z]", "", stem)
        proper = (
            " " not in stem
            and is_proper(stem)
            and not (AFFIXED.fullmatch(stem) or _TURNED.search(stem))
            and (any(c.isupper() for c in stem[1:]) or (stem[:1].isalpha() and any(c.isdigit() for c in stem)))
        )
        entry = load().lookup(stem) if proper else None
        proper = proper and (_of_sort(entry.kind, sort[0]) if entry else not ("-" in stem and _joined_words(stem)) and not _stands_for_other(stem))
        named_data = " " in stem and _DATA_SORT.search(rest) and _all_names(stem)  # "Penn Treebank corpus", not "Question Answering Dataset"
        if named_data or (proper and (len(letters) >= 2 or len(stem) - len(letters) >= 3) and stem.removesuffix("s") not in FIELDS):
            rest = stem
    doubled = _DOUBLED.fullmatch(rest)
    if doubled and "".join(w[0] for w in re.findall(r"[^\W_]+", doubled[1])).upper() == doubled[2]:
        rest = doubled[1]
    return rest or name


def named_by_form(name: str) -> bool:
    """Is its first word a name by its capitals or digits alone (`GPT-4`, `LLaVA`), and no field of research?"""
    first = name.partition(" ")[0]
    if len(first) < 3 or first.removesuffix("s") in FIELDS or first.replace(".", "").isdigit():
        return False
    return any(c.isupper() for c in first[1:]) or any(c.isdigit() for c in first)


def _joined_words(stem: str) -> bool:
    """Is it a compound of common words, whose capitals then say nothing ("Long-Context" of a Long-Context Model)?"""
    return all(word.islower() or word[1:].islower() for word in stem.split("-") if len(word) > 1) and all(is_common_word(w) for w in stem.split("-"))


def _all_names(stem: str) -> bool:
    """Are all words capitalised, and is one of them neither a common word nor an abbreviation?"""
    words = stem.split(" ")
    return all(w[:1].isupper() or w[:1].isdigit() for w in words) and not all(is_common_word(w) or w.isupper() for w in words)


@lru_cache(maxsize=1 << 19)
def key(name: str) -> str:
    """What two names of one thing have in common across papers: the fold of the core in its normal form, sure abbreviations inside spelled out.

    >>> key("classification of texts") == key("Text Classification task"), key("LLM inference") == key("large language model inference")
    (True, True)
    """
    middle = core(name)
    if " " not in middle:
        word = singular(middle)
        if word.isalpha():
            return fold(word) + _case(word)
        if _TWO_CAPITALISED.fullmatch(word) and (mark := inner_case(word.replace("-", ""))):  # Wi-Fi is WiFi
            return fold(word) + mark
    return phrase_key(middle)


def phrase_key(name: str) -> str:
    """The fold of a name's normal form, sure abbreviations inside spelled out."""
    name = normal(greek_spelled(name))
    whole = spelled_out(name)
    return fold(name if whole == name else normal(whole))


COINED, SHORT = 8, 6
"""A common word in capitals of at most 8 letters is a name of its own (BRIDGE is no bridge); longer ones stand in titles in capitals. Of names
of at most 6 letters that differ in case nine in ten are two things (IRIS, Iris; CoMet, Comet), of longer ones few (CodeForces, Codeforces)."""


@lru_cache(maxsize=1 << 16)
def _case(word: str) -> str:
    """What sets a single word apart from the same letters in another case, or `""`.

    Of a common word that is any coined form; of another short one capitals inside it ("FoX") or capitals that can be spoken ("FOX").

    >>> _case("BRIDGE"), _case("BriDGe"), _case("Bridge"), _case("NOGX"), _case("NGX"), _case("NoGx"), _case("Nogx"), _case("PyTorch")
    ('^BRIDGE', '^BriDGe', '', '^NOGX', '', '^NoGx', '', '')
    """
    if is_common_word(word):
        return f"^{word}" if not word[1:].islower() and (len(word) <= COINED or _broken(word)) else ""
    spoken = 3 <= len(word) <= SHORT and is_spoken(word) and sum(sense.papers for sense in load_senses().get(word, ())) < SEVERAL
    return f"^{word}" if spoken else inner_case(word)


_TWO_CAPITALISED = re.compile(r"[A-Z][a-z]+-[A-Z][a-z]+")


def _broken(word: str) -> bool:
    """Does a capital stand where none of a word's parts begins ("CoGnition", but "AutoEncoder", "ReRanking", "PreTraining")?"""
    parts = _INNER_CAPITAL.split(word)
    return len(parts) == 2 and len(parts[0]) < SHORT and not is_common_word(parts[1])


_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def inner_case(word: str) -> str:
    """What sets a short word with capitals inside it apart, or `""` where they only begin the next word ("TopK" is top-k).

    >>> inner_case("CoMet"), inner_case("TopK"), inner_case("Comet"), inner_case("COMET")
    ('^CoMet', '', '', '')
    """
    if not 3 <= len(word) <= SHORT or word.isupper() or word[1:].islower():
        return ""
    first = _INNER_CAPITAL.split(word, maxsplit=1)[0]
    ordinary = 3 <= len(first) < len(word) and (is_common_word(first) or first in ("Max", "Min"))
    return "" if ordinary else f"^{word}"


SEVERAL = 3
"""An abbreviation that so many papers define is no coined name, whatever it sounds like."""


def full_key(short: str, long: str) -> str:
    """The key of an abbreviation's full form; a last word that the abbreviation counts is part of the name whatever it says."""
    sort = _SORT.search(long)
    covered = sort is not None and sort.group()[1].lower() == short_key(short)[-1:].lower()
    return fold(spelled_out(normal(long))) if covered else key(long)


def _of_sort(kind: Kind, sort: str) -> bool:
    """May a thing of this kind be called so: a dataset or a benchmark "dataset", a metric "score"?

    >>> _of_sort("dataset", " corpus"), _of_sort("task", " corpus"), _of_sort("metric", " scores"), _of_sort("method", " value")
    (True, False, True, False)
    >>> _of_sort("task", " model"), _of_sort("model", " encoders"), core("EEG encoder"), core("quiz NER model"), core("DQN algorithm")
    (False, True, 'EEG encoder', 'quiz NER model', 'DQN')
    """
    if _DATA_NAMED.match(sort):
        return kind in DATA
    if _MODEL_NAMED.match(sort):
        return kind in ("model", "method", "software")
    if kind == "hardware":
        return _DEVICES_NAMED.match(sort) is not None
    return kind == "metric" if _MEASURE_NAMED.match(sort) else True


def _stands_for_other(stem: str) -> bool:
    """Is it an abbreviation that several papers explain as something that is no model, method or program ("EEG" of an EEG encoder)?"""
    senses = load_senses().get(stem.removesuffix("s"), ())
    return bool(senses) and senses[0].papers >= SEVERAL and _MODEL_HEAD.search(senses[0].long) is None


_DATA_NAMED = re.compile(r"[\s\-](?:data ?set|corpus|corpora|benchmark|test set|training set)", re.IGNORECASE)
_MODEL_NAMED = re.compile(
    r"[\s\-](?:model|network|encoder|classifier|detector|architecture|backbone|embedding|optimi[sz]er|variant|checkpoint|algorithm|method|approach|framework)",
    re.IGNORECASE,
)
_DEVICES_NAMED = re.compile(r"[\s\-](?:platform|system|famil|series)", re.IGNORECASE)
_MODEL_HEAD = re.compile(
    r"(?:models?|networks?|nets?|algorithms?|methods?|machines?|transformers?|(?:auto)?encoders?|decoders?|classifiers?|fields?|forests?|trees?|filters?|optimi[sz](?:ation|er)s?"
    r"|descent|learning|regression|policy|gradients?|attention|prompting|tuning|distillation|decoding|sampling|boosting|perceptrons?|units?|memory|library|framework|Carlo|inference)$",
    re.IGNORECASE,
)
_MEASURE_NAMED = re.compile(r"[\s\-](?:score|value)", re.IGNORECASE)


@lru_cache(maxsize=1 << 19)
def plain_id(folded: str) -> str:
    """The id of a key that no lexicon entry bears; a hash sets it apart from an entry's id for another name and from another case."""
    folded, _, case = folded.partition("^")
    slug = slug_of(folded)
    if case:
        return f"{slug}-{hashlib.blake2b(case.encode(), digest_size=3).hexdigest()}"
    if slug in load().by_id:
        return f"{slug}-{hashlib.blake2b(folded.encode(), digest_size=3).hexdigest()}"
    return slug
