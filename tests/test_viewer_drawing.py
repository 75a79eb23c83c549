"""The drawing in a real Chromium: what is drawn and where, pointing, zooming, physics, wide and upright screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.viewer_browser import apart, drawn, on_screen, opened, shown, title

pytestmark = pytest.mark.browser


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


@contextmanager
def early(browser: Any, path: Path, action: str) -> Iterator[Any]:
    """The page of a file, in which `action` ran the moment it was ready; what it gave is `early`."""
    context = browser.new_context()
    page = context.new_page()
    watched = f"if (document.documentElement.dataset.kg) {{ watch.disconnect(); window.early = (() => {{ {action} }})(); }}"
    page.add_init_script(
        f"new MutationObserver((_, watch) => {{ {watched} }}).observe(document, {{ subtree: true, attributes: true, attributeFilter: ['data-kg'] }});"
    )
    page.goto(path.as_uri())
    yield page
    context.close()


def test_a_node_chosen_before_all_data_is_read_gets_its_card_when_it_is(browser: Any, large: Path) -> None:
    with early(browser, large, "select(3); return !G.whole;") as page:
        page.wait_for_selector("#card-title")
        assert page.evaluate("window.early") is True and page.evaluate("G.whole") is True
        assert title(page) == page.evaluate("nameOf(3)")


def at_node(number: int, event: str) -> str:
    """An expression that sends the drawing an event at the place of a node while the sketch is drawn."""
    place = f"const {{ x, y }} = shown.at.get({number}), box = $('canvas').getBoundingClientRect();"
    where = "[box.left + box.width / 2 + (x - sketch.position.x) * sketch.scale, box.top + box.height / 2 + (y - sketch.position.y) * sketch.scale]"
    return f"{place} const [clientX, clientY] = {where}; $('canvas').dispatchEvent({event});"


def test_a_finger_gets_vis_and_the_node_under_it_at_once_before_all_data_is_read(browser: Any, large: Path) -> None:
    touch = at_node(3, "new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch', pointerId: 7, clientX, clientY })")
    found = "network.getNodeAt(network.canvasToDOM(shown.at.get(3)))"
    code = f"const before = [network === sketch, Boolean(window.vis)]; {touch} return [...before, network === sketch, {found}, nodeSet.length < 50, Boolean(G.whole)];"
    with early(browser, large, code) as page:
        page.wait_for_selector("html[data-whole]")
        assert page.evaluate("window.early") == [True, False, False, 3, True, False]
        assert page.evaluate("nodeSet.length") == 800


def test_a_press_right_after_the_page_is_ready_drags_the_drawing(browser: Any, file: Path) -> None:
    press = at_node(0, "new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch', pointerId: 7, isPrimary: true, clientX: 400, clientY: 300 })")
    move = "new PointerEvent('pointermove', { bubbles: true, pointerType: 'touch', pointerId: 7, isPrimary: true, clientX, clientY: 350 })"
    moves = f"for (const clientX of [420, 460, 500]) $('canvas').dispatchEvent({move});"
    with early(browser, file, f"const before = sketch.position.x; {press} {moves} return [before, network.getViewPosition().x];") as page:
        page.wait_for_selector("html[data-whole]")
        before, after = page.evaluate("window.early")
        assert after < before, "the drawing follows the finger to the right"


def test_a_wheel_right_after_the_page_is_ready_zooms(browser: Any, file: Path) -> None:
    wheel = at_node(0, "new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaY: -100, clientX, clientY })")
    with early(browser, file, f"const before = sketch.scale; {wheel} return network.getScale() / before;") as page:
        page.wait_for_selector("html[data-whole]")
        assert page.evaluate("window.early") > 1


def test_vis_takes_the_drawing_over_where_it_stands_without_a_change_to_be_seen(browser: Any, file: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=2)
    page = context.new_page()
    page.add_init_script("window.setTimeout = (wait => (f, ms) => (ms === 300 ? 0 : wait(f, ms)))(window.setTimeout);")  # the rest is not read by itself
    page.goto(file.as_uri())
    page.wait_for_selector('html[data-kg="ready"]')
    sketched = page.screenshot()
    assert page.evaluate("network === sketch && !window.vis")
    page.evaluate("engageFully()")
    page.wait_for_timeout(100)
    assert page.evaluate("network !== sketch && nodeSet.length === page.nodes.length")
    assert page.screenshot() == sketched
    context.close()


def test_on_an_upright_phone_a_path_runs_to_and_fro_and_all_its_names_can_be_read(browser: Any, file: Path) -> None:
    with opened(browser, file, "#view=path&a=e%3Atidepool&b=e%3Awikipedia", width=390, height=844) as (page, watch):
        names = page.evaluate("pathNodes().length")
        assert names >= 4 and page.evaluate("labelBoxes.length") >= names and apart(page.evaluate("labelBoxes"))
        places = page.evaluate("Object.values(network.getPositions(pathNodes()))")
        assert page.evaluate("Math.abs(network.getViewPosition().x - 100) < 1"), "the path stands in the middle"
        assert len({p["x"] for p in places}) == 2 and len({p["y"] for p in places}) == (names + 1) // 2
        assert watch.is_clean(), watch


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


def test_on_a_phone_a_focus_stands_in_the_room_above_the_card(browser: Any, file: Path) -> None:
    with opened(browser, file, width=390, height=844) as (page, _):
        page.evaluate("focusOn(lookUp('e:fernwave'), 1)")
        page.wait_for_timeout(400)
        top = page.locator("#card").bounding_box()["y"]
        assert all(on_screen(page, node)[1] < top for node in drawn(page))


def test_a_view_that_nobody_moved_shows_all_nodes_when_the_window_changes_and_a_moved_one_stays(browser: Any, file: Path) -> None:
    scale = "network.getScale()"
    with opened(browser, file, width=1280, height=600) as (page, _):
        for width, height in ((1280, 1000), (900, 1000), (1440, 700)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(400)  # vis looks for a new size every now and then
            fitted = page.evaluate(scale)
            assert page.evaluate("shown.nodes.some(isOut)") is False
            page.locator("#fit").click()
            assert page.evaluate(scale) == pytest.approx(fitted, rel=0.02)
        page.evaluate("zoom(3)")
        page.wait_for_timeout(500)
        page.set_viewport_size({"width": 1440, "height": 720})
        page.wait_for_timeout(400)
        assert page.evaluate(scale) > 2 * fitted


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_an_edge_chosen_out_of_sight_is_brought_into_view_with_both_its_ends(browser: Any, file: Path, width: int, height: int) -> None:
    with opened(browser, file, width=width, height=height, reduced_motion="reduce") as (page, _):
        page.evaluate("network.moveTo({ position: { x: 9000, y: 9000 }, scale: 2, animation: false })")
        page.evaluate("selectEdge(edgeBetween(lookUp('e:fernwave'), G.relations.indexOf('outperforms'), lookUp('e:orchid')))")
        page.wait_for_timeout(100)
        assert page.evaluate("['e:fernwave', 'e:orchid'].map(lookUp).some(isOut)") is False


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
