"""Stage 5: the graph as RDF triples in the vocabulary of the README, in one fixed order; every RDF file is made from this stream.

Order: the run, entities by id, papers by key (each with its sentences, then its statements), facts from users' tables, the description of the
data set. All triples of a subject stand together, `rdf:type` first. Nothing is held in memory but the ids of the statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pyoxigraph import Literal, NamedNode, Triple

from kgraph.export.terms import BASE, VOCABULARIES, issued, link, node, number, share, term, text
from kgraph.graph import CLASSES, ENTITY_SLOTS, KnowledgeGraph
from kgraph.model import Polarity

Object = NamedNode | Literal
ENTITY_CLASSES = frozenset(CLASSES.values())
STATEMENT_CLASSES = ("Claim", "Result", "Quantity", "HardwareUse")

# node attribute -> (property, how its value becomes a term); the order is the order in the file
_PAPER: dict[str, tuple[str, Callable[[str], Object | None]]] = {
    "title": ("dcterms:title", text), "label": ("rdfs:label", text), "identifiers": ("dcterms:identifier", text), "issued": ("dcterms:issued", issued),
    "creators": ("dcterms:creator", text), "same_as": ("schema:sameAs", link), "code": ("schema:codeRepository", link),
    "sources": ("dcterms:source", text), "abstract": ("dcterms:abstract", text),
}  # fmt: skip
_ENTITY: dict[str, tuple[str, Callable[[Any], Object]]] = {
    "label": ("rdfs:label", text), "alt_labels": ("skos:altLabel", text), "higher_is_better": ("kg:higherIsBetter", Literal),
    "exact_match": ("skos:exactMatch", link), "see_also": ("rdfs:seeAlso", link),
}  # fmt: skip
_FACT: dict[str, tuple[str, Callable[[str], Object]]] = {
    "property": ("kg:property", text), "value": ("kg:value", number), "unit": ("kg:unit", text), "value_text": ("kg:valueText", text),
    "direction": ("kg:direction", text), "count": ("kg:count", number), "memory_gb": ("kg:memoryGB", number), "hours": ("kg:hours", number),
    "role": ("kg:role", text),
}  # fmt: skip
_RUN: dict[str, tuple[str, Callable[[str], Object]]] = {
    "label": ("rdfs:label", text), "version": ("schema:softwareVersion", text), "model": ("kg:extractor", text), "input_hash": ("kg:inputHash", text),
}  # fmt: skip
_ROW: dict[str, tuple[str, Callable[[str], Object]]] = {"path": ("dcterms:source", text), "line": ("kg:line", lambda line: number(str(line)))}

# terms of the innermost loops, made once
_TYPE, _SENTENCE, _CLAIM = term("rdf:type"), term("kg:Sentence"), term("kg:Claim")
_IS_PART_OF, _START, _END, _EXACT, _MENTIONS = (term(p) for p in ("dcterms:isPartOf", "oa:start", "oa:end", "oa:exact", "kg:mentions"))
_SUBJECT, _PREDICATE, _OBJECT = term("rdf:subject"), term("rdf:predicate"), term("rdf:object")
_STATED_IN, _DERIVED, _GENERATED = term("kg:statedIn"), term("prov:wasDerivedFrom"), term("prov:wasGeneratedBy")
_CONFIDENCE, _POLARITY = term("kg:confidence"), term("kg:polarity")
_POLARITIES = {polarity: Literal(polarity) for polarity in get_args(Polarity)}


def subject_of(triple: Triple) -> NamedNode:
    """The subject, which is never a blank node or a triple in our graphs."""
    assert isinstance(triple.subject, NamedNode)
    return triple.subject


def triples(graph: KnowledgeGraph, *, base: str = BASE) -> Iterator[Triple]:
    """All triples of `graph`, in the fixed order; equal graphs give equal streams. Raises ValueError for a value that is not a number."""
    counts: Counter[str] = Counter()
    for batch in _subjects(graph, base, counts):
        counts["triples"] += len(batch)
        yield from batch
    yield from describe(graph, counts, base=base)


def _subjects(graph: KnowledgeGraph, base: str, counts: Counter[str]) -> Iterator[list[Triple]]:
    """The triples of each subject, in the fixed order; fills `counts` with the members of each class."""
    nodes = graph.nodes
    members = _by_class(graph)
    claims = _claims(graph)
    for cls, names in members.items():
        counts[cls] = len(names)
    counts["Claim"] = sum(len(c) for c in claims.values())
    for name in members["Run"]:
        yield [Triple(node(name, base), _TYPE, term("prov:Activity")), *_literals(node(name, base), nodes[name], _RUN)]
    for name in sorted(n for cls in ENTITY_CLASSES for n in members[cls]):
        yield _entity(graph, name, base)
    sentences, facts = defaultdict(list), defaultdict(list)
    for name in members["Sentence"]:
        sentences[nodes[name]["paper"]].append(name)
    for cls in ("Result", "Quantity", "HardwareUse"):
        for name in members[cls]:
            facts[nodes[name].get("paper", "")].append(name)
    run = node(graph.graph["run"], base) if "run" in graph.graph else None
    for paper in (*members["Paper"], ""):  # "" gathers the rows of users' tables that name no paper
        if paper:
            yield _paper(graph, paper, base)
        for name in sorted(sentences[paper], key=lambda s: (nodes[s]["field"], nodes[s]["start"], nodes[s]["end"])):
            yield _sentence(graph, name, base)
        for key, subject, target, data in sorted(claims[paper], key=lambda c: c[0]):
            yield _claim(key, subject, target, data, run, base)
        for name in sorted(facts[paper]):
            yield _fact(graph, name, run, base)
    for name in members["Row"]:
        row = node(name, base)
        place = Triple(row, term("rdfs:label"), text(f"{nodes[name]['path']}:{nodes[name]['line']}"))
        yield [Triple(row, _TYPE, term("kg:TableRow")), place, *_literals(row, nodes[name], _ROW)]


def _by_class(graph: KnowledgeGraph) -> defaultdict[str, list[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for name, cls in graph.nodes(data="type"):
        members[cls].append(name)
    for names in members.values():
        names.sort()
    return members


def _claims(graph: KnowledgeGraph) -> defaultdict[str, list[tuple[str, str, str, dict[str, Any]]]]:
    claims: defaultdict[str, list[tuple[str, str, str, dict[str, Any]]]] = defaultdict(list)
    for subject, cls in graph.nodes(data="type"):
        if cls in ENTITY_CLASSES:
            for target, parallel in graph.adj[subject].items():
                for data in parallel.values():
                    if "claim" in data:
                        claims[data.get("paper", "")].append((data["claim"], subject, target, data))
    return claims


def _literals(subject: NamedNode, data: dict[str, Any], table: Mapping[str, tuple[str, Callable[[Any], Object | None]]]) -> list[Triple]:
    made = []
    for attribute, (prop, make) in table.items():
        if attribute in data:
            value = data[attribute]
            for one in dict.fromkeys(value) if isinstance(value, tuple) else (value,):
                literal = make(one)
                if literal is not None:
                    made.append(Triple(subject, term(prop), literal))
    return made


def _entity(graph: KnowledgeGraph, name: str, base: str) -> list[Triple]:
    subject, data = node(name, base), graph.nodes[name]
    direct = set()
    for target, parallel in graph.adj[name].items():
        for edge in parallel.values():
            if "claim" not in edge:  # known from a list or from the form of the name, not said by a paper
                direct.add(("skos:broader", target))
                if edge["relation"] == "variantOf":
                    direct.add(("kg:nameVariantOf", target))
            elif edge["polarity"] == "asserted":
                direct.add((f"kg:{edge['relation']}", target))
    return [
        Triple(subject, _TYPE, term(f"kg:{data['type']}")),
        *_literals(subject, data, _ENTITY),
        *(Triple(subject, term(prop), node(target, base)) for prop, target in sorted(direct)),
    ]


def _paper(graph: KnowledgeGraph, name: str, base: str) -> list[Triple]:
    subject = node(name, base)
    named = sorted((edge["relation"], target) for target, parallel in graph.adj[name].items() for edge in parallel.values())
    return [
        Triple(subject, _TYPE, term("kg:Paper")),
        *_literals(subject, graph.nodes[name], _PAPER),
        *(Triple(subject, term(f"kg:{relation}"), node(target, base)) for relation, target in named),
    ]


def _sentence(graph: KnowledgeGraph, name: str, base: str) -> list[Triple]:
    subject, data = node(name, base), graph.nodes[name]
    return [
        Triple(subject, _TYPE, _SENTENCE),
        Triple(subject, _IS_PART_OF, node(data["paper"], base)),
        *((Triple(subject, term("kg:field"), Literal(data["field"])),) if data["field"] != "abstract" else ()),
        Triple(subject, _START, number(str(data["start"]))),
        Triple(subject, _END, number(str(data["end"]))),
        Triple(subject, _EXACT, text(data["text"])),
        *(Triple(subject, _MENTIONS, node(target, base)) for target in sorted(graph.adj[name]) if target != data["paper"]),
    ]


def _claim(key: str, subject: str, target: str, data: dict[str, Any], run: NamedNode | None, base: str) -> list[Triple]:
    claim = node(key, base)
    return [
        Triple(claim, _TYPE, _CLAIM),
        Triple(claim, _SUBJECT, node(subject, base)),
        Triple(claim, _PREDICATE, term(f"kg:{data['relation']}")),
        Triple(claim, _OBJECT, node(target, base)),
        *_provenance(claim, data, run, base),
    ]


def _fact(graph: KnowledgeGraph, name: str, run: NamedNode | None, base: str) -> list[Triple]:
    fact, data = node(name, base), graph.nodes[name]
    slots = {slot: target for target, parallel in graph.adj[name].items() for slot in parallel}
    return [
        Triple(fact, _TYPE, term(f"kg:{data['type']}")),
        *(Triple(fact, term(f"kg:{slot}"), node(slots[slot], base)) for slot in ENTITY_SLOTS if slot in slots),
        *_literals(fact, data, _FACT),
        *_provenance(fact, data, run, base),
    ]


def _provenance(statement: NamedNode, data: dict[str, Any], run: NamedNode | None, base: str) -> list[Triple]:
    made = [Triple(statement, _STATED_IN, node(data["paper"], base))] if "paper" in data else []
    made.append(Triple(statement, _DERIVED, node(data["sentence"] if "sentence" in data else data["row"], base)))
    if run is not None:
        made.append(Triple(statement, _GENERATED, run))
    made.append(Triple(statement, _CONFIDENCE, share(data["confidence"])))
    made.append(Triple(statement, _POLARITY, _POLARITIES[data["polarity"]]))
    return made


def describe(graph: KnowledgeGraph, counts: Counter[str], *, base: str = BASE) -> list[Triple]:
    """The data set's own description (VoID, DCAT): what it is, what made it, and how much of each class is in it.

    `counts` holds `triples` (those of the graph, without the description) and the members of each class.
    Source: W3C, "Describing Linked Datasets with the VoID Vocabulary" and "Data Catalog Vocabulary (DCAT) 3".
    """
    run = graph.graph.get("run", "run:unknown")
    name = f"dataset:{run.partition(':')[2]}"
    dataset = node(name, base)
    described: list[tuple[str, Object]] = [
        ("rdf:type", term("void:Dataset")),
        ("rdf:type", term("dcat:Dataset")),
        ("dcterms:title", Literal("Knowledge graph of papers")),
        ("dcterms:description", Literal(f"What {counts['Paper']} papers say of models, methods, data, metrics, tasks and hardware, and in which sentence.")),
        ("prov:wasGeneratedBy", node(run, base)),
        ("void:uriSpace", Literal(base)),
        *(("void:vocabulary", NamedNode(VOCABULARIES[prefix])) for prefix in sorted({"kg", "dcterms", "oa", "prov", "schema", "skos"})),
    ]
    classes = [cls for cls in ("Paper", *sorted(ENTITY_CLASSES), "Sentence", *STATEMENT_CLASSES) if counts[cls]]
    parts = [(cls, node(f"{name}-{cls.lower()}", base)) for cls in classes]
    described += [("void:classPartition", part) for _, part in parts]
    described.append(("void:entities", number(str(sum(counts[cls] for cls in classes)))))
    total = counts["triples"] + len(described) + 1 + 3 * len(parts)
    described.append(("void:triples", number(str(total))))
    made = [Triple(dataset, term(prop), value) for prop, value in described]
    for cls, part in parts:
        made += [
            Triple(part, term("rdf:type"), term("void:Dataset")),
            Triple(part, term("void:class"), term(f"kg:{cls}")),
            Triple(part, term("void:entities"), number(str(counts[cls]))),
        ]
    return made
