"""Stage 5: RDF terms. Prefixes, and how names, numbers, dates and URLs become legal IRIs and literals.

Every IRI passes `pyoxigraph.NamedNode`, which refuses illegal ones (RFC 3987), so no strict parser will reject our files.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

BASE = "https://w3id.org/kgraph/id/"
KG = "https://w3id.org/kgraph/ns#"
INDIVIDUALS = ("e", "paper", "sentence", "claim", "result", "quantity", "use", "run", "row", "dataset")
"""Prefixes of individuals: `e:x` is `BASE` + `e/x`."""
VOCABULARIES = {
    "kg": KG,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ILLEGAL = re.compile(r"[^A-Za-z0-9\-._~!$'()*+,;:@&=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_XSD = VOCABULARIES["xsd"]
INTEGER, DECIMAL, GYEAR, DATE = (NamedNode(_XSD + name) for name in ("integer", "decimal", "gYear", "date"))


def prefixes(base: str = BASE) -> dict[str, str]:
    """One prefix a namespace: the vocabularies, and the individuals under `base`."""
    return {**VOCABULARIES, **{name: f"{base}{name}/" for name in INDIVIDUALS}}


@lru_cache(maxsize=512)
def term(name: str) -> NamedNode:
    """A vocabulary term from its short form.

    >>> term("skos:broader").value
    'http://www.w3.org/2004/02/skos/core#broader'
    """
    prefix, _, local = name.partition(":")
    return NamedNode(VOCABULARIES[prefix] + local)


def local_iri(name: str, base: str = BASE) -> str:
    """The IRI of a graph node, `e:x` or `paper:x`; characters that an IRI segment may not have are percent-encoded, so different names stay different.

    >>> local_iri("e:c++ / c#")
    'https://w3id.org/kgraph/id/e/c++%20%2F%20c%23'
    """
    prefix, _, local = name.partition(":")
    if not _ILLEGAL.search(local):
        return f"{base}{prefix}/{local}"
    return f"{base}{prefix}/" + _ILLEGAL.sub(lambda m: quote(m[0], safe="", errors="replace"), local)


@lru_cache(maxsize=65536)
def node(name: str, base: str = BASE) -> NamedNode:
    """`local_iri` as a checked term."""
    return NamedNode(local_iri(name, base))


def link(url: str) -> NamedNode:
    """A web address as a legal IRI: `https://` where no scheme is given, illegal characters percent-encoded.

    >>> link("github.com/a/[b] c").value
    'https://github.com/a/%5Bb%5D%20c'
    """
    url = url.strip()
    if not _SCHEME.match(url):
        url = "https://" + url.lstrip("/")
    try:
        return NamedNode(quote(url, safe="%/:?#@!$&'()*+,;=~-._", errors="replace"))
    except ValueError:  # a bad `%`, port or host: nothing of it is special any more
        scheme, rest = url.split("://", 1)
        return NamedNode(f"{scheme}://" + quote(rest, safe="/", errors="replace"))


def text(value: str) -> Literal:
    """A string; lone surrogates, which UTF-8 cannot hold, become U+FFFD one by one, so that offsets stay true."""
    try:
        return Literal(value)
    except ValueError:  # how pyoxigraph says that the text cannot be encoded
        return Literal(re.sub("[\ud800-\udfff]", "\ufffd", value))


@lru_cache(maxsize=65536)
def number(value: str) -> Literal:
    """A number in its shortest form, so that equal values are equal terms: `xsd:integer` if whole, else `xsd:decimal`. ValueError if none.

    >>> [number(v).value for v in ("58.0", "60.50", "2.4e9", "-0.0", "1,000")]
    ['58', '60.5', '2400000000', '0', '1000']
    """
    try:
        exact = Decimal(value.replace(",", ""))
    except ArithmeticError:
        raise ValueError(f"{value!r} is not a number") from None
    if not exact.is_finite() or abs(exact.adjusted()) > 400:
        raise ValueError(f"{value!r} is not a number that can be written out")
    written = f"{exact:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    if written.lstrip("-") == "0":
        written = "0"
    return Literal(written, datatype=DECIMAL if "." in written else INTEGER)


@lru_cache(maxsize=4096)
def share(value: float) -> Literal:
    """A share from 0 to 1, three places, always a decimal."""
    return Literal(str(round(value, 3)) if value >= 0.001 else "0.0", datatype=DECIMAL)


def issued(value: str) -> Literal | None:
    """A date as `xsd:date`, else its year as `xsd:gYear`; None when there is no year of four digits.

    >>> [str(issued(v)) for v in ("2024-08-03", "2024-08", "2024-02-31", "soon")]
    ['"2024-08-03"^^<http://www.w3.org/2001/XMLSchema#date>', '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>', \
'"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>', 'None']
    """
    year = re.match(r"(\d{4})(?!\d)", value)
    if not year or year[1] == "0000":
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return Literal(date.fromisoformat(value).isoformat(), datatype=DATE)
        except ValueError:  # no such day
            pass
    return Literal(year[1], datatype=GYEAR)
