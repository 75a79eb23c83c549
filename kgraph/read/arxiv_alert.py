r"""Stage 1, read: e-mail alerts of arXiv: blocks of `arXiv:...`, `Title:`, `Authors:`, `\\`, the abstract, `\\ ( https://arxiv.org/abs/... )`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kgraph.model import Paper
from kgraph.read import Reader
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, Piece, cut
from kgraph.read.record import OnProblem, make_paper

_HEAD = re.compile(r"^\\\\\r?\n(?:Paper: *\S+|arXiv: ?(?P<id>[\w./-]+?)(?:v\d+)?(?: .*)?|Paper \(\*cross-listing\*\): *\S+)\r?$", re.MULTILINE)
_FIELD = re.compile(
    r"^(Title|Authors?|Date(?: \([^)\n]*\))?|Categories|Comments|Journal-ref|DOI|From|Paper|arXiv|MSC-class|ACM-class|Report-no|Proxy|License):[ ]?",
    re.MULTILINE,
)
_RULE = re.compile(r"^\\\\[ \t]*(?:\(.*)?\r?$|^-{20,}\r?$|^%[-%]{10,}.*$", re.MULTILINE)


def sniff(head: str, name: str) -> float:
    r"""Lines of `\\` with `arXiv:` below them and `Title:` lines."""
    return 0.97 if _HEAD.search(head) and re.search(r"^Title: ", head, re.MULTILINE) else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every entry; replacements that carry no abstract are reported."""
    text = read_whole(stream)
    heads = list(_HEAD.finditer(text))
    line = 1
    at = 0
    for index, head in enumerate(heads):
        stop = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        line += text.count("\n", at, head.start())
        at = head.start()
        first = text.index("\n", head.start()) + 1
        end = _RULE.search(text, first)
        fields = _fields(text, first, end.start() if end else stop)
        abstract = EMPTY
        identifiers = [fields[name].text for name in ("arXiv", "Paper", "DOI") if name in fields]
        identifiers[:1] = [f"arXiv:{value.split()[0]}" for value in identifiers[:1] if value.split()]
        if end and end.group().startswith("\\\\") and "(" not in end.group():
            close = _RULE.search(text, end.end(), stop)
            abstract = cut(text, end.end(), close.start() if close else stop)
            identifiers.append(close.group() if close else "")
        authors = re.sub(r"\s*\([^)]*\)", "", fields["Authors"].text) if "Authors" in fields else ""
        date = next((value.text for name, value in fields.items() if name.startswith("Date")), "")
        title = fields.get("Title", EMPTY)
        if paper := make_paper(path, line + 1, on_problem, abstract=abstract, title=title, identifiers=identifiers, issued=date, authors=[authors]):
            yield paper


def _fields(text: str, start: int, end: int) -> dict[str, Piece]:
    found = list(_FIELD.finditer(text, start, end))
    stops = [match.start() for match in found[1:]] + [end]
    names = {"Author": "Authors"}
    return {names.get(match.group(1), match.group(1)): cut(text, match.end(), max(stop, match.end())) for match, stop in zip(found, stops, strict=True)}


READER = Reader("arxiv-alert", sniff, read)
