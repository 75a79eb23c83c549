"""The page in a real Chromium, by mouse and by keyboard, from disk, with every request over the network aborted and counted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib

from benchmarks.synthetic import synthetic
from kgraph.graph import build_graph
from kgraph.viewer.page import write_html
from tests.sample import RUN, sample_graph
from tests.viewer_browser import opened

pytestmark = pytest.mark.browser


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


# --- the drawing ---------------------------------------------------------------------------------------------------------------


def test_the_page_says_how_many_nodes_it_shows_and_every_type_has_colour_and_shape(page: Any) -> None:
    assert shown(page) == "25 of 25 shown"
    looks = {kind: (colour, shape) for kind, colour, shape in page.evaluate("G.types.map(t => [t, colourOf(t), SHAPES[t]])")}
    assert {typed["group"]: typed["shape"] for typed in page.evaluate("page.nodes")} == {kind: shape for kind, (_, shape) in looks.items()}
    assert len(looks) == 9 and len({colour for colour, _ in looks.values()}) == 9 and len({shape for _, shape in looks.values()}) == 9


def test_the_first_view_is_what_pyvis_generated(page: Any) -> None:
    assert page.evaluate("page.nodes.every(n => nodeSet.get(n.id).x === n.x && nodeSet.get(n.id).y === n.y && SHAPES[n.group] === n.shape)")
    ours = page.evaluate("shown.edges.map(e => [G.from[e], G.to[e], G.relations[G.relation[e]]].join(' ')).sort()")
    assert ours == page.evaluate("page.edges.map(e => [e.from, e.to, e.relation].join(' ')).sort()")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_labels_of_the_first_view_do_not_overlap_and_a_large_graph_is_drawn_in_part(browser: Any, file: Path, large: Path, width: int, height: int) -> None:
    for path, least in ((file, 8), (large, 15)):
        with opened(browser, path, width=width, height=height) as (page, watch):
            boxes = page.evaluate("labelBoxes")
            assert len(boxes) >= least and apart(boxes)
            if path == large:
                assert shown(page) == "800 of 1,748 shown"
                assert page.evaluate("page.groups.length") >= 3, "communities are named"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
            assert watch.is_clean(), watch


def test_physics_is_off_and_can_be_switched_on_for_the_drawn_part(page: Any) -> None:
    before = page.evaluate("network.getPositions()")
    page.wait_for_timeout(200)
    assert page.evaluate("network.getPositions()") == before
    page.locator("#physics").check()
    page.wait_for_timeout(400)
    assert page.evaluate("network.getPositions()") != before
    page.locator("#physics").uncheck()
    page.wait_for_timeout(100)
    after = page.evaluate("network.getPositions()")
    page.wait_for_timeout(200)
    assert page.evaluate("network.getPositions()") == after


def test_a_node_that_was_not_drawn_joins_the_drawing_with_its_neighbours_when_selected(browser: Any, large: Path) -> None:
    with opened(browser, large) as (page, watch):
        last = page.evaluate("idOf(G.size - 1)")
        assert last not in drawn(page)
        page.evaluate("id => select(lookUp(id))", last)
        assert last in drawn(page) and 801 <= len(drawn(page)) <= 815
        assert watch.is_clean(), watch


def test_a_node_chosen_before_all_data_is_read_gets_its_card_when_it_is(browser: Any, large: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    chosen = "if (document.documentElement.dataset.kg) { window.early = !G.whole; select(3); }"
    page.add_init_script(
        f"new MutationObserver((_, watch) => {{ {chosen} if (window.early !== undefined) watch.disconnect(); }}).observe(document, {{ subtree: true, attributes: true, attributeFilter: ['data-kg'] }});"
    )
    page.goto(large.as_uri())
    page.wait_for_selector("#card-title")
    assert page.evaluate("window.early") is True and page.evaluate("G.whole") is True
    assert title(page) == page.evaluate("nameOf(3)")
    context.close()


def test_the_first_view_that_stands_open_in_the_page_agrees_with_the_data(browser: Any, file: Path, large: Path) -> None:
    for path in (file, large):
        with opened(browser, path) as (page, _):
            assert page.evaluate("page.nodes.every(n => G.label[n.id] === n.label && typeOf(n.id) === n.group)")
            assert page.evaluate(
                "page.edges.length === firstView().edges.length && new Set(firstView().edges.map(e => edgeKey(G.from[e], G.relation[e], G.to[e]))).size === page.edges.length"
            )
            ours = page.evaluate("edgesAmong(firstView().drawn, filters()).map(e => [G.from[e], G.to[e], G.relation[e]].join()).sort()")
            assert ours == page.evaluate("page.edges.map(e => [e.from, e.to, G.relations.indexOf(e.relation)].join()).sort()")
            counted = page.evaluate(
                """() => { const c = {}; const add = (k) => { c[k] = (c[k] || 0) + 1; };
                for (const r of G.relation) add(G.relations[r]);
                for (const f of G.facts) { if (f.type) add(FACT_WORDS[f.type]); add(f.polarity); }
                for (let n = 0; n < G.size; n++) add(typeOf(n));
                for (const p of G.papers) add(yearOf(p) ?? "undated"); return c; }"""
            )
            kept = page.evaluate(
                "({ ...page.counts.relations, ...page.counts.polarity, ...page.counts.types, ...page.counts.years, undated: page.counts.undated })"
            )
            assert counted == {name: count for name, count in kept.items() if count}
            dashed = "page.edges.every((edge, e) => { const facts = (G.edgeFacts.get(e) || []).map(at => G.facts[at].polarity); return Boolean(edge.dashes) === (facts.length > 0 && !G.known.has(e) && !facts.some(p => p === 'asserted' || p === 'joined')); })"
            assert page.evaluate(dashed)


def test_on_an_upright_phone_the_drawing_is_upright_as_well(browser: Any, large: Path) -> None:
    shapes = []
    for width, height in ((1440, 900), (390, 844)):
        with opened(browser, large, width=width, height=height) as (page, _):
            places = page.evaluate("Object.values(network.getPositions())")
            shapes.append([max(p[axis] for p in places) - min(p[axis] for p in places) for axis in ("x", "y")])
    assert shapes[0][0] > shapes[0][1] and shapes[1] == shapes[0][::-1]


def test_under_the_pointer_an_edge_is_lit_and_physics_gets_the_edges_only_while_it_is_on(page: Any) -> None:
    (x1, y1), (x2, y2) = on_screen(page, "e:fernwave-7b"), on_screen(page, "e:perplexity")
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2)
    lit = page.evaluate("[G.from[hoveredEdge], G.to[hoveredEdge]].map(idOf)")
    assert lit == ["e:fernwave-7b", "e:perplexity"]
    page.mouse.move(x1, y1)
    assert page.evaluate("hoveredEdge") == -1
    page.locator("#physics").check()
    assert page.evaluate("edgeSet.length === shown.edges.length")
    page.locator("#physics").uncheck()
    assert page.evaluate("edgeSet.length") == 0


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


# --- path, questions, table ----------------------------------------------------------------------------------------------------


def test_a_path_between_two_nodes_shows_the_sentence_of_each_step(page: Any) -> None:
    page.locator("#view-path").click()
    for field, name in (("#path-a", "tidepool"), ("#path-b", "wikipedia")):
        page.locator(field).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    steps = page.locator("#path .steps > li")
    assert steps.count() >= 2
    assert all(step.locator("blockquote mark").count() for step in steps.all())
    ends = page.evaluate("pathNodes().map(idOf)")
    assert ends[-1] == "e:wikipedia" and len(ends) == steps.count() + 1 and drawn(page) == set(ends)
    page.locator("#path button", has_text="Swap").click()
    assert page.evaluate("pathNodes().map(idOf)")[0] == "e:wikipedia"


def test_no_path_is_said(page: Any) -> None:
    page.evaluate("go({ view: 'path', a: 'e:fernwave', b: 'paper:plain-06' })")
    assert "No path joins these two" in page.locator("#path").inner_text()


def test_the_leaderboard_of_a_metric_ranks_stated_values_by_unit_and_direction(page: Any) -> None:
    page.evaluate("select(lookUp('e:accuracy'))")
    page.locator("#card button", has_text="Leaderboard").click()
    rows = [row.locator("td").all_inner_texts()[:3] for row in page.locator("#questions tbody tr").all()]
    assert rows == [["1", "Fernwave", "61.2%"], ["2", "Fernwave", "60.50 %"], ["3", "Orchid", "58.0"]], "prior work is not a result of the paper"
    page.locator(".suggestions button", has_text="perplexity").click()
    assert "Lower is better." in page.locator("#questions").inner_text()
    assert [row.locator("td").nth(2).inner_text() for row in page.locator("#questions tbody tr").all()] == ["9.8", "12.4"]
    page.locator("#questions tbody button", has_text="Sentence").first.click()
    assert page.locator("#questions tr.proof mark.value").inner_text() == "9.8"


QUESTIONS = [
    ("hardware", ""), ("on", "e:gpu"), ("beats", "e:orchid"), ("beaten", "e:fernwave-7b"), ("basedon", "e:fernwave"), ("users", "e:low-rank-adaptation"),
    ("leaderboard", "e:accuracy"), ("leaderboard", "e:throughput"), ("evaluated", "e:mmlu"), ("sizes", ""), ("introduces", ""), ("code", ""),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "about"), QUESTIONS)
def test_the_table_of_a_question_and_its_sparql_over_the_turtle_give_the_same_number_of_answers(page: Any, ask: str, about: str) -> None:
    page.evaluate("([ask, about]) => go({ view: 'questions', ask, about })", [ask, about])
    rows = page.locator("#questions tbody tr").count()
    answers = list(sample_graph().to_pyoxigraph().query(page.locator("#sparql").input_value()))
    assert rows == len(answers) > 0


def test_every_question_is_tested() -> None:
    source = (Path(__file__).parents[1] / "kgraph/viewer/js/questions.js").read_text("utf-8")
    assert set(re.findall(r'key: "(\w+)", title', source)) == {ask for ask, _ in QUESTIONS}


def test_the_table_holds_all_facts_and_sorts_by_its_heads_by_keyboard(page: Any) -> None:
    page.locator("#view-table").click()
    graph = sample_graph()
    claims = sum("claim" in edge for *_, edge in graph.edges(data=True))
    facts = claims + sum(kind in ("Result", "Quantity", "HardwareUse") for _, kind in graph.nodes(data="type"))
    assert page.locator("#table tbody tr").count() == facts
    page.locator("#table th button", has_text="Subject").focus()
    page.keyboard.press("Enter")
    first = [row.locator("td").first.inner_text() for row in page.locator("#table tbody tr").all()]
    assert first == sorted(first, key=str.lower)
    assert page.locator("#table th[aria-sort=ascending]").inner_text().startswith("Subject")
    page.keyboard.press("Enter")
    assert page.locator("#table th[aria-sort=descending]").inner_text().startswith("Subject"), "the reader stays on the head"
    page.locator("#table button", has_text="Papers and concepts").click()
    assert page.locator("#table tbody tr").count() == 25


def test_a_long_table_has_leaves(browser: Any, large: Path) -> None:
    with opened(browser, large, "#view=table") as (page, watch):
        assert page.locator("#table tbody tr").count() == 100
        page.locator("#table button", has_text="Next").click()
        assert page.locator("#table caption").inner_text().startswith("Facts: 101 to 200 of")
        assert watch.is_clean(), watch


# --- export --------------------------------------------------------------------------------------------------------------------


def triples(graph: rdflib.Graph) -> set[tuple[str, str, str]]:
    """Triples as text, numbers by value, without the description of the data set."""

    def plain(term: Any) -> str:
        return str(float(term)) if isinstance(term, rdflib.Literal) and term.datatype in (rdflib.XSD.decimal, rdflib.XSD.integer) else term.n3()

    return {(plain(s), plain(p), plain(o)) for s, p, o in graph if "/dataset/" not in str(s)}


def test_the_turtle_of_the_whole_drawing_says_exactly_what_graph_ttl_says(page: Any) -> None:
    ours = rdflib.Graph().parse(data=saved(page, "Turtle").decode("utf-8"), format="turtle")
    assert triples(ours) == triples(sample_graph().to_rdflib())


def test_the_turtle_of_a_part_is_a_part_of_graph_ttl(page: Any) -> None:
    page.evaluate("focusOn(lookUp('e:tidepool'), 1)")
    ours = rdflib.Graph().parse(data=saved(page, "Turtle").decode("utf-8"), format="turtle")
    assert set() < triples(ours) < triples(sample_graph().to_rdflib())


def test_the_csv_has_a_row_for_each_visible_fact_and_no_formula(page: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV").decode("utf-8"), newline="")))
    assert len(rows) == page.evaluate("G.facts.length")
    assert {"subject", "relation", "object", "sentence", "confidence", "polarity", "identifier"} <= set(rows[0])
    assert any(row["sentence"].startswith("Fernwave reaches 61.2%") and row["identifier"] == "arXiv:2401.00001" for row in rows)
    assert not any(value[:1] in ("=", "@") for row in rows for value in row.values())


def test_pictures_are_a_png_and_a_well_formed_svg_with_every_node(page: Any) -> None:
    from xml.etree import ElementTree

    assert saved(page, "PNG").startswith(b"\x89PNG\r\n")
    picture = ElementTree.fromstring(saved(page, "SVG"))
    shapes = [e for e in picture.iter() if e.tag.endswith(("polygon", "circle"))]
    assert len(shapes) == 25 and all(shape[0].text for shape in shapes)


def test_bibtex_has_an_entry_for_each_drawn_paper(page: Any) -> None:
    text = saved(page, "BibTeX").decode("utf-8")
    assert text.count("@misc{") == 7
    assert "eprint = {2401.00001}" in text and "author = {Ada Ärger and Bo Li}" in text and "year = {2024}" in text
    assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")


def test_the_parquet_file_is_read_by_another_tool_and_says_what_the_csv_says(page: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow reads the Parquet file (extra `tables`)")
    table = parquet.read_table(io.BytesIO(saved(page, "Parquet"))).to_pylist()
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV").decode("utf-8"), newline="")))
    assert [row["sentence"] for row in table] == [row["sentence"] for row in rows]
    assert [row["confidence"] for row in table] == [float(row["confidence"]) for row in rows]


def test_the_name_of_the_view_in_use_can_be_read_under_the_mouse(page: Any) -> None:
    button = page.get_by_role("button", name="Table", exact=True)
    button.click()  # the mouse stays over it
    colour, back = button.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert button.get_attribute("aria-pressed") == "true"
    assert colour != back
