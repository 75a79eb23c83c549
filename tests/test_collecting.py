"""`kgraph.collecting`: the collector is off inside, and after it as before."""

import gc

import pytest

from kgraph.collecting import uncollected


def test_the_collector_is_off_inside_and_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="wrong"), uncollected():
        assert not gc.isenabled()
        raise ValueError("wrong")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_gathered_counts_as_old() -> None:
    with uncollected():
        gathered = [{"row": [row]} for row in range(50_000)]
    assert gc.get_freeze_count() == 0
    young = {id(thing) for generation in (0, 1) for thing in gc.get_objects(generation)}
    assert not young & set(map(id, gathered))


def test_what_the_caller_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with uncollected():
            pass
        assert gc.get_freeze_count() == frozen > 0
    finally:
        gc.unfreeze()
