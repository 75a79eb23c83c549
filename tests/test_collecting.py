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
