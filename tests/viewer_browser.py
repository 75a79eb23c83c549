"""A real Chromium for the viewer's tests: it opens pages from disk, counts what they ask of the network and what they complain of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.synthetic import synthetic
from kgraph.graph import build_graph
from kgraph.viewer.page import write_html
from tests.sample import RUN, sample_graph

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@dataclass
class Watch:
    """What went wrong in a page: requests over the network, errors, dialogs."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def is_clean(self) -> bool:
        return not (self.requests or self.errors or self.dialogs)


@contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium; the test is skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser tests (extra `test`)")
    if not CHROMIUM:
        pytest.skip("no Chromium on this computer (CHROMIUM names another place)")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample graph."""
    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_html(sample_graph(), path)
    return path


@contextmanager
def opened(browser: Any, path: Path, hash_: str = "", *, width: int = 1440, height: int = 900, **context: Any) -> Iterator[tuple[Any, Watch]]:
    """The page of a file, ready and with all its data read, and the watch over it; http(s) requests are aborted and counted."""
    watch = Watch()
    context_ = browser.new_context(viewport={"width": width, "height": height}, **context)
    context_.route("http*://**/*", lambda route: (watch.requests.append(route.request.url), route.abort()))
    page = context_.new_page()
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("console", lambda message: watch.errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: (watch.dialogs.append(dialog.message), dialog.dismiss()))
    try:
        page.goto(path.as_uri() + hash_)
        page.wait_for_selector('html[data-kg="ready"]', timeout=60_000)
        if page.locator("#kg-data").count():
            page.wait_for_selector("html[data-whole]", timeout=60_000)
        yield page, watch
    finally:
        context_.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "large.html"
    write_html(build_graph(*synthetic(700), RUN), path)
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    with opened(browser, file, accept_downloads=True) as (page, watch):
        yield page
        assert watch.is_clean(), watch


def on_screen(page: Any, node: str) -> tuple[float, float]:
    """Where a node stands in the window, in pixels."""
    x, y = page.evaluate("id => { const p = network.canvasToDOM(network.getPositions([lookUp(id)])[lookUp(id)]); return [p.x, p.y]; }", node)
    box = page.locator("#canvas").bounding_box()
    return box["x"] + x, box["y"] + y


def title(page: Any) -> str:
    return str(page.locator("#card-title").inner_text())


def shown(page: Any) -> str:
    return str(page.locator("#shown").inner_text())


def drawn(page: Any) -> set[str]:
    return set(page.evaluate("nodeSet.getIds().map(idOf)"))


def apart(boxes: list[list[float]]) -> bool:
    return not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for i, a in enumerate(boxes) for b in boxes[:i])


def saved(page: Any, name: str) -> bytes:
    """What an entry of the export menu gives."""
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator("#export-list button", has_text=name).click()
    return Path(download.value.path()).read_bytes()
