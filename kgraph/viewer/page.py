"""Viewer: one self-contained HTML page of a graph, as a file or inside a notebook; exporter `html`.

The page opens from disk with the network off. It draws the `budget` most telling nodes and holds all papers, concepts, sentences and facts.
"""

from __future__ import annotations

import base64
import html
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph
    from kgraph.viewer.network import Page

BUDGET = 800
"""Nodes drawn at once: more than a reader can take in, and what a browser draws in one frame."""
EDGES_PER_NODE = 2
TITLE = "Knowledge graph"
PLAIN_LIMIT = 300_000
"""Characters of data up to which a page holds it as plain JSON; beyond, deflated (its bytes then depend on the zlib build as well)."""
# vis-network draws these; `page` and `cross` are drawn by the page's script (`js/draw.js`), since two types more than vis has shapes are needed
SHAPES = {
    "Paper": "page", "Model": "dot", "Method": "diamond", "Software": "hexagon", "Dataset": "triangle",
    "Benchmark": "triangleDown", "Metric": "star", "Task": "square", "Hardware": "cross",
}  # fmt: skip


def write_html(graph: KnowledgeGraph, path: Path, *, title: str = TITLE, budget: int = BUDGET) -> None:
    """Write the page of `graph` to `path`, whole or not at all. Equal graphs give equal bytes.

    `budget` is the number of nodes drawn at once. Raises OSError when the file cannot be written, ValueError for a budget below 1.
    """
    make_page(graph, title=title, budget=budget).write_html(path)


def notebook_html(graph: KnowledgeGraph, *, title: str = TITLE, budget: int = BUDGET, height: int = 700) -> str:
    """The same page as an `<iframe>` for notebooks (Jupyter, VS Code, Colab), `height` pixels high; writes no file.

    The frame is sandboxed: the page's script runs in an origin of its own and sees nothing of the notebook.
    """
    page = html.escape(make_page(graph, title=title, budget=budget).generate_html(), quote=True)
    name = html.escape(title, quote=True)
    return (
        f'<div><iframe title="{name}" sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox" '
        f'style="width:100%;height:{int(height)}px;border:1px solid #8888" srcdoc="{page}"></iframe></div>'
    )


def view(graph: KnowledgeGraph, *, title: str = TITLE, budget: int = BUDGET, height: int = 700) -> Any:
    """Show `graph` in a notebook: an `IPython.display.HTML` of `notebook_html`."""
    from IPython.display import HTML

    return HTML(notebook_html(graph, title=title, budget=budget, height=height))  # type: ignore[no-untyped-call]


def make_page(graph: KnowledgeGraph, *, title: str = TITLE, budget: int = BUDGET) -> Page:
    """The page's network: pyvis nodes and edges of the first view with their places, and the data of everything."""
    from kgraph.viewer import layout
    from kgraph.viewer.data import page_data
    from kgraph.viewer.network import Page

    if budget < 1:
        raise ValueError(f"a page draws at least one node, not {budget}")
    data = page_data(graph, budget)
    shown = data.nodes[:budget]
    weights: dict[tuple[int, int], float] = {}
    for a, b, relation, _ in data.edges:
        key = (min(a, b), max(a, b))
        weights[key] = weights.get(key, 0.0) + (1.0 if relation == "mentions" else 2.0)
    groups = layout.communities(len(shown), weights)
    positions, discs = layout.place(groups, weights)
    named = zip(layout.names(groups, weights, shown), discs, groups, strict=True)
    held = {
        "title": title,
        "budget": budget,
        "edgeBudget": EDGES_PER_NODE * budget,
        "groups": [[name, *disc, members] for name, disc, members in named if name],
    }
    page = Page(held | data.first, _carried(data.rest), title)
    # assigned, not added: pyvis' add_node and add_edge look through all that is there
    page.nodes = [
        {
            "id": rank,
            "label": node["label"],
            "group": node["type"],
            "shape": SHAPES[node["type"]],
            "size": node_size(node["weight"]),
            "x": positions[rank][0],
            "y": positions[rank][1],
        }
        for rank, node in enumerate(shown)
    ]
    page.edges = [{"from": a, "to": b, "relation": relation} | ({"dashes": True} if dashed else {}) for a, b, relation, dashed in data.edges][
        : EDGES_PER_NODE * budget
    ]
    return page


def node_size(weight: int) -> int:
    """Radius in pixels of a node of this weight: area grows with the weight, within 7 and 26.

    >>> [node_size(w) for w in (0, 10, 100, 10000)]
    [7, 12, 22, 26]
    """
    return min(26, 7 + round(1.5 * math.sqrt(weight)))


def _carried(rest: dict[str, Any]) -> str:
    """The part of the data that the first view does not need: as JSON, or when large as deflated text, a third of the size."""
    from kgraph.viewer.network import as_json

    text = as_json(rest)
    return text if len(text) <= PLAIN_LIMIT else base64.b64encode(zlib.compress(text.encode("utf-8"), 6)).decode("ascii")
