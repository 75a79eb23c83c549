"""The same paper, however it came in twice, is one paper; two papers stay two."""

from __future__ import annotations

import random
import re

import msgspec
import pytest

from kgraph.model import Paper, Run, Source
from kgraph.read.duplicates import fold, key_of, merge_duplicates

WORDS = "model data graph node edge loss step batch layer token query answer search tree rule proof error bound rate speed cost memory image video".split()


def abstract(seed: int, length: int = 120) -> str:
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) for _ in range(length)).capitalize() + "."


def paper(text: str, line: int = 1, **more: object) -> Paper:
    return Paper(key="", abstract=text, sources=(Source("a.txt", line, abstract_runs=(Run(0, 100 * line, len(text)),)),), **more)  # type: ignore[arg-type]


def test_one_arxiv_id_is_one_paper_however_the_texts_differ() -> None:
    merged = merge_duplicates([paper(abstract(1), 1, identifiers=("arXiv:2401.00001",)), paper(abstract(2), 2, identifiers=("arXiv:2401.00001", "doi:10.1/x"))])
    assert [(found.key, len(found.sources), found.identifiers) for found in merged] == [("arxiv-2401.00001", 2, ("arXiv:2401.00001", "doi:10.1/x"))]


def test_near_equal_texts_are_one_paper() -> None:
    text = abstract(3)
    changed = text.replace("model", "models", 2) + " Code is released."
    merged = merge_duplicates([paper(text, 1), paper(changed, 2), paper(abstract(4), 3)])
    assert sorted(len(found.sources) for found in merged) == [1, 2]
    assert changed in [found.abstract for found in merged]


def test_a_cut_text_is_the_paper_it_was_cut_from() -> None:
    text = abstract(5, 200)
    assert [found.abstract for found in merge_duplicates([paper(text, 1), paper(text[:300], 2)])] == [text]


def test_offsets_of_the_shorter_text_are_carried_over_where_both_agree() -> None:
    text = abstract(6, 200)
    short = text[:200] + text[260:]
    (merged,) = merge_duplicates([paper(text, 1), paper(short, 2)])
    second = merged.sources[1]
    assert sum(run.length for run in second.abstract_runs) == len(short)
    for run in second.abstract_runs:
        origin = run.origin - 200
        assert merged.abstract[run.start : run.start + run.length] == short[origin : origin + run.length]


def test_one_title_is_one_paper_unless_texts_and_ids_differ() -> None:
    title = "A Long Enough Title for a Paper"
    same = merge_duplicates([paper(abstract(7), 1, title=title), paper(abstract(7)[:250] + abstract(8)[:250], 2, title=title.lower() + ".")])
    assert len(same) == 1
    other = merge_duplicates(
        [paper(abstract(7), 1, title=title, identifiers=("arXiv:2401.00001",)), paper(abstract(9), 2, title=title, identifiers=("arXiv:2401.00002",))]
    )
    assert len(other) == 2


def test_texts_of_one_template_stay_two_papers() -> None:
    opening = "This report describes the system that our team sent to the shared task of the workshop. "
    assert len(merge_duplicates([paper(opening + abstract(10), 1), paper(opening + abstract(11), 2)])) == 2


def test_the_order_of_the_input_does_not_matter() -> None:
    papers = [
        paper(abstract(seed)[: 300 + 40 * (seed % 3)], seed, title=f"Paper number {seed % 7} of this test", issued=str(2000 + seed)) for seed in range(30)
    ]
    papers += [paper(abstract(seed)[:320] + " more", 100 + seed) for seed in range(0, 30, 3)]
    wanted = merge_duplicates(papers)
    for seed in range(5):
        random.Random(seed).shuffle(papers)
        assert merge_duplicates(papers) == wanted


def test_merging_merged_papers_changes_nothing() -> None:
    papers = merge_duplicates([paper(abstract(seed % 4), seed) for seed in range(10)])
    assert merge_duplicates(papers) == papers


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"identifiers": ("arXiv:cs/0701001",)}, "arxiv-cs-0701001"),
        ({"identifiers": ("acl:2020.acl-main.1",)}, "acl-2020.acl-main.1"),
        ({"title": "Élan: a ‘Test’"}, "elan-a-test-"),
        ({"title": "Модель языка"}, "paper-"),
        ({}, "we-show-that-"),
    ],
)
def test_keys_are_legal_local_names(given: dict[str, object], wanted: str) -> None:
    key = key_of(Paper(key="", abstract="We show that.", **given))  # type: ignore[arg-type]
    assert key.startswith(wanted)
    assert re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", key)


def test_keys_do_not_depend_on_the_place_of_the_file() -> None:
    one = paper(abstract(1), 1)
    assert key_of(one) == key_of(msgspec.structs.replace(one, sources=(Source("b/c.txt", 9),)))


def test_folding_leaves_letters_and_digits() -> None:
    assert fold("The “Große” Test—№ 5, GPT‑4!") == fold('the "grosse" test no 5 gpt 4') == "the grosse test no 5 gpt 4"
