"""The sample of nodes judged by hand."""

from __future__ import annotations

import pytest

from benchmarks.noise import NODES, SAMPLE, interval, share


def test_most_of_the_judged_nodes_are_things() -> None:
    rows = [row.split("\t") for row in NODES.read_text("utf-8").splitlines()[1:]]
    assert len({row[3] for row in rows}) == len(rows) == SAMPLE
    assert {row[0] for row in rows} == {"yes", "no"}
    yes, of = share()
    assert yes >= 0.887 * of  # two points below the share of the present sample; the aim is 0.9


def test_the_interval_holds_the_share_and_narrows_with_the_sample() -> None:
    low, high = interval(90, 100)
    assert low == pytest.approx(0.8256, abs=1e-3) and high == pytest.approx(0.9448, abs=1e-3)
    wide, narrow = interval(9, 10), interval(900, 1000)
    assert wide[1] - wide[0] > high - low > narrow[1] - narrow[0]
