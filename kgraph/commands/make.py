"""Verbs that make a graph: init, build, rebuild, clean."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgraph.commands.shared import (
    FAILED,
    INTERRUPTED,
    PASSED_OVER,
    USAGE,
    Choice,
    Verb,
    exporters,
    form_options,
    formats,
    models,
    note,
    print_json,
    print_problem,
    print_result,
)
from kgraph.model import KINDS, Problem

if TYPE_CHECKING:
    from kgraph.build import BuildReport


def _written() -> list[str]:
    from kgraph.build import SHARDS

    return [*exporters(), SHARDS]


_FILE = click.Path(exists=True, dir_okay=False)


def _run_options(function: Any) -> Any:
    """What `build` and `rebuild` have in common: how the work is done, not what comes out of it."""
    for option in (
        click.option("--full", is_flag=True, help="Read every paper anew instead of reusing the facts of unchanged ones."),
        click.option("-j", "--jobs", type=click.IntRange(0), default=1, show_default=True, help="Processes that read papers; 0 is one for each CPU."),
        click.option("--cache", metavar="DIR", help="Folder of the facts already extracted.  [default: OUTPUT/.cache]"),
        click.option("--strict", is_flag=True, help="Exit with 3 when any input had to be passed over."),
        click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; problems are still printed."),
        click.option("--log-json", is_flag=True, help="Progress and problems as JSON lines on stderr."),
    )[::-1]:
        function = option(function)
    return form_options("json")(function)


@click.command(
    cls=Verb,
    name="init",
    examples=[("kgraph init my-field", "makes my-field/ with papers/, kgraph.toml, aliases.toml and a first question of your own")],
    see=["build"],
)
@click.argument("folder", default=".", metavar="[FOLDER]")
@form_options("json")
def init(folder: str, form: str | None) -> None:
    """Make a folder to start from.

    FOLDER (default: here) gets papers/ for your files, kgraph.toml with every setting and its default, aliases.toml for names that you
    want merged or kept apart, and queries/ with one question to change. Files that exist are left as they are.
    """
    from kgraph.cli import cli
    from kgraph.scaffold import init as make_folder

    paths = make_folder(Path(folder), cli.commands)
    if form == "json":
        print_json([{"path": path.as_posix(), "made": made} for path, made in paths])
        return
    for path, made in paths:
        print_result(f"{'made' if made else 'kept'} {path.as_posix()}\n")
    note(f"next: put files into {(Path(folder) / 'papers').as_posix()} and run: kgraph build {(Path(folder) / 'papers').as_posix()}")


@click.command(
    cls=Verb,
    name="build",
    examples=[
        ("kgraph build papers/ -o output", "reads every file in papers/ and writes output/graph.ttl and output/graph.html"),
        ("kgraph build 'dumps/*.jsonl.gz' list.bib --to ttl,nt,csv", "several inputs, other formats"),
        ("curl -s URL | kgraph build - --format json", "standard input"),
        ("kgraph build papers/ --join known.csv", "adds facts from a table of yours, marked as joined"),
        ("kgraph build dumps/ --engine dask --scheduler tcp://host:8786 --to shards", "a cluster; the bytes are those of a local build"),
        ("kgraph build papers/ --jobs 0 --strict", "all CPUs; exit status 3 when something could not be read"),
    ],
    see=["rebuild", "ask", "view", "stats"],
    codes=[0, FAILED, USAGE, PASSED_OVER, INTERRUPTED],
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", default="output", show_default=True, metavar="DIR", help="Folder for what is written.")
@click.option(
    "--to", "formats", type=Choice("exporters", _written, many=True), default="ttl,html", show_default=True, metavar="FORMAT,...", help="What to write."
)
@click.option("--format", "input_format", type=Choice("formats", formats), metavar="NAME", help="Read all inputs as this format instead of recognising each.")
@click.option("--model", type=Choice("models", models), metavar="NAME", default="fast", show_default=True, help="The trained model that finds names.")
@click.option(
    "--aliases", type=_FILE, metavar="FILE", help="Your own names: merge, keep apart, rename, retype, ignore.  [default: aliases.toml if there is one]"
)
@click.option("--join", type=_FILE, multiple=True, metavar="FILE", help="A CSV table of known facts to add; may be given several times.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="Where papers are read: here, or on a Dask cluster.")
@click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, as tcp://host:8786; without it a cluster on this machine.")
@click.option("--extractor", metavar="MODULE:FUNCTION", hidden=True, help="Your own extractor, (papers, model) -> facts.")
@click.option("--watch", is_flag=True, help="Stay, and build again whenever an input changes.")
@_run_options
def build(inputs: tuple[str, ...], output: str, watch: bool, **options: Any) -> int:
    """Read papers and write the graph of what they say.

    INPUT is a file, a folder (all files in it), a glob in quotes, or `-` for standard input. Formats are recognised by content:
    `kgraph doctor` lists those that are installed. The same paper from several places becomes one paper that keeps all its sources.

    What cannot be read is reported on stderr as `file:line: message` and passed over. The facts of unchanged papers are reused from the
    last build. Files are replaced when all is done, so an interrupted build leaves the old ones whole.
    """
    if options["aliases"] is None and Path("aliases.toml").is_file():
        options["aliases"] = "aliases.toml"
    return _build(inputs, Path(output), watch=watch, **options)


@click.command(
    cls=Verb,
    name="rebuild",
    examples=[("kgraph rebuild", "builds output/ again"), ("kgraph rebuild output --full", "the same without reusing anything")],
    see=["build"],
    codes=[0, FAILED, USAGE, PASSED_OVER, INTERRUPTED],
)
@click.argument("output", default="output", metavar="[DIR]")
@_run_options
def rebuild(output: str, **options: Any) -> int:
    """Build DIR again.

    The inputs, formats, model, aliases and tables are those of its last build.
    """
    from kgraph.build import last_inputs

    last = last_inputs(Path(output))
    if last is None:
        raise click.UsageError(f"{output}: no finished build to repeat; run: kgraph build INPUT... -o {output}")
    asked: dict[str, Any] = {
        "formats": last.formats,
        "model": last.model,
        "input_format": last.input_format,
        "aliases": last.aliases,
        "join": last.join,
        "extractor": last.extractor or None,
    }
    # files are named in the graph as they were named then, so they have to be named so again, from the same place
    here, folder = Path.cwd(), Path(last.folder)
    target = Path(output) if folder == here else Path(os.path.relpath(here / output, folder))
    with contextlib.chdir(folder):
        return _build(last.inputs, target, **asked, **options)


def _build(
    inputs: tuple[str, ...],
    output: Path,
    *,
    cache: str | None,
    strict: bool,
    quiet: bool,
    log_json: bool,
    form: str | None,
    watch: bool = False,
    **options: Any,
) -> int:
    from kgraph.build import run_build
    from kgraph.progress import printer, silent

    passed_over = False

    def show(report: BuildReport) -> None:
        nonlocal passed_over
        passed_over = bool(report.problems)
        if form == "json":
            print_json(report)
        elif not quiet:
            print_result(summary(report))
            if report.problems and not log_json:
                click.echo(f"{_counted(len(report.problems), 'problems')} in the input, passed over", err=True)

    options = {name: Path(value) if name == "aliases" else value for name, value in options.items() if value is not None} | {
        "cache": None if cache is None else Path(cache),
        "on_problem": _log_problem if log_json else print_problem,
        "on_progress": silent if quiet else printer(sys.stderr, json_lines=log_json),
    }
    if watch:
        from kgraph.watch import watch as build_on_change

        if "-" in inputs or options["engine"] != "local":
            raise click.UsageError("--watch needs files or folders, and the local engine")
        note("watching; Ctrl-C ends it")
        build_on_change(inputs, output, on_report=show, **options)
        return 0
    show(run_build(inputs, output, **options))
    if not quiet:
        note(f"next: kgraph ask -g {output}    kgraph view {output}    kgraph stats {output}")
    return PASSED_OVER if strict and passed_over else 0


def _log_problem(problem: Problem) -> None:
    import msgspec

    click.echo(msgspec.json.encode(problem), err=True)


def summary(report: BuildReport) -> str:
    """What a build did, for people: what is in the graph, how many papers say so, where the facts come from, and the files."""
    counts = dict(report.counts)
    papers, records, concepts = (counts.pop(name, 0) for name in ("papers", "records", "concepts"))
    kinds = {name: counts.pop(name) for name in list(counts) if name.rstrip("s") in KINDS}
    counts.pop("sentences", None)
    lines = [
        f"{_counted(papers, 'papers')} from {_counted(records, 'records')}",
        f"{_counted(concepts, 'concepts')}: {_listed(kinds)}",
        f"{_counted(sum(counts.values()), 'facts')}, each with its sentence: {_listed(counts)}",
        f"papers with any: {_listed(report.coverage)}",
        "nothing has changed since the last build"
        if report.unchanged
        else f"facts of {_counted(report.extracted, 'papers')} extracted, of {report.reused:,} known from before",
        f"{'kept' if report.unchanged else 'wrote'} {', '.join(report.outputs)}",
    ]
    return "\n".join(lines) + "\n"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(_counted(count, name) for name, count in counts.items()) or "none"


def _counted(count: int, plural: str) -> str:
    one = {"quantities": "quantity", "software": "software", "hardware": "hardware"}.get(plural, plural.removesuffix("s"))
    return f"{count:,} {one if count == 1 else plural}"


@click.command(
    cls=Verb,
    name="clean",
    examples=[("kgraph clean", "removes output/.cache"), ("kgraph clean output --all", "removes everything that builds have written to output/")],
    see=["build"],
)
@click.argument("output", default="output", metavar="[DIR]")
@click.option("--all", "everything", is_flag=True, help="Remove the written files too, not only the cache.")
@click.option("--cache", metavar="DIR", help="Folder of the facts already extracted.  [default: DIR/.cache]")
@form_options("json")
def clean(output: str, everything: bool, cache: str | None, form: str | None) -> None:
    """Remove the facts kept for the next build.

    With --all everything goes that builds wrote to DIR. Files of yours in DIR stay.
    """
    from kgraph.clean import clean as remove

    removed = remove(Path(output), cache=None if cache is None else Path(cache), everything=everything)
    if form == "json":
        print_json({"removed": [path.as_posix() for path in removed]})
        return
    for path in removed:
        print_result(f"removed {path.as_posix()}\n")


VERBS = (init, build, rebuild, clean)
