"""What users do with the result: ask SPARQL questions of the Turtle file (or of the graph in memory), with parameters.

A question is a `.rq` file. Its first comment line is the question in words; further comment lines declare what it takes and speaks of:

    # Which systems were trained on a device, on how many, and for how long?
    # param hardware: Hardware, the device or its family
    # param min: number, at least so many, default "1"
    # covers: hardware

    SELECT ... WHERE { VALUES (?hardware ?min) { (UNDEF UNDEF) } ... }

The type of a parameter is a class of the vocabulary (the value is a name, an alias or an id, and becomes that entity's IRI), `entity` (of any
class), `paper` (identifier, title or key), `number`, or `text`. The value takes the place of its `UNDEF` in each inline data block, as a term
that pyoxigraph has written: it is data to the parser, whatever characters are in it. A block without any value is taken out, so that a
question without its parameters asks about everything, and the file as it is runs in any SPARQL 1.1 store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.tables import Cell, Iri, Table

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

ENTITY_TYPES = ("Model", "Method", "Software", "Dataset", "Benchmark", "Metric", "Task", "Hardware", "entity")
TYPES = (*ENTITY_TYPES, "paper", "number", "text")
_PARAM = re.compile(r"#\s*param\s+(\w+)\s*:\s*(\w+)\s*(?:,\s*(.*?))?\s*$")
_BLOCK = re.compile(r"VALUES\s+(?P<names>\?\w+|\((?:\s*\?\w+)+\s*\))\s*\{\s*\(?(?:\s*UNDEF)+\s*\)?\s*\}(?P<space>\s*)")
_DEFAULT = re.compile(r',?\s*default\s+"(.*)"$')
_NUMERIC = frozenset(("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
# what a SPARQL text is made of, as far as it matters for where a keyword can stand; anything else is one character
_TOKEN = re.compile(
    r"""\#[^\n\r]*
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3} | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
    | (?P<iri><(?P<absolute>[A-Za-z][\w+.-]*://)?[^<>"{}|^`\\\x00-\x20]*>)
    | [?$@]\w+ | (?P<prefix>[\w.-]*):(?:[\w.:%-]|\\.)*(?P<group>(?:\s|\#[^\n\r]*+)*+\{)? | (?P<word>\w+)""",
    re.VERBOSE | re.DOTALL,
)
_XSD = "http://www.w3.org/2001/XMLSchema#"


class QueryError(ValueError):
    """What was asked cannot be answered; the message is for the person who asked, one line or more."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: `type` is one of `TYPES`; `default` None means that it may be left out, or must be given if `required`."""

    name: str
    type: str
    about: str = ""
    default: str | None = None
    required: bool = False


@dataclass(frozen=True)
class Question:
    """A question: its name (the file's), the words, the parameters, the kinds of fact it speaks of, and the SPARQL text as in the file."""

    name: str
    words: str
    parameters: tuple[Parameter, ...]
    covers: tuple[str, ...]
    sparql: str


def parse_question(name: str, source: str) -> Question:
    """Read a question from the text of its file. QueryError (with the line) when a declaration cannot be understood."""
    lines = source.splitlines()
    comments = [(i, line.strip()) for i, line in enumerate(lines, 1) if line.strip().startswith("#")]
    parameters: list[Parameter] = []
    covers: tuple[str, ...] = ()
    for i, line in comments:
        declared = _PARAM.match(line)
        if declared:
            label, kind, about = declared[1], declared[2], declared[3] or ""
            if kind not in TYPES:
                raise QueryError(f"{name}.rq:{i}: {kind!r} is not one of the parameter types: {', '.join(TYPES)}")
            default = _DEFAULT.search(about)
            about = _DEFAULT.sub("", about)
            required = about.endswith("required")
            if not any(label in re.findall(r"\w+", block["names"]) for block in _BLOCK.finditer(source)):
                raise QueryError(f"{name}.rq:{i}: the query has no `VALUES ?{label} {{ UNDEF }}` to put the value of {label!r} in")
            parameters.append(Parameter(label, kind, about.removesuffix("required").rstrip(", "), default[1] if default else None, required))
        elif line.startswith("# covers:"):
            covers = tuple(line.removeprefix("# covers:").replace(",", " ").split())
    words = comments[0][1].lstrip("# ").strip() if comments and comments[0][0] == 1 and not _PARAM.match(comments[0][1]) else name
    return Question(name, words, tuple(parameters), covers, source)


def questions_folder() -> Path:
    """Where the shipped questions are: inside the installed package, or at the top of a source tree."""
    inside = Path(__file__).with_name("_queries")
    return inside if inside.is_dir() else Path(__file__).parents[1] / "queries"


def questions() -> dict[str, Question]:
    """All shipped questions by name, sorted."""
    return {path.stem: parse_question(path.stem, path.read_text("utf-8")) for path in sorted(questions_folder().glob("*.rq"), key=lambda p: p.stem)}


def load_question(file_or_name: str | Path) -> Question:
    """A question from a `.rq` file, or a shipped one by name. QueryError lists near misses."""
    path = Path(file_or_name)
    if path.suffix == ".rq" or path.is_file():
        try:
            return parse_question(path.stem, path.read_text("utf-8-sig"))
        except OSError as error:
            raise QueryError(f"{path}: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise QueryError(f"{path}: byte {error.start} is not UTF-8") from None
    shipped = questions_folder() / f"{file_or_name}.rq"
    if re.fullmatch(r"[\w-]+", str(file_or_name)) and shipped.is_file():
        return parse_question(shipped.stem, shipped.read_text("utf-8"))
    from difflib import get_close_matches

    known = sorted(p.stem for p in questions_folder().glob("*.rq"))
    near = get_close_matches(str(file_or_name), known, n=3, cutoff=0.6)
    raise QueryError(f"{str(file_or_name)!r} is not one of the questions" + (f"; did you mean {' or '.join(near)}?" if near else f": {', '.join(known)}"))


def open_store(source: Path | str | KnowledgeGraph | pyoxigraph.Store) -> pyoxigraph.Store:
    """An Oxigraph store of `source`: an RDF file, an output folder with `graph.ttl`, a graph, or a store.

    A file that has not changed is loaded once a process. QueryError when it is missing or no RDF.
    """
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

    if isinstance(source, pyoxigraph.Store):
        return source
    if isinstance(source, KnowledgeGraph):
        return source.to_pyoxigraph()
    path = Path(source)
    if path.is_dir():
        path = path / "graph.ttl"
    try:
        state = path.stat()
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror}; `kgraph build` makes it") from None
    return _load(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _load(path: Path, mtime: int, size: int) -> pyoxigraph.Store:
    import pyoxigraph

    store = pyoxigraph.Store()
    try:
        store.bulk_load(path=path, format=pyoxigraph.RdfFormat.from_extension(path.suffix.lstrip(".")) or pyoxigraph.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise QueryError(f"{path}:{error.lineno or 1}: not RDF: {error.msg}") from None
    except (OSError, ValueError) as error:
        raise QueryError(f"{path}: {error}") from None
    return store


def bind(question: Question, terms: Mapping[str, pyoxigraph.NamedNode | pyoxigraph.Literal]) -> str:
    """The SPARQL text of `question` with `terms` as inline data, and without the data blocks of parameters that have no value."""
    written = {name: str(term) for name, term in terms.items()}  # N-Triples: quotes, backslashes, line breaks escaped; IRIs were checked when made

    def fill(block: re.Match[str]) -> str:
        names = re.findall(r"\w+", block["names"])
        if not any(name in written for name in names):
            return ""
        values = " ".join(written.get(name, "UNDEF") for name in names)
        return f"VALUES ({' '.join('?' + name for name in names)}) {{ ({values}) }}{block['space']}"

    sparql = _BLOCK.sub(fill, question.sparql)
    # what was bound is no parameter any more: the text is a question of its own, to be saved and run again
    return re.sub(r"(?m)^(\s*)#(\s*)param\b", r"\1#\2asked with", sparql)


def terms_of(store: pyoxigraph.Store, question: Question, parameters: Mapping[str, str]) -> dict[str, pyoxigraph.NamedNode | pyoxigraph.Literal]:
    """The values of the parameters as RDF terms. QueryError for an unknown parameter, a missing one, or a value that fits nothing."""
    import pyoxigraph

    from kgraph.ask import resolve_entity, resolve_paper

    known = {p.name for p in question.parameters}
    for name in parameters:
        if name not in known:
            takes = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
            raise QueryError(f"{question.name} has no parameter {name!r}: {takes}")
    terms: dict[str, pyoxigraph.NamedNode | pyoxigraph.Literal] = {}
    for parameter in question.parameters:
        value = parameters.get(parameter.name, parameter.default)
        if value is None or not value.strip():
            if parameter.required:
                raise QueryError(f"{question.name} needs {parameter.name}=...: {parameter.type}, {parameter.about}".rstrip(", "))
            continue
        if parameter.type == "number":
            from kgraph.export.terms import number

            try:
                terms[parameter.name] = number(value)
            except ValueError:
                raise QueryError(f"{parameter.name}={value!r} is not a number") from None
        elif parameter.type == "text":
            from kgraph.export.terms import text

            terms[parameter.name] = text(value)
        else:
            resolve = resolve_paper if parameter.type == "paper" else resolve_entity
            terms[parameter.name] = pyoxigraph.NamedNode(resolve(store, value, parameter.type))
    return terms


def _service_line(sparql: str) -> int:
    """The line on which the keyword SERVICE stands outside of strings, IRIs, comments and names; 0 when nowhere.

    Where `<` may open an IRI or mean "less than" (`?a<?b`), both readings are followed: no text is skipped that a parser might run. Parsers
    need no space around the keyword: `1SERVICE<...>` is one, and so is `SERVICEex:a {`, but no prefix `service:` before anything but a group.
    """
    if "service" not in sparql.lower():
        return 0
    waiting, seen = [0], set()
    while waiting:
        at = waiting.pop()
        if at in seen or at >= len(sparql):
            continue
        seen.add(at)
        token = _TOKEN.match(sparql, at)
        if token is None:
            waiting.append(at + 1)
            continue
        keyword = token["word"] or (token["prefix"] if token["group"] else None) or ""
        if "service" in keyword.lower():
            return sparql.count("\n", 0, at) + 1
        waiting.append(token.end())
        if token["iri"] and not token["absolute"]:  # no expression begins with `name://`
            waiting.append(at + 1)
    return 0


def run_sparql(store: pyoxigraph.Store, sparql: str, name: str = "query") -> Table:
    """Answer a SELECT or ASK query (or CONSTRUCT: a row a triple).

    QueryError when it is no such query (updates are not SPARQL queries), or when it has SERVICE, which would reach the network.
    """
    import pyoxigraph

    line = _service_line(sparql)
    if line:
        raise QueryError(f"{name}:{line}: SERVICE is refused: kgraph asks nothing over the network")
    try:
        answer = store.query(sparql)
        if isinstance(answer, pyoxigraph.QueryBoolean):
            return Table(("answer",), [(bool(answer),)])
        if isinstance(answer, pyoxigraph.QueryTriples):
            return Table(("subject", "predicate", "object"), [(cell(t.subject), cell(t.predicate), cell(t.object)) for t in answer])
        columns = tuple(v.value for v in answer.variables)
        return Table(columns, [tuple(cell(solution[c]) for c in columns) for solution in answer])
    except SyntaxError as error:
        raise QueryError(f"{name}:{error.lineno or 1}: {error.msg}") from None
    except (RuntimeError, OSError) as error:  # what the evaluation refuses: a function nobody knows
        raise QueryError(f"{name}: {error}") from None


def cell(term: object) -> Cell:
    """An RDF term as a value of a table: exact numbers, booleans, texts, IRIs; None for nothing."""
    import pyoxigraph

    if term is None:
        return None
    if not isinstance(term, pyoxigraph.Literal):
        return Iri(term.value if isinstance(term, pyoxigraph.NamedNode) else str(term))
    kind = term.datatype.value.removeprefix(_XSD)
    if kind in _NUMERIC:
        exact = Decimal(term.value)
        if not exact.is_finite():
            return term.value
        written = f"{exact:f}"
        written = written.rstrip("0").rstrip(".") if "." in written else written
        return Decimal(written) if "." in written else int(written)
    return term.value in ("true", "1") if kind == "boolean" else term.value


def query(source: Path | str | KnowledgeGraph | pyoxigraph.Store, question: str | Path, parameters: Mapping[str, str] | None = None) -> Table:
    """Answer a question: `query("output/graph.ttl", "queries/trained-on.rq", {"hardware": "A100"})`, a shipped one by its name.

    Rows come in the order that the query states. QueryError says what is wrong with the file, the question or a parameter.
    """
    asked = load_question(question)
    store = open_store(source)
    return run_sparql(store, bind(asked, terms_of(store, asked, parameters or {})), f"{asked.name}.rq")
