"""What users ask of the resolution: why are two names one node or two, what is known of a name, which types are in doubt.

`why` and `doctor` read a `Resolution`; the graph's files do not hold its votes and reasons, so a build keeps it beside them with
`write_resolution`. `show` reads the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kgraph.aliases import NO_ALIASES, Aliases
from kgraph.canonical import known
from kgraph.keys import core, key, plain_id
from kgraph.lexicon import load
from kgraph.model import Concept, PaperFacts, Reason, Resolution
from kgraph.names import fold, version_key
from kgraph.senses import is_short_form, load_senses, short_key

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph


RESOLUTION = ".resolution.json"
"""The file in an output folder that keeps the resolution of the last build."""


class Why(msgspec.Struct, frozen=True):
    """The answer to "why are these one node, or two": the concepts that bear each name, and the evidence."""

    left: tuple[str, ...]  # labels of the concepts that bear the first name
    right: tuple[str, ...]
    same: bool
    reasons: tuple[Reason, ...]


class Doubt(msgspec.Struct, frozen=True, order=True):
    """Something about a concept that its user may want to settle in aliases.toml."""

    concept: str
    sort: str  # `type`, `abbreviation`
    message: str
    rule: str  # the line for aliases.toml that settles it


def concepts_named(name: str, concepts: Iterable[Concept]) -> list[Concept]:
    """The concepts that bear a name, the one it belongs to first."""
    folded, entry, own = fold(name), known(name, None, load()), plain_id(key(name))
    found = [c for c in concepts if any(fold(n) == folded for n in c.names)]
    return sorted(found, key=lambda c: (entry is None or c.id != entry.id, c.id != own, fold(c.label) != folded, -sum(w for _, w in c.votes), c.id))


def why(left: str, right: str, resolution: Resolution, aliases: Aliases = NO_ALIASES) -> Why:
    """Which evidence made `left` and `right` one node or keeps them two."""
    lefts, rights = concepts_named(left, resolution.concepts), concepts_named(right, resolution.concepts)
    shared = [c for c in lefts if c.id in {r.id for r in rights}]
    cased = bool(lefts and rights) and fold(left) == fold(right) and key(left) != key(right) and lefts[0].id != rights[0].id
    if shared and not cased and not aliases.apart(fold(left), fold(right)):
        reasons = tuple(dict.fromkeys(r for c in shared for r in _joining(left, right, c, aliases)))
        same = lefts[0].id == rights[0].id or len(lefts) == len(rights) == 1
        return Why(_labels(lefts), _labels(rights), same, reasons if same else (*reasons, *_parting(left, right, lefts, rights, aliases)))
    return Why(_labels(lefts), _labels(rights), False, tuple(_parting(left, right, lefts, rights, aliases)))


def _labels(concepts: list[Concept]) -> tuple[str, ...]:
    return tuple(f"{c.label} (e:{c.id}, {c.kind})" for c in concepts)


def _joining(left: str, right: str, concept: Concept, aliases: Aliases) -> Iterator[Reason]:
    keys = {fold(left), fold(right)}
    if len(keys) == 1:
        yield Reason(left, right, "same folded form", f"both fold to {fold(left)!r}")
    elif key(left) == key(right):
        yield Reason(left, right, "same normal form", f"without owner, sort and turn of phrase both fold to {key(left)!r}")
    for name in (left, right):
        group = aliases.same.get(fold(name))
        if group is not None:
            yield Reason(name, group, "user alias: same", aliases.place.get(fold(name), ""))
    entry = known(concept.label, None, load()) or load().by_id.get(concept.id)
    if entry is not None and keys <= {fold(n) for n in entry.names}:
        yield Reason(left, right, "lexicon", f"both are names of {entry.name!r} in {entry.kind}.tsv ({entry.source})")
    for reason in concept.reasons:
        if reason.left in keys and not reason.rule.startswith("user alias"):
            yield reason
    for name in (left, right):
        if core(name) != name and fold(core(name)) in {fold(n) for n in concept.names}:
            yield Reason(name, core(name), "same name without its owner or sort", "")


def _parting(left: str, right: str, lefts: list[Concept], rights: list[Concept], aliases: Aliases) -> Iterator[Reason]:
    for name, found in ((left, lefts), (right, rights)):
        if not found:
            yield Reason(name, "", "no node bears this name", "", merged=False)
        if fold(name) in aliases.ignore:
            yield Reason(name, "", "user alias: ignore", aliases.place.get(fold(name), ""), merged=False)
    if not lefts or not rights:
        return
    if aliases.apart(fold(left), fold(right)):
        yield Reason(left, right, "user alias: different", aliases.place.get(fold(left), ""), merged=False)
    if version_key(left) != version_key(right):
        shown = " and ".join(f"{n}: {', '.join(version_key(n)) or 'none'}" for n in (left, right))
        yield Reason(left, right, "different numbers, versions or sizes", shown, merged=False)
    entries = [known(n, None, load()) for n in (left, right)]
    if entries[0] is not None and entries[1] is not None and entries[0].id != entries[1].id:
        places = " and ".join(f"{e.name!r} in {e.kind}.tsv" for e in entries if e)
        yield Reason(left, right, "different entries of the lexicon", places, merged=False)
    for name in (left, right):
        senses = load_senses().get(short_key(name), ()) if is_short_form(name) else ()
        if senses and not senses[0].certain:
            choices = "; ".join(f"{s.long} ({s.papers} of {s.of})" for s in senses[:5])
            yield Reason(name, "", "ambiguous abbreviation", f"papers known to the lexicon mean: {choices}", merged=False)
    for a in lefts:
        for b in rights:
            if b.id in (*a.variant_of, *a.broader) or a.id in (*b.variant_of, *b.broader):
                yield Reason(a.label, b.label, "linked, not merged", "one is a variant or a kind of the other", merged=False)
    if fold(left) == fold(right) and key(left) != key(right):
        yield Reason(left, right, "different case", "a word and a coined name, or two coined names, in the same letters", merged=False)
    if fold(left) != fold(right):
        yield Reason(
            left, right, "no evidence that they are one", "no paper gives one as short for the other, no list has both, the folded forms differ", merged=False
        )


def render_why(answer: Why) -> str:
    """The answer in lines for a terminal."""
    lines = [("one node: " if answer.same else "two nodes: ") + " | ".join(", ".join(side) or "none" for side in dict.fromkeys((answer.left, answer.right)))]
    for reason in answer.reasons:
        joined = " = " if reason.merged else " / "
        names = joined.join(n for n in (reason.left, reason.right) if n)
        lines.append(f"  {reason.rule}: {names}" + (f" ({reason.evidence})" if reason.evidence else ""))
    return "\n".join(lines)


def doctor(resolution: Resolution, facts: Iterable[PaperFacts] = (), most: int = 50) -> list[Doubt]:
    """Types that the votes contest (a runner-up with at least 40 % of the winner's votes, among two or more mentions), and abbreviations
    that papers use without saying what for, where another paper of this build defines them: each with the alias rule that settles it.

    The most mentioned come first; `most` of each sort.
    """
    doubts: list[tuple[float, Doubt]] = []
    for concept in resolution.concepts:
        if len(concept.votes) > 1:
            votes: dict[str, float] = {}
            for kind, weight in concept.votes:  # a benchmark is a dataset: no contest between these two
                group = "dataset" if kind == "benchmark" else kind
                votes[group] = votes.get(group, 0.0) + weight
            ranked_kinds = sorted(votes.items(), key=lambda v: (-v[1], v[0]))
            (_, most_votes), (second, fewer) = (*ranked_kinds, ("", 0.0))[:2]
            if sum(votes.values()) >= 2 and fewer >= 0.4 * most_votes > 0:
                shown = ", ".join(f"{k} {w:g}" for k, w in concept.votes)
                message = f"{concept.label!r} is typed {concept.kind}, but also {second}: votes {shown}"
                doubts.append((fewer, Doubt(concept.id, "type", message, f'[type] "{concept.label}" = "{second}"')))
    full: dict[str, Counter[str]] = {}
    places: dict[tuple[str, str], str] = {}
    for paper in facts:
        for entity, id_ in zip(paper.entities, resolution.assignment.get(paper.paper, ()), strict=False):
            for short, _ in entity.abbreviations:
                full.setdefault(short_key(short), Counter())[id_] += 1
                places[short_key(short), id_] = min(places.get((short_key(short), id_), paper.paper), paper.paper)
    by_id = {c.id: c for c in resolution.concepts}
    for concept in resolution.concepts:
        senses = full.get(short_key(concept.label)) if is_short_form(concept.label) else None
        if senses and concept.id not in senses and all(i in by_id for i in senses):
            known_as = "; ".join(
                f"{by_id[i].label} ({n}, first in {places[short_key(concept.label), i]})" for i, n in sorted(senses.items(), key=lambda s: (-s[1], s[0]))[:3]
            )
            best = by_id[min(senses, key=lambda i: (-senses[i], i))]
            message = f"{concept.label!r} is used without its full form; papers here define it as: {known_as}"
            doubts.append((sum(w for _, w in concept.votes), Doubt(concept.id, "abbreviation", message, f'same = [["{best.label}", "{concept.label}"]]')))
    ranked = sorted(doubts, key=lambda d: (-d[0], d[1]))
    return [d for sort in ("type", "abbreviation") for d in [doubt for _, doubt in ranked if doubt.sort == sort][:most]]


def show(name: str, graph: KnowledgeGraph) -> str:
    """An entity with its labels, type votes, papers, facts with their sentences, and neighbours, as text.

    Raises LookupError, with the nearest names, when no entity bears the name.
    """
    key = fold(name)
    entities = {n: d for n, d in graph.nodes(data=True) if n.startswith("e:")}
    found = [n for n, d in entities.items() if n == f"e:{name}" or any(fold(x) == key for x in (d["label"], *d.get("alt_labels", ())))]
    entry = known(name, None, load())
    if not found and entry is not None and f"e:{entry.id}" in entities:
        found = [f"e:{entry.id}"]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(name, sorted(d["label"] for d in entities.values()), 3)
        raise LookupError(f"no entity is called {name!r}" + (f"; near: {', '.join(near)}" if near else ""))
    found.sort(key=lambda n: (fold(entities[n]["label"]) != key, -graph.in_degree(n), n))
    return "\n\n".join(_shown(n, graph) for n in found)


def _shown(node: str, graph: KnowledgeGraph) -> str:
    data: dict[str, Any] = graph.nodes[node]
    lines = [f"{data['label']}  ({node}, {data['type']})"]
    if data.get("alt_labels"):
        lines.append("  also: " + ", ".join(data["alt_labels"]))
    if data.get("votes"):
        lines.append("  type votes: " + ", ".join(f"{kind} {weight:g}" for kind, weight in data["votes"]))
    if "higher_is_better" in data:
        lines.append(f"  {'higher' if data['higher_is_better'] else 'lower'} is better")
    lines += [f"  same as: {iri}" for iri in data.get("exact_match", ())] + [f"  see also: {iri}" for iri in data.get("see_also", ())]
    papers: Counter[str] = Counter()
    sentences: dict[str, None] = {}
    statements: dict[str, None] = {}
    neighbours: Counter[str] = Counter()
    for source, _, edge in sorted(graph.in_edges(node, data=True), key=lambda e: (e[0], e[2].get("relation", ""))):
        relation = edge.get("relation", "")
        if source.startswith("paper:"):
            papers[("introduced by " if relation == "introduces" else "named by ") + f"{graph.nodes[source]['label']} ({source})"] += 1
        elif source.startswith("sentence:"):
            sentences[source] = None
        elif source.startswith("e:"):
            neighbours[f"{graph.nodes[source]['label']} {relation} it"] += 1
            if "sentence" in edge:
                statements[f"{graph.nodes[source]['label']} {relation} {data['label']} [{edge['polarity']}]: {_sentence(graph, edge['sentence'])}"] = None
        elif source.split(":")[0] in ("result", "quantity", "use"):
            fact = graph.nodes[source]
            value = " ".join(str(fact[slot]) for slot in ("property", "value_text", "count", "role") if slot in fact)
            statements[f"{fact['type']} {value} ({relation}): {_sentence(graph, fact['sentence'])}"] = None
    for _, target, edge in sorted(graph.out_edges(node, data=True), key=lambda e: (e[1], e[2].get("relation", ""))):
        if target.startswith("e:"):
            neighbours[f"it {edge['relation']} {graph.nodes[target]['label']}"] += 1
            if "sentence" in edge:
                statements[f"{data['label']} {edge['relation']} {graph.nodes[target]['label']} [{edge['polarity']}]: {_sentence(graph, edge['sentence'])}"] = (
                    None
                )
    named_by = {p.removeprefix("introduced by ") for p in papers if p.startswith("introduced by ")}
    lines += [f"  {p}" for p in sorted(papers) if p.startswith("introduced") or p.removeprefix("named by ") not in named_by]
    lines += [f"  {s}" for s in statements]
    if not statements:
        lines += [f"  in: {_sentence(graph, s)}" for s in list(sentences)[:10]]
    lines += [f"  neighbour: {n}" + (f" ({count} statements)" if count > 1 else "") for n, count in sorted(neighbours.items())]
    return "\n".join(lines)


def _sentence(graph: KnowledgeGraph, sentence: str) -> str:
    return f"“{graph.nodes[sentence]['text']}” ({sentence})"


def write_resolution(resolution: Resolution, path: Path) -> None:
    """Keep a resolution as JSON (equal resolutions give equal bytes)."""
    path.write_bytes(msgspec.json.encode(resolution))


def read_resolution(path: Path) -> Resolution:
    """What `write_resolution` kept. Raises OSError when it is not there, msgspec.DecodeError when it is something else."""
    return msgspec.json.decode(path.read_bytes(), type=Resolution)
