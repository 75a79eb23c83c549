"""The page in a real Chromium, by mouse and by keyboard, from disk: search, cards, keys, filters, focus, undo, address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sample import sample_graph
from tests.viewer_browser import drawn, on_screen, opened, shown, title

pytestmark = pytest.mark.browser


# --- search --------------------------------------------------------------------------------------------------------------------


def test_typing_a_name_finds_it_and_enter_opens_its_card(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("fernw")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    assert page.locator("#found [role=option]").first.inner_text().startswith("Fernwave")
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    assert title(page) == "Fernwave" and page.locator("#found").is_hidden()


def test_an_alias_is_found_and_taken_by_mouse(page: Any) -> None:
    page.fill("#search", "massive multi")
    page.locator("#found [role=option]").first.click()
    assert title(page) == "MMLU"


def test_a_sentence_is_found_even_if_it_names_nothing_and_leads_to_its_paper(page: Any) -> None:
    for words, paper in (("nothing is measured", "What Is Known About Nothing in Particular"), ("does not outperform", "Fernwave: A Small Language Model")):
        page.fill("#search", words)
        page.locator("#found [role=option]", has_text="sentence").first.click()
        assert title(page).startswith(paper)
    assert "does not outperform" in page.locator("#card section", has_text="Found sentence").inner_text()


def test_escape_closes_the_list_and_what_is_not_there_is_said(page: Any) -> None:
    page.fill("#search", "zzzz")
    assert page.locator("#found").inner_text() == "Nothing found" and page.locator("#live").inner_text() == "Nothing found."
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()


# --- cards and evidence --------------------------------------------------------------------------------------------------------


def test_clicking_a_node_opens_its_card_with_marked_sentences_and_values(page: Any) -> None:
    page.mouse.click(*on_screen(page, "e:fernwave"))
    page.wait_for_selector("#card-title")
    card = page.locator("#card")
    assert title(page) == "Fernwave" and card.locator(".type").inner_text() == "Model"
    assert "Fernwave" in card.locator("mark.strong").all_inner_texts()
    assert "61.2%" in card.locator("table").inner_text() and "on MMLU" in card.locator("table").inner_text()
    assert "Fernwave: A Small Language Model for Question Answering" in card.inner_text()
    card.locator("table button", has_text="Show").first.click()
    assert card.locator("tr.proof mark.value").count() == 1


def test_a_paper_s_card_has_its_links_its_facts_and_its_abstract_with_every_mention_marked(page: Any) -> None:
    page.evaluate("select(lookUp('paper:fernwave-01'))")
    card = page.locator("#card")
    assert card.locator("a[rel~=noopener]").evaluate_all("all => all.map(a => a.href)") == [
        "https://arxiv.org/abs/2401.00001",
        "https://github.com/example/fernwave",
    ]
    assert "Ada Ärger, Bo Li" in card.inner_text() and "a.txt:1, b.jsonl:7" in card.inner_text()
    assert card.locator(".abstract mark").count() == sum(
        len(edge["spans"])
        for source, _, edge in sample_graph().edges(data=True)
        if "spans" in edge and source.startswith("sentence:fernwave-01_") and "_t" not in source
    )
    card.locator(".abstract .mention", has_text="Orchid").click()
    assert title(page) == "Orchid"


def test_clicking_an_edge_shows_its_evidence(page: Any) -> None:
    (x1, y1), (x2, y2) = on_screen(page, "e:fernwave-7b"), on_screen(page, "e:perplexity")
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    page.wait_for_selector("#card .verb")
    assert page.locator("#card .verb").inner_text() == "evaluated by"
    assert "lowers perplexity from 12.4 to 9.8" in page.locator("#card blockquote").first.inner_text()
    assert "confidence 90 %" in page.locator("#card .where").first.inner_text()


def test_a_negated_statement_is_shown_as_negated_and_its_edge_is_dashed(page: Any) -> None:
    dashed = page.evaluate("shown.edges.filter(isDashed).map(e => [idOf(G.from[e]), G.relations[G.relation[e]], idOf(G.to[e])])")
    assert ["e:fernwave", "outperforms", "e:gpt-4"] in dashed and ["e:fernwave", "outperforms", "e:orchid"] not in dashed
    page.evaluate("selectEdge(edgeBetween(lookUp('e:fernwave'), G.relations.indexOf('outperforms'), lookUp('e:gpt-4')))")
    assert "negated" in page.locator("#card .where").inner_text()


def test_two_papers_that_say_the_same_are_both_shown_as_evidence(page: Any) -> None:
    page.evaluate("selectEdge(edgeBetween(lookUp('e:fernwave'), G.relations.indexOf('outperforms'), lookUp('e:orchid')))")
    assert page.locator("#card .evidence").count() == 2


def test_every_marked_mention_is_exactly_the_named_stretch_also_after_an_emoji(page: Any) -> None:
    names = page.evaluate(
        """() => G.mentionNode.map((n, m) => [[G.label[n], ...detail("alt_labels", n)], slice(
            G.sentenceTitle[G.mentionSentence[m]] ? G.label[G.sentencePaper[G.mentionSentence[m]]] : abstractOf(G.sentencePaper[G.mentionSentence[m]]),
            G.mentionStart[m], G.mentionEnd[m])])"""
    )
    assert len(names) > 50
    assert all(marked in forms for forms, marked in names)


# --- by keyboard ---------------------------------------------------------------------------------------------------------------


def test_the_drawing_is_walked_by_arrow_keys_and_the_card_entered_by_enter(page: Any) -> None:
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    first = title(page)
    page.keyboard.press("ArrowDown")
    assert title(page) != first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "card"
    page.keyboard.press("Escape")
    assert page.locator("#card-title").count() == 0


def test_the_drawing_is_zoomed_and_fitted_by_keys_and_buttons(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.locator("#canvas").focus()
    scale = page.evaluate("network.getScale()")
    page.keyboard.press("+")
    assert page.evaluate("network.getScale()") > scale
    page.keyboard.press("0")
    assert page.evaluate("network.getScale()") == pytest.approx(scale)
    page.locator("#zoom-out").click()
    assert page.evaluate("network.getScale()") < scale
    page.locator("#fit").click()
    assert page.evaluate("network.getScale()") == pytest.approx(scale)


def test_every_control_is_reached_by_tab_and_shows_its_focus(page: Any) -> None:
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(
            "[document.activeElement.id || document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]"
        )
        assert outline == "solid", f"no visible focus on {where!r}"
        reached.append(where)
        if where == "canvas":
            break
    assert {"skip", "search", "reset", "theme", "view-graph", "view-table", "view-questions", "view-path", "zoom-in", "fit", "physics", "canvas"} <= set(
        reached
    )
    assert "filter-types-Paper" in reached


# --- focus, filters, undo, address ---------------------------------------------------------------------------------------------


def test_focus_shows_one_hop_then_two_and_undo_goes_back(page: Any) -> None:
    page.evaluate("select(lookUp('e:tidepool'))")
    page.locator("button", has_text="Focus 1 hop").click()
    one = drawn(page)
    assert {"e:tidepool", "paper:tidepool-04", "e:nvidia-h100"} <= one and "e:perplexity" not in one
    assert "around Tidepool" in shown(page)
    page.locator("button", has_text="Focus 2 hops").click()
    assert drawn(page) > one
    page.keyboard.press("Control+z")
    assert drawn(page) == one
    page.locator("#undo").click()
    assert shown(page) == "25 of 25 shown"


def test_a_double_click_focuses(page: Any) -> None:
    page.mouse.dblclick(*on_screen(page, "e:tidepool"))
    page.wait_for_selector("text=around Tidepool")


def test_expand_adds_neighbours_and_pin_keeps_a_node_through_filters(page: Any) -> None:
    page.evaluate("focusOn(lookUp('e:glue'), 1)")
    before = drawn(page)
    page.evaluate("select(lookUp('e:fernwave-7b'))")
    page.locator("#card button", has_text="Expand").click()
    assert drawn(page) > before
    page.locator("#card button", has_text="Pin").click()
    assert page.locator("#card button", has_text="Unpin").get_attribute("aria-pressed") == "true"
    page.locator("#reset").click()
    page.evaluate("togglePin(lookUp('e:fernwave-7b'))")
    page.locator("#filter-types-Model").uncheck()
    assert "e:fernwave-7b" in drawn(page) and "e:orchid" not in drawn(page)


@pytest.mark.parametrize(
    ("control", "gone", "kept"),
    [
        ("#filter-types-Hardware", "e:nvidia-a100", "e:fernwave"),
        ("#filter-undated", "paper:untitled-05", "paper:orchid-02"),
        ("#filter-year-2024", "paper:fernwave-7b-03", "paper:orchid-02"),
    ],
)
def test_filters_by_type_and_year_take_nodes_out_by_keyboard(page: Any, control: str, gone: str, kept: str) -> None:
    assert {gone, kept} <= drawn(page)
    page.locator(control).focus()
    page.keyboard.press("Space" if "year-" not in control else "Enter")
    assert gone not in drawn(page) and kept in drawn(page)
    assert page.locator("#filter-count").inner_text() != ""
    assert page.evaluate("'#' + document.activeElement.id") == control, "the reader stays on the control"


def test_filters_by_relation_polarity_and_confidence_take_edges_and_facts_out(page: Any) -> None:
    def relations() -> list[str]:
        return list(page.evaluate("shown.edges.map(e => G.relations[G.relation[e]])"))

    page.locator("#filter-relations-mentions").uncheck()
    assert "mentions" not in relations() and "outperforms" in relations()
    page.locator("#filter-polarity-negated").uncheck()
    assert page.evaluate("shown.edges.filter(e => idOf(G.from[e]) === 'e:fernwave' && idOf(G.to[e]) === 'e:gpt-4').length") == 0
    page.locator("#filter-sure").focus()
    for _ in range(19):
        page.keyboard.press("ArrowRight")
    page.locator("#view-table").click()
    assert page.locator("#table caption").inner_text() == "Facts: 0"


def test_counts_beside_the_filters_are_those_of_the_graph(page: Any) -> None:
    graph = sample_graph()
    papers = sum(kind == "Paper" for _, kind in graph.nodes(data="type"))
    assert page.locator("label[for=filter-types-Paper] .count").inner_text() == str(papers)
    negated = sum(edge.get("polarity") == "negated" for *_, edge in graph.edges(data=True))
    assert page.locator("label[for=filter-polarity-negated] .count").inner_text() == str(negated)
    assert page.locator("label[for=filter-undated] .count").inner_text() == "2"


def test_filtering_everything_out_says_so_and_offers_the_way_back(page: Any) -> None:
    for box in page.locator("[id^=filter-types-]").all():
        page.locator(f"[id='{box.get_attribute('id')}']").uncheck()
    assert shown(page) == "0 of 25 shown" and "Nothing passes the filters" in page.locator("#empty").inner_text()
    page.locator("#empty button").click()
    assert shown(page) == "25 of 25 shown"


def test_the_address_holds_the_view_and_brings_it_back_elsewhere(page: Any, browser: Any, file: Path) -> None:
    page.locator("#filter-types-Task").uncheck()
    page.evaluate("focusOn(lookUp('e:orchid'), 2)")
    page.locator("#theme").click()
    hash_, nodes = page.evaluate("location.hash"), drawn(page)
    assert "focus=" in hash_
    with opened(browser, file, hash_) as (other, watch):
        assert drawn(other) == nodes and title(other) == "Orchid"
        assert other.evaluate("document.documentElement.dataset.theme") == "dark"
        assert watch.is_clean(), watch


def test_the_name_of_the_view_in_use_can_be_read_under_the_mouse(page: Any) -> None:
    button = page.get_by_role("button", name="Table", exact=True)
    button.click()  # the mouse stays over it
    colour, back = button.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert button.get_attribute("aria-pressed") == "true"
    assert colour != back


def test_filters_fold_where_the_page_is_narrow_and_unfold_when_it_gets_room(browser: Any, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        box = page.locator("#filter-types-Paper")
        assert box.is_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        box.wait_for(state="hidden")
        page.set_viewport_size({"width": 1440, "height": 900})
        box.wait_for(state="visible")
        assert watch.is_clean(), watch
