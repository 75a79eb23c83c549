"""Two things beside each other, and the way from one to another."""

from __future__ import annotations

import pytest

from kgraph.explore import compare, path
from kgraph.query import QueryError, open_store
from tests.sample import sample_graph


@pytest.fixture(scope="module")
def store():
    return open_store(sample_graph())


def test_two_models_stand_beside_each_other_with_what_both_have(store):
    table = compare(store, "fernwave", "Fernwave 7B")
    assert table.columns == ("aspect", "Fernwave", "Fernwave-7B", "same")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["size: parameters"] == ("1.3B", "7B", "")
    assert rows["hardware"] == ("64 x NVIDIA A100", "1 x GPU", "")
    assert rows["result: perplexity"] == ("12.4", "9.8", "")
    assert rows["states: outperforms"] == ("Orchid", "GPT-4, Orchid", "Orchid")
    assert rows["is stated by: basedOn"] == ("Fernwave-7B", "", "")


def test_a_thing_compared_with_itself_has_two_columns(store):
    assert compare(store, "GPU", "GPUs").columns == ("aspect", "GPU (1)", "GPU (2)", "same")


def test_each_step_of_a_way_has_its_sentence_and_prefers_what_is_stated(store):
    steps = path(store, "Tidepool", "Wikipedia").rows
    assert [step[:4] for step in steps] == [(1, "Tidepool", "runsOnHardware", "NVIDIA A100"), (2, "NVIDIA A100", "together with", "Wikipedia")]
    assert steps[1][5] == "It was trained on Wikipedia with 64 A100 GPUs in 36 hours."
    assert path(store, "Orchid", "Fernwave").rows[0][2] == "outperforms (of)"
    for _, _, _, _, paper, sentence in steps:
        assert paper and sentence


def test_papers_are_ends_of_ways_too(store):
    (first, *_) = path(store, "arXiv:2402.00002", "NVIDIA H100").rows
    assert first[1:3] == ("Orchid Revisited", "names")
    assert path(store, "Fernwave", "orchid-02").rows[0][2] == "is named in"


def test_where_nothing_joins_two_things_there_is_no_way(store):
    assert path(store, "plain-06", "GPU").rows == []
    assert path(store, "GPU", "gpus").rows == []


def test_unknown_names_bring_near_misses(store):
    with pytest.raises(QueryError, match="did you mean Tidepool"):
        path(store, "Tidepol", "GPU")
    with pytest.raises(QueryError, match="no entity 'zzzz'"):
        compare(store, "GPU", "zzzz")
