"""Verbs that ask a graph: ask, query, show, why, stats, and the questions that are verbs of their own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kgraph.commands.shared import GRAPH_DEFAULT, Verb, form_options, graph_argument, graph_option, note, print_json, print_problem, print_result, print_table


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    """`name=value` words as a dictionary; UsageError for any other word."""
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{word!r} is not of the form name=value")
        if name in values:
            raise click.UsageError(f"{name!r} is given twice")
        values[name] = value
    return values


def _complete_question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    from kgraph.query import questions

    return [CompletionItem(name, help=question.words) for name, question in questions().items() if name.startswith(incomplete)]


def _complete_parameter(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """`hardware=` first, then the names in the graph."""
    from kgraph.ask import complete
    from kgraph.query import QueryError, load_question

    try:
        question = load_question(ctx.params["question"])
        name, equals, value = incomplete.partition("=")
        if not equals:
            return [f"{p.name}=" for p in question.parameters if p.name.startswith(name)]
        return [f"{name}={v}" for v in complete(ctx.params["graph"], question.name, name, value)]
    except QueryError:  # no such question, no graph yet: nothing to complete
        return []


def _print_answer(graph: str, question: str, values: dict[str, str], form: str | None, evidence: bool) -> None:
    from kgraph.ask import ask as answer_to
    from kgraph.ask import show as render

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    print_result(render(answer_to(graph, question, values), form or "table", evidence=evidence, width=width))


def _answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--evidence", is_flag=True, help="Show the sentence behind each row (JSON always has it).")(function)
    function = click.option("--sparql", "form", flag_value="sparql", default=None, help="Print the SPARQL instead of running it.")(function)
    return graph_option()(form_options()(function))


@click.command(
    cls=Verb,
    name="ask",
    examples=[
        ("kgraph ask", "lists the questions"),
        ("kgraph ask trained-on hardware=A100", "which systems were trained on a device"),
        ("kgraph ask results-above metric=accuracy min=60 --evidence", "with the sentence of each"),
        ("kgraph ask trained-on hardware=A100 --sparql > mine.rq", "the query, to change and to run with `kgraph query`"),
    ],
    see=["query", "show", "stats"],
)
@click.argument("question", required=False, shell_complete=_complete_question)
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...", shell_complete=_complete_parameter)
@_answer_options
def ask(question: str | None, parameters: tuple[str, ...], graph: str, form: str | None, evidence: bool) -> None:
    """Ask one of the shipped questions; without a word, list them.

    Values are names as a paper would write them: case, hyphens and plurals do not matter, aliases are known, a near miss is suggested.
    A device stands for its family too: hardware=GPU finds what was trained on any GPU. Every answer ends with its coverage, the number
    of papers that speak of such things at all. Facts joined from your own tables are marked.
    """
    if question is None:
        from kgraph.ask import catalogue
        from kgraph.tables import Table

        print_table(Table(("question", "asks", "parameters"), list(catalogue())), None if form == "sparql" else form)
        note("next: kgraph ask QUESTION NAME=VALUE ...")
        return
    _print_answer(graph, question, _pairs(parameters), form, evidence)


@click.command(
    cls=Verb,
    name="query",
    examples=[
        ("kgraph query queries/most-named-models.rq", "a SPARQL file"),
        ("kgraph query trained-on hardware=A100 --csv > answer.csv", "a shipped question, as CSV"),
        ("echo 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }' | kgraph query -", "SPARQL from standard input"),
    ],
    see=["ask"],
)
@click.argument("file", metavar="FILE", shell_complete=_complete_question)
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...", shell_complete=_complete_parameter)
@graph_option()
@form_options()
def query(file: str, parameters: tuple[str, ...], graph: str, form: str | None) -> None:
    """Run a SPARQL 1.1 query and print its columns.

    FILE is a .rq file, the name of a shipped question, or `-` for standard input. A file declares its parameters in
    comments, `# param hardware: Hardware, the device`, and takes each in a `VALUES ?hardware { UNDEF }` block. Values are put in as data,
    never as SPARQL.
    """
    from kgraph.query import bind, open_store, parse_question, run_sparql, terms_of
    from kgraph.query import query as answer_to

    values = _pairs(parameters)
    if file == "-":
        asked = parse_question("standard input", sys.stdin.read())
        store = open_store(graph)
        print_table(run_sparql(store, bind(asked, terms_of(store, asked, values)), "-"), form)
    else:
        print_table(answer_to(graph, Path(file) if file.endswith(".rq") else file, values), form)


def _complete_word(question: str, parameter: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    def complete_word(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from kgraph.ask import complete
        from kgraph.query import QueryError

        try:
            return complete(ctx.params.get("graph") or "output", question, parameter, incomplete)
        except QueryError:  # no graph yet
            return []

    return complete_word


@click.command(
    cls=Verb,
    name="show",
    examples=[
        ("kgraph show A100", "labels, papers, facts with their sentences, and neighbours of one thing"),
        ("kgraph show 'question answering' --json", "its facts for a program"),
    ],
    see=["ask", "why"],
)
@click.argument("name", shell_complete=_complete_word("about", "entity"))
@graph_option()
@form_options("json")
def show(name: str, graph: str, form: str | None) -> None:
    """Print all that is known of one thing.

    NAME is a label, an alias or an id; case, hyphens and plurals do not matter. A name that several things bear shows each of them.
    With --json it is the answer to `kgraph ask about`.
    """
    if form == "json":
        _print_answer(graph, "about", {"entity": name}, form, evidence=True)
        return
    from kgraph.ask import resolve_entity
    from kgraph.load import load
    from kgraph.query import open_store
    from kgraph.why import show as describe

    try:
        text = describe(name, load(graph))
    except LookupError as error:
        resolve_entity(open_store(graph), name)  # refuses it with near misses, as `ask` does
        raise click.UsageError(str(error.args[0])) from error
    print_result(text + "\n")


@click.command(
    cls=Verb,
    name="why",
    examples=[("kgraph why LLM 'large language model'", "the evidence that merged two names, or keeps them apart")],
    see=["show", "doctor"],
)
@click.argument("left")
@click.argument("right")
@click.argument("output", default=None, required=False, metavar="[DIR]")
@click.option("-g", "--graph", metavar="DIR", help=f"The same as DIR, or its graph.ttl, as for other commands.  [default: {GRAPH_DEFAULT}]")
@click.option("--aliases", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Your own names.  [default: those of the build]")
@form_options("json")
def why(left: str, right: str, output: str | None, graph: str | None, aliases: str | None, form: str | None) -> None:
    """Say why two names are one node, or two.

    The evidence of the last build into DIR: an abbreviation that a paper defines, a list that has both names, the same form but for case and
    hyphens, a rule of your aliases.toml; or what keeps them apart, such as a number or a version. A rule there settles it otherwise.
    """
    from kgraph.aliases import NO_ALIASES, read_aliases
    from kgraph.manifest import read_state
    from kgraph.why import RESOLUTION, read_resolution, render_why
    from kgraph.why import why as explain

    if output is not None and graph is not None and output != graph:
        raise click.UsageError(f"two folders: {output} and {graph}")
    output = output or graph or GRAPH_DEFAULT
    folder = Path(output)
    if folder.is_file():  # the graph itself, as the other commands take it
        folder = folder.parent
    kept = folder / RESOLUTION
    if not kept.is_file():
        raise click.UsageError(f"{output}: no finished build there; run: kgraph build INPUT... -o {output}")
    state = read_state(folder)
    if aliases is None and state is not None and state.request.aliases:
        aliases = str(Path(state.request.folder) / state.request.aliases)
    rules, problems = read_aliases(Path(aliases)) if aliases else (NO_ALIASES, [])
    for problem in problems:
        print_problem(problem)
    answer = explain(left, right, read_resolution(kept), rules)
    if form == "json":
        print_json(answer)
    else:
        print_result(render_why(answer) + "\n")


@click.command(
    cls=Verb,
    name="stats",
    examples=[("kgraph stats", "what is in output/graph.ttl"), ("kgraph stats output --markdown", "the same for a report")],
    see=["ask"],
)
@graph_argument()
@form_options()
def stats(graph: str, form: str | None) -> None:
    """Count what is in GRAPH, and how many papers speak of each kind of fact.

    `coverage` is the share of papers, in per cent, that state at least one such thing. An answer can rest on no more.
    """
    from kgraph.stats import stats as count

    print_table(count(graph), form)


def _shortcut(question: str, parameter: str, help_text: str, *, required: bool, examples: list[tuple[str, str]]) -> click.Command:
    """A question with one parameter as a verb: `kgraph leaderboard METRIC` is `kgraph ask leaderboard metric=METRIC`."""

    def run(word: str | None, graph: str, form: str | None, evidence: bool) -> None:
        _print_answer(graph, question, {} if word is None else {parameter: word}, form, evidence)

    metavar = parameter.upper() if required else f"[{parameter.upper()}]"
    run.__doc__ = help_text
    argument = click.argument("word", required=required, metavar=metavar, shell_complete=_complete_word(question, parameter))
    return click.command(cls=Verb, name=question, examples=examples, see=["ask"])(argument(_answer_options(run)))


SHORTCUTS = (
    _shortcut(
        "leaderboard",
        "metric",
        "The best value on each benchmark and metric, and what reached it.\n\n"
        "Of METRIC only, if it is named. Whether high or low is best belongs to the metric.",
        required=False,
        examples=[("kgraph leaderboard accuracy", "the best accuracy on each benchmark")],
    ),
    _shortcut(
        "conflicts",
        "system",
        "Where papers give different values for one model, benchmark and metric.\n\nBoth are quoted with --evidence. Of SYSTEM only, if it is named.",
        required=False,
        examples=[("kgraph conflicts --evidence", "all of them with both sentences")],
    ),
    _shortcut(
        "timeline",
        "concept",
        "When papers speak of CONCEPT, and what they say of it first.",
        required=True,
        examples=[("kgraph timeline LoRA", "who spoke of it, and when")],
    ),
)


@click.command(
    cls=Verb,
    name="compare",
    examples=[("kgraph compare GPT-4 'Claude 3'", "what is known of each, beside each other")],
    see=["show", "path"],
)
@click.argument("first", shell_complete=_complete_word("about", "entity"))
@click.argument("second", shell_complete=_complete_word("about", "entity"))
@graph_option()
@form_options()
def compare(first: str, second: str, graph: str, form: str | None) -> None:
    """Put what is known of two things side by side.

    A row an aspect: papers, relations, sizes, hardware, results. `same` is what both have.
    """
    from kgraph.explore import compare as beside

    print_table(beside(graph, first, second), form)


@click.command(
    cls=Verb,
    name="path",
    examples=[("kgraph path LoRA A100", "how they hang together, with the sentence of each step")],
    see=["show", "compare"],
)
@click.argument("first", shell_complete=_complete_word("about", "entity"))
@click.argument("second", shell_complete=_complete_word("about", "entity"))
@graph_option()
@form_options()
def path(first: str, second: str, graph: str, form: str | None) -> None:
    """Find the shortest way between two things or papers.

    A step joins two things named in one sentence, or a paper and a thing that it names; stated relations go first. Each step has its sentence.
    """
    from kgraph.explore import path as way

    found = way(graph, first, second)
    if not found.rows and form is None:
        print_result(f"Nothing joins {first} and {second}.\n")
    else:
        print_table(found, form)


VERBS = (ask, query, show, why, stats, *SHORTCUTS, compare, path)
