"""Our page beside stock pyvis in one run: main-thread CPU in a real Chromium, time to write, size.

    python -m benchmarks.viewer [--nodes 20000] [--seed-graph output/graph.html]

Prints a table and exits with 1 when a target is missed. CPU is that of the renderer's main thread (Chromium's thread clock), so that a busy
computer changes it little; compare ratios. The two pages of pyvis are what its documentation gives (default physics), and a tuned one
(no physics, straight edges, places given) that draws all nodes.

A page is ready, ours as well as stock pyvis', when its nodes have their final places and two more frames have been drawn: it can then be
panned, zoomed and clicked. Ours says so itself (`data-kg`), that of pyvis by its physics having stabilized; as it starts from random places,
how long that takes differs between loads, and all pages' costs are medians of `--loads` loads. At that point our page has not run
vis-network, which picks and drags nodes, nor read all of its data: it does so in idle moments, or at once when a finger, a click or a key needs it.
Two more rows say what that costs: `until idle` is the CPU from the same start until all of it is done, and `first touch` what the main thread does
for a finger that comes down in the middle of the drawing right after the page is ready, before idle moments.

The pages are timed without a debugger: with one attached, V8 parses a script again for each exception that the script catches itself, which
adds about 25 ms to every page with vis-network.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
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
from tests.viewer_browser import CHROMIUM, FLAGS, chromium

RUN = {"label": "benchmark", "version": "0", "model": "none", "input_hash": "0"}


class Pipe:
    """Chromium with nothing attached to its pages but a clock; it is spoken to through a pipe, in JSON (Chrome DevTools Protocol)."""

    def __init__(self) -> None:
        if not CHROMIUM:
            raise SystemExit("no Chromium on this computer (CHROMIUM names another place)")
        self.folder = tempfile.TemporaryDirectory(prefix="viewer-")
        (theirs_in, self.out), (self.into, theirs_out) = os.pipe(), os.pipe()
        call = [CHROMIUM, *FLAGS, f"--user-data-dir={self.folder.name}", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh", *call], pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.sent, self.read = 0, b""

    def __enter__(self) -> Pipe:
        return self

    def __exit__(self, *_: object) -> None:
        self.send("Browser.close")
        self.process.wait()
        os.close(self.out)
        os.close(self.into)
        self.folder.cleanup()

    def send(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """The answer to one command; raises RuntimeError when the browser refuses it or has gone."""
        self.sent += 1
        os.write(self.out, json.dumps({"id": self.sent, "method": method, "params": params} | ({"sessionId": session} if session else {})).encode() + b"\0")
        while True:
            while b"\0" not in self.read:
                more = os.read(self.into, 1 << 20)
                if not more:
                    raise RuntimeError("Chromium has gone")
                self.read += more
            message, _, self.read = self.read.partition(b"\0")
            answer = json.loads(message)
            if answer.get("id") == self.sent:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return dict(answer["result"])

    def cost(self, path: Path, ready: str, *, touched: bool = False) -> float:
        """CPU seconds of the main thread until the expression `ready` is true in the page of `path` and two more frames are drawn.

        With `touched`, those that a finger then takes which comes down in the middle of the drawing.
        """
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Emulation.setDeviceMetricsOverride", session, width=1440, height=900, deviceScaleFactor=1, mobile=False)
        self.send("Page.enable", session)
        self.send("Performance.enable", session, timeDomain="threadTicks")
        drawn = "requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'page ready'; }))"
        look = f"const look = setInterval(() => {{ if ({ready}) {{ clearInterval(look); {drawn}; }} }}, 100);"
        down = "addEventListener('pointerdown', () => setTimeout(() => { document.title = 'page touched'; }), { capture: true });"
        self.send("Page.addScriptToEvaluateOnNewDocument", session, source=look + down)
        before = self._task_seconds(session)
        self.send("Page.navigate", session, url=path.resolve().as_uri())
        self._await_title(target, "page ready")
        if touched:
            before = self._task_seconds(session)
            self.send("Input.dispatchTouchEvent", session, type="touchStart", touchPoints=[{"x": 630, "y": 480}])
            self._await_title(target, "page touched")
        spent = self._task_seconds(session) - before
        self.send("Target.disposeBrowserContext", browserContextId=context)
        return spent

    def _await_title(self, target: str, title: str) -> None:
        until = time.monotonic() + 180
        while self.send("Target.getTargetInfo", targetId=target)["targetInfo"]["title"] != title:
            if time.monotonic() > until:
                raise RuntimeError(f"no {title} after three minutes")
            time.sleep(0.02)

    def _task_seconds(self, session: str) -> float:
        return float({m["name"]: m["value"] for m in self.send("Performance.getMetrics", session)["metrics"]}["TaskDuration"])


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


def opened(browser: Any, path: Path) -> Sheet:
    """A page with its drawing in it, and ours with all its data read."""
    sheet = Sheet(browser)
    sheet.page.goto(path.resolve().as_uri())
    sheet.page.locator("canvas").first.wait_for(timeout=180_000)
    if sheet.page.locator("#kg-data").count():
        sheet.page.wait_for_selector("html[data-whole]")
    return sheet


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
    """Worst CPU seconds of one key in the search field, once its texts are ready."""
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
    parser.add_argument("--loads", type=int, default=5, help="loads of each page, of which the median counts")
    parser.add_argument("--seed-graph", type=Path, help="a page that kgraph wrote from the seed papers (default: one of 24 synthetic papers)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="viewer-"))
    seed, large = options.seed_graph or folder / "seed.html", folder / "large.html"
    if not options.seed_graph:
        write_html(build_graph(*synthetic(24), RUN), seed)
    graph = build_graph(*synthetic(round(options.nodes / 2.5)), RUN)
    count = sum(node.startswith(("paper:", "e:")) for node in graph)
    writing, laying = (statistics.median(times) for times in zip(*(written(graph, large) for _ in range(3)), strict=True))
    del graph
    stock(folder / "stock.html", 100)
    tuned(folder / "tuned.html", count)
    whole = "document.documentElement?.dataset.whole"
    ours, theirs = "document.documentElement?.dataset.kg === 'ready'", "window.network?.physics.stabilized"
    with Pipe() as pipe:
        pipe.cost(seed, ours)  # the first page of a browser pays for its start
        loads = [
            (
                pipe.cost(seed, ours),
                pipe.cost(folder / "stock.html", theirs),
                pipe.cost(large, ours),
                pipe.cost(seed, whole),
                pipe.cost(large, whole),
                pipe.cost(seed, ours, touched=True),
            )
            for _ in range(options.loads)
        ]
    seed_cpu, stock_cpu, large_cpu, seed_idle, large_idle, touch = map(statistics.median, zip(*loads, strict=True))
    with chromium() as browser:
        small, sheet, tuned_sheet, stock_sheet = (opened(browser, path) for path in (seed, large, folder / "tuned.html", folder / "stock.html"))
        requests, stock_requests = small.requests + sheet.requests, stock_sheet.requests
        for other in (small, stock_sheet):
            other.context.close()
        frame, tuned_frame = pan(sheet, 30), pan(tuned_sheet, 5)
        key = keystroke(sheet)
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
        ("seed graph until idle, CPU s", f"{seed_idle:.3f}", beside_seed, f"{stock_cpu / seed_idle:.1f} times less", True),
        (f"{count:,} nodes until idle", f"{large_idle:.3f}", "", "", True),
        ("first touch, CPU ms", f"{1000 * touch:.1f}", "", "at most 100", touch <= 0.1),
        ("panning frame, CPU ms", f"{1000 * frame:.1f}", beside_frame, f"{tuned_frame / frame:.1f} of at least 20 times less", tuned_frame >= 20 * frame),
        ("writing, CPU s", f"{writing:.2f}", f"the layout is {laying:.2f} of it", "at most 3", writing <= 3),
        ("worst search key, CPU ms", f"{1000 * key:.1f}", "", "at most 50", key <= 0.05),
        ("size, MB", f"{size:.2f}", "", f"at most {most:.2f}", size <= most),
        ("network requests", str(requests), f"stock pyvis: {stock_requests}", "none", requests == 0),
    ]
    for what, value, beside, target, met in rows:
        print(f"{what:29} {value:>8}  {beside:32} {target:42} {'met' if met else 'MISSED'}")
    return 0 if all(row[-1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
