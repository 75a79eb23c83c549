"""Stage 1, read: XML: arXiv API (Atom) and OAI, ACL Anthology, PubMed, JATS, MODS, Dublin Core, and full papers in TEI or JATS."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kgraph.model import Paper, Problem
from kgraph.read import Reader
from kgraph.read.clean import clean
from kgraph.read.files import read_whole
from kgraph.read.pieces import EMPTY, Piece, join, part
from kgraph.read.record import OnProblem, make_paper
from kgraph.read.xml_tree import BadXMLError, Element, elements


class Shape(NamedTuple):
    """Where the parts of a record stand, by element names; `under` tells apart elements of the same name."""

    under: frozenset[str] = frozenset()
    title: tuple[str, ...] = ("title",)
    abstract: tuple[str, ...] = ("abstract",)
    author: tuple[str, ...] = ("author",)
    dates: tuple[str, ...] = ("date", "year")
    ids: tuple[str, ...] = ("id", "doi", "url", "identifier")
    body: str = ""


_SHAPES: dict[str, Shape] = {
    "entry": Shape(frozenset({"feed"}), abstract=("summary", "content"), dates=("published", "updated"), ids=("id", "doi", "link")),
    "paper": Shape(frozenset({"volume", "collection", "papers", "results", "data"}), ids=("url", "doi", "id")),
    "PubmedArticle": Shape(title=("ArticleTitle", "VernacularTitle"), abstract=("AbstractText",), author=("Author",), dates=("ArticleDate", "PubDate",
        "DateCompleted"), ids=("PMID", "ArticleId", "ELocationID")),
    "article": Shape(title=("article-title", "title"), author=("contrib", "author"), dates=("pub-date", "date", "year"), ids=("article-id", "doi", "url",
        "ee"), body="body"),
    "TEI": Shape(dates=("date",), ids=("idno",), body="body"),
    "mods": Shape(author=("name",), dates=("dateIssued",), ids=("identifier", "url")),
    "record": Shape(abstract=("abstract", "description"), author=("author", "creator"), dates=("created", "date", "updated", "year"), ids=("id",
        "identifier", "doi")),
    "item": Shape(frozenset({"channel", "RDF"}), abstract=("description", "encoded"), author=("creator", "author"), dates=("pubDate", "date"), ids=("link",
        "guid", "identifier")),
}  # fmt: skip
_SKIPPED = frozenset(
    "ref-list ReferenceList listBibl CommentsCorrectionsList related-article sub-article relatedItem frontmatter meta references back figure table "
    "formula".split()
)
_ROOTS = re.compile(
    r"<(?:\w+:)?(feed|collection|volume|PubmedArticleSet|PubmedArticle|article|TEI|modsCollection|mods|OAI-PMH|ListRecords|record|records|rss|RDF|dblp"
    r"|papers|paper)\b"
)


def sniff(head: str, name: str) -> float:
    """Markup with a root element that we know."""
    bare = head.lstrip("\ufeff \t\r\n")
    if not bare.startswith("<") or re.match(r"<(?:!doctype\s+)?html\b", bare, re.IGNORECASE):
        return 0.0
    return 0.95 if _ROOTS.search(bare[:5_000]) else 0.4 if bare.startswith("<?xml") else 0.0


def read(stream: io.TextIOBase, path: str, on_problem: OnProblem) -> Iterator[Paper]:
    """Yield the paper of every record that has an abstract (or a body of text)."""
    text = read_whole(stream)
    line = 1
    at = 0
    try:
        for element in elements(_bare(text), _is_record, _year_of_volumes()):
            line += text.count("\n", at, element.begin)
            at = element.begin
            if paper := _paper(element, path, line, on_problem):
                yield paper
    except BadXMLError as error:
        on_problem(Problem(path, error.line, str(error)))


def _bare(text: str) -> str:
    """Return the text with what may not stand before an XML declaration (blanks, a byte order mark) moved out of the way, offsets kept."""
    declared = re.match(r"([\ufeff\s]*)<\?xml[^>]{0,200}\?>", text)
    if declared is None:
        return text.replace("\ufeff", " ", 1) if text[:1] == "\ufeff" else text
    return " " * declared.end() + text[declared.end() :]


def _is_record(tag: str, around: tuple[str, ...]) -> bool:
    shape = _SHAPES.get(tag)
    return shape is not None and (not shape.under or not around or not shape.under.isdisjoint(around))


def _year_of_volumes() -> Callable[[Element, tuple[str, ...]], str]:
    """Return a function that remembers the year in the `meta` of an ACL volume for the papers that follow in it."""
    year = ""

    def passed(element: Element, around: tuple[str, ...]) -> str:
        nonlocal year
        if element.tag == "volume":
            year = ""
        elif element.tag == "year" and "meta" in around:
            year = _plain(element)
        return year

    return passed


def _paper(record: Element, path: str, line: int, on_problem: OnProblem) -> Paper | None:
    shape = _SHAPES[record.tag]
    found: dict[str, list[Element]] = {}
    for element in record.walk(_SKIPPED):
        found.setdefault(element.tag, []).append(element)
    titles = next((found[name] for name in shape.title if name in found), [])
    title = titles[0].content() if titles else EMPTY
    abstract = _abstract(record, [element for name in shape.abstract for element in found.get(name, ())])
    if shape.body and shape.body in found:
        paragraphs = [element.content() for body in found[shape.body][:1] for element in body.walk(_SKIPPED) if element.tag == "p"]
        abstract = join([piece for piece in (abstract, *paragraphs) if piece.text.strip()], "\n")
    dates = [_date(element) for name in shape.dates for element in found.get(name, ())]
    return make_paper(
        path,
        line,
        on_problem,
        abstract=_without_markup(abstract),
        title=_without_markup(title),
        identifiers=[value for name in shape.ids for element in found.get(name, ()) for value in _identifier(element)],
        issued=next((date for date in dates if date), record.context),
        authors=_authors(element for name in shape.author for element in found.get(name, ())),
    )


def _abstract(record: Element, candidates: list[Element]) -> Piece:
    """Return the abstract: the parts of a structured one with their labels, else the longest in the record's own language."""
    if record.tag == "PubmedArticle":
        parts = []
        for element in candidates:
            label = element.attributes.get("Label", "")
            if label and label.lower() not in ("unlabelled", "unassigned"):
                parts.append(Piece(f"{label}:"))
            parts.append(element.content())
        return join(parts, " ")
    english = [element for element in candidates if element.attributes.get("lang", "en").lower().startswith("en")]
    pieces = [element.content() for element in english or candidates]
    return max(pieces, key=lambda piece: len(piece.text), default=EMPTY)


_TAG = re.compile(r"<(/?)([\w:.-]+)[^<>]*?(/?)>|<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>", re.DOTALL)


def _without_markup(piece: Piece) -> Piece:
    """Return the content without the tags that HTML does not have; those it has (and the entities) are decoded with the rest of the text."""
    if "<" not in piece.text:
        return piece
    kept: list[Piece] = []
    at = 0
    for found in _TAG.finditer(piece.text):
        kept.append(part(piece, at, found.start()))
        tag = (found.group(2) or "").rpartition(":")[2]
        if found.group(4) is not None:
            kept.append(part(piece, found.start(4), found.end(4)))
        elif tag in ("tex-math",):
            kept.append(Piece("$"))
        elif tag in ("p", "title", "sec", "head", "div", "list-item", "item", "label", "br"):
            kept.append(Piece(" "))
        elif tag in ("sub", "sup", "a", "inf"):
            kept.append(part(piece, found.start(), found.end()))
        at = found.end()
    kept.append(part(piece, at, len(piece.text)))
    return join(kept, "")


def _plain(element: Element) -> str:
    return " ".join(clean(_without_markup(element.content())).text.split())


def _identifier(element: Element) -> Iterator[str]:
    value = _plain(element) if element.end - element.begin < 2_000 else ""
    scheme = (element.attributes.get("pub-id-type") or element.attributes.get("IdType") or element.attributes.get("type") or "").lower()
    if element.tag == "PMID" or scheme in ("pubmed", "pmid"):
        scheme = "pmid"
    if scheme in ("pmid", "pmc", "arxiv"):
        yield f"{scheme}:{value.removeprefix('arXiv:')}"
    elif value:
        yield value
    if element.attributes.get("href") and element.attributes.get("title") != "pdf":
        yield element.attributes["href"]


def _date(element: Element) -> str:
    parts = {child.tag.lower(): _plain(child) for child in element.children}
    if "year" in parts:
        month, day = parts.get("month", ""), parts.get("day", "")
        separator = "-" if month.isdigit() else " "
        return separator.join([parts["year"], month, day]) if month.isdigit() and day else f"{day} {month} {parts['year']}".strip() if day else parts["year"]
    return element.attributes.get("when") or _plain(element)


def _authors(candidates: Iterable[Element]) -> list[str]:
    """Return the names; elements inside are put in the order given name, family name."""
    names = []
    for element in candidates:
        if element.tag == "contrib" and element.attributes.get("contrib-type", "author") != "author":
            continue
        parts: dict[str, list[str]] = {}
        for child in element.walk(
            frozenset({"aff", "affiliation", "Affiliation", "AffiliationInfo", "email", "contrib-id", "xref", "address", "role", "variant"})
        ):
            if not child.children:
                parts.setdefault(_NAME_PARTS.get(child.attributes.get("type", "") if child.tag == "namePart" else child.tag, ""), []).append(_plain(child))
        given, family = " ".join(parts.get("given", ())), " ".join(parts.get("family", ()))
        whole = " ".join(parts.get("whole", ())) or (_plain(element) if not element.children else "")
        name = f"{given} {family}".strip() or whole
        if name:
            names.append(name.replace(",", "") if given and family else name)
    return names


_NAME_PARTS = {
    "first": "given", "forename": "given", "ForeName": "given", "forenames": "given", "given-names": "given", "given": "given",
    "last": "family", "surname": "family", "LastName": "family", "keyname": "family", "family": "family", "name": "whole", "CollectiveName": "whole",
    "string-name": "whole",
}  # fmt: skip

READER = Reader("xml", sniff, read)
