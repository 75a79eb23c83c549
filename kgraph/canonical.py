"""Stage 3, identity: which concept an entity of one paper is, from that paper, the lexicon and the user's aliases alone.

No other paper of the build takes part, so an added paper never changes what an older one means, and resolution is one look at each
entity. There is no chain of likenesses either: an entity has one key, and entities with equal keys are one concept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgraph.aliases import NO_ALIASES, Aliases
from kgraph.devices import device
from kgraph.keys import DATA, Anchor, core, full_key, inner_case, key, phrase_key, plain_id
from kgraph.lexicon import Entry, Lexicon, load
from kgraph.model import Entity, Kind
from kgraph.names import FIELDS, fold
from kgraph.normal import normal
from kgraph.senses import FITTING_KIND, FITTING_METRIC, decide, full_form, is_short_form, is_spoken, load_senses, overruling, short_form, short_key, usual_form

_SYSTEMS = frozenset(("model", "method", "software"))
SPOKEN, WELL_KNOWN = 3, 8
"""A longer introduced name in capitals that can be spoken (ORCA) is coined and means what its own paper says or nothing else, unless so many
papers define it (RLAIF)."""
_MAKER_BEFORE = re.compile(r"(?:Intel|ARM|Arm|AMD|NVIDIA|IEEE) [A-Z]{3,5}$")
"""A technique of a maker of devices by its abbreviation ("Intel SGX")."""


@lru_cache(maxsize=1)
def _in_normal_form() -> dict[str, Entry]:
    """The lexicon's names of several words, whatever their case, by their normal form."""
    table: dict[str, Entry] = {}
    for entry in load().entries:
        for name in entry.names:
            if " " in name and name not in entry.exact and name.replace(" ", "").replace("-", "").isalpha():
                table.setdefault(phrase_key(name), entry)
    return table


@lru_cache(maxsize=1 << 19)
def known(name: str, kind: Kind | None, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry for a name as papers write it (owner and sort of thing may stand around it)."""
    middle = core(name)
    for form in dict.fromkeys((name, full_form(name), middle, normal(middle))):
        entry = lexicon.lookup(form, kind)
        if entry is not None and (entry.kind != "hardware" or kind in (None, "hardware") or " " in form or form.count("-") > 1 or form.isupper()):
            return entry
    entry = _in_normal_form().get(phrase_key(middle)) if " " in middle else None
    if entry is not None and (kind is None or _compatible(entry.kind, kind)):
        return entry
    if any(c.isdigit() for c in name) and sum(c.isalpha() for c in name) >= 2 and not name.isupper():  # GSM8k, bf16
        entry = lexicon.lookup(name.upper(), kind)
        if entry is not None and kind is not None and _compatible(entry.kind, kind):
            return entry
    short = short_form(name)
    entry = lexicon.lookup(short) if short else None
    return entry if entry is not None and kind is not None and _compatible(entry.kind, kind) else None


def identify(entity: Entity, company: Sequence[str], aliases: Aliases = NO_ALIASES) -> Anchor | None:
    """The concept of an entity; `company` are the names of the paper's other entities. None when the user's aliases say to ignore it.

    In this order: the user's word, a device's name, the full form that the paper itself gives, the lexicon, an abbreviation's usual meaning
    or the one that its company tells, the folded name.
    """
    names = tuple(dict.fromkeys((entity.name, *entity.names)))
    folded = [fold(n) for n in names]
    if not aliases.ignore.isdisjoint(folded):
        return None
    for form in folded:
        if form in aliases.same:
            preferred = aliases.same[form]
            anchor = _identify(preferred, (preferred,), (), entity.kind, (), NO_ALIASES)
            return Anchor(anchor.id, preferred, "user alias", anchor.entry, aliases.place.get(form, ""), anchor.parent)
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
            anchor = Anchor(plain_id(full_key(short, usual)), usual, "abbreviation", None, f"{long} ({short})")
        if not _apart(label, anchor, aliases):
            return anchor
    full_first = sorted(names, key=lambda n: (is_short_form(n), n != label))
    namesake = ""
    for name in full_first:
        entry = known(name, kind, lexicon)
        if entry is not None and introduced is not None and _namesake(name, entry, introduced):
            namesake = f"the paper introduces it; it is not {entry.name} in {entry.kind}.tsv"
            continue
        if entry is not None and " " in entry.name and is_short_form(name) and overruling(name, entry.name, company):
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
                if not _may_be_full_form(best, other, kind, introduced is not None, entry is not None):
                    continue
                id_, name = (entry.id, entry.name) if entry else (plain_id(key(other)), other)
                return Anchor(id_, name, "abbreviation", entry, f"the paper also names {other}")
        sense, why = (
            (None, "")
            if introduced is not None and _coined(best)
            else decide(best, company, lambda long: _fits(long, kind, lexicon), FITTING_METRIC if kind == "metric" else FITTING_KIND)
        )
        if sense is not None:
            entry = known(sense.long, None, lexicon)
            if entry is None or sense.certain or _compatible(entry.kind, kind):
                anchor = Anchor(
                    entry.id if entry else plain_id(full_key(best, sense.long)), entry.name if entry else sense.long, "known abbreviation", entry, why
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
    half of the rule parts one is the lexicon's, of those in capitals in 8,000 none of 3. Nor is it what the lexicon knows by a longer name,
    of which it is but the abbreviation: a paper that makes that thing spells it out.
    """
    if " " not in name and (inner_case(name) or (len(name) >= 4 and name.isalpha() and name.isupper())) and name not in entry.names:
        return True
    if is_short_form(name) and " " in entry.name:
        return True
    if _compatible(entry.kind, introduced.kind):
        return False
    votes = introduced.votes or ((introduced.kind, 1.0),)
    return sum(w for k, w in votes if k == introduced.kind) > sum(w for k, w in votes if _compatible(k, entry.kind))


def _coined(short: str) -> bool:
    """Is an introduced short name in capitals one that its authors made up to be spoken, and no abbreviation that many use?"""
    return len(short) > SPOKEN and short.isupper() and is_spoken(short) and sum(s.papers for s in load_senses().get(short_key(short), ())) < WELL_KNOWN


def _borne(short: str, long: str, kind: Kind, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry of a compatible kind that bears a short form of six or more letters which a full form unknown to it spells out."""
    if len(short_key(short)) < 6 or not spells_out(short, long):
        return None
    entry = lexicon.lookup(short)
    return entry if entry is not None and short in entry.names and _compatible(entry.kind, kind) else None


def _may_be_full_form(short: str, other: str, kind: Kind, introduced: bool, listed: bool) -> bool:
    """May another name of the paper, whose letters fit, be the full form of a short one, though no brackets say so?

    A name in two cases is often made of what it is about: MoGrid of "mode grids", ReaDat, a dataset for Reading Data. Its full form has
    capitals, and of a dataset says that it is one. What a paper introduces is no thing that lists know, and no stem of another's name.
    """
    if other.startswith(short) or (introduced and listed):
        return False
    if short_key(short).isupper():
        return True
    return all(word[:1].isupper() or word in _SMALL for word in re.split(r"[\s\-]+", other)) and (kind not in DATA or _DATA_SORT_END.search(other) is not None)


_DATA_SORT_END = re.compile(r"(?:data ?set|corpus|benchmark|collection|archive|database|set|suite|bank)s?$", re.IGNORECASE)
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
    unknown = first not in FIELDS and load().lookup(first) is None and not load_senses().get(short_key(first))
    return first if unknown and _SYSTEM_TAIL.match(f" {rest}") else ""


def _plainer(name: str, company: Sequence[str]) -> str:
    """The name without "method", "model" or "based" that the paper also uses, or `""`.

    >>> _plainer("Lazy Owl model", ("Lazy Owl", "owl")), _plainer("owl-based tuning", ("owl tuning",)), _plainer("owl finding model", ("owl finding",))
    ('Lazy Owl', 'owl tuning', '')
    """
    tail = _METHOD_TAIL.search(name)
    named = tail is not None and sum(word[:1].isupper() for word in name[: tail.start()].split()) >= 2
    if tail and named:
        stem = fold(name[: tail.start()])
    elif "based " in name:
        stem = fold(_BASED.sub(" ", name))
    else:
        return ""
    # "Object Detection Models" in a title is not the task that the abstract calls object detection
    return next((other for other in company if " " in other and other != name and fold(other) == stem and not (named and other.islower())), "")


_BASED = re.compile(r"(?<=\w)[\s\-]based (?=\w)")


def _fits(long: str, kind: Kind, lexicon: Lexicon) -> bool | None:
    """Is the known type of a full form the entity's (True), one that cannot be (False), or no help (None)?"""
    entry = known(long, None, lexicon)
    if entry is None or (entry.kind != kind and _compatible(entry.kind, kind)):
        return None
    return entry.kind == kind


def _compatible(left: Kind, right: Kind) -> bool:
    """May the kinds be two readings of one thing? A metric or a device is never a model, a method and a task may be one."""
    if left == right or {left, right} <= _SYSTEMS | {"task"} or {left, right} <= DATA:
        return True
    return {left, right} <= DATA | {"task"}


def _apart(label: str, anchor: Anchor, aliases: Aliases) -> bool:
    if not aliases.different:
        return False
    names = anchor.entry.names if anchor.entry else (anchor.name,)
    return any(aliases.apart(fold(label), fold(n)) for n in names)
