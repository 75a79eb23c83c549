"""The value types that every stage speaks: frozen, comparable, JSON-ready, without behaviour.

`Paper` is what a reader yields, `PaperFacts` what the extractor says of one paper (a pure function of its title, its abstract and the
extractor's version), `Concept` what resolution makes of the mentions of all papers. All offsets are in code points, ends exclusive.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["model", "method", "software", "dataset", "benchmark", "metric", "task", "hardware"]
"""The type of an entity; a benchmark is a dataset."""
KINDS: tuple[Kind, ...] = ("model", "method", "software", "dataset", "benchmark", "metric", "task", "hardware")

Polarity = Literal["asserted", "negated", "hypothetical", "prior work", "joined"]
Field = Literal["title", "abstract"]
PREDICATES = (
    "outperforms", "comparedWith", "basedOn", "variantOf", "uses", "evaluatedOn",
    "evaluatedBy", "addresses", "trainedOn", "trainedOnHardware", "runsOnHardware",
)  # fmt: skip
"""The relations between two entities, as local names of the `kg:` vocabulary."""


class Value(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all values: immutable, ordered by their fields, encoded without defaults."""


class Problem(Value, frozen=True):
    """Something wrong in the *input* (errors in the program raise). Printed as `file:line: message`."""

    path: str
    line: int
    message: str


class Run(Value, frozen=True):
    """A stretch of decoded text that stands unchanged in the raw file: `text[start:start+length] == raw[origin:origin+length]`."""

    start: int
    origin: int
    length: int


class Source(Value, frozen=True):
    """Where a record stands in the input: file (as the user named it, POSIX separators), 1-based first line, and how its decoded
    abstract and title lead back to the code points of the decoded file."""

    path: str
    line: int
    abstract_runs: tuple[Run, ...] = ()
    title_runs: tuple[Run, ...] = ()


class Paper(Value, frozen=True):
    """One paper, decoded for reading (no LaTeX, no HTML, no hard breaks). `key` is its stable id and the local part of its IRI."""

    key: str
    abstract: str
    title: str = ""
    identifiers: tuple[str, ...] = ()  # as `arXiv:2408.01800`, `doi:10.1000/x`, `acl:2020.acl-main.1`
    issued: str = ""  # `2024` or `2024-08-03`
    authors: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()  # pages of the paper itself (arXiv, DOI, ACL)
    sources: tuple[Source, ...] = ()


class Sentence(Value, frozen=True):
    """Sentence `text[start:end]` of a field of the paper."""

    field: Field
    start: int
    end: int


class Mention(Value, frozen=True):
    """One place where an entity is named; `entity` indexes `PaperFacts.entities`, `sentence` indexes `PaperFacts.sentences`."""

    entity: int
    sentence: int
    start: int
    end: int
    score: float = 1.0


class Entity(Value, frozen=True):
    """One entity of one paper. `names` are all its forms, label first; `votes` are (kind, weight), the first the chosen one."""

    name: str
    kind: Kind
    names: tuple[str, ...]
    votes: tuple[tuple[Kind, float], ...] = ()
    introduced: bool = False
    abbreviations: tuple[tuple[str, str], ...] = ()  # (short, long) pairs the paper itself defines
    score: float = 1.0
    lexicon: str = ""  # id of the lexicon entry it was recognised by, if any


class Claim(Value, frozen=True):
    """One relation between two entities of the paper, given by index."""

    subject: int
    predicate: str
    object: int
    sentence: int
    confidence: float
    polarity: Polarity = "asserted"


class Result(Value, frozen=True):
    """One measured value. `value` is a decimal as text (exact), `value_text` as printed, `start:end` its place in the sentence's field."""

    value: str
    value_text: str
    start: int
    end: int
    sentence: int
    confidence: float
    polarity: Polarity = "asserted"
    unit: str = ""
    metric: int | None = None
    of: int | None = None
    baseline: int | None = None
    benchmark: int | None = None
    task: int | None = None
    model: int | None = None
    direction: str = ""


class Quantity(Value, frozen=True):
    """A size that is not a result: `value` in base units (2.4B is 2400000000)."""

    property: str
    value: str
    value_text: str
    start: int
    end: int
    sentence: int
    confidence: float
    polarity: Polarity = "asserted"
    unit: str = ""
    of: int | None = None


class HardwareUse(Value, frozen=True):
    """Work done on a device; `count`, `memory_gb`, `hours` are decimals as text, empty when not stated."""

    hardware: int
    start: int
    end: int
    sentence: int
    confidence: float
    polarity: Polarity = "asserted"
    of: int | None = None
    count: str = ""
    memory_gb: str = ""
    hours: str = ""
    role: str = ""


class PaperFacts(Value, frozen=True):
    """All that was extracted from one paper. Equal (title, abstract, extractor version) give equal facts."""

    paper: str
    entities: tuple[Entity, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    results: tuple[Result, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    uses: tuple[HardwareUse, ...] = ()
    code: tuple[str, ...] = ()


class Reason(Value, frozen=True):
    """Why two names are one thing or are kept apart: `rule` (`abbreviation`, `lexicon`, `folded form`, `user alias`, ...) and where."""

    left: str
    right: str
    rule: str
    evidence: str = ""
    merged: bool = True


class Concept(Value, frozen=True):
    """One thing across papers. `id` is the local part of its IRI (without its type, so that a re-typed entity keeps its links)."""

    id: str
    label: str
    kind: Kind
    names: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()  # concept ids
    variant_of: tuple[str, ...] = ()  # concept ids
    exact_match: tuple[str, ...] = ()  # IRIs
    see_also: tuple[str, ...] = ()  # IRIs
    higher_is_better: bool | None = None
    votes: tuple[tuple[Kind, float], ...] = ()
    reasons: tuple[Reason, ...] = ()


class Resolution(Value, frozen=True):
    """Concepts sorted by id, and for each paper (by key) the concept id of each of its entities, in `PaperFacts.entities` order."""

    concepts: tuple[Concept, ...]
    assignment: dict[str, tuple[str, ...]]
