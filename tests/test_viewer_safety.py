"""Attack and access: names that try to run as code, graphs of nothing, notebooks' sandbox, and axe-core in every state of the page."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.model import Claim, Concept, Entity, Mention, Paper, PaperFacts, Resolution, Sentence
from kgraph.viewer.page import notebook_html, write_html
from tests.sample import RUN, sample_graph
from tests.viewer_browser import opened

pytestmark = pytest.mark.browser
ATTACKS = {
    "closing script": "</script><script>window.hit=1</script>",
    "image": "<img src=x onerror=window.hit=1>",
    "href in a title": '<a href="javascript:window.hit=1">href</a>',
    "javascript address": "javascript:window.hit=1",
    "data address": "data:text/html,<script>window.hit=1</script>",
    "comment": "<!--<script>",
    "quotes": "\"'`${window.hit=1}`;window.hit=1//",
    "svg": "<svg/onload=window.hit=1>",
    "style": "</style><style>*{display:none}</style>",
    "right to left": "abc \u202egnihton\u202c \u2066x\u2069 \u200f",
    "emoji": "👩🏽\u200d🔬 family 👨\u200d👩\u200d👧 model",
    "long": "long " * 1000,
    "one long word": "W" * 5000,
    "nothing": "",
    "blank": " ",
    "line breaks": "one\r\ntwo\u2028three\ttab",
    "null and controls": "a\x00b\x01c",
    "percent": "100%_%zz%E0%A4%A",
    "prototype": "__proto__",
    "template": "{{ 7*7 }} {% raw %} {0} %s",
}


def hostile(text: str) -> KnowledgeGraph:
    """A graph in which everything that comes from outside is `text`."""
    abstract = f"{text} outperforms other. {text}"
    end = len(text) + len(" outperforms other.")
    paper = Paper(
        f"k{text[:60]}",
        abstract,
        title=text,
        identifiers=(text, f"arXiv:{text[:40]}"),
        issued=text[:20],
        authors=(text,),
        urls=(text, "https://x.org/" + text[:80]),
    )
    sentences = (Sentence("abstract", 0, end), Sentence("title", 0, len(text)))
    entities = (Entity(text, "metric", (text,), introduced=True), Entity("other", "model", ("other",)))
    mentions = (Mention(0, 0, 0, len(text)), Mention(1, 0, end - 6, end - 1), Mention(0, 1, 0, len(text)))
    facts = PaperFacts(paper.key, entities, sentences, mentions, (Claim(0, "outperforms", 1, 0, 0.9),), code=(text, "javascript:alert(1)", "https://ok.org/x"))
    concepts = (
        Concept(f"c{text[:60]}", text, "metric", (text, text + "s"), exact_match=(text,), see_also=("javascript:window.hit=1",)),
        Concept("other", "other", "model", ("other",)),
    )
    return build_graph([paper], {paper.key: facts}, Resolution(concepts, {paper.key: (concepts[0].id, "other")}), {**RUN, "label": text})


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_text_does_no_harm_anywhere_in_the_page(browser: Any, tmp_path: Path, name: str) -> None:
    text = ATTACKS[name]
    write_html(hostile(text), tmp_path / "graph.html", title=text)
    with opened(browser, tmp_path / "graph.html", accept_downloads=True) as (page, watch):
        for view in ("graph", "table", "questions", "path"):
            page.evaluate("view => go({ view, a: idOf(0), b: idOf(2), ask: 'leaderboard', about: idOf(0) })", view)
            for node in range(3):
                page.evaluate("n => select(n)", node)
                assert page.locator("#card-title").count() == 1
        page.evaluate("selectEdge(0)")
        page.fill("#search", text[:40] or "o")
        page.keyboard.press("Enter")
        for what in ("Turtle", "CSV", "BibTeX", "SVG", "PNG", "Parquet"):
            page.evaluate("go({ view: 'graph' })")
            page.locator("#export summary").click()
            with page.expect_download():
                page.locator("#export-list button", has_text=what).click()
        assert page.evaluate("window.hit") is None
        assert page.locator("script:not(#kg-rest)").count() == 2 and page.locator("style").count() == 1
        assert page.evaluate("Array.from(document.links).every(a => /^(https?|file):/.test(a.protocol))")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
        assert page.locator("header").is_visible() and page.locator("#canvas canvas").is_visible()
        assert watch.is_clean(), watch


@pytest.mark.parametrize(
    "hash_",
    [
        "#node=<script>window.hit=1</script>",
        "#%",
        "#view=nothing&focus=%E0%A4%A",
        "#types=%2525&leaf=-7&sure=NaN&from=x",
        "#edge=a%20b%20c",
        "#__proto__=1&constructor=2",
    ],
)
def test_a_hostile_or_broken_address_shows_the_whole_graph(browser: Any, file: Path, hash_: str) -> None:
    with opened(browser, file, hash_) as (page, watch):
        assert page.locator("#shown").inner_text().endswith("of 25 shown") and page.evaluate("window.hit") is None
        assert watch.is_clean(), watch


def test_the_policy_stops_scripts_styles_from_elsewhere_and_eval(browser: Any, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.evaluate("const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)")
        page.evaluate("const s = document.createElement('img'); s.src = 'https://example.org/x.png'; document.body.append(s)")
        assert page.evaluate("window.hit") is None
        broken = page.evaluate("""() => new Promise(done => { const s = document.createElement('script'); s.src = 'https://example.org/a.js';
            s.onerror = () => done(true); s.onload = () => done(false); document.body.append(s); })""")
        assert broken


def test_a_graph_of_nothing_shows_a_helpful_page(browser: Any, tmp_path: Path) -> None:
    write_html(KnowledgeGraph(), tmp_path / "graph.html")
    with opened(browser, tmp_path / "graph.html") as (page, watch):
        assert "This graph is empty" in page.locator("#empty").inner_text()
        for view in ("table", "questions", "path", "graph"):
            page.locator(f"#view-{view}").click()
        page.fill("#search", "anything")
        page.locator("#zoom-in").click()
        page.locator("#fit").click()
        assert watch.is_clean(), watch


def test_a_graph_of_one_node_is_drawn_with_its_card_at_hand(browser: Any, tmp_path: Path) -> None:
    graph = KnowledgeGraph()
    graph.add_node("e:alone", type="Model", label="Alone")
    write_html(graph, tmp_path / "graph.html")
    with opened(browser, tmp_path / "graph.html") as (page, watch):
        assert page.locator("#shown").inner_text() == "1 of 1 shown"
        assert page.locator("#filter-list legend").all_inner_texts() == ["Type", "Year of the paper", "Confidence"], "no head without a choice"
        page.evaluate("select(0)")
        assert "No paper of this graph names it." in page.locator("#card").inner_text()
        assert watch.is_clean(), watch


def test_facts_from_a_user_s_table_show_their_file_and_row(browser: Any, tmp_path: Path) -> None:
    graph = sample_graph()
    graph.add_node("row:1a2b", type="Row", path="mine.csv", line=7)
    graph.add_node("result:feed", type="Result", row="row:1a2b", value="3", value_text="3", confidence=1.0, polarity="joined")
    graph.add_edge("result:feed", "e:fernwave", key="of", relation="of")
    graph.add_edge("e:fernwave", "e:tidepool", key="claim:00", relation="uses", claim="claim:00", row="row:1a2b", confidence=1.0, polarity="joined")
    write_html(graph, tmp_path / "graph.html")
    with opened(browser, tmp_path / "graph.html", "#edge=e%253Afernwave%20uses%20e%253Atidepool") as (page, watch):
        assert "from a table: mine.csv:7" in page.locator("#card").inner_text()
        assert "kg:line 7" in page.evaluate("turtle(shown.nodes, visibleFacts())")
        assert watch.is_clean(), watch


def test_in_a_notebook_s_sandboxed_frame_the_page_works_and_cannot_reach_the_notebook(browser: Any, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.html"
    head = '<!DOCTYPE html><html data-kg="ready"><meta charset="utf-8"><title>n</title><p id="cell"></p>'
    notebook.write_text(head + notebook_html(sample_graph(), title=html.escape("<x>")), "utf-8")
    with opened(browser, notebook) as (page, watch):
        frame = page.frame_locator("iframe")
        frame.locator('html[data-kg="ready"]').wait_for(state="attached")
        frame.locator("#search").fill("fernwave-7b")
        frame.locator("#search").press("Enter")
        assert frame.locator("#card-title").inner_text() == "Fernwave-7B"
        frame.locator("#filter-types-Paper").uncheck()
        assert frame.locator("#shown").inner_text() == "18 of 25 shown"
        inner = page.frames[1]
        assert inner.evaluate("(() => { try { return parent.document.title; } catch (e) { return e.name; } })()") == "SecurityError"
        assert watch.is_clean(), watch


STATES = {
    "first view": "",
    "card of a concept": "#node=e%3Afernwave",
    "card of a paper": "#node=paper%3Afernwave-01",
    "evidence of an edge": "#edge=e%253Afernwave%20outperforms%20e%253Aorchid",
    "focus": "#focus=e%3Atidepool&node=e%3Atidepool",
    "table of facts": "#view=table",
    "table of nodes": "#view=table&rows=nodes",
    "questions": "#view=questions",
    "leaderboard": "#view=questions&ask=leaderboard&about=e%3Aaccuracy",
    "path": "#view=path&a=e%3Agpu&b=e%3Awikipedia",
    "filtered": "#types=Paper%20Model&from=2024&sure=0.5",
}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(browser: Any, file: Path, scheme: str, width: int, height: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core comes with axe-playwright-python (extra `test`)").Axe()
    tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = []
    with opened(browser, file, width=width, height=height, color_scheme=scheme) as (page, watch):
        for name, hash_ in STATES.items():
            page.evaluate("hash => { fromHash(hash); show(); }", hash_)
            if name == "first view":
                page.fill("#search", "fern")
                found += [(name, v["id"], v["nodes"][0]["html"][:200]) for v in axe.run(page, options=tags).response["violations"]]
                page.keyboard.press("Escape")
            found += [(name, v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"]) for v in axe.run(page, options=tags).response["violations"]]
        assert watch.is_clean(), watch
    assert not found
