"""Stage 3, identity: which concept an entity of one paper is, from that paper, the lexicon and the user's aliases alone.

No other paper of the build takes part, so an added paper never changes what an older one means, and resolution is one look at each
entity. There is no chain of likenesses either: an entity has one key, and entities with equal keys are one concept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from kgraph.aliases import NO_ALIASES, Aliases
from kgraph.extract.boundaries import AFFIXED
from kgraph.lexicon import Entry, Lexicon, load
from kgraph.model import Entity, Kind
from kgraph.names import fold, is_common_word, normal, singular, slug_of, without_stops
from kgraph.senses import decide, full_form, is_short_form, load_senses, short_form, short_key, spelled_out, usual_form

# Caches hold the names of 60,000 papers (about 350,000 differ): an LRU cache that is too small for a stream of names misses nearly always.


class Anchor(msgspec.Struct, frozen=True):
    """Where an entity belongs: the concept's id, the name that led there, its lexicon entry if any, and by which rule."""

    id: str
    name: str
    rule: str  # `folded form`, `introduced`, `lexicon`, `abbreviation`, `known abbreviation`, `device`, `user alias`
    entry: Entry | None = None
    evidence: str = ""
    parent: str = ""  # id of the device that this one is a variant of


_SYSTEMS = frozenset(("model", "method", "software"))
_DATA = frozenset(("dataset", "benchmark"))
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
_FIELDS = frozenset(("AI", "ML", "DL", "RL", "DRL", "NLP", "CV", "IR", "ASR", "TTS", "XAI", "FL", "LLM", "KG", "IoT", "GenAI", "QA", "VQA", "SLAM"))
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
_DATA_SORT = re.compile(r"\s(?:data ?sets?|corpus|corpora|benchmarks?|librar(?:y|ies)|toolkits?|database|simulator)$", re.IGNORECASE)


def is_proper(name: str) -> bool:
    """Has it a capital after the first letter, or a digit, in its first word?"""
    first = re.split(r"\s", name, maxsplit=1)[0]
    return any(c.isupper() for c in first[1:]) or any(c.isdigit() for c in first) or (first[:1].isupper() and " " not in name)


@lru_cache(maxsize=1 << 19)
def core(name: str) -> str:
    """A name without its owner and without the word that says what sort of thing it is.

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
    if owner and (owner["possessive"] or named_by_form(rest[owner.end() :]) or load().lookup(rest[owner.end() :], "model")):
        rest = rest[owner.end() :]
    before = _SORT_BEFORE.match(rest)
    if before and named_by_form(rest[before.end() :]):
        return rest[before.end() :]
    if named := _KIND_BEFORE.match(rest):
        return named[1]
    sort = _SORT.search(rest)
    if sort:
        stem = rest[: sort.start()]
        letters = re.sub(r"[^A-Za-z]", "", stem)
        proper = (
            " " not in stem
            and is_proper(stem)
            and not AFFIXED.fullmatch(stem)
            and (any(c.isupper() for c in stem[1:]) or (stem[:1].isalpha() and any(c.isdigit() for c in stem)))
        )
        entry = load().lookup(stem) if proper else None
        proper = proper and (_of_sort(entry.kind, sort[0]) if entry else not ("-" in stem and _joined_words(stem)))
        named_data = " " in stem and _DATA_SORT.search(rest) and _all_names(stem)  # "Penn Treebank corpus", not "Question Answering Dataset"
        if named_data or (proper and (len(letters) >= 2 or len(stem) - len(letters) >= 3) and stem.removesuffix("s") not in _FIELDS):
            rest = stem
    return rest or name


def named_by_form(name: str) -> bool:
    """Is its first word a name by its capitals or digits alone (`GPT-4`, `LLaVA`), and no field of research?"""
    first = name.partition(" ")[0]
    return len(first) > 2 and first.removesuffix("s") not in _FIELDS and (any(c.isupper() for c in first[1:]) or any(c.isdigit() for c in first))


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
        if _TWO_CAPITALISED.fullmatch(word) and (mark := _inner_case(word.replace("-", ""))):  # Wi-Fi is WiFi
            return fold(word) + mark
    return _phrase_key(middle)


def _phrase_key(name: str) -> str:
    """The fold of a name's normal form, sure abbreviations inside spelled out."""
    name = normal(name)
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
        return f"^{word}" if len(word) <= COINED and not word[1:].islower() else ""
    spoken = 3 <= len(word) <= SHORT and _SPOKEN.fullmatch(word) and sum(sense.papers for sense in load_senses().get(word, ())) < SEVERAL
    return f"^{word}" if spoken else _inner_case(word)


_TWO_CAPITALISED = re.compile(r"[A-Z][a-z]+-[A-Z][a-z]+")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _inner_case(word: str) -> str:
    """What sets a short word with capitals inside it apart, or `""` where they only begin the next word ("TopK" is top-k).

    >>> _inner_case("CoMet"), _inner_case("TopK"), _inner_case("Comet"), _inner_case("COMET")
    ('^CoMet', '', '', '')
    """
    if not 3 <= len(word) <= SHORT or word.isupper() or word[1:].islower():
        return ""
    first = _INNER_CAPITAL.split(word, maxsplit=1)[0]
    ordinary = 3 <= len(first) < len(word) and (is_common_word(first) or first in ("Max", "Min"))
    return "" if ordinary else f"^{word}"


SEVERAL = 3
"""An abbreviation that so many papers define is no coined name, whatever it sounds like."""
_SPOKEN = re.compile(r"(?:[B-DF-HJ-NP-TV-XZ]{0,2}[AEIOUY]{1,2})+[B-DF-HJ-NP-TV-XZ]{0,2}")


def _full_key(short: str, long: str) -> str:
    """The key of an abbreviation's full form; a last word that the abbreviation counts is part of the name whatever it says."""
    sort = _SORT.search(long)
    covered = sort is not None and sort.group()[1].lower() == short_key(short)[-1:].lower()
    return fold(spelled_out(normal(long))) if covered else key(long)


_MAKER = re.compile(
    r"\b(?:NVIDIA|AMD|Intel|Google|Huawei|Xilinx|Qualcomm|Tesla|GeForce|Quadro|Tensor Core|Ampere|Hopper|Volta|"
    r"Pascal|Turing|Ada Lovelace|Blackwell|Cloud)(?:['’]s)?\b\s*",
    re.IGNORECASE,
)
_DEVICE_NOUN = re.compile(
    r"[\s\-]+(?:Tensor Core\s+)?(?:GPUs?|graphics cards?|cards?|accelerators?|chips?|processors?|devices?|boards?|CPUs?|nodes?|servers?|machines?|hardware)$",
    re.IGNORECASE,
)
_MAKER_BEFORE = re.compile(r"(?:Intel|ARM|Arm|AMD|NVIDIA|IEEE) [A-Z]{3,5}$")
"""A technique of a maker of devices by its abbreviation ("Intel SGX")."""
_COUNT = re.compile(r"^\d+\s?(?:x|×)\s*", re.IGNORECASE)
_MEMORY = re.compile(r"[\s\-(]*\b(\d{1,3})\s?-?G(?:i?B)?\b(?:\s?(?:VRAM|HBM\w*|memory|RAM))?\)?", re.IGNORECASE)
_BUS = re.compile(r"[\s\-]+(?:SXM\d?|PCI-?e|NVL\d*|OAM)\b", re.IGNORECASE)
_CLASSES: tuple[tuple[str, str], ...] = (  # (pattern on the name, id of the class of devices)
    (r"\bTPU", "tpu"),
    (r"\b(?:RTX|GTX|GeForce|Quadro|Tesla|Titan|TITAN|Radeon|Instinct|MI\d{2,3}|GPUs?|[ABHPV]\d{2,3}0|L\d{1,2}S?|GH200|GB\d00|T4)\b", "gpu"),
    (r"\b(?:Xeon|EPYC|Ryzen|Core i\d|CPUs?|Cortex-A\d+|Threadripper|Kunpeng|Graviton)\b", "cpu"),
    (r"\b(?:FPGAs?|Alveo|Zynq|Virtex|Kintex|Stratix|Arria|Agilex|Versal|ZCU\d+)\b", "fpga"),
    (r"\b(?:NPUs?|Ascend|Hexagon|Neural Engine)\b", "npu"),
)


def device_class(name: str) -> str:
    """Id of the class a device belongs to by its name (`gpu`, `tpu`, ...), or `""`.

    >>> device_class("NVIDIA RTX 9990 Ti"), device_class("TPU v9"), device_class("smartphone")
    ('gpu', 'tpu', '')
    """
    return next((cls for pattern, cls in _CLASSES if re.search(pattern, name)), "")


@lru_cache(maxsize=1 << 14)
def device(name: str) -> Anchor | None:
    """The concept of a device's name: maker, bus, count and device noun do not matter, memory makes a variant.

    >>> [device(n).id for n in ("NVIDIA A100 GPUs", "Tesla A100", "8x A100", "A100-SXM4-80GB", "80GB A100")]
    ['nvidia-a100', 'nvidia-a100', 'nvidia-a100', 'nvidia-a100-80gb', 'nvidia-a100-80gb']
    """
    lexicon = load()
    text = _COUNT.sub("", re.sub(r"\s+", " ", name).strip())
    memory = _MEMORY.search(text)
    bare = _BUS.sub("", text)
    if memory:
        bare = _MEMORY.sub(" ", bare).strip(" -()")
    bare = _DEVICE_NOUN.sub("", bare.strip()).strip(" -") or bare
    without = _MAKER.sub("", bare).strip()
    entry = next(
        (e for n in (text, bare, f"NVIDIA {without}", without, f"NVIDIA {bare}") if (e := lexicon.lookup(n, "hardware")) and e.kind == "hardware"), None
    )
    if entry is None:
        if not without or not any(c.isdigit() for c in bare):
            return None
        id_, label = plain_id(fold(without)), bare
    else:
        id_, label = entry.id, entry.name
    if memory is None or (entry is not None and re.search(r"\dgb$", fold(entry.name))):
        return Anchor(id_, label, "device", entry)
    variant = lexicon.lookup(f"{label} {memory.group(1)}GB")
    return Anchor(f"{id_}-{memory.group(1)}gb", f"{label} {memory.group(1)}GB", "device", variant, parent=id_)


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


@lru_cache(maxsize=1)
def _in_normal_form() -> dict[str, Entry]:
    """The lexicon's names of several words, whatever their case, by their normal form."""
    table: dict[str, Entry] = {}
    for entry in load().entries:
        for name in entry.names:
            if " " in name and name not in entry.exact and name.replace(" ", "").replace("-", "").isalpha():
                table.setdefault(_phrase_key(name), entry)
    return table


@lru_cache(maxsize=1 << 19)
def known(name: str, kind: Kind | None, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry for a name as papers write it (owner and sort of thing may stand around it)."""
    middle = core(name)
    for form in dict.fromkeys((name, full_form(name), middle, normal(middle))):
        entry = lexicon.lookup(form, kind)
        if entry is not None and (entry.kind != "hardware" or kind in (None, "hardware") or " " in form or form.isupper()):
            return entry
    entry = _in_normal_form().get(_phrase_key(middle)) if " " in middle else None
    if entry is not None and (kind is None or _compatible(entry.kind, kind)):
        return entry
    short = short_form(name)
    entry = lexicon.lookup(short) if short else None
    return entry if entry is not None and kind is not None and _compatible(entry.kind, kind) else None


def _of_sort(kind: Kind, sort: str) -> bool:
    """May a thing of this kind be called so: a dataset or a benchmark "dataset", a metric "score"?

    >>> _of_sort("dataset", " corpus"), _of_sort("task", " corpus"), _of_sort("metric", " scores"), _of_sort("method", " value")
    (True, False, True, False)
    """
    if _DATA_NAMED.match(sort):
        return kind in _DATA
    return kind == "metric" if _MEASURE_NAMED.match(sort) else True


_DATA_NAMED = re.compile(r"[\s\-](?:data ?set|corpus|corpora|benchmark|test set|training set)", re.IGNORECASE)
_MEASURE_NAMED = re.compile(r"[\s\-](?:score|value)", re.IGNORECASE)


def identify(entity: Entity, company: Sequence[str], aliases: Aliases = NO_ALIASES) -> Anchor | None:
    """The concept of an entity; `company` are the names of the paper's other entities. None when the user's aliases say to ignore it.

    In this order: the user's word, a device's name, the full form that the paper itself gives, the lexicon, an abbreviation's usual meaning
    or the one that its company tells, the folded name.
    """
    names = tuple(dict.fromkeys((entity.name, *entity.names)))
    keys = [fold(n) for n in names]
    if not aliases.ignore.isdisjoint(keys):
        return None
    for key in keys:
        if key in aliases.same:
            preferred = aliases.same[key]
            anchor = _identify(preferred, (preferred,), (), entity.kind, (), NO_ALIASES)
            return Anchor(anchor.id, preferred, "user alias", anchor.entry, aliases.place.get(key, ""), anchor.parent)
    return _identify(entity.name, names, entity.abbreviations, entity.kind, company, aliases, entity if entity.introduced else None)


def _identify(
    label: str,
    names: tuple[str, ...],
    abbreviations: tuple[tuple[str, str], ...],
    kind: Kind,
    company: Sequence[str],
    aliases: Aliases,
    introduced: Entity | None = None,
) -> Anchor:
    lexicon = load()
    if kind == "hardware":
        found = device(label) or next((d for n in names if (d := device(n))), None)
        if found is not None and not _apart(label, found, aliases):
            return found
    own = {fold(n) for n in names}
    for short, long in abbreviations:
        if fold(long) not in own and fold(short) not in own:
            continue
        long = whole_form(short, long, company)
        long = _plainer(long, company) or long
        entry = known(long, kind, lexicon) or _borne(short, long, kind, lexicon)
        anchor = Anchor(entry.id, entry.name, "abbreviation", entry, f"{long} ({short})") if entry else None
        if anchor is None:
            usual = full_form(long) if introduced else usual_form(short, long)  # what a paper makes may have a name that is no other's
            entry = known(usual, kind, lexicon) if usual != long else None
            anchor = Anchor(entry.id, entry.name, "abbreviation", entry, f"{long} ({short}), usually {usual}") if entry else None
        if anchor is None:
            anchor = Anchor(plain_id(_full_key(short, usual)), usual, "abbreviation", None, f"{long} ({short})")
        if not _apart(label, anchor, aliases):
            return anchor
    full_first = sorted(names, key=lambda n: (is_short_form(n), n != label))
    namesake = ""
    for name in full_first:
        entry = known(name, kind, lexicon)
        if entry is not None and introduced is not None and _namesake(name, entry, introduced):
            namesake = f"the paper introduces it; it is not {entry.name} in {entry.kind}.tsv"
            continue
        if entry is not None and not (is_short_form(name) and len(names) > 1 and not is_short_form(full_first[0]) and entry.kind != kind):
            anchor = Anchor(entry.id, entry.name, "lexicon", entry, f"{entry.kind}.tsv ({entry.source})")
            if not _apart(label, anchor, aliases):
                return anchor
    best = core(full_first[0]) if "." in full_first[0] or _MAKER_BEFORE.match(full_first[0]) else full_first[0]
    if is_short_form(best):
        for other in company:
            if spells_out(best, other) and not aliases.apart(fold(best), fold(other)):
                entry = known(other, None, lexicon)
                id_, name = (entry.id, entry.name) if entry else (plain_id(key(other)), other)
                return Anchor(id_, name, "abbreviation", entry, f"the paper also names {other}")
        sense, why = decide(best, company, lambda long: _fits(long, kind, lexicon))
        if sense is not None:
            entry = known(sense.long, None, lexicon)
            if entry is None or sense.certain or _compatible(entry.kind, kind):
                anchor = Anchor(
                    entry.id if entry else plain_id(_full_key(best, sense.long)), entry.name if entry else sense.long, "known abbreviation", entry, why
                )
                if not _apart(label, anchor, aliases):
                    return anchor
    name = core(label if not is_short_form(label) or fold(label) == fold(best) else best)
    whole = _named_alone(name, company) or _plainer(label, company)
    if whole and not aliases.apart(fold(name), fold(whole)):
        entry = known(whole, kind, lexicon)
        return Anchor(entry.id if entry else plain_id(key(whole)), entry.name if entry else whole, "longer name in the paper", entry, label)
    return Anchor(plain_id(key(name) or fold(label)) or "unnamed", name, "introduced" if namesake else "folded form", evidence=namesake)


def _namesake(name: str, entry: Entry, introduced: Entity) -> bool:
    """Is what a paper introduces by this name another thing than the lexicon's of the same letters?

    It is where the votes for its type outweigh those for all types that the lexicon's could be read as, and where it is a short name with
    capitals at other places inside it, or all in capitals where the lexicon's is not (FALCON). Of 16 names in 20,000 papers that the first
    half of the rule parts one is the lexicon's, of those in capitals in 8,000 none of 3.
    """
    if " " not in name and (_inner_case(name) or (len(name) >= 4 and name.isalpha() and name.isupper())) and name not in entry.names:
        return True
    if _compatible(entry.kind, introduced.kind):
        return False
    votes = introduced.votes or ((introduced.kind, 1.0),)
    return sum(w for k, w in votes if k == introduced.kind) > sum(w for k, w in votes if _compatible(k, entry.kind))


def _borne(short: str, long: str, kind: Kind, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry of a compatible kind that bears a short form of six or more letters which a full form unknown to it spells out."""
    if len(short_key(short)) < 6 or not spells_out(short, long):
        return None
    entry = lexicon.lookup(short)
    return entry if entry is not None and short in entry.names and _compatible(entry.kind, kind) else None


_SMALL = frozenset(("of", "the", "and", "for", "with", "to", "in", "on", "a", "an", "by", "via", "from"))
_WORDS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=1 << 16)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(re.sub(r"\([^)]*\)", " ", name.lower())))


def spells_out(short: str, long: str) -> bool:
    """Do the letters of a short form (three or more) come from the words of a name: the initial of each, small words apart?

    Where the short form has small letters, more letters of a word may be in it.

    >>> spells_out("TPN", "Temporal Pyramid Networks"), spells_out("RAG", "retrieval of grids"), spells_out("TP-QRA", "Text-Passage Query Rewriting Agent")
    (True, False, True)
    >>> spells_out("GeTaMo", "Geometric Task Model"), spells_out("GETAMO", "Geometric Task Model")
    (True, False)
    """
    letters = short_key(short)
    if len(letters) < 3 or long[:1].lower() != letters[:1].lower():
        return False
    if len(long) < len(short) + 4 or not set(_DIGITS.findall(long)) <= set(_DIGITS.findall(short)):  # LLaMA1 is no short form of LLaMA3.1
        return False
    words = _words(long)
    return len(words) >= (3 if letters.isupper() else 2) and _spelled(letters.lower(), words, not letters.isupper())


def _spelled(letters: str, words: tuple[str, ...], inner: bool) -> bool:
    if not words:
        return not letters
    word, rest = words[0], words[1:]
    if word in _SMALL and _spelled(letters, rest, inner):
        return True
    if not letters or word[0] != letters[0]:
        return False
    if _spelled(letters[1:], rest, inner):
        return True
    at, taken = 0, 1
    while inner and taken < len(letters) and (at := word.find(letters[taken], at + 1)) > 0:
        taken += 1
        if _spelled(letters[taken:], rest, inner):
            return True
    return False


def whole_form(short: str, long: str, company: Sequence[str]) -> str:
    """The full form that is meant where the one beside the abbreviation is cut short or has an abbreviation in itself.

    Among the paper's other names, then the meanings that the table knows.

    >>> whole_form("AUQ", "Agentic UQ", ("Agentic Uncertainty Quantification",)), whole_form("FTP", "tin pots", ("fresh tin pots",))
    ('Agentic Uncertainty Quantification', 'fresh tin pots')
    """
    if spells_out(short, long):
        return long
    lower = long.lower()
    for other in company:
        if len(other) > len(long) and other.lower().endswith(lower) and spells_out(short, other):
            return other
    inner = _CAPITALS.search(long)
    if inner:
        words = r"[\s\-]+".join(rf"{letter}\w*" for letter in inner[1])
        whole = re.compile(re.escape(long[: inner.start()]) + words + re.escape(long[inner.end() :]), re.IGNORECASE)
        for other in (*company, *(s.long for s in load_senses().get(short_key(short), ()))):
            if whole.fullmatch(other):
                return other
    return long


_CAPITALS = re.compile(r"(?<![\w\-])([A-Z]{2,5})s?(?![\w])")


_DATA_TAIL = re.compile(r"^(?:\s[a-z][\w-]*){0,2}\s(?:datasets?|benchmarks?|corpus|data set|collection|challenge|test set)$", re.IGNORECASE)


_SYSTEM_TAIL = re.compile(
    r"^(?:\s(?:foundation|language|programming))?\s(?:filter|module|pipeline|tool|technique|strategy|mechanism|scheme|protocol|paradigm|planner|sampler|procedure"
    r"|solution|algorithm|method|model|framework|system|approach)s?$"
)
_METHOD_TAIL = re.compile(r"\s(?:model|method|algorithm|approach|framework|scheme|strategy|mechanism|problem|protocol)s?$", re.IGNORECASE)


def _named_alone(name: str, company: Sequence[str]) -> str:
    """The proper name that the paper also uses alone, of a longer name that adds what sort of thing it is ("QUORB irony dataset", "QUORB filter").

    Parts of well-known systems ("CLIP loss") are no such names, so of systems only names unknown to the lexicon count.
    """
    first, _, rest = name.partition(" ")
    if len(first) < 3 or sum(c.isupper() for c in first) < 2 or first not in company:
        return ""
    if _DATA_TAIL.match(f" {rest}"):
        return first
    unknown = first not in _FIELDS and load().lookup(first) is None and not load_senses().get(short_key(first))
    return first if unknown and _SYSTEM_TAIL.match(f" {rest}") else ""


def _plainer(name: str, company: Sequence[str]) -> str:
    """The name without "method", "model" or "based" that the paper also uses, or `""`.

    >>> _plainer("Lazy Owl model", ("Lazy Owl", "owl")), _plainer("owl-based tuning", ("owl tuning",)), _plainer("owl finding model", ("owl finding",))
    ('Lazy Owl', 'owl tuning', '')
    """
    tail = _METHOD_TAIL.search(name)
    if tail and sum(word[:1].isupper() for word in name[: tail.start()].split()) >= 2:
        stem = fold(name[: tail.start()])
    elif "based " in name:
        stem = fold(_BASED.sub(" ", name))
    else:
        return ""
    return next((other for other in company if " " in other and other != name and fold(other) == stem), "")


_BASED = re.compile(r"(?<=\w)[\s\-]based (?=\w)")


def _fits(long: str, kind: Kind, lexicon: Lexicon) -> bool | None:
    """Is the known type of a full form the entity's (True), one that cannot be (False), or no help (None)?"""
    entry = known(long, None, lexicon)
    if entry is None or (entry.kind != kind and _compatible(entry.kind, kind)):
        return None
    return entry.kind == kind


def _compatible(left: Kind, right: Kind) -> bool:
    """May the kinds be two readings of one thing? A metric or a device is never a model, a method and a task may be one."""
    if left == right or {left, right} <= _SYSTEMS | {"task"} or {left, right} <= _DATA:
        return True
    return {left, right} <= _DATA | {"task"}


def _apart(label: str, anchor: Anchor, aliases: Aliases) -> bool:
    if not aliases.different:
        return False
    names = anchor.entry.names if anchor.entry else (anchor.name,)
    return any(aliases.apart(fold(label), fold(n)) for n in names)
