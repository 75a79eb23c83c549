"""Stage 1, read: from the pieces and loose fields that a reader finds to a `Paper` or to the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from kgraph.model import Paper, Problem, Source
from kgraph.read.clean import clean, decode
from kgraph.read.pieces import EMPTY, Piece, part

OnProblem = Callable[[Problem], None]

LONGEST_RECORD = 4_000_000
"""Characters of text one record may have; a book has about a million. Bounds the memory that one record can take."""

_ARXIV = r"(?:\d\d(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z][a-z-]{1,10}(?:\.[A-Za-z-]{2})?/\d{7})"
_ARXIV_LOOSE = _ARXIV.replace("{4,5}", "{1,18}")  # numbers that went through a spreadsheet or a float: `1905.012`, `1505.0430800000001`
_ARXIV_ID = re.compile(rf"(?i:arxiv)\s*[:.]?\s*(?:(?:abs|pdf)/)?({_ARXIV_LOOSE})(?:v\d+)?(?!\d)")
_ARXIV_URL = re.compile(rf"arxiv\.org/(?:abs|pdf|html|format)/({_ARXIV_LOOSE})(?:v\d+)?(?!\d)", re.IGNORECASE)
_BARE_ARXIV = re.compile(rf"({_ARXIV})(?:v\d+)?")
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_ARXIV})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}|\\^`]+)")
_ACL_URL = re.compile(r"(?:aclanthology\.org|aclweb\.org/anthology(?:/papers)?(?:/[A-Z]/[A-Z]\d\d)?)/([A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+)")
_ACL_ID = re.compile(r"[A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+")
_OPENALEX_URL = re.compile(r"openalex\.org/(?:works/)?(W\d+)")
_OPENREVIEW_URL = re.compile(r"openreview\.net/(?:forum|pdf)\?id=([\w-]{6,20})")
_PREFIXES = {
    "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "openalex": "openalex", "s2": "s2", "openreview": "openreview", "mag": "mag", "wos": "wos",
    "dblp": "dblp", "corpusid": "corpusid",
}  # fmt: skip
_PAGES = {
    "arXiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "acl": "https://aclanthology.org/",
    "openreview": "https://openreview.net/forum?id=",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
}
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3})[a-z]*\.?,?[\s-]+((?:19|20)\d\d)\b")
_MONTH_DAY_YEAR = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b")
_YEAR_MONTH_DAY = re.compile(r"\b((?:19|20)\d\d)\s+([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_PLACEHOLDER = re.compile(
    r"\W*(?:n/?a|none|null|nan|tbd|no abstract(?: (?:is )?(?:available|provided))?|abstract(?: is)? not (?:available|provided)|not available|abstract)?\W*",
    re.I,
)
_WITHDRAWN = re.compile(
    r"\W*(?:this|the) (?:paper|article|submission|manuscript|work|preprint)(?: by the authors?)? (?:has been|is|was) (?:temporarily )?(?:withdrawn|retracted)"
    r"|\W*withdrawn\b",
    re.I,
)
_LABEL = re.compile(r"\s*(?:abstract|summary)\s*(?:[:.—–]|-(?=\s)|(?=\n))\s*", re.I)


def make_paper(
    path: str,
    line: int,
    on_problem: OnProblem,
    *,
    abstract: Piece,
    title: Piece = EMPTY,
    identifiers: Iterable[object] = (),
    issued: object = "",
    authors: Iterable[object] = (),
    braces: bool = False,
) -> Paper | None:
    """Return the paper of one record, or report why the record is none (no abstract, withdrawn, too long) and return None.

    `identifiers` are ids, DOIs and addresses in any spelling; `issued` anything with a year in it; `authors` names or lists of
    names. `braces` says that `{}` are no text (BibTeX).
    """
    decoded_title = clean(title, braces=braces) if title.text else EMPTY
    where = f" ({decoded_title.text[:80]!r})" if decoded_title.text else ""
    if len(abstract.text) > LONGEST_RECORD:
        on_problem(Problem(path, line, f"a record of {len(abstract.text):,} characters is longer than {LONGEST_RECORD:,}{where}"))
        return None
    decoded = clean(without_label(abstract), braces=braces)
    if _PLACEHOLDER.fullmatch(decoded.text[:60]) and len(decoded.text) < 60:
        on_problem(Problem(path, line, f"record without an abstract{where}"))
        return None
    if len(decoded.text) < 400 and _WITHDRAWN.match(decoded.text):
        on_problem(Problem(path, line, f"withdrawn paper{where}"))
        return None
    ids = known_identifiers(identifiers)
    return Paper(
        key=f"{path}:{line}",
        abstract=decoded.text,
        title=decoded_title.text,
        identifiers=ids,
        issued=date(issued) or year_of(ids),
        authors=names(authors),
        urls=pages(ids),
        sources=(Source(path=path, line=line, abstract_runs=decoded.runs, title_runs=decoded_title.runs),),
    )


def without_label(abstract: Piece) -> Piece:
    """Return the text without the word `Abstract:` before it."""
    found = _LABEL.match(abstract.text[:40])
    return part(abstract, found.end(), len(abstract.text)) if found and found.end() < len(abstract.text) else abstract


def known_identifiers(values: Iterable[object]) -> tuple[str, ...]:
    """Return the ids found in the values, spelt `arXiv:1706.03762` (no version), `doi:10.1/x` (lower case), `acl:2020.acl-main.1`, `pmid:1`, ..., sorted.

    >>> known_identifiers(["http://arxiv.org/abs/1706.03762v2", "https://doi.org/10.1000/X.1", None])
    ('arXiv:1706.03762', 'doi:10.1000/x.1')
    """
    found: set[str] = set()
    for value in values:
        text = str(value).strip() if value is not None else ""
        if not text or len(text) > 2000:
            continue
        prefix, _, rest = text.partition(":")
        if arxiv := _ARXIV_DOI.search(text) or _ARXIV_URL.search(text) or _ARXIV_ID.match(text) or _BARE_ARXIV.fullmatch(text):
            found.add(f"arXiv:{_restored(arxiv.group(1))}")
        elif doi := _DOI.search(text):
            found.add(f"doi:{doi.group(1).rstrip('.,;)').lower()}")
        elif acl := _ACL_URL.search(text) or (_ACL_ID.fullmatch(rest) if prefix.lower() in ("acl", "acl_anthology") else None) or _ACL_ID.fullmatch(text):
            found.add(f"acl:{acl.group(1) if acl.re is _ACL_URL else acl.group()}")
        elif review := _OPENREVIEW_URL.search(text):
            found.add(f"openreview:{review.group(1)}")
        elif prefix.lower() in _PREFIXES and re.fullmatch(r"[\w./:-]{1,100}", rest.strip()):
            found.add(f"{_PREFIXES[prefix.lower()]}:{rest.strip()}")
        elif work := _OPENALEX_URL.search(text):
            found.add(f"openalex:{work.group(1)}")
    return tuple(sorted(found))


def _restored(identifier: str) -> str:
    """Return an arXiv id as it was before it was taken for a number: five digits since 2015, four before; zeros at the end get lost.

    >>> _restored("1905.012"), _restored("1505.0430799999999"), _restored("1410.477"), _restored("cs/9811022")
    ('1905.01200', '1505.04308', '1410.4770', 'cs/9811022')
    """
    month, point, number = identifier.partition(".")
    if not point or "/" in identifier:
        return identifier
    digits = 5 if month >= "1501" else 4
    if len(number) > digits + 1:  # the noise of a float
        number = f"{round(int(number) / 10 ** (len(number) - digits)):0{digits}}"
    return f"{month}.{number:0<{digits}}"


def pages(identifiers: Iterable[str]) -> tuple[str, ...]:
    """Return the pages of a paper with these identifiers."""
    split = (identifier.partition(":") for identifier in identifiers)
    return tuple(_PAGES[scheme] + rest for scheme, _, rest in split if scheme in _PAGES)


def year_of(identifiers: Iterable[str]) -> str:
    """Return the year that an arXiv or ACL id tells, for records that name none.

    >>> year_of(["arXiv:1706.03762"]), year_of(["acl:P19-1001"]), year_of(["doi:10.1/x"])
    ('2017', '2019', '')
    """
    for identifier in identifiers:
        if found := re.match(r"arXiv:(?:[a-z.A-Z-]+/)?(\d\d)|acl:[A-Z](\d\d)-|acl:(\d{4})\.", identifier):
            if found.group(3):
                return found.group(3)
            short = int(found.group(1) or found.group(2))
            return str(short + (1900 if short > 50 else 2000))
    return ""


def date(value: object) -> str:
    """Return `2024-08-03` or `2024` or nothing.

    >>> date("Mon, 2 Apr 2007 19:18:42 GMT"), date("2014/3/1/"), date(2020), date("in press")
    ('2007-04-02', '2014-03-01', '2020', '')
    """
    text = str(value)[:200] if value is not None else ""
    for pattern, order in ((_ISO_DATE, (0, 1, 2)), (_YEAR_MONTH_DAY, (0, 1, 2)), (_DAY_MONTH_YEAR, (2, 1, 0)), (_MONTH_DAY_YEAR, (2, 0, 1))):
        if found := pattern.search(text):
            year, month, day = (found.groups()[index] for index in order)
            number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
            if 1 <= number <= 12 and 1 <= int(day) <= 31:
                return f"{year}-{number:02}-{int(day):02}"
    years = _YEAR.search(text)
    return years.group(1) if years else ""


def names(values: Iterable[object]) -> tuple[str, ...]:
    """Return author names as `First Last`, each once, in order; a string may hold several, joined by `;`, ` and ` or commas."""
    found: dict[str, None] = {}
    for value in values:
        if not value:
            continue
        text = " ".join(decode(str(value)[:20_000], braces=True)[0].split())
        for name in _split_names(text):
            found.setdefault(_turned(name))
    return tuple(found)


def _split_names(text: str) -> list[str]:
    for separator in (";", " and "):
        if separator in text:
            return [name.strip(" ,") for name in text.split(separator) if name.strip(" ,")]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 2 or (len(parts) == 2 and all(" " in part for part in parts)):
        return [name.removeprefix("and ") for name in parts if name.lower() not in ("jr.", "jr", "sr.", "ii", "iii")]
    return [text] if text else []


def _turned(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name
