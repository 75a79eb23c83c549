"""Web addresses in a text, and which of them lead to a paper's code, models or project."""

from __future__ import annotations

import re
from collections.abc import Iterable

URL = re.compile(
    r"https?://[^\s<>\"“”{}|\\^`\]]+|(?<![\w@./-])(?:www\.[\w-]+\.[^\s<>\"“”{}|\\^`\]]+|(?:[\w-]+\.)*(?:github|gitlab|huggingface|bitbucket|sourceforge|zenodo|figshare)\.(?:com|co|org|io|net)/[^\s<>\"“”{}|\\^`\]]+|[\w-]+\.github\.io[^\s<>\"“”{}|\\^`\]]*|(?:[a-z0-9-]+\.){1,4}(?:com|org|net|io|ai|edu|cn|dev|gov|app|site|info|me)(?:/[^\s<>\"“”{}|\\^`\]]*)?)(?![\w@])",
    re.I,
)
DOMAIN = re.compile(r"\.(?i:co|org|io|net|ai|edu|cn|dev|gov|app|site|info|me)")  # a part of each address that says neither :// nor www
NOT_CODE = re.compile(r"(?:doi\.org|arxiv\.org|creativecommons\.org|aclanthology\.org|openreview\.net|acm\.org/doi|/abs/\d|orcid\.org|wikipedia\.org)", re.I)


def addresses(text: str) -> Iterable[re.Match[str]]:
    """The web addresses of a text, in order; most texts have none, which is cheap to see."""
    return URL.finditer(text) if "://" in text or DOMAIN.search(text) or "www." in text.lower() else ()


def find_code(text: str) -> list[str]:
    """Repository, model and project URLs of a text, without trailing punctuation, markup or doubles, in order.

    >>> find_code("See https://github.com/a/b. and (github.com/a/b), or www.x.org/demo/.The end")
    ['https://github.com/a/b', 'www.x.org/demo/']
    """
    out: dict[str, str] = {}
    for match in addresses(text):
        url = re.split(r"\.(?=[A-Z][a-z]+(?:\s|$))|[,;](?=\w+$)|\\", match.group(), maxsplit=1)[0].rstrip(".,;:!?)'’\"*~$")
        if url.count("(") > url.count(")"):
            url = url[: url.rfind("(")]
        if NOT_CODE.search(url) or "." not in url:
            continue
        if not re.search(r"[/]|www\.", url) and not re.fullmatch(r"(?:[a-z0-9-]+\.){2,}[a-z]{2,4}|[a-z0-9-]+\.(?:ai|io|org|dev|app|site)", url):
            continue
        key = re.sub(r"^(?:https?://)?(?:www\.)?|(?:\.git)?/*$", "", url.lower())
        if key not in out or (url.startswith("http") and not out[key].startswith("http")):
            out[key] = url
    return list(out.values())
