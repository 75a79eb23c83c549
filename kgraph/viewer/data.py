"""Viewer: a `KnowledgeGraph` as the packed columns that the page reads, its most telling nodes first.

The page holds every paper, concept, sentence, mention and fact. Node numbers are ranks: the first `budget` nodes that pass the reader's filters
are the ones to draw. Whatever belongs to one paper is one packed string with its own small numbering of the concepts, most of which then
take one character. `js/data.js` reads what this file writes; a claim's id is not written, since it is a hash of what is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

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
FACT_RELATIONS = {"metric": "evaluatedBy", "benchmark": "evaluatedOn", "baseline": "comparedWith", "hardware": "runsOnHardware"}
"""The relation that a fact's slot says of the fact's subject, so that a number can be seen in the drawing."""
PAGES = {"arXiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "acl": "https://aclanthology.org/"}
_RELATION = {name: index for index, name in enumerate(RELATIONS)}
_SURROGATE = re.compile("[\ud800-\udfff]")

Node = Mapping[str, Any]


class _Numbers(dict[Any, int]):
    """Things in the order in which they were first asked for."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self)
        return number


def page_data(graph: KnowledgeGraph) -> tuple[dict[str, Any], list[dict[str, Any]], list[tuple[int, int, str]]]:
    """The page's data, a short description (`type label weight`) of every node in rank order, and the edges to draw (from, to, relation).

    Edges come once per pair and relation, those that say most first.
    """
    from kgraph.graph import digest

    nodes: dict[str, Node] = dict(graph.nodes(data=True))
    out: dict[str, dict[str, dict[str, Node]]] = dict(graph.adjacency())
    order, weight = _ranked(nodes, out)
    number = {node: rank for rank, node in enumerate(order)}
    said = _by_paper(nodes, out, number)
    labels = [_text(nodes[node].get("label", "")) for node in order]
    papers = [node for node in order if nodes[node]["type"] == "Paper"]
    words, packed = pack_texts([*labels, *(_text(nodes[paper].get("abstract", "")) for paper in papers)])
    strings, statements = _Numbers(), _Numbers()
    ids: list[str] = []
    bodies = [_body(paper, nodes, out, number, said.get(paper, {}), strings, statements, ids) for paper in (*papers, "")]
    known = sorted(
        (number[node], _RELATION[edge["relation"]], number[target])
        for node in order
        if not node.startswith("paper:")
        for target, edges in out[node].items()
        for edge in edges.values()
        if "claim" not in edge
    )
    run = graph.graph.get("run", "")
    data = {
        "types": TYPES,
        "relations": RELATIONS,
        "factTypes": FACT_TYPES,
        "slots": SLOTS,
        "literals": LITERALS,
        "factRelations": FACT_RELATIONS,
        "pages": PAGES,
        "run": {"id": run, **{key: str(value) for key, value in nodes[run].items()}} if run in nodes else {},
        "words": words,
        "labels": packed[: len(order)],
        "kinds": pack_ints(TYPES.index(nodes[node]["type"]) for node in order),
        "ids": [_short_id(node, label) for node, label in zip(order, labels, strict=True)],
        "titled": pack_ints(number[paper] for paper in papers if nodes[paper].get("title")),
        "better": {str(number[node]): better for node in order if (better := nodes[node].get("higher_is_better")) is not None},
        "details": {name: _details(name, order, nodes, strings) for name in DETAILS},
        "abstracts": packed[len(order) :],
        "bodies": bodies,
        "factIds": " ".join(ids),
        "statements": list(statements),
        "claimBytes": len(digest("")) // 2,
        "known": pack_ints(value for triple in known for value in triple),
        "strings": list(strings),
    }
    described = [{"type": nodes[node]["type"], "label": label, "weight": weight[node]} for node, label in zip(order, labels, strict=True)]
    return data, described, _drawn_edges(nodes, out, number)


def _text(text: str) -> str:
    """`text` as UTF-8 can carry it: a lone surrogate (from badly encoded input) is one replacement character, so offsets stay."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _ranked(nodes: Mapping[str, Node], out: Mapping[str, Mapping[str, Mapping[str, Node]]]) -> tuple[list[str], dict[str, int]]:
    """Papers and concepts, the most telling first, and what each weighs.

    A concept weighs by the papers that name it and the facts that use it, a paper by its facts and the concepts it shares with others;
    one paper is taken for every two concepts, so that neither kind crowds out the other.
    """
    weight = {node: 0 for node, attributes in nodes.items() if attributes["type"] in TYPES}
    papers = [node for node in weight if nodes[node]["type"] == "Paper"]
    named: dict[str, int] = {}
    for paper in papers:
        for concept, edges in out[paper].items():
            named[concept] = named.get(concept, 0) + 1
            weight[concept] += 1 + 2 * ("introduces" in edges)
    for paper in papers:
        weight[paper] += sum(1 for concept in out[paper] if named[concept] > 1)
    for node, targets in out.items():
        if node in weight:
            for target, edges in targets.items():
                for edge in edges.values():
                    if "claim" in edge:
                        weight[node] += 2
                        weight[target] += 2
                        if edge.get("paper") in weight:
                            weight[edge["paper"]] += 1
        elif nodes[node]["type"] in FACT_TYPES:
            for target in targets:
                weight[target] += 1
            if nodes[node].get("paper") in weight:
                weight[nodes[node]["paper"]] += 1
    ranks: dict[str, float] = {}
    for share, kind in ((3.0, papers), (1.5, [node for node in weight if nodes[node]["type"] != "Paper"])):
        ranks |= {node: share * index for index, node in enumerate(sorted(kind, key=lambda node: (-weight[node], node)))}
    return sorted(weight, key=lambda node: (ranks[node], node)), weight


def _short_id(node: str, label: str) -> str:
    """The node's name without `paper:`, or nothing when the page can make it from a concept's label."""
    if node.startswith("e:"):
        return "" if node[2:] == label.lower().replace(" ", "-") and re.fullmatch("[A-Za-z0-9 .-]+", label) else node[2:]
    return node.removeprefix("paper:")


def _details(name: str, order: Iterable[str], nodes: Mapping[str, Node], strings: _Numbers) -> str:
    """One attribute of the nodes that have it: distance from the last such node, count of values, values.

    A page that follows from an identifier is not written, and a source is a file and a line.
    """
    values, last = [], -1
    for index, node in enumerate(order):
        found = nodes[node].get(name) or ()
        if name == "same_as":
            follows = [PAGES[kind] + rest for kind, _, rest in (i.partition(":") for i in nodes[node].get("identifiers", ())) if kind in PAGES]
            found = () if list(found) == follows else found or ("",) if follows else found
        if not found:
            continue
        each = (found,) if isinstance(found, str) else found
        values += [index - last, len(each)]
        last = index
        for value in each:
            path, _, line = value.rpartition(":") if name == "sources" else (value, "", "")
            values.append(strings[_text(path)])
            if name == "sources":
                values.append(int(line))
    return pack_ints(values)


def _by_paper(nodes: Mapping[str, Node], out: Mapping[str, Mapping[str, Mapping[str, Node]]], number: Mapping[str, int]) -> dict[str, dict[str, list[Any]]]:
    """What each paper says (`sentences claims facts`); the paper `""` has what no paper of the graph says, such as rows of a user's table."""
    said: dict[str, dict[str, list[Any]]] = {}

    def of(paper: str | None) -> dict[str, list[Any]]:
        key = paper if paper is not None and paper in number else ""
        return said.setdefault(key, {"sentences": [], "claims": [], "facts": []})

    for node, attributes in nodes.items():
        if attributes["type"] == "Sentence":
            of(attributes["paper"])["sentences"].append((attributes["field"], attributes["start"], attributes["end"], node))
        elif attributes["type"] in FACT_TYPES:
            of(attributes.get("paper"))["facts"].append((attributes.get("sentence", ""), attributes.get("start", 0), node))
        elif node in number:
            for target, edges in out[node].items():
                for edge in edges.values():
                    if "claim" in edge:
                        claim = (edge.get("sentence", ""), number[node], _RELATION[edge["relation"]], number[target], edge["claim"], edge)
                        of(edge.get("paper"))["claims"].append(claim)
    for what in said.values():
        what["sentences"].sort()
        what["claims"].sort(key=lambda claim: claim[:5])
        what["facts"].sort()
    return said


def _body(
    paper: str,
    nodes: Mapping[str, Node],
    out: Mapping[str, Mapping[str, Mapping[str, Node]]],
    number: Mapping[str, int],
    said: Mapping[str, list[Any]],
    strings: _Numbers,
    statements: _Numbers,
    ids: list[str],
) -> str:
    """All that one paper says, as one packed string of lists, each led by its length:

    concepts (distance from the last one), introduced ones, sentences (in title?, distance from the last start, length, mentions: concept,
    distance, length), claims (subject, relation, object, sentence + 1, statement), facts (type, sentence + 1, statement, start in the sentence,
    length, slots: slot, concept; literals: literal, string). A statement (confidence, polarity) stands in a list of those in use.
    """
    sentences, claims, facts = (said.get(kind, []) for kind in ("sentences", "claims", "facts"))
    concepts = {number[concept] for concept in out.get(paper, ())} | {node for claim in claims for node in (claim[1], claim[3])}
    concepts |= {number[concept] for *_, fact in facts for concept in out[fact]}
    listed = sorted(concepts)
    local = {concept: index for index, concept in enumerate(listed)}
    introduced = sorted(local[number[concept]] for concept, edges in out.get(paper, {}).items() if "introduces" in edges)
    values = [len(listed), *(b - a for a, b in zip([-1, *listed], listed, strict=False)), len(introduced), *introduced, len(sentences)]
    place, starts, last = {"": 0}, {"": 0}, {"abstract": 0, "title": 0}
    for index, (field, start, end, sentence) in enumerate(sentences):
        place[sentence], starts[sentence] = index + 1, start
        mentions = sorted(
            (first - start, until - first, local[number[concept]])
            for concept, edges in out[sentence].items()
            if concept != paper
            for first, until in edges["mentions"]["spans"]
        )
        values += (int(field == "title"), start - last[field], end - start, len(mentions))
        last[field], before = start, 0
        for first, length, concept in mentions:
            values += (concept, first - before, length)
            before = first
    values.append(len(claims))
    for sentence, subject, relation, target, _, edge in claims:
        values += (local[subject], relation, local[target], place[sentence], statements[_statement(edge, nodes)])
    values.append(len(facts))
    for sentence, _, fact in facts:
        attributes = nodes[fact]
        ids.append(fact.partition(":")[2])
        slots = [(SLOTS.index(slot), local[number[concept]]) for concept, edges in out[fact].items() for slot in edges]
        literals = [(index, strings[_text(str(attributes[name]))]) for index, name in enumerate(LITERALS) if name in attributes]
        start = attributes.get("start", 0)
        values += (FACT_TYPES.index(attributes["type"]), place[sentence], statements[_statement(attributes, nodes)])
        values += (start - starts[sentence], attributes.get("end", 0) - start, len(slots), *(v for slot in sorted(slots) for v in slot))
        values += (len(literals), *(v for literal in literals for v in literal))
    return pack_ints(values)


def _statement(attributes: Node, nodes: Mapping[str, Node]) -> tuple[Any, ...]:
    """Confidence and polarity; for a row of a user's table also its name, file and line, and the claim's id, which is not a hash of a sentence."""
    row = attributes.get("row", "")
    where = nodes.get(row, {})
    joined = (row, f"{where.get('path', '')}:{where.get('line', '')}", attributes.get("claim", "")) if row else ()
    return (round(attributes["confidence"], 3), attributes["polarity"], *map(_text, joined))


def _drawn_edges(nodes: Mapping[str, Node], out: Mapping[str, Mapping[str, Mapping[str, Node]]], number: Mapping[str, int]) -> list[tuple[int, int, str]]:
    """Every pair and relation once; a mention gives way to `introduces`, and mentions, the faintest, come last."""
    found: set[tuple[int, int, str]] = set()
    for node, targets in out.items():
        if node in number:
            for target, edges in targets.items():
                found.update((number[node], number[target], edge["relation"]) for edge in edges.values())
        elif nodes[node]["type"] in FACT_TYPES:
            subject, role = _subject(node, nodes, targets), nodes[node].get("role", "")
            for target, edges in targets.items():
                if subject in number and target != subject:
                    found.update((number[subject], number[target], fact_relation(slot, role)) for slot in edges if slot in FACT_RELATIONS)
    said = {(a, b) for a, b, relation in found if relation != "mentions"}
    kept = (edge for edge in found if edge[2] != "mentions" or edge[:2] not in said)
    return sorted(kept, key=lambda edge: (edge[2] == "mentions", edge[0] + edge[1], edge))


def fact_relation(slot: str, role: str) -> str:
    """The relation drawn from a fact's subject to the concept in `slot`.

    >>> fact_relation("hardware", "training"), fact_relation("metric", "")
    ('trainedOnHardware', 'evaluatedBy')
    """
    return "trainedOnHardware" if slot == "hardware" and role == "training" else FACT_RELATIONS[slot]


def _subject(fact: str, nodes: Mapping[str, Node], targets: Mapping[str, Mapping[str, Node]]) -> str:
    """What a fact is about: its `of`, else, for work on a device, the paper."""
    for concept, edges in targets.items():
        if "of" in edges:
            return concept
    return str(nodes[fact].get("paper", "")) if nodes[fact]["type"] == "HardwareUse" else ""
