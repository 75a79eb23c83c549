"""Verbs that check: validate, eval, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kgraph.commands.shared import (
    BELOW,
    FAILED,
    GRAPH_DEFAULT,
    USAGE,
    Choice,
    Verb,
    form_options,
    graph_argument,
    models,
    print_json,
    print_problem,
    print_result,
    print_table,
)
from kgraph.model import Problem

_FACTS = "facts"


def _schemes() -> list[str]:
    from kgraph.evaluate import SCORED

    return [*SCORED, _FACTS]


@click.command(
    cls=Verb,
    name="eval",
    examples=[
        ("kgraph eval dev.jsonl --labels scier", "precision, recall and F1 by label"),
        ("kgraph eval dev.jsonl --labels scier --errors", "each error in its sentence"),
        ("kgraph eval dev.jsonl --labels scier --min-f1 80", "exit status 4 when all labels together are below 80"),
        ("kgraph eval gold.json --labels facts --texts papers.jsonl", "the facts of these papers by kind, and how often facts of a confidence are right"),
    ],
    see=[],
    codes=[0, FAILED, USAGE, BELOW],
)
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@click.option("--labels", required=True, metavar="SCHEME", type=Choice("label schemes", _schemes), help="Whose labels the file has.")
@click.option("--texts", multiple=True, metavar="PATH", help="For facts: the papers, as for `kgraph build`; may be given several times.")
@click.option("--model", type=Choice("models", models), metavar="NAME", default="fast", show_default=True, help="The trained model to score.")
@click.option("--errors", is_flag=True, help="Print each missed and each false span or fact in its sentence.")
@click.option("--min-f1", type=click.FloatRange(0, 100), help="Exit with 4 when the F1 of all labels together is below this, in per cent.")
@form_options()
def evaluate(file: str, labels: str, texts: tuple[str, ...], model: str, errors: bool, min_f1: float | None, form: str | None) -> int:
    """Score the extractor against a labelled file.

    FILE has one record a line: {"id", "text", "entities": [{"start", "end", "label"}], "relations": [{"head", "tail", "label"}]}, offsets
    in code points, ends exclusive, head and tail indexes into entities; relations may be absent. Scoring is strict: a span is right when
    both borders and the label are, and what a flat tagger cannot find counts as missed. A calibration table says how often spans of a
    given confidence are right.

    With --labels facts FILE says what papers state (results, sizes, hardware, relations, what they introduce), as data/gold/dev.json does, and
    --texts has the papers. What is denied, hoped for or said of earlier work is not scored.
    """
    from kgraph import evaluate as spans
    from kgraph import evaluate_facts as facts
    from kgraph.tables import Table

    if (labels == _FACTS) != bool(texts):
        raise click.UsageError(f"--labels {_FACTS} and --texts go together: the papers whose facts are labelled")
    try:
        if labels == _FACTS:
            found = facts.evaluate(facts.read_gold(Path(file)), texts, model, print_problem)
            for paper in found.missing:
                print_problem(Problem(file, paper.line, f"{paper.key!r} is not in the texts; its facts count as missed"))
            if not found.records:
                raise ValueError(f"{file}: none of its papers is in the texts")
            result: spans.Evaluation | facts.FactEvaluation = found
            rows, f1 = facts.as_rows(found), found.scores["all"].f1
        else:
            result = scored = spans.evaluate(Path(file), labels, model)
            rows, f1 = spans.as_rows(scored), scored.exact["all"].f1
    except ValueError as error:
        if not str(error).startswith(file):  # `file:line:` says that a record is bad; anything else is a mistake in the program
            raise
        raise click.ClickException(str(error)) from error
    if form == "json":
        shown: dict[str, Any] = {"scheme": labels, "records": result.records, "scores": rows, "calibration": result.calibration}
        print_json(shown | ({"errors": result.errors} if errors else {}))
    else:
        print_table(Table(tuple(rows[0]), [tuple(_exact(cell) for cell in row.values()) for row in rows]), form)
        if form is None and result.calibration:
            columns = ("from", "to", "facts" if labels == _FACTS else "spans", "mean confidence", "share right")
            print_result("\n")
            print_table(Table(columns, [tuple(_exact(cell) for cell in row) for row in result.calibration]), None)
        if errors:
            print_result("\n" + "".join(f"{error}\n" for error in result.errors))
    return BELOW if min_f1 is not None and 100 * f1 < min_f1 else 0


def _exact(cell: Any) -> Any:
    """A float as the decimal that it prints as: tables hold exact numbers."""
    from decimal import Decimal

    return Decimal(str(cell)) if isinstance(cell, float) else cell


@click.command(
    cls=Verb,
    name="doctor",
    examples=[("kgraph doctor", "what is installed, and what in output/ is in doubt"), ("kgraph doctor output --json", "the same for a program")],
    see=["why", "stats", "validate"],
)
@click.argument("output", default=GRAPH_DEFAULT, metavar="[DIR]")
@form_options("json")
def doctor(output: str, form: str | None) -> None:
    """Say what is installed, and what a build left in doubt.

    Doubts are entities whose type the votes contest, and abbreviations used without their full form, in the last build into DIR. Each
    comes with the line for aliases.toml that settles it.
    """
    from kgraph.doctor import doubts, installation

    installed, found = installation(), doubts(Path(output))
    if form == "json":
        print_json({"installation": {str(what): is_ for what, is_ in installed.rows}, "doubts": found})
        return
    print_table(installed, None)
    if found is None:
        print_result(f"\n{output}: no finished build there\n")
        return
    print_result(f"\n{output}: {len(found)} in doubt{':' if found else ''}\n" + "".join(f"  {doubt.message}\n    {doubt.rule}\n" for doubt in found))


@click.command(
    cls=Verb,
    name="validate",
    examples=[
        ("kgraph validate output", "checks output/graph.ttl; exit status 4 when something is wrong"),
        ("kgraph validate mine.ttl --shapes my-shapes.ttl --json", "other data, other rules, for a program"),
    ],
    see=["doctor", "export"],
    codes=[0, FAILED, USAGE, BELOW],
)
@graph_argument()
@click.option("--shapes", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="SHACL shapes to check against.  [default: kgraph's own]")
@form_options()
def validate(graph: str, shapes: str | None, form: str | None) -> int:
    """Check a graph against its SHACL shapes and invariants.

    Besides the shapes: every sentence is exactly its slice of the abstract, a direct triple stands exactly where an asserted claim does, every
    term is one of the ontology. Each violation is a row with the rule, the node and the value at fault.
    """
    from kgraph.validate import SHAPES, as_table
    from kgraph.validate import validate as check

    violations = check(graph, Path(shapes) if shapes else SHAPES)
    if violations or form is not None:
        print_table(as_table(violations), form)
    if form is None:
        print_result(f"{'' if violations else 'valid: '}{len(violations)} {'violation' if len(violations) == 1 else 'violations'}\n")
    return BELOW if violations else 0


VERBS: tuple[click.Command, ...] = (validate, evaluate, doctor)
