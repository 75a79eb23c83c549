"""Polarity: what is denied, hoped for or said of earlier work is marked as such."""

from __future__ import annotations

import pytest
from marked import facts_of


@pytest.mark.parametrize(
    ("marked", "polarity"),
    [
        ("We propose [Foo|method*]. Foo outperforms [Bar|method].", "asserted"),
        ("We propose [Foo|method*]. Foo does not outperform [Bar|method].", "negated"),
        ("We propose [Foo|method*]. Foo fails to outperform [Bar|method].", "negated"),
        ("We propose [Foo|method*]. Foo could outperform [Bar|method].", "hypothetical"),
        ("We propose [Foo|method*]. We plan to outperform [Bar|method].", "hypothetical"),
        ("[Baz|method] outperforms [Bar|method]. We propose [Foo|method*].", "prior work"),
        ("We propose [Foo|method*]. Foo not only outperforms [Bar|method] but is simple.", "asserted"),
    ],
)
def test_a_statement_has_the_polarity_of_its_clause(marked: str, polarity: str) -> None:
    assert [c.polarity for c in facts_of(marked).claims if c.predicate == "outperforms"] == [polarity]


def test_the_opposite_of_a_named_method_is_not_compared_by_unlike() -> None:
    reading = facts_of("We propose [Foo|method*]. Unlike [Bar|method], Foo is simple.")
    assert not [c for c in reading.claims if c.predicate == "outperforms"]


def test_what_no_method_can_do_is_no_result() -> None:
    assert not facts_of("We propose [Foo|method*]. Foo handles long texts, a feat unachievable with existing methods.").results
