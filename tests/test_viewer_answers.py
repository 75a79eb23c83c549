"""Path, leaderboard, questions, table and export of the page in a real Chromium."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
import rdflib

from tests.sample import sample_graph
from tests.viewer_browser import drawn, opened, saved

pytestmark = pytest.mark.browser


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
    assert "ORDER BY ?unit ?value" in page.locator("#sparql").input_value(), "as SPARQL the lowest comes first as well"


def test_a_column_without_an_entry_is_left_out_of_an_answer(page: Any) -> None:
    page.evaluate("go({ view: 'questions', ask: 'leaderboard', about: 'e:accuracy' })")
    heads = page.locator("#questions th").all_inner_texts()
    cells = [row.locator("td").all_inner_texts() for row in page.locator("#questions tbody tr").all()]
    assert heads[:3] == ["Rank", "What", "Value"] and heads[-1] == "Evidence" and len(heads) < 8
    assert all(len(row) == len(heads) for row in cells) and all(any(column) for column in zip(*cells, strict=True))


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
    assert first == sorted(first, key=lambda name: (not name, name.lower())), "what has no subject comes last"
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
