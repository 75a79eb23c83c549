"""Viewer: pyvis' `Network` with our template, our way of inlining and our way of writing.

pyvis stays the generator of options, nodes and edges and brings vis-network; its own template asks a CDN for styles in every mode, runs
scripts that stand in names, and is written in the platform's encoding (measured in the project's notes on the viewer).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kgraph.export.files import atomic_write

HERE = Path(__file__).parent
SCRIPTS = ("start.js", "data.js", "state.js", "select.js", "place.js", "sketch.js", "draw.js", "dom.js", "search.js", "card.js", "filters.js",
           "table.js", "questions.js", "path.js", "export.js", "parquet.js", "turtle.js", "main.js")  # fmt: skip
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "layout": {"improvedLayout": False},
    "physics": {"enabled": False},
    "edges": {"smooth": False, "width": 1, "selectionWidth": 1.5, "hoverWidth": 1.5},
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 4, "shapeProperties": {"interpolation": False}},
    "interaction": {
        "hover": True,
        "keyboard": False,
        "multiselect": False,
        "navigationButtons": False,
        "zoomSpeed": 0.8,
        "hideEdgesOnDrag": True,
        "hideNodesOnDrag": True,
    },
}


class Page(Network):  # type: ignore[misc]  # pyvis has no types
    """The network of the first view, written as one self-contained page.

    `data` is what the first view needs beside pyvis' nodes, edges and options, `rest` the text of all else; `title` is the page's heading.
    """

    def __init__(self, data: dict[str, Any], rest: str, title: str) -> None:
        super().__init__(directed=True, height="100%", width="100%", cdn_resources="in_line", heading=title)
        self.templateEnv = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.path = "page.html"
        self.options = OPTIONS
        self.data = data
        self.rest = rest

    def generate_html(self, name: str = "graph.html", local: bool = True, notebook: bool = False) -> str:
        """The page as text; equal networks give equal pages. The arguments are pyvis' and change nothing."""
        nodes, edges, heading, *_ = self.get_network_data()
        vis = ascii_script(files("pyvis").joinpath("lib/vis-9.1.2/vis-network.min.js").read_text("utf-8").rstrip())
        script = ascii_script('"use strict";\n' + squeezed("".join((HERE / "js" / script).read_text("utf-8") for script in SCRIPTS)))
        content = {"nodes": nodes, "edges": edges, "options": self.options, **self.data}
        self.html = self.templateEnv.get_template(self.path).render(
            title=heading,
            hashes=[Markup(base64.b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode("ascii")) for text in (script, vis)],
            style=Markup(squeezed((HERE / "style.css").read_text("ascii"))),  # no character reference means anything there
            vis=Markup(vis),
            script=Markup(script),
            data=Markup(as_json(content)),
            rest=Markup(self.rest),
        )
        # a browser keeps an ASCII page in one byte a character: half the memory, and quicker to decode and parse
        self.html = self.html.encode("ascii", "xmlcharrefreplace").decode("ascii")
        return self.html

    def write_html(self, name: str | Path, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:
        """Write the page to `name`, whole or not at all; nothing else is written and no browser is opened."""
        content = self.generate_html().encode("ascii")
        with atomic_write(Path(name)) as file:
            file.write(content)


def as_json(content: Any) -> str:
    """`content` as JSON that can stand in an HTML script element: no character of it can end the element or begin a comment.

    >>> as_json({"label": "</script><!-- &"})
    '{"label":"\\\\u003c/script\\\\u003e\\\\u003c!-- \\\\u0026"}'
    """
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def ascii_script(source: str) -> str:
    """A JavaScript source with `\\uXXXX` for what is not ASCII: the same in texts, regular expressions and names.

    >>> ascii_script('say("\u2026")')
    'say("\\\\u2026")'
    """
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], source)


def squeezed(source: str) -> str:
    """Our script or style without indentation, blank lines and lines that are only a `//` comment: half the size, same meaning.

    Our files have no text that runs over several lines; a test holds them to it.

    >>> squeezed("if (x) {\\n  // why\\n  y()\\n\\n}\\n")
    'if (x) {\\ny()\\n}\\n'
    """
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
