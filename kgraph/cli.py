"""The command line: `kgraph VERB ...`. Words in, one call, results to stdout, problems to stderr; the verbs are in `kgraph.commands`.

Nothing heavy is imported here or at the top of a verb's module: `kgraph --help` is instant, and a test keeps it so.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

import kgraph
from kgraph.commands import ask, check, hand_on, make
from kgraph.commands.shared import FAILED, INTERRUPTED, USAGE, printable

SECTIONS = {
    "Make a graph": make.VERBS,
    "Ask it": ask.VERBS,
    "Hand it on": hand_on.VERBS,
    "Check it": check.VERBS,
}


class Verbs(click.Group):
    """The group of all verbs: listed by purpose, unknown ones refused with the nearest."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs in `kgraph --help`."""
        for title, verbs in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(verb.name or "", verb.get_short_help_str(80)) for verb in verbs])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Say which verb may have been meant."""
        if args and not args[0].startswith("-") and args[0] not in self.commands and not ctx.resilient_parsing:
            from kgraph.config import suggestion

            hint = suggestion(args[0], self.commands) or f" (verbs: {', '.join(self.commands)})"
            ctx.fail(f"{args[0]!r} is not a verb of kgraph{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, subcommand_metavar="VERB [WORDS]...", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(kgraph.__version__, "-V", "--version", prog_name="kgraph", message="%(prog)s %(version)s")
@click.option("--config", metavar="FILE", help="Read settings from FILE instead of ./kgraph.toml.")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """A knowledge graph from AI-paper abstracts: models, methods, hardware, results, each fact with the sentence it comes from. Offline, no LLM.

    \b
    kgraph build papers/ -o output                         read, extract, resolve, write
    kgraph ask                                             the questions it can answer
    kgraph ask trained-on hardware=A100                    one of them
    kgraph view                                            the interactive page

    `kgraph VERB --help` is the manual of a verb. Results go to stdout, problems to stderr as `file:line: message`. Settings come from
    flags, KGRAPH_* variables and kgraph.toml (`kgraph init` writes one that says what can be set). NO_COLOR switches colours off.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False


for _verbs in SECTIONS.values():
    for _verb in _verbs:
        cli.add_command(_verb)


def run(args: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code (`kgraph.commands.shared.EXIT_CODES`)."""
    try:
        code: Any = cli.main(args=None if args is None else list(args), prog_name="kgraph", standalone_mode=False)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", INTERRUPTED)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        if error.ctx is not None and error.ctx.color is None and os.environ.get("NO_COLOR"):
            error.ctx.color = False
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    except OSError as error:  # the user's disk, not our mistake
        if error.errno == errno.EPIPE:  # whoever read our results has enough, as `head` does
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # Python flushes it at exit
            return 0
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror or error}", FAILED)
    except ModuleNotFoundError as error:  # an extra that is not installed
        if error.name and error.name.partition(".")[0] == "kgraph":
            raise
        return _say(str(error), FAILED)
    except ValueError as error:
        if not _for_the_user(error):
            raise
        return _say(str(error), USAGE)
    return code if isinstance(code, int) else 0


def _for_the_user(error: ValueError) -> bool:
    """Whether the error says what was wrong with a question or an option; any other ValueError is a mistake in the program and is shown whole."""
    kinds = (("kgraph.query", "QueryError"), ("kgraph.build", "OptionError"))
    return any(home in sys.modules and isinstance(error, getattr(sys.modules[home], name)) for home, name in kinds)


def _say(message: str, code: int) -> int:
    click.echo(f"kgraph: {printable(message) if chr(10) not in message else message}", err=True)
    return code


def main() -> None:
    """The program `kgraph`."""
    sys.exit(run())
