"""README.md as a program: its sessions are run, its reference is made from the code. `python tests/readme.py` writes both anew,
with `--picture` also the picture of the page.

A ```console block is a session: each line after `$ ` is run by the shell in a folder that has `data/` and `queries/`, one after the other
through the whole file, and the lines below it are what it prints (`...` stands for any lines). ```pycon blocks are doctests, run there too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"(?ms)^```(console|pycon)\n(.*?)^```$")
_REFERENCE = re.compile(r"(?s)(<!-- reference: .*? -->\n).*?(<!-- end of reference -->)")


def blocks(text: str) -> list[tuple[str, str]]:
    """(language, content) of every block that is run."""
    return _BLOCK.findall(text)


def commands(session: str) -> list[tuple[str, list[str]]]:
    """(command line, printed lines) of a session; a command goes on in the next line after a backslash."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (found[-1][0] + "\n" + line, [])
        else:
            found[-1][1].append(line)
    return found


def prepare(folder: Path) -> None:
    """The folder in which the README's reader is: a clone."""
    shutil.copytree(ROOT / "data" / "papers", folder / "data" / "papers")
    shutil.copytree(ROOT / "queries", folder / "queries")


def shell(command: str, folder: Path) -> list[str]:
    """What a command prints on stdout, line by line without trailing blanks; what it says when it fails, too."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("KGRAPH_")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    env["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return [line.rstrip() for line in (done.stdout + (done.stderr if done.returncode else "")).splitlines()]


def agrees(printed: list[str], written: list[str]) -> bool:
    """Whether what was printed is what is written, `...` standing for any lines."""
    if "..." not in written:
        return printed == written
    at = written.index("...")
    head, tail = written[:at], written[at + 1 :]
    return printed[:at] == head and len(printed) >= at and any(agrees(printed[i:], tail) for i in range(at, len(printed) + 1))


def abridged(printed: list[str], written: list[str]) -> list[str]:
    """What was printed, with as many lines left out as in what was written before."""
    if "..." not in written:
        return printed
    head, tail = written.index("..."), len(written) - 1 - written.index("...")
    return [*printed[:head], "...", *printed[len(printed) - tail :]] if head + tail < len(printed) else printed


def reference() -> str:
    """The tables of all verbs and all questions, from the code."""
    import click

    from kgraph.ask import catalogue
    from kgraph.cli import SECTIONS

    lines = []
    for title, verbs in SECTIONS.items():
        lines += [f"| {title} | | options |", "| --- | --- | --- |"]
        for verb in verbs:
            context = click.Context(verb, info_name=f"kgraph {verb.name}")
            words = " ".join(word for word in verb.collect_usage_pieces(context) if word != "[OPTIONS]")
            flags = [" ".join(f"`{flag}`" for flag in p.opts[:1]) for p in verb.params if isinstance(p, click.Option) and not p.hidden]
            usage = f"kgraph {verb.name} {words}".strip()
            lines.append(f"| `{usage}` | {verb.get_short_help_str()} | {' '.join(flags)} |".replace("  ", " "))
        lines.append("")
    lines += ["| question | asks | parameters |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {words} | {takes and f'`{takes}`'} |" for name, words, takes in catalogue()]
    return "\n".join([*lines, ""])


def rewrite() -> None:
    """Write the sessions' outputs and the reference as they are now."""
    text = README.read_text(encoding="utf-8")
    text = _REFERENCE.sub(lambda m: m[1] + "\n" + reference() + "\n" + m[2], text)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)

        def run(match: re.Match[str]) -> str:
            if match[1] != "console":
                return match[0]
            lines: list[str] = []
            for command, written in commands(match[2]):
                lines += [f"$ {command}", *abridged(shell(command, folder), written)]
            return "```console\n" + "".join(f"{line}\n" for line in lines) + "```"

        text = _BLOCK.sub(run, text)
    README.write_text(text, encoding="utf-8")


def picture() -> None:
    """Take the picture of the page, with the card of a device."""
    from tests.viewer_browser import chromium, opened

    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        prepare(Path(name))
        shell("kgraph build data/papers --to ttl,html", Path(name))
        with opened(browser, Path(name) / "output" / "graph.html", "#node=e:nvidia-a100", width=1280, height=720) as (page, _):
            page.wait_for_timeout(1000)
            page.screenshot(path=ROOT / "data" / "viewer.png")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    rewrite()
    if "--picture" in sys.argv:
        picture()
