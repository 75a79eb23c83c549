"""Garbage collection held off while a stage builds what lives to its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection of cycles inside (a context or a decorator): each full one would walk all that was gathered so far, and find nothing.

    Halves the time of the networkx graph of 30,000 papers, and what remains grows with their number.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
