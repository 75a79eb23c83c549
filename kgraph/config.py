"""Settings: `kgraph.toml` and `KGRAPH_*` variables as defaults of the command line's options.

The names of the settings are the long options of the verbs, so there is no second list to keep: a key at the top of `kgraph.toml`
serves every verb that has such an option, a key in a table such as `[build]` that verb alone. Variables are `KGRAPH_OPTION` and
`KGRAPH_VERB_OPTION`. A flag wins over a variable, a variable over the file, and within each the verb's own over the general one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.model import Problem

if TYPE_CHECKING:
    import click

FILE = "kgraph.toml"
PREFIX = "KGRAPH_"
CONFIG_VARIABLE = "KGRAPH_CONFIG"

Defaults = dict[str, dict[str, Any]]
"""Verb -> parameter -> value: what click calls a default map."""


def suggestion(word: str, choices: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `choices`, else the empty string.

    >>> suggestion("jbos", ["jobs", "model"])
    "; did you mean 'jobs'?"
    >>> suggestion("colour", ["jobs", "model"])
    ''
    """
    from difflib import get_close_matches

    close = get_close_matches(word, list(choices), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def options(command: click.Command) -> dict[str, click.Parameter]:
    """The settable options of a verb by the name they have in `kgraph.toml`: the first long flag without its dashes.

    The form of the output (`--json`) is a matter of the moment, not a setting.
    """
    import click

    named: dict[str, click.Parameter] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_eager and not isinstance(parameter.flag_value, str):
            flag = next(flag for flag in parameter.opts if flag.startswith("--"))
            named[flag.removeprefix("--")] = parameter
    return named


def settings(verbs: Mapping[str, click.Command], path: Path | None, environ: Mapping[str, str]) -> tuple[Defaults, list[Problem]]:
    """The defaults that `path` and `environ` set for `verbs`, and what is wrong with them (then nothing should be run).

    `path` None means `kgraph.toml` in the working directory, if there is one.
    """
    known = {verb: options(command) for verb, command in verbs.items()}
    values, problems = _from_file(known, path)
    more, worse = _from_environment(known, environ)
    for verb, given in more.items():
        values.setdefault(verb, {}).update(given)
    return values, problems + worse


def _from_file(known: Mapping[str, Mapping[str, click.Parameter]], path: Path | None) -> tuple[Defaults, list[Problem]]:
    if path is None:
        path = Path(FILE)
        if not path.is_file():
            return {}, []
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError:
        return {}, [Problem(str(path), 1, "not UTF-8 text")]
    except OSError as error:
        return {}, [Problem(str(path), 1, error.strerror or str(error))]
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        return {}, [Problem(str(path), int(place[1]) if place else 1, f"not TOML: {re.sub(r' *[(]at .*[)]$', '', str(error))}")]

    values: Defaults = {}
    problems: list[Problem] = []
    everywhere = sorted({name for named in known.values() for name in named})
    general = {key: value for key, value in content.items() if not isinstance(value, dict)}
    for key, value in general.items():
        line = _line(text, "", key)
        if key not in everywhere:
            hint = suggestion(key, [*everywhere, *known])
            problems.append(Problem(str(path), line, f"unknown key {key!r}{hint}" + (f" (known: {', '.join(everywhere)})" if not hint else "")))
            continue
        for verb, named in known.items():
            if key in named:
                problems += _set(values, verb, named[key], value, Problem(str(path), line, key))
    for verb, table in content.items():
        if not isinstance(table, dict):
            continue
        if verb not in known:
            problems.append(Problem(str(path), _line(text, verb, ""), f"unknown table [{verb}]{suggestion(verb, known)}"))
            continue
        for key, value in table.items():
            line = _line(text, verb, key)
            if key not in known[verb]:
                hint = suggestion(key, known[verb]) or f" (known: {', '.join(sorted(known[verb]))})"
                problems.append(Problem(str(path), line, f"unknown key {key!r} in [{verb}]{hint}"))
                continue
            problems += _set(values, verb, known[verb][key], value, Problem(str(path), line, f"{verb}.{key}"))
    return values, list(dict.fromkeys(problems))


def _from_environment(known: Mapping[str, Mapping[str, click.Parameter]], environ: Mapping[str, str]) -> tuple[Defaults, list[Problem]]:
    targets: dict[str, list[tuple[str, click.Parameter]]] = {}
    for general in (True, False):  # a verb's own variable is set after, and so over, the general one
        for verb, named in known.items():
            for name, parameter in named.items():
                words = name if general else f"{verb}-{name}"
                targets.setdefault(PREFIX + words.upper().replace("-", "_"), []).append((verb, parameter))
    values: Defaults = {}
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name != CONFIG_VARIABLE and name not in targets)
    problems = [Problem("environment", 1, f"unknown variable {name}{suggestion(name, [*targets, CONFIG_VARIABLE])}") for name in strange]
    for variable, uses in targets.items():
        if variable in environ:
            for verb, parameter in uses:
                problems += _set(values, verb, parameter, environ[variable], Problem("environment", 1, variable))
    return values, list(dict.fromkeys(problems))


def _set(values: Defaults, verb: str, parameter: click.Parameter, value: Any, where: Problem) -> list[Problem]:
    """Put `value` under `verb` if the option takes it, else say why not; `where.message` names the setting."""
    import click

    flag = isinstance(parameter, click.Option) and parameter.is_flag
    each = value if isinstance(value, list) else [value]
    problem = None
    if any(not isinstance(one, bool | str if flag else int | float | str) or (isinstance(one, bool) and not flag) for one in each):
        problem = f"{where.message}: {value!r} is not a value of this option"
    elif isinstance(value, list) and not parameter.multiple:
        value = ",".join(str(one) for one in each)
        each = [value]
    if problem is None:
        try:
            for one in each:
                parameter.type(one, parameter)
        except click.BadParameter as error:
            problem = f"{where.message}: {error.message}"
    if problem is not None:
        return [Problem(where.path, where.line, problem)]
    values.setdefault(verb, {})[parameter.name or ""] = each if parameter.multiple else value
    return []


def _line(text: str, table: str, key: str) -> int:
    """The 1-based line on which `key` of `[table]` is set (an empty key: the table's head); 1 when it is written in another way."""
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if head := re.match(r"\[\s*([^\[\]]+?)\s*\]", stripped):
            here = head[1].strip("\"'")
            if not key and here == table:
                return number
        elif key and here == table and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*=", stripped):
            return number
    return 1
