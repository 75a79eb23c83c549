"""Stage 3, the user's own word: aliases.toml says which names are one thing, which are not, and what to call, type or ignore.

```toml
same = [["MoE", "mixture of experts", "sparse experts"]]   # one thing; the first is its label
different = [["Gemini", "Google Gemini"]]                    # never one thing, whatever else says so
ignore = ["our toolkit"]                                       # no entity at all
[rename]
"large language model" = "LLM"                               # another label (the IRI stays)
[type]
"OpenCompass" = "benchmark"                                  # another type
```
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar, get_args

import msgspec

from kgraph.model import Claim, HardwareUse, Kind, PaperFacts, Problem, Quantity, Result
from kgraph.names import fold

Fact = TypeVar("Fact", Claim, Result, Quantity, HardwareUse)
TABLES = ("same", "different", "rename", "type", "ignore")


class Aliases(msgspec.Struct, frozen=True):
    """The rules of one file, names folded. `place` says for a rule's folded name where it stands (`aliases.toml:3`)."""

    same: dict[str, str] = {}  # folded name -> preferred name of its group
    different: frozenset[tuple[str, str]] = frozenset()  # sorted pairs of folded names
    rename: dict[str, str] = {}
    kind: dict[str, Kind] = {}
    ignore: frozenset[str] = frozenset()
    place: dict[str, str] = {}

    def apart(self, left: str, right: str) -> bool:
        """Has the user said that these two (folded) names are different things?"""
        return ((left, right) if left <= right else (right, left)) in self.different


NO_ALIASES = Aliases()


def read_aliases(path: Path) -> tuple[Aliases, list[Problem]]:
    """The rules in `path` and what is wrong with them; a rule that cannot be understood is left out, the others count.

    Contradictions (`same` and `different` about one pair, a name in two groups) are problems; `different` wins.
    """
    shown = path.as_posix()
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return NO_ALIASES, [Problem(shown, int(line.group(1)) if line else 1, f"not TOML: {error}")]
    except (OSError, UnicodeDecodeError) as error:
        return NO_ALIASES, [Problem(shown, 1, f"cannot be read: {error}")]
    lines = text.splitlines()

    def line_of(name: str) -> int:
        return next((n for n, line in enumerate(lines, 1) if f'"{name}"' in line or f"'{name}'" in line), 1)

    problems = [Problem(shown, line_of(k), f"{k!r} is not one of the tables: {', '.join(TABLES)}") for k in raw if k not in TABLES]
    place: dict[str, str] = {}

    def folded(name: object) -> str:
        key = fold(name) if isinstance(name, str) else ""
        if not key:
            problems.append(Problem(shown, line_of(str(name)), f"{name!r} is not a name"))
        else:
            place[key] = f"{shown}:{line_of(str(name))}"
        return key

    def groups(table: str) -> list[list[str]]:
        found = raw.get(table, [])
        good = [g for g in found if isinstance(g, list) and len(g) >= 2 and all(isinstance(n, str) for n in g)] if isinstance(found, list) else []
        if not isinstance(found, list) or len(good) < len(found):
            problems.append(Problem(shown, 1, f"{table} is a list of groups of two or more names, as in [["
                                    '"MoE", "mixture of experts"]]'))  # fmt: skip
        return good

    different: set[tuple[str, str]] = set()
    for group in groups("different"):
        keys = sorted({k for k in map(folded, group) if k})
        different.update((a, b) for i, a in enumerate(keys) for b in keys[i + 1 :])
    same: dict[str, str] = {}
    for group in groups("same"):
        keys = [k for k in dict.fromkeys(map(folded, group)) if k]
        for key in keys:
            if any(((key, other) if key <= other else (other, key)) in different for other in keys):
                problems.append(Problem(shown, line_of(group[0]), f"{group[0]!r}: the same and different at once; kept apart"))
            elif same.get(key, group[0]) != group[0]:
                problems.append(Problem(shown, line_of(group[0]), f"{key!r} is in two groups of `same`: {same[key]!r} and {group[0]!r}; the first counts"))
            else:
                same[key] = group[0]
    rename: dict[str, str] = {}
    for name, label in _table(raw, "rename", problems, shown).items():
        if isinstance(label, str) and label.strip() and (key := folded(name)):
            rename[key] = label.strip()
        else:
            problems.append(Problem(shown, line_of(name), f"rename of {name!r}: {label!r} is not a name"))
    kinds: dict[str, Kind] = {}
    for name, kind in _table(raw, "type", problems, shown).items():
        if kind in get_args(Kind) and (key := folded(name)):
            kinds[key] = kind  # type: ignore[assignment]
        else:
            problems.append(Problem(shown, line_of(name), f"{kind!r} is not one of the types: {', '.join(get_args(Kind))}"))
    ignored = raw.get("ignore", [])
    if not isinstance(ignored, list):
        problems.append(Problem(shown, 1, "ignore is a list of names"))
        ignored = []
    ignore = frozenset(k for k in map(folded, ignored) if k)
    return Aliases(same, frozenset(different), rename, kinds, ignore, place), sorted(problems)


def _table(raw: dict[str, object], name: str, problems: list[Problem], shown: str) -> dict[str, object]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        problems.append(Problem(shown, 1, f'{name} is a table, as in [{name}] "name" = "..."'))
        return {}
    return table


def without_ignored(facts: PaperFacts, aliases: Aliases) -> PaperFacts:
    """The facts without the entities that the user ignores: their mentions and claims go, other facts lose the slot that named them."""
    gone = [not aliases.ignore.isdisjoint(map(fold, (e.name, *e.names))) for e in facts.entities]
    if not any(gone):
        return facts
    place = {old: new for new, old in enumerate(i for i, ignored in enumerate(gone) if not ignored)}

    def moved(fact: Fact, slots: tuple[str, ...]) -> Fact:
        values = {slot: place.get(value) for slot in slots if (value := getattr(fact, slot)) is not None}
        return msgspec.structs.replace(fact, **values)

    return msgspec.structs.replace(
        facts,
        entities=tuple(e for e, ignored in zip(facts.entities, gone, strict=True) if not ignored),
        mentions=tuple(msgspec.structs.replace(m, entity=place[m.entity]) for m in facts.mentions if m.entity in place),
        claims=tuple(moved(c, ("subject", "object")) for c in facts.claims if c.subject in place and c.object in place),
        results=tuple(moved(r, ("metric", "of", "baseline", "benchmark", "task", "model")) for r in facts.results),
        quantities=tuple(moved(q, ("of",)) for q in facts.quantities),
        uses=tuple(moved(u, ("hardware", "of")) for u in facts.uses if u.hardware in place),
    )
