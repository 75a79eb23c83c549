"""Readers of pasted text: the three shapes of the seed files, and what people do to them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.model import Paper, Problem
from kgraph.read import read_papers, readers, recognise
from kgraph.read.duplicates import merge_duplicates

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SEEDS = ROOT / "data" / "papers"

PROSE = (
    "We study the effect of small batches on the speed of training, and we show that they are slower than large ones. "
    "In our experiments with four models the loss of each of them falls as the number of steps grows, which is what the theory predicts."
)
OTHER = (
    "Graphs are a natural way to store what is known about a field. This paper presents a method that builds them from the text of abstracts, "
    "and it compares the result with a graph that was made by hand in two of the fields that are considered here."
)


def read_text(text: str, **more: str) -> tuple[list[Paper], list[Problem]]:
    problems: list[Problem] = []
    reader = recognise(text, "pasted.txt") if "format" not in more else readers()[more["format"]]
    assert reader is not None
    return list(reader.read(io.StringIO(text, newline=""), "pasted.txt", problems.append)), problems


def assert_leads_back(paper: Paper, raw: str) -> None:
    for text, runs in ((paper.abstract, paper.sources[0].abstract_runs), (paper.title, paper.sources[0].title_runs)):
        for run in runs:
            assert text[run.start : run.start + run.length] == raw[run.origin : run.origin + run.length]
    assert sum(run.length for run in paper.sources[0].abstract_runs) > 0.8 * len(paper.abstract)


@pytest.fixture(scope="module")
def seeds() -> list[Paper]:
    problems: list[Problem] = []
    papers = list(read_papers([SEEDS], on_problem=problems.append))
    assert problems == []
    return papers


def test_the_seed_files_hold_27_records_of_24_papers(seeds: list[Paper]) -> None:
    assert len(seeds) == 27
    merged = merge_duplicates(seeds)
    assert len(merged) == 24
    assert sorted(paper.key for paper in merged if len(paper.sources) == 2) == ["arxiv-2310.03262", "arxiv-2404.06395", "arxiv-2408.01800"]


def test_every_seed_file_is_recognised_by_its_content() -> None:
    found = {path.stem: getattr(recognise(path.read_text(encoding="utf-8"), "x.txt"), "name", None) for path in SEEDS.glob("*.txt")}
    assert found == {"thunlp-arxiv-list": "arxiv-list", "abstract-prefix-list": "abstract-list", "trending-page": "web-page"}


def test_seed_records_agree_with_the_gold_in_leads_titles_ids_and_files(seeds: list[Paper]) -> None:
    if not SHARED.is_dir():
        pytest.skip("the gold is not beside this checkout")
    files = {"000": "thunlp-arxiv-list.txt", "001": "abstract-prefix-list.txt", "002": "trending-page.txt"}
    for wanted in json.loads((SHARED / "gold" / "seeds.json").read_text(encoding="utf-8"))["papers"]:
        found = [paper for paper in merge_duplicates(seeds) if paper.abstract.startswith(wanted["lead"])]
        assert len(found) == 1, wanted["lead"]
        assert found[0].title == wanted.get("title", "")
        assert {source.path for source in found[0].sources} == {files[file] for file in wanted["files"]}
        assert found[0].identifiers == ((wanted["key"],) if wanted["key"].startswith("arXiv:") else ())


def test_offsets_of_the_seeds_lead_back_to_the_raw_files(seeds: list[Paper]) -> None:
    for paper in (*seeds, *merge_duplicates(seeds)):
        for source in paper.sources:
            raw = (SEEDS / source.path).read_bytes().decode("utf-8")
            covered = 0
            for run in source.abstract_runs:
                assert paper.abstract[run.start : run.start + run.length] == raw[run.origin : run.origin + run.length]
                covered += run.length
            assert covered > 0.97 * len(paper.abstract)


def test_seed_abstracts_carry_no_markup_and_no_comment_lines(seeds: list[Paper]) -> None:
    for paper in seeds:
        assert not any(mark in paper.abstract for mark in ("\\", "``", "  ", "\n", "arXiv:", " figures", "Appendix", "Accepted to", "preprint"))


def test_all_seed_files_pasted_into_one_still_give_24_papers() -> None:
    files = sorted(SEEDS.glob("*.txt"))
    for order in (files, files[::-1], files[1:] + files[:1]):
        for glue in ("\n", "\n\n"):
            papers, _ = read_text(glue.join(path.read_text(encoding="utf-8") for path in order))
            assert len(merge_duplicates(papers)) == 24, [path.name for path in order]


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text + "\n\n\n"], ids=["CRLF", "BOM", "blank lines"]
)
@pytest.mark.parametrize("name", ["thunlp-arxiv-list.txt", "abstract-prefix-list.txt", "trending-page.txt"])
def test_line_ends_and_byte_order_marks_change_nothing(name: str, change: Callable[[str], str]) -> None:
    text = (SEEDS / name).read_text(encoding="utf-8")
    plain, _ = read_text(text)
    raw = change(text)
    changed, problems = read_text(raw)
    assert [(paper.title, paper.abstract, paper.identifiers) for paper in changed] == [(paper.title, paper.abstract, paper.identifiers) for paper in plain]
    assert problems == []
    for paper in changed:
        assert_leads_back(paper, raw)


def test_an_id_at_the_beginning_of_a_list_belongs_to_the_text_after_it() -> None:
    papers, _ = read_text(f"arXiv:2401.00001\n{PROSE}\n3 pages\narXiv:2401.00002\n{OTHER}\n")
    assert [(paper.identifiers, paper.abstract) for paper in papers] == [(("arXiv:2401.00001",), PROSE), (("arXiv:2401.00002",), OTHER)]


def test_an_id_without_an_abstract_is_reported_with_its_line() -> None:
    papers, problems = read_text(f"{PROSE}\narXiv:2401.00001{OTHER}\narXiv:2401.00002\narXiv:2401.00003")
    assert [paper.identifiers for paper in papers] == [("arXiv:2401.00001",), ("arXiv:2401.00002",)]
    assert problems == [Problem("pasted.txt", 4, "record without an abstract (arXiv:2401.00003)")]


def test_page_furniture_is_neither_paper_nor_title() -> None:
    above = "Home\n\nSign in to see your newsletter\n\nMay 8\n\nby Ann Lee"
    below = "Upvote\n\n12\n\nWe use cookies. Accept our privacy policy."
    page = f"{above}\n\n{PROSE}\n\nA Study of Graphs\n\nAnn Lee, Bo Li\n\n{OTHER}\n\n{below}"
    papers, _ = read_text(page)
    assert [(paper.title, paper.abstract) for paper in papers] == [("", PROSE), ("A Study of Graphs", OTHER)]


def test_labelled_blocks_keep_title_authors_year_and_id() -> None:
    first = f"Title: On Small Batches\nAuthors: Ann Lee and Bo Li\nYear: 2021\nAbstract: {PROSE}\nURL: https://arxiv.org/abs/2101.00001v2"
    text = f"{first}\n\nTitle: On Graphs\nAbstract:\n{OTHER}\n"
    papers, _ = read_text(text)
    assert [(paper.title, paper.abstract) for paper in papers] == [("On Small Batches", PROSE), ("On Graphs", OTHER)]
    assert (papers[0].authors, papers[0].issued, papers[0].identifiers) == (("Ann Lee", "Bo Li"), "2021", ("arXiv:2101.00001",))
    assert papers[0].urls == ("https://arxiv.org/abs/2101.00001",)


def test_a_block_without_an_abstract_is_reported() -> None:
    papers, problems = read_text(f"Title: On Nothing\nYear: 2020\n\nTitle: On Graphs\nAbstract: {OTHER}\n")
    assert [paper.title for paper in papers] == ["On Graphs"]
    assert problems == [Problem("pasted.txt", 1, "record without an abstract ('On Nothing')")]
