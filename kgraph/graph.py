"""Stage 4: facts -> `networkx.MultiDiGraph`. The only file that knows the node and edge layout.

Nodes are named by the local form of their IRI and carry `type`:

| node | `type` | attributes |
| --- | --- | --- |
| `paper:KEY` | `Paper` | `label` (title, else the abstract's first words), `title abstract identifiers issued creators same_as code sources` |
| `e:ID` | `Model` ... `Hardware` | `label alt_labels exact_match see_also higher_is_better votes` |
| `sentence:KEY_START_END` (`KEY_tSTART_END` in a title) | `Sentence` | `paper field start end text` |
| `result:HASH` `quantity:HASH` `use:HASH` | `Result` `Quantity` `HardwareUse` | slots of `kgraph.model`, `paper sentence start end confidence polarity` |
| `row:HASH` | `Row` | `path line`: a row of a user's table (`kgraph.join`); its facts have `row` for `sentence`, `paper` only where it names one |
| `run:HASH` | `Run` | `label version model input_hash` |

Edges (`key` tells parallel ones apart; `relation` says which):

| edge | `relation` | attributes |
| --- | --- | --- |
| paper -> entity | `introduces`, `mentions` | |
| sentence -> paper | `isPartOf` | |
| sentence -> entity | `mentions` | `spans`: offsets into the field, `((start, end), ...)` |
| entity -> entity | one of `kgraph.model.PREDICATES` | `claim` (the claim's id, also the key), `paper sentence confidence polarity`: an edge a statement |
| entity -> entity | `broader`, `variantOf` without `claim` | known from a list or the form of the names, not stated by a paper |
| fact -> entity | the slot: `of metric baseline benchmark task model hardware` | |

Attributes with nothing to say are absent. Tuples are ordered; equal facts give an equal graph in equal order.

Nine in ten nodes and edges have the same few attributes. Their dictionaries are those of instances (`vars(_Edge(...))`), which share their
keys (PEP 412): half the memory, and a quarter less time. They are plain dictionaries otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import networkx as nx

from kgraph.collecting import uncollected
from kgraph.model import Claim, HardwareUse, Paper, PaperFacts, Quantity, Resolution, Result, Sentence

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

CLASSES = {
    "model": "Model", "method": "Method", "software": "Software", "dataset": "Dataset",
    "benchmark": "Benchmark", "metric": "Metric", "task": "Task", "hardware": "Hardware",
}  # fmt: skip
FACTS = {Result: ("result", "Result"), Quantity: ("quantity", "Quantity"), HardwareUse: ("use", "HardwareUse")}
ENTITY_SLOTS = ("of", "metric", "baseline", "benchmark", "task", "model", "hardware")
LITERAL_SLOTS = ("property", "value", "value_text", "unit", "direction", "count", "memory_gb", "hours", "role", "start", "end", "confidence", "polarity")


class KnowledgeGraph(nx.MultiDiGraph):  # type: ignore[misc]  # networkx has no types
    """The graph of papers and concepts, with hand-over to other libraries.

    Files and questions follow edges forward. So `put` and `link` do not keep the other direction: it is worked out when it is first asked
    for, and kept from then on. That saves a third of the graph's memory, and visits to the largest dictionaries there are.
    """

    _behind: bool

    @property
    def _pred(self) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
        before: dict[str, dict[str, dict[str, dict[str, Any]]]] = self.__dict__["_pred"]
        if self._behind:
            self._behind = False
            before.update((node, {}) for node in self._node)
            for source, targets in self._succ.items():
                for target, parallel in targets.items():
                    before[target][source] = parallel
        return before

    @_pred.setter
    def _pred(self, before: Any) -> None:
        nx.MultiDiGraph._pred.__set__(self, before)  # forgets the views of the dictionary it had
        self._behind = type(before) is dict and not before  # a view on another graph is none to be filled

    def put(self, node: str, attributes: dict[str, Any]) -> None:
        """`add_node` of a node that is not there yet; `attributes` becomes its dictionary."""
        self._node[node], self._succ[node] = attributes, {}
        if not self._behind:
            self._pred[node] = {}

    def link(self, source: str, target: str, key: str, attributes: dict[str, Any]) -> None:
        """`add_edge`; `attributes` becomes the dictionary of the edge, or takes the place of the one it had."""
        nodes = self._node
        if source not in nodes:  # a concept that another shard describes
            self.put(source, {})
        if target not in nodes:
            self.put(target, {})
        targets = self._succ[source]
        parallel = targets.get(target)
        if parallel is not None:
            parallel[key] = attributes
            return
        targets[target] = parallel = _keyed(key, attributes)
        if not self._behind:
            self._pred[target][source] = parallel

    def to_rdflib(self) -> rdflib.Graph:
        """The graph as RDF in rdflib's memory store."""
        from kgraph.export.turtle import to_rdflib

        return to_rdflib(self)

    def to_pyoxigraph(self) -> pyoxigraph.Store:
        """The graph as RDF in an in-memory Oxigraph store, the fast way to ask SPARQL."""
        from kgraph.export.turtle import to_pyoxigraph

        return to_pyoxigraph(self)

    def _repr_html_(self) -> str:
        from kgraph.viewer.page import notebook_html

        return notebook_html(self)


@dataclass(eq=False)
class _Edge:
    relation: str


@dataclass(eq=False)
class _MentionEdge:
    relation: str
    spans: tuple[tuple[int, int], ...]


@dataclass(eq=False)
class _ClaimEdge:
    relation: str
    claim: str
    paper: str
    sentence: str
    confidence: float
    polarity: str


@dataclass(eq=False)
class _SentenceNode:
    type: str
    paper: str
    field: str
    start: int
    end: int
    text: str


@cache
def _holder(key: str) -> type:
    """A class whose instances have one attribute, `key`."""
    return type("Parallel", (), {})


def _keyed(key: str, attributes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`{key: attributes}`; the keys of claims are all different, those of other edges a dozen, which are shared."""
    if ":" in key:
        return {key: attributes}
    holder = _holder(key)()
    setattr(holder, key, attributes)
    parallel: dict[str, dict[str, Any]] = vars(holder)
    return parallel


def digest(*parts: object, size: int = 8) -> str:
    """Hexadecimal BLAKE2b hash of `parts`, `2 * size` characters long."""
    return hashlib.blake2b("\x1f".join(str(p) for p in parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def sentence_id(key: str, sentence: Sentence) -> str:
    """`sentence:KEY_START_END`, with a `t` before the start for a title."""
    return f"sentence:{key}_{'t' if sentence.field == 'title' else ''}{sentence.start}_{sentence.end}"


@uncollected()
def build_graph(papers: Iterable[Paper], facts: Mapping[str, PaperFacts], resolution: Resolution, run: Mapping[str, str]) -> KnowledgeGraph:
    """Fold papers, their facts (by paper key) and the resolved concepts into one graph.

    `run` names what made it: `label`, `version`, `model`, `input_hash`. Raises KeyError when a paper has no facts or no assignment.
    """
    graph = KnowledgeGraph()
    run_id = f"run:{digest(*sorted(run.items()), size=4)}"
    graph.graph["run"] = run_id
    graph.put(run_id, {"type": "Run", **run})
    names = _Names()
    for concept in resolution.concepts:
        graph.put(
            names[concept.id],
            {"type": CLASSES[concept.kind], "label": concept.label}
            | _present(
                alt_labels=tuple(n for n in concept.names if n != concept.label),
                exact_match=concept.exact_match,
                see_also=concept.see_also,
                higher_is_better=concept.higher_is_better,
                votes=concept.votes,
            ),
        )
    for concept in resolution.concepts:
        for relation, others in (("broader", concept.broader), ("variantOf", concept.variant_of)):
            for other in others:
                graph.link(names[concept.id], names[other], relation, vars(_Edge(relation)))
    for paper in sorted(papers, key=lambda p: p.key):
        _add_paper(graph, paper, facts[paper.key], [names[c] for c in resolution.assignment[paper.key]])
    return graph


class _Names(dict[str, str]):
    """Nodes of concepts by id: one string a node, however often it is named, also for those that another shard holds."""

    def __missing__(self, concept: str) -> str:
        self[concept] = name = f"e:{concept}"
        return name


def _present(**attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None and value != () and value != ""}


def _add_paper(graph: KnowledgeGraph, paper: Paper, facts: PaperFacts, entities: list[str]) -> None:
    node = f"paper:{paper.key}"
    lead = paper.abstract if len(paper.abstract) <= 80 else paper.abstract[:80].rsplit(" ", 1)[0] + " …"
    graph.put(
        node,
        {"type": "Paper", "label": paper.title or lead, "abstract": paper.abstract}
        | _present(
            title=paper.title,
            identifiers=paper.identifiers,
            issued=paper.issued,
            creators=paper.authors,
            same_as=paper.urls,
            code=facts.code,
            sources=tuple(f"{s.path}:{s.line}" for s in paper.sources),
        ),
    )
    for entity, iri in zip(facts.entities, entities, strict=True):
        if entity.introduced:
            graph.link(node, iri, "introduces", vars(_Edge("introduces")))
        graph.link(node, iri, "mentions", vars(_Edge("mentions")))
    sentences = [sentence_id(paper.key, s) for s in facts.sentences]
    used = {m.sentence for m in facts.mentions} | {f.sentence for kind in (facts.claims, facts.results, facts.quantities, facts.uses) for f in kind}
    for index in sorted(used):
        sentence = facts.sentences[index]
        text = (paper.title if sentence.field == "title" else paper.abstract)[sentence.start : sentence.end]
        graph.put(sentences[index], vars(_SentenceNode("Sentence", node, sentence.field, sentence.start, sentence.end, text)))
        graph.link(sentences[index], node, "isPartOf", vars(_Edge("isPartOf")))
    places: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {}
    for mention in facts.mentions:
        ends, span = (sentences[mention.sentence], entities[mention.entity]), (mention.start, mention.end)
        known = places.get(ends)
        places[ends] = (span,) if known is None else tuple(sorted({*known, span}))
    for (source, target), spans in places.items():
        graph.link(source, target, "mentions", vars(_MentionEdge("mentions", spans)))
    for claim in facts.claims:
        _add_claim(graph, node, claim, entities, sentences)
    numbers: tuple[Result | Quantity | HardwareUse, ...] = (*facts.results, *facts.quantities, *facts.uses)
    for fact in numbers:
        _add_fact(graph, node, fact, entities, sentences)


def _add_claim(graph: KnowledgeGraph, paper: str, claim: Claim, entities: list[str], sentences: list[str]) -> None:
    subject, target, sentence = entities[claim.subject], entities[claim.object], sentences[claim.sentence]
    if subject == target:  # two names of the paper turned out to be one concept
        return
    key = f"claim:{digest(sentence, subject, claim.predicate, target, claim.polarity)}"
    confidence = max(claim.confidence, graph.edges[subject, target, key]["confidence"] if graph.has_edge(subject, target, key) else 0.0)
    graph.link(subject, target, key, vars(_ClaimEdge(claim.predicate, key, paper, sentence, confidence, claim.polarity)))


def _add_fact(graph: KnowledgeGraph, paper: str, fact: Result | Quantity | HardwareUse, entities: list[str], sentences: list[str]) -> None:
    prefix, cls = FACTS[type(fact)]
    values = msgspec.structs.asdict(fact)
    slots = {slot: entities[values[slot]] for slot in ENTITY_SLOTS if values.get(slot) is not None}
    literals = _present(**{slot: values[slot] for slot in LITERAL_SLOTS if slot in values})
    # what the fact says and where makes its name, not how sure we are: a better confidence changes the fact, it makes no new one
    said = sorted((slot, value) for slot, value in literals.items() if slot != "confidence")
    node = f"{prefix}:{digest(sentences[fact.sentence], sorted(slots.items()), said)}"
    known = graph._node.get(node)
    if known is None:
        graph.put(node, {"type": cls, "paper": paper, "sentence": sentences[fact.sentence], **literals})
    else:  # said twice in the sentence
        known["confidence"] = max(fact.confidence, known["confidence"])
    for slot, entity in slots.items():
        graph.link(node, entity, slot, vars(_Edge(slot)))
