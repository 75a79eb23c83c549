"""Our page beside stock pyvis in one run: main-thread CPU in a real Chromium, time to write, size.

    python -m benchmarks.viewer [--nodes 20000] [--seed-graph output/graph.html]

Prints a table and exits with 1 when a target is missed. CPU is that of the renderer's main thread (Chromium's thread clock), so that a busy
computer changes it little; compare ratios. The two pages of pyvis are what its documentation gives (default physics), and a tuned one
(no physics, straight edges, places given) that draws all nodes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network

from benchmarks.synthetic import synthetic
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.viewer import layout
from kgraph.viewer.page import write_html
from tests.viewer_browser import chromium

RUN = {"label": "benchmark", "version": "0", "model": "none", "input_hash": "0"}


class Sheet:
    """A page of Chromium with a clock that counts its main thread's CPU."""

    def __init__(self, browser: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 900})
        self.requests = 0
        self.context.route("http*://**/*", self._abort)
        self.page = self.context.new_page()
        self.session = self.context.new_cdp_session(self.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _abort(self, route: Any) -> None:
        self.requests += 1
        route.abort()

    def cpu(self) -> float:
        """Seconds of CPU that the main thread's tasks have used."""
        return float({m["name"]: m["value"] for m in self.session.send("Performance.getMetrics")["metrics"]}["TaskDuration"])

    def spent(self, action: Any) -> float:
        before = self.cpu()
        action()
        return self.cpu() - before


def opened(browser: Any, path: Path, ready: str) -> tuple[Sheet, float]:
    """A page and the CPU until the expression `ready` is true there; the page itself looks, ten times a second, and says so."""
    sheet = Sheet(browser)
    sheet.page.add_init_script(f"const look = setInterval(() => {{ if ({ready}) {{ clearInterval(look); console.debug('page ready'); }} }}, 100);")

    def load() -> None:
        with sheet.page.expect_console_message(lambda message: message.text == "page ready", timeout=180_000):
            sheet.page.goto(path.as_uri(), wait_until="commit")

    return sheet, sheet.spent(load)


def pan(sheet: Sheet, frames: int) -> float:
    """CPU seconds of one frame while the mouse drags the background."""
    box = sheet.page.locator("canvas").first.bounding_box()
    x, y = box["x"] + 6, box["y"] + 6  # a corner, where no node stands
    sheet.page.mouse.move(x, y)
    sheet.page.mouse.down()
    sheet.page.mouse.move(x + 2, y + 2)
    frame = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

    def drag() -> None:
        for i in range(frames):
            sheet.page.mouse.move(x + 4 + 2 * i, y + 4 + i)
            sheet.page.evaluate(frame)

    try:
        sheet.page.evaluate(frame)
        return sheet.spent(drag) / frames
    finally:
        sheet.page.mouse.up()


def keystroke(sheet: Sheet) -> float:
    """Median and worst CPU seconds of one key in the search field, once its texts are ready."""
    sheet.page.locator("#search").focus()
    while not sheet.page.evaluate("Boolean(index.sentences)"):
        time.sleep(0.05)
    costs = [sheet.spent(lambda key=key: sheet.page.keyboard.press(key)) for key in ("g", "r", "a", "p", "h", "Backspace", "Backspace", "o", "Backspace", "z")]
    return max(costs)


def stock(path: Path, count: int) -> None:
    net = Network(cdn_resources="in_line")
    net.from_nx(nx.barabasi_albert_graph(count, 2, seed=7))
    path.write_text(net.generate_html(), "utf-8")


def tuned(path: Path, count: int) -> None:
    rng = random.Random(7)
    net = Network(cdn_resources="in_line")
    net.nodes = [{"id": n, "label": f"node {n}", "shape": "dot", "size": 8, "x": rng.uniform(-9000, 9000), "y": rng.uniform(-9000, 9000)} for n in range(count)]
    net.edges = [{"from": a, "to": b} for a, b in nx.barabasi_albert_graph(count, 2, seed=7).edges]
    net.options = {"physics": {"enabled": False}, "edges": {"smooth": False}, "layout": {"improvedLayout": False}}
    path.write_text(net.generate_html(), "utf-8")


def written(graph: KnowledgeGraph, path: Path) -> tuple[float, float]:
    """CPU seconds to write the page: all, and the layout's share."""
    share = 0.0

    def timed(function: Any) -> Any:
        def call(*args: Any) -> Any:
            nonlocal share
            begun = time.process_time()
            result = function(*args)
            share += time.process_time() - begun
            return result

        return call

    kept = layout.communities, layout.place
    layout.communities, layout.place = timed(kept[0]), timed(kept[1])
    try:
        begun = time.process_time()
        write_html(graph, path)
        return time.process_time() - begun, share
    finally:
        layout.communities, layout.place = kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=20_000, help="nodes of the large page")
    parser.add_argument("--seed-graph", type=Path, help="a page that kgraph wrote from the seed papers (default: one of 24 synthetic papers)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="viewer-"))
    seed, large = options.seed_graph or folder / "seed.html", folder / "large.html"
    if not options.seed_graph:
        write_html(build_graph(*synthetic(24), RUN), seed)
    graph = build_graph(*synthetic(round(options.nodes / 2.5)), RUN)
    count = sum(node.startswith(("paper:", "e:")) for node in graph)
    writing, laying = written(graph, large)
    del graph
    stock(folder / "stock.html", 100)
    tuned(folder / "tuned.html", count)
    ours = "document.documentElement?.dataset.kg === 'ready'"
    with chromium() as browser:
        for _ in range(2):  # the first page of a browser pays for its start
            small, seed_cpu = opened(browser, seed.resolve(), ours)
            small.context.close() if _ == 0 else None
        stock_sheet, stock_cpu = opened(browser, folder / "stock.html", "window.network?.physics.stabilized")
        sheets = [opened(browser, large, ours) for _ in range(3)]
        large_cpu = statistics.median(cpu for _, cpu in sheets)
        for sheet, _ in sheets[1:]:
            sheet.context.close()
        sheet = sheets[0][0]
        frame = pan(sheet, 30)
        key = keystroke(sheet)
        tuned_sheet, _ = opened(browser, folder / "tuned.html", "window.network?.canvas.frame")
        tuned_frame = pan(tuned_sheet, 5)
        requests, stock_requests = small.requests + sheet.requests, stock_sheet.requests
    size = large.stat().st_size / 1e6
    most = 0.6 + 0.15 * count / 1000
    beside_seed, beside_frame = f"stock pyvis, 100 nodes: {stock_cpu:.2f}", f"tuned pyvis, all nodes: {1000 * tuned_frame:.0f}"
    rows = [
        ("seed graph ready, CPU s", f"{seed_cpu:.3f}", beside_seed, f"{stock_cpu / seed_cpu:.1f} of at least 15 times less", stock_cpu >= 15 * seed_cpu),
        (
            f"{count:,} nodes ready, CPU s",
            f"{large_cpu:.3f}",
            "",
            f"{large_cpu / seed_cpu:.2f} of at most 2.5 times the seed graph",
            large_cpu <= 2.5 * seed_cpu,
        ),
        ("panning frame, CPU ms", f"{1000 * frame:.1f}", beside_frame, f"{tuned_frame / frame:.1f} of at least 20 times less", tuned_frame >= 20 * frame),
        ("writing, CPU s", f"{writing:.2f}", f"the layout is {laying:.2f} of it", "at most 3", writing <= 3),
        ("worst search key, CPU ms", f"{1000 * key:.1f}", "", "at most 50", key <= 0.05),
        ("size, MB", f"{size:.2f}", "", f"at most {most:.2f}", size <= most),
        ("network requests", str(requests), f"stock pyvis: {stock_requests}", "none", requests == 0),
    ]
    for what, value, beside, target, met in rows:
        print(f"{what:28} {value:>8}  {beside:32} {target:42} {'met' if met else 'MISSED'}")
    return 0 if all(row[-1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
