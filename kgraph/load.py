"""RDF -> graph: read back what `kgraph build` wrote, as the `KnowledgeGraph` it was written from.

RDF holds every fact and its sentence, but not where in the sentence each name and number stands, nor the votes for an entity's type: the
places are found again by name, the votes stay unknown. Written out again, the graph gives the triples it was read from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kgraph.export.terms import INDIVIDUALS, KG, VOCABULARIES
from kgraph.graph import CLASSES, ENTITY_SLOTS, KnowledgeGraph
from kgraph.query import QueryError

if TYPE_CHECKING:
    import pyoxigraph

_INDIVIDUAL = re.compile(rf".*/({'|'.join(INDIVIDUALS)})/([^/]*)")
_ENTITIES = frozenset(CLASSES.values())
_SHORT = {namespace: prefix for prefix, namespace in VOCABULARIES.items()}

# class -> property -> (attribute, several?); the inverse of the tables of kgraph.export.triples
_PAPER = {
    "dcterms:title": ("title", False), "rdfs:label": ("label", False), "dcterms:identifier": ("identifiers", True), "dcterms:issued": ("issued", False),
    "dcterms:creator": ("creators", True), "schema:sameAs": ("same_as", True), "schema:codeRepository": ("code", True),
    "dcterms:source": ("sources", True), "dcterms:abstract": ("abstract", False),
}  # fmt: skip
_ENTITY = {
    "rdfs:label": ("label", False), "skos:altLabel": ("alt_labels", True), "kg:higherIsBetter": ("higher_is_better", False),
    "skos:exactMatch": ("exact_match", True), "rdfs:seeAlso": ("see_also", True),
}  # fmt: skip
_FACT = {
    "kg:property": ("property", False), "kg:value": ("value", False), "kg:unit": ("unit", False), "kg:valueText": ("value_text", False),
    "kg:direction": ("direction", False), "kg:count": ("count", False), "kg:memoryGB": ("memory_gb", False), "kg:hours": ("hours", False),
    "kg:role": ("role", False), "kg:confidence": ("confidence", False), "kg:polarity": ("polarity", False),
    "kg:statedIn": ("paper", False), "prov:wasDerivedFrom": ("sentence", False),
}  # fmt: skip
_SENTENCE = {
    "dcterms:isPartOf": ("paper", False), "kg:field": ("field", False), "oa:start": ("start", False), "oa:end": ("end", False), "oa:exact": ("text", False),
}  # fmt: skip
_RUN = {
    "rdfs:label": ("label", False), "schema:softwareVersion": ("version", False), "kg:extractor": ("model", False), "kg:inputHash": ("input_hash", False),
}  # fmt: skip
_ROW = {"dcterms:source": ("path", False), "kg:line": ("line", False)}
_READ: dict[str, Any] = {"confidence": float, "start": int, "end": int, "line": int, "higher_is_better": lambda value: value in ("true", "1")}

Said = dict[str, list[str]]
"""What is said of one subject: property in its short form -> values, individuals by their node names."""


def load(source: Path | str) -> KnowledgeGraph:
    """The graph in `source`: an output folder, or an RDF file that kgraph wrote (Turtle, N-Triples, N-Quads, by its ending).

    Raises `kgraph.query.QueryError` (a ValueError) when there is no such file, or it is no RDF.
    """
    subjects = _subjects(source)
    graph = KnowledgeGraph()
    by_class: defaultdict[str, list[tuple[str, Said]]] = defaultdict(list)
    for name, said in subjects.items():
        types = {t.removeprefix("kg:") for t in said.get("rdf:type", ())}
        cls = next(iter(sorted(types & _ENTITIES)), None) or next(iter(sorted(types)), "")
        by_class["Entity" if cls in _ENTITIES else cls].append((name, said))
        if cls in _ENTITIES:
            said["kg:class"] = [cls]
    for name, said in by_class["prov:Activity"]:
        graph.graph["run"] = name
        graph.add_node(name, type="Run", **_attributes(said, _RUN))
    for name, said in by_class["Entity"]:
        graph.add_node(name, type=said["kg:class"][0], **_attributes(said, _ENTITY))
    for name, said in by_class["Entity"]:
        variants = said.get("kg:nameVariantOf", [])
        for target in variants:
            graph.add_edge(name, target, key="variantOf", relation="variantOf")
        for target in said.get("skos:broader", ()):
            if target not in variants:
                graph.add_edge(name, target, key="broader", relation="broader")
    for name, said in by_class["Paper"]:
        graph.add_node(name, type="Paper", **_attributes(said, _PAPER))
        for relation in ("introduces", "mentions"):
            for target in said.get(f"kg:{relation}", ()):
                graph.add_edge(name, target, key=relation, relation=relation)
    for name, said in by_class["Sentence"]:
        _add_sentence(graph, name, said)
    for name, said in by_class["TableRow"]:
        graph.add_node(name, type="Row", **_attributes(said, _ROW))
    for name, said in by_class["Claim"]:
        claim = {**_statement(graph, said), "relation": said["rdf:predicate"][0].removeprefix("kg:"), "claim": name}
        graph.add_edge(said["rdf:subject"][0], said["rdf:object"][0], key=name, **claim)
    for cls in ("Result", "Quantity", "HardwareUse"):
        for name, said in by_class[cls]:
            _add_fact(graph, name, cls, said)
    return graph


def _subjects(source: Path | str) -> dict[str, Said]:
    import pyoxigraph

    path = Path(source)
    if path.is_dir():
        path /= "graph.ttl"
    subjects: dict[str, Said] = {}
    form = pyoxigraph.RdfFormat.from_extension(path.suffix.lstrip(".")) or pyoxigraph.RdfFormat.TURTLE
    try:
        for triple in pyoxigraph.parse(path=path, format=form):
            name = _name(triple.subject)
            if name:
                subjects.setdefault(name, {}).setdefault(_name(triple.predicate), []).append(_name(triple.object))
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror or error}; `kgraph build` makes it") from None
    except SyntaxError as error:
        raise QueryError(f"{path}:{error.lineno or 1}: not RDF: {error.msg}") from None
    return subjects


def _name(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> str:
    """A node's name for an individual, the short form of a vocabulary's term, the text of anything else."""
    iri = getattr(term, "value", "")
    if type(term).__name__ != "NamedNode":
        return str(iri)
    if iri.startswith(KG):
        return "kg:" + iri[len(KG) :]
    if individual := _INDIVIDUAL.fullmatch(iri):
        return f"{individual[1]}:{unquote(individual[2], errors='surrogateescape')}"
    namespace, _, local = iri.rpartition("#") if "#" in iri else iri.rpartition("/")
    prefix = _SHORT.get(iri[: len(iri) - len(local)])
    return f"{prefix}:{local}" if prefix and namespace else iri


def _attributes(said: Said, table: dict[str, tuple[str, bool]]) -> dict[str, Any]:
    return {
        attribute: tuple(said[prop]) if several else _READ.get(attribute, str)(said[prop][0]) for prop, (attribute, several) in table.items() if prop in said
    }


def _statement(graph: KnowledgeGraph, said: Said) -> dict[str, Any]:
    """Who says it, where, how sure: the source of a joined fact is a row, not a sentence."""
    given = {key: value for key, value in _attributes(said, _FACT).items() if key in ("confidence", "polarity", "paper", "sentence")}
    if given.get("sentence", "").startswith("row:"):
        given["row"] = given.pop("sentence")
    return given


def _add_sentence(graph: KnowledgeGraph, name: str, said: Said) -> None:
    data = {"field": "abstract", **_attributes(said, _SENTENCE)}
    graph.add_node(name, type="Sentence", **data)
    graph.add_edge(name, data["paper"], key="isPartOf", relation="isPartOf")
    mentioned = said.get("kg:mentions", [])
    names = [(form, entity) for entity in mentioned for form in (graph.nodes[entity].get("label", ""), *graph.nodes[entity].get("alt_labels", ()))]
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end, entity in sorted(find_names(data["text"], names)):
        spans[entity].append((data["start"] + start, data["start"] + end))
    for entity in mentioned:
        graph.add_edge(name, entity, key="mentions", relation="mentions", spans=tuple(spans[entity]))


def find_names(text: str, names: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Where the names of (name, entity) stand in `text` as whole words, the longest first, none over another: (start, end, entity).

    >>> list(find_names("GPT-4 beats GPT-4V", [("GPT-4", "e:a"), ("GPT-4V", "e:b")]))
    [(12, 18, 'e:b'), (0, 5, 'e:a')]
    """
    taken: list[tuple[int, int]] = []
    for form, entity in sorted(names, key=lambda pair: (-len(pair[0]), pair)):
        if not form:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE):
            start, end = match.span()
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                yield start, end, entity


def _add_fact(graph: KnowledgeGraph, name: str, cls: str, said: Said) -> None:
    data = {key: value for key, value in _attributes(said, _FACT).items() if key not in ("confidence", "polarity", "paper", "sentence")}
    data |= _statement(graph, said)
    slots = {slot: said[f"kg:{slot}"][0] for slot in ENTITY_SLOTS if f"kg:{slot}" in said}
    sentence = graph.nodes.get(data.get("sentence"), {})
    at = sentence["text"].find(data["value_text"]) if sentence and "value_text" in data else -1
    if at >= 0:
        data["start"], data["end"] = sentence["start"] + at, sentence["start"] + at + len(data["value_text"])
    elif sentence and "hardware" in slots and graph.has_edge(data["sentence"], slots["hardware"], "mentions"):
        spans = graph.edges[data["sentence"], slots["hardware"], "mentions"]["spans"]
        if spans:
            data["start"], data["end"] = spans[0]
    graph.add_node(name, type=cls, **data)
    for slot, entity in slots.items():
        graph.add_edge(name, entity, key=slot, relation=slot)
