"""Coverage-guided fuzzing of the readers with atheris: `python tests/fuzz_readers.py -max_total_time=300`, or a saved input's file to see what it does.

The first byte of an input chooses the reader (or recognition by content), the second the file's name, the rest is the file. Whatever the
readers do other than yield papers and report problems is a finding: an exception, more than 25 seconds, or more than 2 GB. Arguments are
libFuzzer's. `kgraph` has to be installed, or at least its entry points.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures" / "formats"
NAMES = ("input", *(f"input.{end}" for end in "txt md json jsonl xml bib ris nbib csv tsv yaml html gz xz zst".split()))
LIMITS = ("-max_len=16384", "-timeout=25", "-rss_limit_mb=2048")
PIECES = (
    *("<![CDATA[", "]]>", "<!DOCTYPE a [", "<!ENTITY a 'b'>", "&#x0;", "&amp;", "<summary>", "</entry>", "<?xml version='1.0' encoding='utf-16'?>"),
    *('"abstract": "', '"title": null', '"abstract_inverted_index": {', '"authors": [', "\\ud800", "\\u0000", "1e999", "{'a': ", "NaN", "[[[[[[[["),
    *("@article{", "@string{", "abstract = {", '" # "', "TY  - JOUR\n", "ER  - \n", "PMID- 1\n", "AB  - ", "FN Clarivate\n", "PT J\n"),
    *(
        "Abstract: ",
        "Title: ",
        "arXiv:2401.00001",
        "\\\\\n",
        "1. ",
        "# ",
        "## Abstract\n\n",
        "| --- |",
        "[a](",
        "**",
        "\\begin{",
        "$$",
        "\\textbf{",
        "this https URL",
    ),
    *("&a ", "*a", "!!binary ", "- title: ", "|2\n", "? ", '""', "\r", "\x0b", "\u2028", "\ufeff", "\x00", "\u202e", "ﬁ", "e\u0301"),
)


def literal(piece: str) -> str:
    """A piece as an entry of libFuzzer's dictionary."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in piece.encode()) + '"\n'


def write_seeds(folder: Path, formats: Sequence[str | None]) -> None:
    """Write each file of a known format twice: to be recognised, and for the reader whose turn it is."""
    for number, path in enumerate(sorted(FIXTURES.iterdir())):
        name = f"input{path.suffix}"
        for choice in (0, 1 + number % (len(formats) - 1)):
            (folder / f"{path.name}-{choice}").write_bytes(bytes([choice, NAMES.index(name)]) + path.read_bytes())


def main(arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["kgraph.read"]):
        import kgraph.read

        for module in pkgutil.iter_modules(kgraph.read.__path__, "kgraph.read."):
            importlib.import_module(module.name)
        formats: list[str | None] = [None, *kgraph.read.readers()]
    from kgraph.model import Problem

    folder = Path(tempfile.mkdtemp(prefix="kgraph-fuzz-"))

    def read(data: bytes) -> None:
        if len(data) < 2:
            return
        path = folder / NAMES[data[1] % len(NAMES)]
        path.write_bytes(data[2:])
        problems: list[Problem] = []
        papers = list(kgraph.read.read_papers([path], format=formats[data[0] % len(formats)], on_problem=problems.append))
        assert papers or problems, "neither papers nor a problem"
        assert all(problem.path == path.as_posix() and problem.line >= 1 for problem in problems), problems
        assert all(paper.abstract.strip() and paper.sources[0].line >= 1 for paper in papers), papers

    own: list[str] = []
    if all(argument.startswith("-") for argument in arguments):
        for name in ("found", "seeds"):
            (folder / name).mkdir()
        write_seeds(folder / "seeds", formats)
        (folder / "pieces").write_text("".join(map(literal, PIECES)), encoding="ascii")
        own = [f"-dict={folder / 'pieces'}", str(folder / "found"), str(folder / "seeds")]
    atheris.Setup([sys.argv[0], *LIMITS, *arguments, *own], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
