"""What the verbs share: help in the shape of a manual page, settings as defaults, how results and problems are printed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgraph.config import CONFIG_VARIABLE, settings
from kgraph.model import Problem

if TYPE_CHECKING:
    from kgraph.tables import Table

FAILED, USAGE, PASSED_OVER, BELOW, INTERRUPTED = 1, 2, 3, 4, 130
EXIT_CODES = {
    0: "done; input that could not be read was reported and passed over",
    FAILED: "it could not be done, and stderr says why",
    USAGE: "usage: a word, an option, a setting, a question or a parameter is not one that kgraph knows",
    PASSED_OVER: "with --strict: some input was passed over",
    BELOW: "`validate` found violations, or `eval` is below its threshold",
    INTERRUPTED: "interrupted by Ctrl-C; the old output is whole",
}
GRAPH_DEFAULT = "output"
FORMS = ("json", "csv", "markdown")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Verb(click.Command):
    """A verb: `examples` are (command line, what it does), `see` names related verbs, `codes` the exit codes it can end with."""

    def __init__(
        self, *args: Any, examples: Iterable[tuple[str, str]] = (), see: Iterable[str] = (), codes: Iterable[int] = (0, FAILED, USAGE), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples, self.see, self.codes = tuple(examples), tuple(see), tuple(codes)

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """Put the settings below the flags; help and completion do without them."""
        if not extra.get("resilient_parsing") and not {"-h", "--help"} & set(args):
            extra["default_map"] = _settings(parent).get(self.name or "", {})
        return super().make_context(info_name, args, parent, **extra)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, whole: it is written to fit."""
        return re.split(r"(?<=\.)\s", " ".join((self.help or "").split()))[0]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, exit status and related verbs."""
        if self.examples:
            with formatter.section("Examples"):
                for command, says in self.examples:
                    formatter.write_text(command)
                    formatter.indent()
                    formatter.write_text(says)
                    formatter.dedent()
        with formatter.section("Exit status"):
            formatter.write_dl([(str(code), EXIT_CODES[code]) for code in self.codes])
        if self.see:
            with formatter.section("See also"):
                formatter.write_text(", ".join(f"kgraph {verb}" for verb in self.see))


def _settings(parent: click.Context | None) -> Mapping[str, Mapping[str, Any]]:
    """The checked settings of all verbs, for the group's context `parent`; whatever is wrong with them is printed and ends the run."""
    if parent is None or not isinstance(parent.command, click.Group):
        return {}
    given = parent.params.get("config") or os.environ.get(CONFIG_VARIABLE)
    values, problems = settings(parent.command.commands, Path(given) if given else None, os.environ)
    for problem in problems:
        print_problem(problem)
    if problems:
        raise click.exceptions.Exit(USAGE)
    return values


def print_problem(problem: Problem) -> None:
    """`file:line: message` on stderr."""
    click.echo(f"{click.style(f'{printable(problem.path)}:{problem.line}:', bold=True)} {printable(problem.message)}", err=True)


def note(text: str) -> None:
    """A remark for people on stderr, only on a terminal: what to do next."""
    if sys.stderr.isatty():
        click.secho(text, err=True, dim=True)


def printable(text: str) -> str:
    """`text` without what would steer a terminal or cannot be encoded: file names and messages may carry anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def print_result(text: str) -> None:
    """A result on stdout, as UTF-8 whatever the terminal believes; ends in a newline."""
    data = text.encode("utf-8", "replace")
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a stream that takes only text, as in notebooks
        sys.stdout.write(data.decode("utf-8"))
    else:
        stream.write(data)
        stream.flush()


def print_table(table: Table, form: str | None) -> None:
    """A table on stdout in one of the forms; on a terminal no wider than it."""
    from kgraph.tables import render

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    print_result(render(table, form or "table", width=width))


def print_json(value: Any) -> None:
    """A value (with msgspec structs in it) as indented JSON on stdout."""
    import msgspec

    print_result(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2).decode() + "\n")


def graph_option() -> Decorator:
    """`-g/--graph`, for verbs whose words are about something else."""
    return click.option(
        "-g", "--graph", default=GRAPH_DEFAULT, show_default=True, metavar="PATH", help="The graph: a folder that `kgraph build` wrote, or an RDF file."
    )


def graph_argument() -> Decorator:
    """The graph as the verb's word."""
    return click.argument("graph", default=GRAPH_DEFAULT, metavar="[GRAPH]")


def form_options(*forms: str) -> Decorator:
    """`--json`, `--csv`, `--markdown`: the last one given wins, none is a table for people. The parameter is `form`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for form in reversed(forms or FORMS):
            says = {"json": "Print JSON.", "csv": "Print CSV, safe to open in a spreadsheet.", "markdown": "Print a Markdown table."}[form]
            function = click.option(f"--{form}", "form", flag_value=form, default=None, help=says)(function)
        return function

    return decorate


class Choice(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer versions of click only
    """A value out of a list that is made when it is needed; refused with a near miss. Several, separated by commas, when `many`."""

    name = "choice"

    def __init__(self, what: str, choices: Callable[[], Iterable[str]], *, many: bool = False) -> None:
        self.what, self.choices, self.many = what, choices, many

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The checked value; a tuple when `many`."""
        from kgraph.config import suggestion

        if isinstance(value, tuple):
            return value
        known = sorted(self.choices())
        words = [word.strip() for word in str(value).split(",") if word.strip()] if self.many else [str(value)]
        for word in words:
            if word not in known:
                self.fail(f"{word!r} is not one of the {self.what}: {', '.join(known)}{suggestion(word, known)}", param, ctx)
        if self.many and not words:
            self.fail(f"none of the {self.what} is named: {', '.join(known)}", param, ctx)
        return tuple(dict.fromkeys(words)) if self.many else words[0]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The choices that begin like the last word."""
        from click.shell_completion import CompletionItem

        before, comma, last = incomplete.rpartition(",") if self.many else ("", "", incomplete)
        return [CompletionItem(before + comma + choice) for choice in sorted(self.choices()) if choice.startswith(last)]


def exporters() -> list[str]:
    """The formats that can be written."""
    from kgraph.export import exporters as installed

    return list(installed())


def formats() -> list[str]:
    """The formats that can be read, without importing their readers."""
    from importlib.metadata import entry_points

    return sorted({entry.name for entry in entry_points(group="kgraph.readers")})


def models() -> list[str]:
    """The trained models that are installed."""
    folder = Path(__file__).parents[1] / "models"
    return sorted({"fast", *(path.name for path in folder.glob("[!_.]*") if path.is_dir())})
