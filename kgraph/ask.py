"""What users do with the result: questions in words, with names for parameters, and with how much of the corpus speaks of it.

>>> from kgraph.ask import catalogue
>>> [name for name, words, takes in catalogue() if "hardware=" in takes]
['hardware-by-year', 'trained-on']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.names import fold
from kgraph.query import ENTITY_TYPES, QueryError, Question, bind, load_question, open_store, questions, run_sparql, terms_of
from kgraph.tables import FORMS, Table, json_value, plain, render

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

HEAD = """PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_SAID = "?x kg:statedIn ?paper ; kg:polarity ?p . FILTER (STR(?p) != 'joined')"
COVERAGE = {
    "hardware": ("state hardware", f"?x a kg:HardwareUse . {_SAID}"),
    "results": ("state a result", f"?x a kg:Result . {_SAID}"),
    "sizes": ("state a size", f"?x a kg:Quantity . {_SAID}"),
    "comparisons": ("say that one thing outperforms another", f"?x rdf:predicate kg:outperforms . {_SAID}"),
    "relations": ("state a relation", f"?x a kg:Claim . {_SAID}"),
    "facts": ("state any fact", _SAID),
    "introductions": ("introduce something by name", "?paper kg:introduces ?x"),
    "entities": ("name an entity", "?paper a kg:Paper ; kg:mentions ?x"),
    "code": ("link to code", "?paper schema:codeRepository ?x"),
    "dates": ("have a date", "?paper a kg:Paper ; dcterms:issued ?x"),
}
"""What an answer may rest on: its name in `# covers:`, in words, and the pattern that binds `?paper`."""
EVIDENCE = ("sentence", "otherSentence")
"""The columns that hold evidence; shown on demand."""


@dataclass(frozen=True)
class Answer:
    """The answer to a question: `sparql` is the text that was run, to be copied; `coverage` says how many papers speak of such things."""

    question: Question
    table: Table
    sparql: str
    coverage: tuple[str, ...]

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.question.words)}</p>{self.table._repr_html_()}<p>{escape('; '.join(self.coverage))}</p>"


def catalogue() -> list[tuple[str, str, str]]:
    """Every shipped question: its name, the question in words, and its parameters (`[x=]` may be left out)."""

    def takes(question: Question) -> str:
        return " ".join(f"{p.name}={p.default or ''}" if p.required or p.default else f"[{p.name}=]" for p in question.parameters)

    return [(name, question.words, takes(question)) for name, question in questions().items()]


def ask(source: Path | str | KnowledgeGraph | pyoxigraph.Store, question: str | Path, parameters: Mapping[str, str] | None = None) -> Answer:
    """Answer a shipped question (by name) or one in a file, with evidence and coverage. QueryError when it cannot be asked so."""
    asked = load_question(question)
    store = open_store(source)
    sparql = bind(asked, terms_of(store, asked, parameters or {}))
    return Answer(asked, run_sparql(store, sparql, f"{asked.name}.rq"), sparql, coverage(store, asked.covers))


def coverage(store: pyoxigraph.Store, covers: tuple[str, ...]) -> tuple[str, ...]:
    """`("3 of 24 papers state hardware",)`: how much of the corpus an answer can rest on."""
    said = []
    total = run_sparql(store, HEAD + "SELECT (COUNT(*) AS ?n) { ?paper a kg:Paper }").rows[0][0]
    for kind in covers:
        if kind not in COVERAGE:
            raise QueryError(f"{kind!r} is not one of what a question may cover: {', '.join(COVERAGE)}")
        words, pattern = COVERAGE[kind]
        count = run_sparql(store, HEAD + f"SELECT (COUNT(DISTINCT ?paper) AS ?n) {{ {pattern} }}").rows[0][0]
        said.append(f"{count} of {total} papers {words}")
    return tuple(said)


def show(answer: Answer, form: str = "table", *, evidence: bool = False, width: int | None = None) -> str:
    """An answer as text in one of `kgraph.tables.FORMS`, or `sparql`: the query to copy. JSON always has the evidence; CSV is the table alone."""
    if form == "sparql":
        return answer.sparql
    if form not in FORMS:
        raise QueryError(f"{form!r} is not one of the forms: {', '.join((*FORMS, 'sparql'))}")
    if form == "json":
        rows = ",\n  ".join("{" + ", ".join(f"{json_value(k)}: {json_value(v)}" for k, v in row.items()) + "}" for row in answer.table.records())
        covered = ", ".join(json_value(line) for line in answer.coverage)
        return f'{{"question": {json_value(answer.question.words)},\n "rows": [\n  {rows}],\n "coverage": [{covered}]}}\n'
    shown = answer.table if evidence else answer.table.without(*EVIDENCE)
    if form == "csv":
        return render(shown, "csv")
    body = render(shown, form, width=width) if shown.rows else "No answer.\n"
    count = f"{len(shown)} row" + ("" if len(shown) == 1 else "s")
    return f"{body}\n{count}. Coverage: {'; '.join(answer.coverage) or 'not stated by the question'}.\n"


def _names(store: pyoxigraph.Store, kind: str) -> Iterator[tuple[str, str, str, bool]]:
    """(IRI, class, name, is its label) of every entity of a type."""
    wanted = ("Dataset", "Benchmark") if kind == "Dataset" else ENTITY_TYPES[:-1] if kind == "entity" else (kind,)
    for cls in wanted:
        for prop, is_label in (("rdfs:label", True), ("skos:altLabel", False)):
            for iri, name in run_sparql(store, HEAD + f"SELECT ?e ?name {{ ?e a kg:{cls} ; {prop} ?name }}").rows:
                yield str(iri), cls, str(name), is_label


def _popularity(store: pyoxigraph.Store, iri: str) -> int:
    return len(run_sparql(store, HEAD + f"SELECT ?p {{ ?p kg:mentions <{iri}> ; a kg:Paper }}"))


def _by_id(store: pyoxigraph.Store, value: str, prefix: str) -> str | None:
    """The IRI that `value` is: whole, `prefix:id`, or the bare id, if the graph has it with the prefix's namespace."""
    import pyoxigraph

    from kgraph.export.terms import BASE, local_iri

    candidates = [value] if "://" in value else [local_iri(f"{prefix}:{value.removeprefix(prefix + ':')}", BASE)]
    for iri in candidates:
        try:
            node = pyoxigraph.NamedNode(iri)
        except ValueError:
            return None
        if next(store.quads_for_pattern(node, pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), None), None):
            return iri
    return None


def resolve_entity(store: pyoxigraph.Store, value: str, kind: str = "entity") -> str:
    """The IRI of the entity of type `kind` that is called `value`: its IRI or id, its label, an alias; case, hyphens and plurals do not matter.

    Of several with the name, the one named by most papers. QueryError with near misses when there is none.
    """
    value = value.strip()
    names = list(_names(store, kind))
    given = _by_id(store, value, "e") if "://" in value or value.startswith("e:") else None
    if given is not None and any(iri == given for iri, *_ in names):
        return given
    for key in (str.casefold, fold):
        wanted = key(value)
        found = [(not is_label, iri) for iri, _, name, is_label in names if key(name) == wanted and wanted]
        if found:
            best = sorted({iri for rank, iri in found if rank == min(found)[0]})
            return min(best, key=lambda iri: (-_popularity(store, iri), iri)) if len(best) > 1 else best[0]
    by_id = _by_id(store, value, "e")
    if by_id is not None and any(iri == by_id for iri, *_ in names):
        return by_id
    raise QueryError(_no_entity(store, value, kind, names))


def _no_entity(store: pyoxigraph.Store, value: str, kind: str, names: list[tuple[str, str, str, bool]]) -> str:
    if kind != "entity":
        other = [(cls, name) for _, cls, name, _ in _names(store, "entity") if name.casefold() == value.casefold()]
        if other:
            return f"{value!r} is a {other[0][0]}, not a {kind}"
    labels = {iri: name for iri, _, name, is_label in names if is_label}
    near = near_misses(value, [(name, labels[iri]) for iri, _, name, _ in names])
    what = "" if kind == "entity" else f" ({kind} is wanted)"
    return f"no entity {value!r}; did you mean {' or '.join(near)}?" if near else f"no entity {value!r}{what}, and none with a name like it"


def near_misses(value: str, names: list[tuple[str, str]], count: int = 3) -> list[str]:
    """The labels of the (name, label) pairs whose names come nearest to `value`: those it is a part of, then those with the fewest changes.

    >>> near_misses("A10", [("A100", "NVIDIA A100"), ("H100", "NVIDIA H100"), ("BLEU", "BLEU")])
    ['NVIDIA A100']
    """
    wanted = "".join(value.casefold().split())
    scored: dict[str, float] = {}
    for name, label in names:
        folded = "".join(name.casefold().split())
        if not wanted or not folded:
            continue
        if wanted in folded or (len(folded) > 2 and folded in wanted):
            score = 1.0 + min(len(wanted), len(folded)) / max(len(wanted), len(folded))
        else:
            matcher = SequenceMatcher(None, wanted, folded, autojunk=False)
            score = matcher.ratio() if matcher.real_quick_ratio() >= 0.7 and matcher.quick_ratio() >= 0.7 else 0.0
        if score >= 0.7:
            scored[label] = max(score, scored.get(label, 0.0))
    ranked = sorted(scored, key=lambda label: (-scored[label], label))
    # where the value is a part of a name, names that are merely spelled alike are noise
    return [label for label in ranked if scored[label] >= 1.0 or scored[ranked[0]] < 1.0][:count]


def resolve_paper(store: pyoxigraph.Store, value: str, kind: str = "paper") -> str:
    """The IRI of the paper that `value` names: IRI, key, identifier (`arXiv:2401.00001`, with or without the scheme), title or its beginning."""
    value = value.strip()
    given = _by_id(store, value, "paper")
    if given is not None:
        return given
    rows = run_sparql(store, HEAD + "SELECT ?p ?name { ?p a kg:Paper ; dcterms:identifier|rdfs:label ?name }").rows
    wanted = value.casefold()
    names = [(str(name), str(iri)) for iri, name in rows]
    whole = {iri for name, iri in names if wanted in (name.casefold(), name.casefold().partition(":")[2])}
    found = whole or {iri for name, iri in names if len(wanted) > 3 and name.casefold().startswith(wanted)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise QueryError(f"{value!r} may be any of {len(found)} papers: " + "; ".join(sorted({plain(name) for name, iri in names if iri in found})[:6]))
    near = near_misses(value, [(name, name) for name, _ in names])
    raise QueryError(f"no paper {value!r}" + (f"; did you mean {' or '.join(map(plain, near))}?" if near else ""))


def complete(source: Path | str | KnowledgeGraph | pyoxigraph.Store, question: str, parameter: str, beginning: str = "", count: int = 50) -> list[str]:
    """Values of a parameter that begin with `beginning` (case does not matter), labels before aliases: for shell completion."""
    kinds = {p.name: p.type for p in load_question(question).parameters}
    if parameter not in kinds or kinds[parameter] in ("number", "text"):
        return []
    store, start = open_store(source), beginning.casefold()
    if kinds[parameter] == "paper":
        rows = run_sparql(store, HEAD + "SELECT DISTINCT ?name { ?p a kg:Paper ; dcterms:identifier|dcterms:title ?name }").rows
        return sorted({str(name) for (name,) in rows if str(name).casefold().startswith(start)})[:count]
    found = sorted({(not is_label, name) for _, _, name, is_label in _names(store, kinds[parameter]) if name.casefold().startswith(start)})
    return list(dict.fromkeys(name for _, name in found))[:count]
