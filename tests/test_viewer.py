"""The viewer's Python: packing, data, layout, page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path

import networkx as nx
import pytest

from benchmarks.synthetic import synthetic
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.viewer import layout
from kgraph.viewer.data import RELATIONS, TYPES, page_data
from kgraph.viewer.pack import ALPHABET, pack_ints, pack_texts, unpack_ints, unpack_text
from kgraph.viewer.page import make_page, notebook_html, view, write_html
from tests.sample import NASTY, RUN, sample_graph

VIEWER = Path(__file__).parents[1] / "kgraph" / "viewer"
SCRIPTS = sorted((VIEWER / "js").glob("*.js"))


def made(count: int) -> KnowledgeGraph:
    return build_graph(*synthetic(count), RUN)


def data_of(page: str, part: str) -> str:
    """The text of the page's part `data`, of the first view, or `rest`."""
    found = re.search(rf'<script type="application/json" id="kg-{part}">(.*?)</script>', page, re.DOTALL)
    assert found
    return found[1]


def test_packed_numbers_and_texts_come_back_as_they_were() -> None:
    numbers = [0, 1, 43, 44, 1935, 1936, 10**9]
    assert unpack_ints(pack_ints(numbers)) == numbers
    texts = ["", " ", "two  blanks", "a\nb\tc", NASTY, "same words same words"]
    words, packed = pack_texts(texts)
    assert [unpack_text(words, text) for text in packed] == texts
    assert not set("<>&\"'\\") & set(ALPHABET)


def test_a_negative_number_is_refused_instead_of_being_written_wrongly() -> None:
    with pytest.raises(ValueError, match="natural numbers"):
        pack_ints([-1])


def test_every_paper_and_concept_is_in_the_data_and_knows_its_type() -> None:
    graph = sample_graph()
    data = page_data(graph, 800)
    expected = {node for node, kind in graph.nodes(data="type") if kind in TYPES}
    assert len(data.nodes) == len(expected) == len(unpack_ints(data.rest["kinds"])) == data.first["size"]
    assert [TYPES[kind] for kind in unpack_ints(data.rest["kinds"])] == [node["type"] for node in data.nodes]
    assert data.edges and all(a != b and relation in RELATIONS for a, b, relation, _ in data.edges)


def test_two_builds_of_equal_graphs_give_equal_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.sample import sample_graph; from kgraph.viewer.page import write_html; "
        "write_html(sample_graph(), Path(sys.argv[1]))"
    )
    written = []
    for seed in ("0", "4711"):
        target = tmp_path / f"{seed}.html"
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(VIEWER.parents[1]), "PATH": ""}
        subprocess.run([sys.executable, "-c", code, str(target)], check=True, env=env, cwd=tmp_path)
        written.append(target.read_bytes())
    assert written[0] == written[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.html", "4711.html"], "nothing beside the page is written"


def test_the_page_is_ascii_with_a_policy_that_allows_only_its_own_scripts(tmp_path: Path) -> None:
    write_html(sample_graph(), tmp_path / "graph.html", title="Ünïcode </title><script>alert(1)</script>")
    page = (tmp_path / "graph.html").read_bytes().decode("ascii")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1] and "connect-src 'none'" in policy[1] and "unsafe-eval" not in policy[1]
    scripts = re.findall(r'<script(?: type="text/plain" id="kg-vis")?>(.*?)</script>', page, re.DOTALL)
    hashed = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(hashed) == 2 and sorted(re.findall(r"'sha256-([^']*)'", policy[1])) == sorted(hashed)
    assert "@license" in scripts[0], "vis-network keeps its licence"
    assert page.startswith("<!DOCTYPE html>") and 'lang="en"' in page and "<title>&#220;n&#239;code &lt;/title&gt;" in page
    assert page.count("</script>") == 4 and "<!--" not in page, "nothing of the data can close a script or open a comment"
    assert not re.search(r"<link[^>]+http|src=.http", page)


def test_the_data_hold_nasty_names_unharmed() -> None:
    held = json.loads(data_of(make_page(sample_graph()).generate_html(), "rest"))
    assert NASTY in [unpack_text(held["words"], label) for label in held["labels"]]


def test_lone_surrogates_are_written_as_replacement_characters() -> None:
    graph = sample_graph()
    for node, kind in graph.nodes(data="type"):
        if kind == "Model":
            graph.nodes[node]["label"] = "half \ud83d name"
    held = json.loads(data_of(make_page(graph).generate_html(), "rest"))
    assert "half \ufffd name" in [unpack_text(held["words"], label) for label in held["labels"]]


def test_the_first_view_is_made_of_pyvis_nodes_and_edges_within_the_budget() -> None:
    page = make_page(made(60), budget=50)
    assert len(page.nodes) == 50 and {node["id"] for node in page.nodes} == set(range(50))
    assert 0 < len(page.edges) <= 100
    assert all(edge["from"] < 50 and edge["to"] < 50 for edge in page.edges)
    assert page.options["physics"] == {"enabled": False}


def test_a_budget_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one node"):
        make_page(sample_graph(), budget=0)


def test_nodes_of_the_first_view_do_not_cover_each_other() -> None:
    nodes = make_page(made(150)).nodes
    for index, a in enumerate(nodes):
        for b in nodes[:index]:
            assert (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2 > 20**2, (a, b)


def test_communities_stand_apart_and_are_placed_in_the_same_way_each_time() -> None:
    cliques = nx.connected_caveman_graph(6, 8)
    edges = {(min(a, b), max(a, b)): 1.0 for a, b in cliques.edges}
    groups = layout.communities(48, edges)
    assert sorted(len(group) for group in groups) == [8] * 6
    positions, discs = layout.place(groups, edges)
    assert (positions, discs) == layout.place(groups, dict(reversed(edges.items())))
    for index, (x, y, radius) in enumerate(discs):
        assert all((positions[node][0] - x) ** 2 + (positions[node][1] - y) ** 2 <= (radius + 1) ** 2 for node in groups[index])
        assert all((x - a) ** 2 + (y - b) ** 2 >= (radius + r - 3) ** 2 for a, b, r in discs[:index])


def test_a_community_is_named_after_a_concept_and_no_two_have_one_name() -> None:
    groups = make_page(made(80)).data["groups"]
    labels = {name for name, *_ in groups}
    assert groups and len(labels) == len(groups)


def test_graphs_of_no_and_one_node_make_a_page() -> None:
    empty = KnowledgeGraph()
    assert json.loads(data_of(make_page(empty).generate_html(), "data"))["nodes"] == []
    one = KnowledgeGraph()
    one.add_node("e:alone", type="Model", label="Alone")
    assert len(make_page(one).nodes) == 1


def test_a_large_page_holds_its_data_deflated() -> None:
    held = zlib.decompress(base64.b64decode(data_of(make_page(made(1500)).generate_html(), "rest"), validate=True))
    assert "bodies" in json.loads(held)


def test_in_notebooks_the_same_page_stands_in_a_sandboxed_frame_and_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    graph = sample_graph()
    frame = notebook_html(graph)
    assert frame == graph._repr_html_() == view(graph).data
    assert 'sandbox="allow-scripts' in frame and "allow-same-origin" not in frame
    assert frame.count("<iframe") == 1 and "<script" not in frame, "the page is escaped inside the frame"
    assert not list(tmp_path.iterdir())


def test_importing_the_viewer_loads_neither_pyvis_nor_numpy_nor_jinja() -> None:
    code = "import kgraph.viewer.page, sys; print([m for m in ('pyvis', 'numpy', 'jinja2', 'IPython') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=VIEWER.parents[1])
    assert done.stdout.strip() == "[]"


def test_scripts_take_text_only_as_text_and_have_no_comment_or_text_that_squeezing_would_break() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc"
    banned = re.compile(rf"{markup}|\beval\(|new Function|localStorage|fetch\(|XMLHttpRequest")
    assert SCRIPTS
    for script in SCRIPTS:
        source = script.read_text("utf-8")
        assert not banned.search(source), script.name
        assert "`" not in re.sub(r'"[^"\n]*"|//[^\n]*', "", source), f"{script.name}: a template text may run over lines"
        assert "/*" not in re.sub(r'"[^"\n]*"|/[^/\n]+/[a-z]*', "", source), script.name
        assert len(source.splitlines()) < 500


def test_every_script_of_the_folder_is_in_the_page_and_none_is_missing() -> None:
    from kgraph.viewer import network

    assert sorted(network.SCRIPTS) == [script.name for script in SCRIPTS]
