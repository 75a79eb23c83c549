"""Texts with their names marked by hand, so that fact readers are tested without the tagger: `[Foo|model*] beats [Bar|model]`.

`*` marks what the paper introduces; a name marked once is a mention wherever it stands.
"""

from __future__ import annotations

import re

from kgraph.extract.facts import read_facts
from kgraph.extract.reading import Mention, Reading, Thing
from kgraph.names import fold

MARK = re.compile(r"\[([^\]|]+)\|([a-z]+)(\*?)\]")


def reading_of_marked(marked: str) -> Reading:
    """The reading of a text marked as above, one sentence per `. `, with nothing read from it yet."""
    text, at, places = "", 0, []
    things: dict[str, Thing] = {}
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        name, kind, introduced = match.groups()
        thing = things.setdefault(fold(name), Thing(name, kind, [], {kind: 1.0}))
        thing.introduced = thing.introduced or bool(introduced)
        if name not in thing.names:
            thing.names.append(name)
        places.append((len(text), len(text) + len(name), fold(name)))
        text += name
        at = match.end()
    text += marked[at:]
    for key, thing in things.items():
        for name in thing.names:
            for again in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
                if not any(a < again.end() and again.start() < b for a, b, _ in places):
                    places.append((again.start(), again.end(), key))
    sentences, start = [], 0
    for match in re.finditer(r"[.!?]\s+(?=[A-Z])|$", text):
        end = match.end() if match.end() < len(text) else len(text)
        sentences.append((start, match.start() + 1 if match.group() else len(text)))
        start = end
    order = {key: i for i, key in enumerate(things)}
    mentions = [Mention(order[key], a, b, next(i for i, (s, e) in enumerate(sentences) if s <= a < e)) for a, b, key in sorted(places)]
    return Reading(text=text, sentences=[s for s in sentences if s[1] > s[0]], things=list(things.values()), mentions=mentions)


def facts_of(marked: str) -> Reading:
    """The reading of a marked text with its facts."""
    reading = reading_of_marked(marked)
    read_facts(reading)
    return reading


def name(reading: Reading, index: int | None) -> str:
    """The label of a thing, or nothing."""
    return "" if index is None else reading.things[index].name
