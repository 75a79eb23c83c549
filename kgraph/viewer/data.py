"""Viewer: a `KnowledgeGraph` as the packed columns that the page reads, its most telling nodes first.

The page holds every paper, concept, sentence, mention and fact. Node numbers are ranks: the first `budget` nodes that pass the reader's filters
are the ones to draw. What the first view says of the whole (`first`) is apart from the `rest`, which the page reads when it has time. Whatever
belongs to one paper is one packed string with its own small numbering of the concepts, most of which then take one character. `js/data.js`
reads what this file writes; a claim's id is not written, since it is a hash of what is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from kgraph.collecting import uncollected
from kgraph.model import PREDICATES
from kgraph.viewer.pack import pack_ints, pack_texts

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph

TYPES = ("Paper", "Model", "Method", "Software", "Dataset", "Benchmark", "Metric", "Task", "Hardware")
RELATIONS = ("introduces", "mentions", *PREDICATES, "broader")
FACT_TYPES = ("Claim", "Result", "Quantity", "HardwareUse")
SLOTS = ("of", "metric", "baseline", "benchmark", "task", "model", "hardware")
LITERALS = ("property", "value", "value_text", "unit", "direction", "count", "memory_gb", "hours", "role")
DETAILS = ("alt_labels", "exact_match", "see_also", "identifiers", "issued", "creators", "same_as", "code", "sources")
FACT_WORDS = {"Result": "result", "Quantity": "quantity", "HardwareUse": "hardware use"}
ASSERTED = ("asserted", "joined")
FACT_RELATIONS = {"metric": "evaluatedBy", "benchmark": "evaluatedOn", "baseline": "comparedWith", "hardware": "runsOnHardware"}
"""The relation that a fact's slot says of the fact's subject, so that a number can be seen in the drawing."""
PAGES = {"arXiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "acl": "https://aclanthology.org/"}
_RELATION, _SLOT, _FACT_TYPE = ({name: index for index, name in enumerate(names)} for names in (RELATIONS, SLOTS, FACT_TYPES))
_SURROGATE = re.compile("[\ud800-\udfff]")

Node = Mapping[str, Any]
Targets = Mapping[str, Mapping[str, Mapping[str, Node]]]
"""Edges by source, target and key."""
Edge = tuple[int, int, str, bool]
"""From, to, relation, and whether no fact behind it is asserted."""


class _Numbers(dict[Any, int]):
    """Things in the order in which they were first asked for."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self)
        return number


class PageData(NamedTuple):
    """A graph as the page needs it: `first` and `rest` go into the page, the others make pyvis' nodes and edges."""

    first: dict[str, Any]
    """Names of types and relations, number of nodes, and the counts that stand beside the filters."""
    rest: dict[str, Any]
    nodes: list[dict[str, Any]]
    """`type label weight` of every node in rank order."""
    edges: list[Edge]
    """Once per pair and relation, those that say most first."""


@uncollected()
def page_data(graph: KnowledgeGraph, budget: int) -> PageData:
    """All that the page says of `graph`; edges among the first `budget` nodes only."""
    from kgraph.graph import digest

    nodes: dict[str, Node] = dict(graph.nodes(data=True))
    out: Targets = dict(graph.adjacency())
    said = _said(nodes, out)
    order, weight = _ranked(nodes, out, said)
    number = {node: rank for rank, node in enumerate(order)}
    attributes = [nodes[node] for node in order]
    labels = [_text(node.get("label", "")) for node in attributes]
    papers = [node for node in order if nodes[node]["type"] == "Paper"]
    words, packed = pack_texts([*labels, *(_text(nodes[paper].get("abstract", "")) for paper in papers)])
    strings, statements = _Numbers(), _Numbers()
    ids: list[str] = []
    named = {paper: _named(out.get(paper, ()), what, out) for paper, what in said.papers.items()}
    bodies = [_body(paper, nodes, out, number, said.papers[paper], named[paper], strings, statements, ids) for paper in (*papers, "")]
    known = sorted((number[node], _RELATION[relation], number[target]) for node, relation, target in said.known)
    run = graph.graph.get("run", "")
    rest = {
        "factTypes": FACT_TYPES,
        "slots": SLOTS,
        "literals": LITERALS,
        "factRelations": FACT_RELATIONS,
        "pages": PAGES,
        "run": {"id": run, **{key: str(value) for key, value in nodes[run].items()}} if run in nodes else {},
        "words": words,
        "labels": packed[: len(order)],
        "kinds": pack_ints(TYPES.index(node["type"]) for node in attributes),
        "ids": [_short_id(node, label) for node, label in zip(order, labels, strict=True)],
        "titled": pack_ints(number[paper] for paper in papers if nodes[paper].get("title")),
        "better": {str(rank): better for rank, node in enumerate(attributes) if (better := node.get("higher_is_better")) is not None},
        "details": {name: _details(name, attributes, strings) for name in DETAILS},
        "abstracts": packed[len(order) :],
        "bodies": bodies,
        "factIds": " ".join(ids),
        "statements": list(statements),
        "claimBytes": len(digest("")) // 2,
        "known": pack_ints(value for triple in known for value in triple),
        "strings": list(strings),
    }
    first = {"types": TYPES, "relations": RELATIONS, "size": len(order), "counts": _counts(attributes, nodes, out, said, named)}
    described = [{"type": node["type"], "label": label, "weight": weight[name]} for name, node, label in zip(order, attributes, labels, strict=True)]
    return PageData(first, rest, described, _drawn_edges(order[:budget], out, number, said))


def _text(text: str) -> str:
    """`text` as UTF-8 can carry it: a lone surrogate (from badly encoded input) is one replacement character, so offsets stay."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


@dataclass
class _Said:
    """What the graph's edges and facts say, in the names of nodes."""

    papers: dict[str, dict[str, list[Any]]]
    """`sentences claims facts` of each paper; the paper `""` has what no paper of the graph says, such as rows of a user's table."""
    stated: dict[tuple[str, str, str], bool]
    """Every (subject, object, relation) that is not a paper naming something; true when a fact behind it is asserted or none is needed."""
    known: list[tuple[str, str, str]]
    """(subject, relation, object) without a paper that states it."""


def _said(nodes: Mapping[str, Node], out: Targets) -> _Said:
    """One walk over the graph; sentences, claims and facts are not yet in order."""
    papers: dict[str, dict[str, list[Any]]] = {
        node: {"sentences": [], "claims": [], "facts": []} for node in ("", *(node for node, attributes in nodes.items() if attributes["type"] == "Paper"))
    }
    stated: dict[tuple[str, str, str], bool] = {}
    known: list[tuple[str, str, str]] = []
    unknown = papers[""]
    for node, attributes in nodes.items():
        kind = attributes["type"]
        if kind == "Sentence":
            papers.get(attributes["paper"], unknown)["sentences"].append((attributes["field"], attributes["start"], attributes["end"], node))
        elif kind in FACT_TYPES:
            papers.get(attributes.get("paper", ""), unknown)["facts"].append((attributes.get("sentence", ""), attributes.get("start", 0), node))
            subject, asserted = _subject(attributes, out[node]), attributes["polarity"] in ASSERTED
            for target, edges in out[node].items():
                for slot in edges if subject in nodes and target != subject else ():
                    if slot in FACT_RELATIONS:
                        key = (subject, target, fact_relation(slot, attributes.get("role", "")))
                        stated[key] = asserted or stated.get(key, False)
        elif kind in TYPES and kind != "Paper":
            for target, edges in out[node].items():
                for edge in edges.values():
                    relation = edge["relation"]
                    key = (node, target, relation)
                    if "claim" in edge:
                        papers.get(edge.get("paper", ""), unknown)["claims"].append((node, relation, target, edge))
                        stated[key] = edge["polarity"] in ASSERTED or stated.get(key, False)
                    else:
                        known.append((node, relation, target))
                        stated[key] = True
    return _Said(papers, stated, known)


def _named(linked: Iterable[str], what: Mapping[str, list[Any]], out: Targets) -> set[str]:
    """The concepts that a paper is linked to, and those of its claims and facts."""
    found = set(linked)
    for subject, _, target, _ in what["claims"]:
        found.add(subject)
        found.add(target)
    for *_, fact in what["facts"]:
        found.update(out[fact])
    return found


def _ranked(nodes: Mapping[str, Node], out: Targets, said: _Said) -> tuple[list[str], dict[str, int]]:
    """Papers and concepts, the most telling first, and what each weighs.

    A concept weighs by the papers that name it and the facts that use it, a paper by its facts and the concepts it shares with others;
    one paper is taken for every two concepts, so that neither kind crowds out the other.
    """
    weight = {node: 0 for node, attributes in nodes.items() if attributes["type"] in TYPES}
    papers = [node for node in said.papers if node]
    named: Counter[str] = Counter()
    for paper in papers:
        named.update(out[paper].keys())
    for concept, count in named.items():
        weight[concept] += count
    for paper, what in said.papers.items():
        for node, _, target, _ in what["claims"]:
            weight[node] += 2
            weight[target] += 2
        for *_, fact in what["facts"]:
            for target in out[fact]:
                weight[target] += 1
        if not paper:
            continue
        weight[paper] += len(what["claims"]) + len(what["facts"])
        for concept, edges in out[paper].items():
            if named[concept] > 1:
                weight[paper] += 1
            if "introduces" in edges:
                weight[concept] += 2
    ranks: dict[str, float] = {}
    for share, kind in ((3.0, papers), (1.5, [node for node in weight if nodes[node]["type"] != "Paper"])):
        ranks |= {node: share * index for index, node in enumerate(sorted(kind, key=lambda node: (-weight[node], node)))}
    return sorted(weight, key=lambda node: (ranks[node], node)), weight


def _short_id(node: str, label: str) -> str:
    """The node's name without `paper:`, or nothing when the page can make it from a concept's label."""
    if node.startswith("e:"):
        return "" if node[2:] == label.lower().replace(" ", "-") and re.fullmatch("[A-Za-z0-9 .-]+", label) else node[2:]
    return node.removeprefix("paper:")


def _details(name: str, listed: Iterable[Node], strings: _Numbers) -> str:
    """One attribute of the nodes that have it: distance from the last such node, count of values, values.

    A page that follows from an identifier is not written, and a source is a file and a line.
    """
    values, last = [], -1
    for index, node in enumerate(listed):
        found = node.get(name) or ()
        if name == "same_as":
            follows = [PAGES[kind] + rest for kind, _, rest in (i.partition(":") for i in node.get("identifiers", ())) if kind in PAGES]
            found = () if list(found) == follows else found or ("",) if follows else found
        if not found:
            continue
        each = (found,) if isinstance(found, str) else found
        values += [index - last, len(each)]
        last = index
        for value in each:
            if name == "sources":
                path, _, line = value.rpartition(":")
                values += [strings[_text(path)], int(line)]
            else:
                values.append(strings[_text(value)])
    return pack_ints(values)


def _body(
    paper: str,
    nodes: Mapping[str, Node],
    out: Targets,
    number: Mapping[str, int],
    said: Mapping[str, list[Any]],
    named: Iterable[str],
    strings: _Numbers,
    statements: _Numbers,
    ids: list[str],
) -> str:
    """All that one paper says, as one packed string of lists, each led by its length:

    concepts (distance from the last one), introduced ones, sentences (in title?, distance from the last start, length, mentions: concept,
    distance, length), claims (subject, relation, object, sentence + 1, statement), facts (type, sentence + 1, statement, start in the sentence,
    length, slots: slot, concept; literals: literal, string). A statement (confidence, polarity) stands in a list of those in use.
    """
    sentences, facts = sorted(said["sentences"]), sorted(said["facts"])
    claims = sorted(
        (edge.get("sentence", ""), number[subject], _RELATION[relation], number[target], edge["claim"], _statement(edge, nodes), subject, target)
        for subject, relation, target, edge in said["claims"]
    )
    ordered = sorted(named, key=number.__getitem__)
    listed = [number[concept] for concept in ordered]
    local = {concept: index for index, concept in enumerate(ordered)}
    introduced = sorted(local[concept] for concept, edges in out.get(paper, {}).items() if "introduces" in edges)
    values = [len(listed), *(b - a for a, b in zip([-1, *listed], listed, strict=False)), len(introduced), *introduced, len(sentences)]
    place, starts, last = {"": 0}, {"": 0}, {"abstract": 0, "title": 0}
    for index, (field, start, end, sentence) in enumerate(sentences):
        place[sentence], starts[sentence] = index + 1, start
        mentions = [
            (first - start, until - first, local[concept])
            for concept, edges in out[sentence].items()
            if concept != paper
            for first, until in edges["mentions"]["spans"]
        ]
        mentions.sort()
        values += (int(field == "title"), start - last[field], end - start, len(mentions))
        last[field], before = start, 0
        for first, length, concept in mentions:
            values += (concept, first - before, length)
            before = first
    values.append(len(claims))
    for sentence, _, relation, _, _, statement, subject, target in claims:
        values += (local[subject], relation, local[target], place[sentence], statements[statement])
    values.append(len(facts))
    for sentence, _, fact in facts:
        attributes = nodes[fact]
        ids.append(fact.partition(":")[2])
        slots = [(_SLOT[slot], local[concept]) for concept, edges in out[fact].items() for slot in edges]
        slots.sort()
        literals = [(index, strings[_text(str(attributes[name]))]) for index, name in enumerate(LITERALS) if name in attributes]
        start = attributes.get("start", 0)
        values += (_FACT_TYPE[attributes["type"]], place[sentence], statements[_statement(attributes, nodes)])
        values += (start - starts[sentence], attributes.get("end", 0) - start, len(slots), *chain.from_iterable(slots))
        values += (len(literals), *chain.from_iterable(literals))
    return pack_ints(values)


def _statement(attributes: Node, nodes: Mapping[str, Node]) -> tuple[Any, ...]:
    """Confidence and polarity; for a row of a user's table also its name, file and line, and the claim's id, which is not a hash of a sentence."""
    row = attributes.get("row")
    stated = (round(attributes["confidence"], 3), attributes["polarity"])
    if not row:
        return stated
    where = nodes.get(row, {})
    return (*stated, *map(_text, (row, f"{where.get('path', '')}:{where.get('line', '')}", attributes.get("claim", ""))))


def _drawn_edges(drawn: Sequence[str], out: Targets, number: Mapping[str, int], said: _Said) -> list[Edge]:
    """Edges among `drawn`: a mention gives way to any other, and mentions, the faintest, come last."""
    within = set(drawn)
    found = {(a, b, relation): asserted for (a, b, relation), asserted in said.stated.items() if a in within and b in within}
    for node in drawn:
        if node in said.papers:
            for target in within.intersection(out[node]):
                found |= {(node, target, edge["relation"]): True for edge in out[node][target].values()}
    related = {(a, b) for a, b, relation in found if relation != "mentions"}
    kept = ((number[a], number[b], relation, not asserted) for (a, b, relation), asserted in found.items() if relation != "mentions" or (a, b) not in related)
    return sorted(kept, key=lambda edge: (edge[2] == "mentions", edge[0] + edge[1], edge))


def _counts(listed: Sequence[Node], nodes: Mapping[str, Node], out: Targets, said: _Said, named: Mapping[str, set[str]]) -> dict[str, Any]:
    """Counts beside the filters: nodes by type, edges by relation and facts by kind, statements by polarity, papers by year."""
    relations = Counter(relation for *_, relation in said.stated)
    polarity: Counter[str] = Counter()
    for paper, what in said.papers.items():
        polarity.update(edge["polarity"] for *_, edge in what["claims"])
        polarity.update(nodes[fact]["polarity"] for *_, fact in what["facts"])
        relations.update(FACT_WORDS[nodes[fact]["type"]] for *_, fact in what["facts"] if nodes[fact]["type"] in FACT_WORDS)
        if paper:
            introduced = sum("introduces" in edges for edges in out[paper].values())
            relations["introduces"] += introduced
            relations["mentions"] += len(named[paper]) - introduced
    years = Counter(_year(node.get("issued") or "") for node in listed if node["type"] == "Paper")
    undated = years.pop(None, 0)
    return {
        "types": dict(Counter(node["type"] for node in listed)),
        "relations": {relation: count for relation, count in sorted(relations.items()) if count},
        "polarity": dict(sorted(polarity.items())),
        "years": {str(year): count for year, count in sorted(years.items(), key=str)},
        "undated": undated,
    }


def _year(issued: str) -> int | None:
    """The year that a date begins with, as the page reads it."""
    digits = re.match(r"\d+", issued[:4])
    return int(digits[0]) if digits else None


def fact_relation(slot: str, role: str) -> str:
    """The relation drawn from a fact's subject to the concept in `slot`.

    >>> fact_relation("hardware", "training"), fact_relation("metric", "")
    ('trainedOnHardware', 'evaluatedBy')
    """
    return "trainedOnHardware" if slot == "hardware" and role == "training" else FACT_RELATIONS[slot]


def _subject(fact: Node, targets: Mapping[str, Mapping[str, Node]]) -> str:
    """What a fact is about: its `of`, else, for work on a device, the paper."""
    for concept, edges in targets.items():
        if "of" in edges:
            return concept
    return str(fact.get("paper", "")) if fact["type"] == "HardwareUse" else ""
