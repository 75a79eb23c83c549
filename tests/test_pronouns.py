"""Pronouns and class nouns stand for the introduced thing."""

from __future__ import annotations

import pytest
from marked import name, reading_of_marked

from kgraph.extract.pronouns import main_thing, referents


def referred(marked: str) -> list[tuple[str, str]]:
    r = reading_of_marked(marked)
    return [(r.text[m.start : m.end], name(r, m.thing)) for m in referents(r)]


@pytest.mark.parametrize(
    ("phrase", "is_foo"),
    [
        ("Our method", True),
        ("Our approach", True),
        ("The proposed framework", True),
        ("It", True),
        ("This method", True),
        ("The current model", False),
        ("Our dataset", False),
    ],
)
def test_phrases_that_stand_for_the_introduced_method(phrase: str, is_foo: bool) -> None:
    assert ((phrase, "Foo") in referred(f"We propose [Foo|method*]. {phrase} works well.")) is is_foo


def test_a_class_noun_refers_to_what_was_called_so() -> None:
    assert ("our algorithm", "learning algorithm") in referred(
        "We propose [Foo|method*] and a [learning algorithm|method]. Results show that our algorithm is fast."
    )


def test_it_refers_to_the_subject_of_the_sentence_before() -> None:
    assert ("It", "Foo") in referred("[Foo|dataset*] has two scenarios, [Bar|method*] and [Baz|method*]. It defines 12 types.")


def test_the_main_thing_is_the_introduced_one_named_most() -> None:
    r = reading_of_marked("We propose [Foo|method*] with [Bar|method*]. Foo is fast. Foo is small.")
    assert name(r, main_thing(r)) == "Foo"


def test_without_an_introduced_thing_nothing_is_referred_to() -> None:
    assert referred("We study [Foo|method]. It is nice.") == []
