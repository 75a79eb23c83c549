"""`kgraph init`: a folder to start from. The settings file is written from the options themselves, so it names all of them and no others."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.config import FILE, options

if TYPE_CHECKING:
    import click

ALIASES = """\
# Names as you want them. Every rule is applied in each build (`kgraph build --aliases aliases.toml`) and shown by `kgraph why`.
#
# same = [["LLM", "large language model"]]          # one thing
# different = [["SAM", "Segment Anything"]]         # two things, whatever they look like
# ignore = ["our framework"]                        # no thing at all
#
# [rename]
# "long short-term memory" = "LSTM"                 # the label to show
#
# [type]
# "JAX" = "software"                                # model method software dataset benchmark metric task hardware
"""
QUESTION = """\
# Which models are named in most papers?
SELECT ?label (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper a kg:Paper ; kg:mentions ?model .
  ?model a kg:Model ; rdfs:label ?label .
}
GROUP BY ?label
ORDER BY DESC(?papers) ?label
LIMIT 20
"""
PREFIXES = "PREFIX kg: <https://w3id.org/kgraph/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n\n"


def init(folder: Path, verbs: Mapping[str, click.Command]) -> list[tuple[Path, bool]]:
    """Make a project in `folder`: `papers/`, `kgraph.toml`, `aliases.toml`, `queries/most-named-models.rq`, `.gitignore`.

    Returns each path with whether it was made; what is already there is left as it is. OSError when the folder cannot be written.
    """
    first, rest = QUESTION.split("\n", 1)
    files = {
        FILE: settings_file(verbs),
        "aliases.toml": ALIASES,
        "queries/most-named-models.rq": f"{first}\n\n{PREFIXES}{rest}",
        ".gitignore": "/output/\n",
    }
    made: list[tuple[Path, bool]] = []
    papers = folder / "papers"
    made.append((papers, not papers.exists()))
    papers.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            made.append((path, False))
        else:
            made.append((path, True))
    return made


def settings_file(verbs: Mapping[str, click.Command]) -> str:
    """`kgraph.toml` with every setting of every verb, its default and what it does, all of it commented out."""
    import click

    head = "Settings of kgraph: defaults of its flags. A key above the first table serves every verb that has the option, a key in a table that verb alone."
    lines = [*(f"# {line}" for line in textwrap.wrap(head, 110)), "# KGRAPH_OPTION and KGRAPH_VERB_OPTION variables win over this file, flags over both.", ""]
    for verb, command in verbs.items():
        named = options(command)
        if not named:
            continue
        lines.append(f"[{verb}]")
        for name, option in named.items():
            if isinstance(option, click.Option) and not option.hidden:
                lines.append(f"# {name} = {_example(option)}  # {option.help}")
        lines.append("")
    return "\n".join(lines)


def _example(option: click.Option) -> str:
    """A value of the option in TOML: its default, else one of the right shape."""
    import click

    if option.is_flag:
        return "true" if option.default is True else "false"
    if isinstance(option.default, int | float):
        return str(option.default)
    if isinstance(option.type, click.types.IntParamType | click.IntRange):
        return "0"
    quoted = f'"{option.default}"' if isinstance(option.default, str) else f'"{(option.metavar or "...").lower()}"'
    return f"[{quoted}]" if option.multiple else quoted
