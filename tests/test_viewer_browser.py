"""The page in a real Chromium, by mouse and by keyboard, from disk, with every request over the network aborted and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.viewer.page import write_html
from tests.sample import sample_graph
from tests.viewer_browser import Watch, chromium, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_html(sample_graph(), path)
    return path


@pytest.fixture
def at(browser: Any, file: Path) -> Iterator[tuple[Any, Watch]]:
    with opened(browser, file) as (page, watch):
        yield page, watch
        assert watch.is_clean(), watch


def on_screen(page: Any, node: str) -> tuple[float, float]:
    """Where a node stands in the window, in pixels."""
    x, y = page.evaluate("id => { const p = network.canvasToDOM(network.getPositions([lookUp(id)])[lookUp(id)]); return [p.x, p.y]; }", node)
    box = page.locator("#canvas").bounding_box()
    return box["x"] + x, box["y"] + y


def title(page: Any) -> str:
    return str(page.locator("#card-title").inner_text())


def state(page: Any, key: str) -> str:
    return str(page.evaluate("key => state[key]", key))


def test_the_page_says_how_many_nodes_it_shows_and_every_type_has_colour_and_shape(at: tuple[Any, Watch]) -> None:
    page, _ = at
    assert page.locator("#shown").inner_text() == "25 of 25 shown"
    drawn = page.evaluate("nodeSet.get().map(n => [typeOf(n.id), n.color.background, n.ctxRenderer ? SHAPES[typeOf(n.id)] : n.shape])")
    looks = {kind: (colour, shape) for kind, colour, shape in drawn}
    assert len(looks) == 9 and len({colour for colour, _ in looks.values()}) == 9 and len({shape for _, shape in looks.values()}) == 9


def test_labels_of_the_first_view_do_not_overlap(at: tuple[Any, Watch]) -> None:
    page, _ = at
    boxes = page.evaluate("labelBoxes")
    assert len(boxes) > 12
    for index, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[:index])


def test_typing_a_name_finds_it_and_enter_opens_its_card(at: tuple[Any, Watch]) -> None:
    page, _ = at
    page.keyboard.press("/")
    page.keyboard.type("fernw")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    assert page.locator("#found [role=option]").first.inner_text().startswith("Fernwave")
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    assert title(page) == "Fernwave" and page.locator("#found").is_hidden()


def test_an_alias_is_found_and_taken_by_mouse(at: tuple[Any, Watch]) -> None:
    page, _ = at
    page.fill("#search", "massive multi")
    page.locator("#found [role=option]").first.click()
    assert title(page) == "MMLU"


def test_a_sentence_is_found_and_shown_in_its_paper(at: tuple[Any, Watch]) -> None:
    page, _ = at
    page.fill("#search", "nothing is measured")
    option = page.locator("#found [role=option]", has_text="sentence")
    option.click()
    assert "Nothing in Particular" in title(page)


def test_clicking_a_node_opens_its_card_with_marked_sentences_and_values(at: tuple[Any, Watch]) -> None:
    page, _ = at
    page.mouse.click(*on_screen(page, "e:fernwave"))
    page.wait_for_selector("#card-title")
    card = page.locator("#card")
    assert title(page) == "Fernwave"
    assert "Fernwave" in card.locator("mark.strong").all_inner_texts()
    assert "61.2%" in card.locator("table").inner_text() and "MMLU" in card.locator("table").inner_text()
    assert "Fernwave: A Small Language Model for Question Answering" in card.inner_text()
    card.locator("table button", has_text="Show").first.click()
    assert card.locator("tr.proof mark.value").count() == 1


def test_clicking_an_edge_shows_its_evidence(at: tuple[Any, Watch]) -> None:
    page, _ = at
    (x1, y1), (x2, y2) = on_screen(page, "e:fernwave-7b"), on_screen(page, "e:perplexity")
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    page.wait_for_selector("#card .verb")
    assert page.locator("#card .verb").inner_text() == "evaluated by"
    assert "lowers perplexity from 12.4 to 9.8" in page.locator("#card blockquote").first.inner_text()
    assert "confidence 90 %" in page.locator("#card .where").first.inner_text()


def test_a_negated_statement_is_shown_as_negated_and_its_edge_is_dashed(at: tuple[Any, Watch]) -> None:
    page, _ = at
    dashed = page.evaluate("edgeSet.get().filter(e => e.dashes).map(e => [idOf(e.from), G.relations[G.relation[e.id]], idOf(e.to)])")
    assert ["e:fernwave", "outperforms", "e:gpt-4"] in dashed and ["e:fernwave", "outperforms", "e:orchid"] not in dashed
    page.evaluate("selectEdge(edgeBetween(lookUp('e:fernwave'), G.relations.indexOf('outperforms'), lookUp('e:gpt-4')))")
    assert "negated" in page.locator("#card .where").inner_text()


def test_every_marked_mention_is_exactly_the_named_stretch_also_after_an_emoji(at: tuple[Any, Watch]) -> None:
    page, _ = at
    names = page.evaluate(
        """() => G.mentionNode.map((n, m) => [[G.label[n], ...detail("alt_labels", n)], slice(
            G.sentenceTitle[G.mentionSentence[m]] ? G.label[G.sentencePaper[G.mentionSentence[m]]] : abstractOf(G.sentencePaper[G.mentionSentence[m]]),
            G.mentionStart[m], G.mentionEnd[m])])"""
    )
    assert len(names) > 50
    assert all(marked in forms for forms, marked in names)
