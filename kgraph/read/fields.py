"""Stage 1, read: records with named fields, whatever these are called (JSON, CSV, BibTeX, RIS): aliases, nested ids, names and dates.

Known by their shapes: the arXiv metadata dump (Kaggle, OAI), Semantic Scholar, OpenAlex (`abstract_inverted_index`), OpenReview (`content`,
`{"value": ...}`), Hugging Face daily papers (`paper`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from kgraph.model import Paper
from kgraph.read.located import piece_of
from kgraph.read.pieces import EMPTY, Piece
from kgraph.read.record import OnProblem, date, make_paper

TITLES = ("title", "papertitle", "displayname", "articletitle", "primarytitle", "originaltitle", "name", "headline")
PROPER = ("abstract", "summary", "paperabstract", "abstracttext", "abstractoriginal", "abs")
OTHERWISE = ("description", "fulltext", "text", "body", "content")
ABSTRACTS = PROPER + OTHERWISE
AUTHORS = ("authors", "author", "authorslist", "authornames", "authorships", "creators", "creator", "authorsparsed", "submitter")
DATES = (
    "published", "publisheddate", "publicationdate", "publishedat", "date", "versions", "created", "createdat", "year", "publicationyear", "pubyear",
    "issued",
    "pdate", "cdate", "updatedate", "updated",
)  # fmt: skip
IDENTIFIERS = (
    "id", "arxivid", "arxiv", "arxivurl", "doi", "externalids", "ids", "url", "link", "links", "pdfurl", "pdf", "pdflink", "paperurl", "paperlink",
    "absurl", "entryid", "paperid",
    "corpusid", "aclid", "aclanthologyid", "pmid", "pmcid", "forum", "openreview", "site", "primarylocation", "arxivlink", "articleid", "landingpageurl",
    "openaccesspdf",
)  # fmt: skip
_SCHEMES = {
    "arxivid": "arXiv", "arxiv": "arXiv", "doi": "doi", "acl": "acl", "aclid": "acl", "pmid": "pmid", "pubmed": "pmid", "pmcid": "pmcid",
    "pubmedcentral": "pmcid",
    "forum": "openreview", "openreview": "openreview", "openalex": "openalex", "mag": "mag", "dblp": "dblp", "corpusid": "corpusid",
}  # fmt: skip


def fold_name(key: object) -> str:
    """Return the name of a field in lower case without anything but letters and digits."""
    return "".join(character for character in str(key).lower() if character.isalnum())


def named_fields(item: dict[str, Any], depth: int = 0) -> dict[str, Any] | None:
    """Return the fields of a record by folded name, those of its `paper` or `content` object included; None when it is no record."""
    fields: dict[str, Any] = {}
    for name, child in item.items():
        folded = fold_name(name)
        if isinstance(child, dict) and set(child) <= {"value", "readers", "param"} and "value" in child:
            child = child["value"]
        fields.setdefault(folded, child)
    for name in ("paper", "content", "metadata", "attributes", "article"):
        inner = fields.get(name)
        if isinstance(inner, dict) and depth < 4 and (nested := named_fields(inner, depth + 1)) is not None:
            for folded, child in nested.items():
                if child or folded not in fields:
                    fields[folded] = child
    titled = any(isinstance(fields.get(name), str) or _texts(fields.get(name)) for name in TITLES[:6])
    told = any(name in fields for name in (*ABSTRACTS[:7], "abstractinvertedindex"))
    plain = any(isinstance(fields.get(name), str) and len(fields[name]) > 200 for name in ABSTRACTS[7:])
    if told and "abstractinvertedindex" not in fields and all(isinstance(fields.get(name, {}), dict) for name in ABSTRACTS[:7]):
        told = False
    return fields if (told and (titled or _long_text(fields))) or plain or (titled and _looks_like_paper(fields)) else None


def _long_text(fields: dict[str, Any]) -> bool:
    return any(isinstance(fields.get(name), str) and len(fields[name]) > 80 for name in ABSTRACTS) or isinstance(fields.get("abstractinvertedindex"), dict)


def _looks_like_paper(fields: dict[str, Any]) -> bool:
    """A title with authors or an id: a paper, if one without an abstract."""
    if any(isinstance(value, list) and any(isinstance(item, dict) and "title" in item for item in value) for value in fields.values()):
        return False  # the head of a list of papers
    return any(name in fields for name in (*AUTHORS[:5], *IDENTIFIERS[1:6], "paperid", "forum", "paperurl"))


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def paper_of(
    fields: dict[str, Any], path: str, line: int, on_problem: OnProblem, *, key: str = "", raw: str = "", base: int = 0, braces: bool = False
) -> Paper | None:
    """Return the paper of a record with folded names, or report why it is none.

    `key` is the name under which the record stood in a table; `raw`, which begins at offset `base` of the file, is where `Located`
    strings have their places. Where a field for the abstract is there but empty, no description is taken in its stead.
    """

    def text(names: Iterable[str], least: int = 1) -> Piece:
        for name in names:
            value = fields.get(name)
            value = value if isinstance(value, str) else next(iter(_texts(value)), "")
            if len(value.strip()) >= least:
                return piece_of(value, raw, base)
        return EMPTY

    proper = any(name in fields for name in (*PROPER, "abstractinvertedindex"))
    abstract = text(PROPER if proper else OTHERWISE)
    index = fields.get("abstractinvertedindex")
    if isinstance(index, str) and index.startswith("{"):
        try:
            index = json.loads(index)
        except (ValueError, RecursionError):
            index = None
    if not abstract.text and isinstance(index, dict):
        abstract = Piece(from_inverted_index(index))
    issued = next((date for name in DATES if (date := _date(fields.get(name)))), "")
    return make_paper(
        path,
        line,
        on_problem,
        abstract=abstract,
        title=text(TITLES),
        identifiers=[key, *_identifiers(fields)],
        issued=issued,
        authors=next((found for field in AUTHORS if (found := _names(fields.get(field)))), []),
        braces=braces,
    )


def from_inverted_index(index: dict[str, Any]) -> str:
    """Return the text of OpenAlex' `abstract_inverted_index`: word to the positions where it stands. Positions beyond a million are dropped."""
    words: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < 1_000_000:
                words[place] = str(word)
    return " ".join(words[place] for place in sorted(words))


def _identifiers(fields: dict[str, Any]) -> Iterator[object]:
    for name in IDENTIFIERS:
        value = fields.get(name)
        for item_name, item in value.items() if isinstance(value, dict) else ((name, value),):
            for single in item if isinstance(item, list) else [item]:
                if isinstance(single, dict):
                    yield from (inner for inner in single.values() if isinstance(inner, str))
                elif isinstance(single, (str, int)) and not isinstance(single, bool):
                    scheme = _SCHEMES.get(fold_name(item_name))
                    yield single
                    if scheme and not str(single).lower().startswith((scheme.lower() + ":", "http")):
                        yield f"{scheme}:{single}"
    if isinstance(fields.get("paperid"), str) and len(fields["paperid"]) == 40:
        yield f"s2:{fields['paperid']}"


def _date(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("created") or value.get("date") or value.get("raw")
    if isinstance(value, int) and value > 100_000_000_000:  # milliseconds, as OpenReview gives them
        return datetime.fromtimestamp(min(value, 4_000_000_000_000) / 1000, UTC).date().isoformat()
    return date(value)


def _names(value: Any) -> list[str]:
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):  # [last, first, suffix] of the arXiv dump
            parts = [part for part in item if isinstance(part, str) and part]
            found.append(" ".join([*parts[1:2], parts[0], *parts[2:]]) if parts else "")
        elif isinstance(item, dict):
            nested = item.get("author")
            inner: dict[str, Any] = nested if isinstance(nested, dict) else item
            name = next((inner[key] for key in ("name", "display_name", "fullname", "full_name") if isinstance(inner.get(key), str)), None)
            given, family = inner.get("given") or inner.get("first") or "", inner.get("family") or inner.get("last") or ""
            found.append(name or f"{given} {family}".strip())
    return [name for name in found if name]
