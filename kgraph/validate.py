"""What users do with the result: check a graph against the SHACL shapes and the invariants that ship with the package.

`shapes.ttl` is plain SHACL, so any processor can run it. Here each constraint becomes one SPARQL query over the Oxigraph store, which checks a
million triples in seconds where a general processor in Python needs minutes. The components that are translated are those in `_CHECKS`; a
shape that uses another one is refused, not skipped. Source: W3C, "Shapes Constraint Language (SHACL)", 2017, sections 2, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.query import QueryError, open_store, run_sparql
from kgraph.tables import Table, shorten

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

SHAPES = Path(__file__).with_name("shapes.ttl")
ONTOLOGY = Path(__file__).with_name("ontology.ttl")
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
KG = "https://w3id.org/kgraph/ns#"


@dataclass(frozen=True, order=True)
class Violation:
    """One thing that is wrong: the `rule` (`Paper dcterms:title maxCount`), the node, the value at fault (or ""), and what it means."""

    rule: str
    node: str
    value: str
    message: str


# SHACL component -> SPARQL that finds what breaks it; `?this` is bound by the target, `{path}` and `{x}` (the parameter) are filled in
_CHECKS: dict[str, tuple[str, str]] = {
    "minCount": ("FILTER NOT EXISTS {{ ?this {path} ?value }}", "nothing is stated"),
    "maxCount": (
        "?this {path} ?value , ?other . FILTER (STR(?value) < STR(?other) || (STR(?value) = STR(?other) && !sameTerm(?value, ?other)))",
        "more than one",
    ),
    "datatype": ("?this {path} ?value . FILTER (!isLiteral(?value) || DATATYPE(?value) != {x})", "not of the datatype {x}"),
    "class": ("?this {path} ?value . FILTER NOT EXISTS {{ ?value a {x} }}", "not a {x}"),
    "nodeKind": ("?this {path} ?value . FILTER ({not_kind})", "not of the kind {x}"),
    "minLength": ("?this {path} ?value . FILTER (STRLEN(STR(?value)) < {x})", "shorter than {x}"),
    "minInclusive": ("?this {path} ?value . FILTER (!COALESCE(?value >= {x}, false))", "less than {x}, or no number"),
    "maxInclusive": ("?this {path} ?value . FILTER (!COALESCE(?value <= {x}, false))", "more than {x}, or no number"),
    "in": ("?this {path} ?value . FILTER (?value NOT IN ({x}))", "not one of {x}"),
    "or": ("?this {path} ?value . FILTER (!({any}))", "none of {x}"),
}
_NOT_KIND = {"IRI": "!isIRI(?value)", "Literal": "!isLiteral(?value)"}
_TARGETS = {"targetClass": "?this a {x} .", "targetSubjectsOf": "?this {x} ?target .", "targetObjectsOf": "?target {x} ?this ."}
_DECORATION = frozenset(("path", "property", "sparql", *_TARGETS))

INVARIANTS: tuple[tuple[str, str, str], ...] = (
    ("blank nodes", "every node has an IRI", "SELECT DISTINCT ?this ?value { ?this ?value ?o . FILTER (isBlank(?this) || isBlank(?o)) }"),
    (
        "numbers as strings",
        "a number is a string, so it cannot be compared",
        f"SELECT ?this ?value {{ ?this ?p ?value . FILTER (STRSTARTS(STR(?p), '{KG}') && !STRENDS(STR(?p), '#valueText') && !STRENDS(STR(?p), '#inputHash') "
        "&& !STRENDS(STR(?p), '#unit') && isLiteral(?value) && DATATYPE(?value) = <http://www.w3.org/2001/XMLSchema#string> "
        "&& REGEX(STR(?value), '^[-+]?[0-9]+([.,][0-9]+)*$')) }",
    ),
    (
        "count of triples",
        "the description of the data set states another number of triples than there are",
        "SELECT ?this ?value { ?this <http://rdfs.org/ns/void#triples> ?value . { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } FILTER (?value != ?n) }",
    ),
)
"""What SHACL does not say well: name, what a hit means, and the query that finds hits as `?this ?value`."""


def validate(source: Path | str | KnowledgeGraph | pyoxigraph.Store, shapes: Path = SHAPES) -> list[Violation]:
    """All violations in `source`, sorted; an empty list says that all is well.

    A file that is no legal RDF (a broken IRI, for one) is a single violation with the line. QueryError for a missing file, and for shapes
    that use what is not translated.
    """
    try:
        store = open_store(source)
    except QueryError as error:
        if "not RDF" in str(error):
            return [Violation("syntax", str(source), "", str(error))]
        raise
    found = {violation for check in (*_constraints(shapes), *_invariants()) for violation in check(store)}
    return sorted(found | set(_unknown_terms(store)))


def as_table(violations: list[Violation]) -> Table:
    """Violations as a table, for printing."""
    return Table(("rule", "node", "value", "message"), [(v.rule, v.node, v.value, v.message) for v in violations])


Check = Callable[["pyoxigraph.Store"], Iterator[Violation]]


def _check(rule: str, message: str, sparql: str) -> Check:
    def check(store: pyoxigraph.Store) -> Iterator[Violation]:
        table = run_sparql(store, sparql, rule)
        this = table.columns.index("this")
        value = table.columns.index("value") if "value" in table.columns else None
        for row in table.rows:
            yield Violation(rule, shorten(str(row[this])), "" if value is None or row[value] is None else shorten(str(row[value]))[:200], message)

    return check


def _invariants() -> list[Check]:
    return [_check(name, message, sparql) for name, message, sparql in INVARIANTS]


def _unknown_terms(store: pyoxigraph.Store) -> Iterator[Violation]:
    """Classes and properties in our namespace that the ontology does not have: a misspelt one would never be found by a question."""
    import pyoxigraph

    known = {triple.subject.value for triple in pyoxigraph.parse(path=ONTOLOGY) if isinstance(triple.subject, pyoxigraph.NamedNode)}
    for column, where in (("p", "?s ?p ?o"), ("c", "?s a ?c")):
        for (term,) in run_sparql(store, f"SELECT DISTINCT ?{column} {{ {where} }}").rows:
            if str(term).startswith(KG) and term not in known:
                yield Violation("unknown term", shorten(str(term)), "", "the ontology has no such class or property")


def _constraints(path: Path) -> list[Check]:
    """One check for each constraint of each node shape in the file."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.bulk_load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    shapes = _Shapes(store)
    checks = []
    for shape in shapes.subjects(RDF + "type", SH + "NodeShape"):
        name = shorten(shape.value).rpartition("#")[2]
        targets = [_TARGETS[kind].format(x=target) for kind in _TARGETS for target in shapes.objects(shape, SH + kind)]
        union = " UNION ".join(f"{{ {target} }}" for target in targets)
        checks += shapes.components(shape, union, name, "", "")
        for part in shapes.objects(shape, SH + "property"):
            (step,) = shapes.objects(part, SH + "path")
            if not isinstance(step, pyoxigraph.NamedNode):
                raise QueryError(f"{path}: {name}: only a property can be a path here")
            checks += shapes.components(part, union, name, str(step), shorten(step.value))
        for part in shapes.objects(shape, SH + "sparql"):
            (message,) = (m.value for m in shapes.objects(part, SH + "message"))
            (select,) = (s.value for s in shapes.objects(part, SH + "select"))
            head = "".join(
                f"PREFIX {shapes.one(d, SH + 'prefix').value}: <{shapes.one(d, SH + 'namespace').value}>\n"
                for p in shapes.objects(part, SH + "prefixes")
                for d in shapes.objects(p, SH + "declare")
            )
            # these queries name their target class themselves, so `$this` needs no value from outside
            checks.append(_check(f"{name}: {message}", message, head + select))
    return checks


class _Shapes:
    """The shapes graph, with the few look-ups that are needed."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self.store = store

    def subjects(self, predicate: str, value: str) -> list[pyoxigraph.NamedNode]:
        import pyoxigraph

        found = self.store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), pyoxigraph.NamedNode(value))
        return sorted((quad.subject for quad in found if isinstance(quad.subject, pyoxigraph.NamedNode)), key=str)

    def objects(self, node: object, predicate: str) -> list[pyoxigraph.NamedNode]:
        import pyoxigraph

        found = self.store.quads_for_pattern(node, pyoxigraph.NamedNode(predicate), None)  # type: ignore[arg-type]
        return sorted((quad.object for quad in found), key=str)  # type: ignore[misc]

    def one(self, node: object, predicate: str) -> pyoxigraph.NamedNode:
        return self.objects(node, predicate)[0]

    def listed(self, head: object) -> list[pyoxigraph.NamedNode]:
        """The members of an RDF list."""
        members = []
        while getattr(head, "value", "") != RDF + "nil":
            members.append(self.one(head, RDF + "first"))
            head = self.one(head, RDF + "rest")
        return members

    def components(self, shape: object, targets: str, name: str, path: str, shown: str) -> list[Check]:
        """The checks of the components that stand directly in a node shape (no path: they are about `?this`) or a property shape."""
        import pyoxigraph

        checks = []
        for quad in sorted(self.store.quads_for_pattern(shape, None, None), key=str):  # type: ignore[arg-type]
            kind = quad.predicate.value.removeprefix(SH)
            if kind == quad.predicate.value or kind in _DECORATION:
                continue
            if kind not in _CHECKS:
                raise QueryError(f"sh:{kind} is not one of the translated components: {', '.join(sorted(_CHECKS))}")
            pattern, message = _CHECKS[kind]
            parameter, alternatives = str(quad.object), ""
            if kind in ("in", "or"):
                members = self.listed(quad.object)
                if kind == "or":
                    alternatives, parameter = self._alternatives(members)
                else:
                    parameter = ", ".join(map(str, members))
            if kind in ("minCount", "maxCount") and int(getattr(quad.object, "value", "0")) != 1:
                raise QueryError(f"sh:{kind} is translated for 1 only")
            fill = {"path": path, "x": parameter, "any": alternatives, "not_kind": _NOT_KIND.get(parameter.removeprefix(f"<{SH}").rstrip(">"), "")}
            body = pattern.format(**fill) if path else pattern.format(**fill).replace("?this  ?value .", "BIND (?this AS ?value)")
            label = (
                ", ".join(shorten(term.strip("<>")) for term in parameter.split(", "))
                if isinstance(quad.object, pyoxigraph.NamedNode | pyoxigraph.BlankNode)
                else parameter
            )
            rule = " ".join(part for part in (name, shown, kind) if part)
            checks.append(_check(rule, message.format(x=label.split("^^")[0]), f"SELECT ?this ?value {{ {targets} {body} }}"))
        return checks

    def _alternatives(self, members: list[pyoxigraph.NamedNode]) -> tuple[str, str]:
        """`sh:or` of datatypes, or of classes, as one expression, and its terms."""
        tests, terms = [], []
        for member in members:
            for kind, test in (("datatype", "DATATYPE(?value) = {}"), ("class", "EXISTS {{ ?value a {} }}")):
                for term in self.objects(member, SH + kind):
                    tests.append(f"COALESCE({test.format(term)}, false)" if kind == "datatype" else test.format(term))
                    terms.append(str(term))
        if len(tests) != len(members):
            raise QueryError("sh:or is translated for datatypes and classes only")
        return " || ".join(tests), ", ".join(terms)
