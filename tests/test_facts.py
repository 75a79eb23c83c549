"""All facts together: what holds of any of them, whatever the text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import facts_of, name, reading_of_marked
from test_paraphrases import cases

from kgraph.extract.confidence import CONFIDENCE, MEASURED, weighed
from kgraph.extract.facts import read_facts
from kgraph.extract.numbers import find_numbers
from kgraph.extract.reading import Reading

TEXTS = sorted({text for _, text in cases()})
PIECES = ["[Foo|method*]", "[Bar|model]", "[Qux|dataset]", "[accuracy|metric]", "[A100|hardware]", "outperforms", "reduces", "by 40%", "1.9x and 2.8x", "on", "8", "of", "compared to", "7B", ",",
          "and", "respectively.", "We", "It", "than", "31.2", "trained", "for two days", "uses", "(", ")", "up to", "not", "could", "The", "five tasks", ".", "based on"]  # fmt: skip


def check(reading: Reading) -> None:
    """No fact outlives its evidence: its span is in its sentence, its number is printed there, its things exist."""
    for fact in [*reading.results, *reading.quantities, *reading.uses]:
        start, end = reading.sentences[fact.sentence]
        assert start <= fact.start < fact.end <= end  # these texts have no title, so offsets of field and text are the same
        assert 0 < fact.confidence <= 1
    for fact in [*reading.results, *reading.quantities]:
        assert reading.text[fact.start : fact.end] == fact.value_text
        start, end = reading.sentences[fact.sentence]
        assert fact.value in {n.value for n in find_numbers(reading.text[start:end])} | {n.value for n in find_numbers(reading.text)}
    for claim in reading.claims:
        assert claim.subject != claim.object
        assert 0 <= claim.subject < len(reading.things) > claim.object >= 0
        assert claim.sentence < len(reading.sentences)
    assert all(a.end <= b.start or b.end <= a.end for a, b in pairwise(reading.mentions))  # `Bar-based methods` holds the name Bar
    assert {m.thing for m in reading.mentions} == set(range(len(reading.things)))


@pytest.mark.parametrize("text", TEXTS)
def test_facts_stand_on_their_sentence(text: str) -> None:
    check(facts_of(text))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_facts_of_any_row_of_words_stand_on_their_sentence(pieces: list[str]) -> None:
    check(facts_of(" ".join(["We propose [Foo|method*].", *pieces])))


def test_reading_twice_gives_the_same() -> None:
    for text in TEXTS[:20]:
        one, two = facts_of(text), facts_of(text)
        assert (one.results, one.quantities, one.uses, one.claims) == (two.results, two.quantities, two.uses, two.claims)


def test_years_pages_sections_and_versions_are_no_facts() -> None:
    reading = facts_of("In 2023, we propose [Foo-7B|model*] in Section 4. The paper has 12 pages, and version 2.0 is from May 8.")
    assert not reading.results
    assert {q.property for q in reading.quantities} <= {"pages"}


def test_a_relation_of_earlier_work_gives_no_asserted_claim() -> None:
    reading = facts_of("[Bar|model] outperforms [Baz|model]. We propose [Foo|method*].")
    assert [(name(reading, c.subject), c.predicate, name(reading, c.object), c.polarity) for c in reading.claims] == [
        ("Bar", "outperforms", "Baz", "prior work")
    ]


def test_a_relation_is_surer_where_both_ends_are_named_and_the_object_is_a_thing() -> None:
    named = facts_of("We propose [Foo|method*]. [Foo|method*] outperforms [Bar|model].")
    implied = facts_of("We propose [Foo|method*]. Our method outperforms [Bar|model].")
    rule = CONFIDENCE["outperforms.verb"]
    assert [c.confidence for c in named.claims] == [weighed(rule, True)]
    assert [(name(implied, c.subject), c.confidence) for c in implied.claims] == [("Foo", weighed(rule, False))]
    assert weighed(rule, False) < rule < weighed(rule, True)


def test_every_rule_used_has_a_measured_confidence() -> None:
    import kgraph.extract as package

    code = "".join(path.read_text(encoding="utf-8") for folder in package.__path__ for path in sorted(Path(folder).glob("*.py")))
    rules = set(re.findall(r'"((?:outperforms|comparedWith|uses|evaluatedOn|trainedOn|addresses|evaluatedBy|variantOf|hardware|use)\.[a-z]+)"', code))
    assert rules <= set(MEASURED)
    assert all(0 < value < 1 for value in CONFIDENCE.values())


@pytest.mark.parametrize(
    ("marked", "name", "likely", "kept"),
    [
        ("[Foo|model*] outperforms tested baselines.", "tested baselines", 0.05, True),
        ("We propose an agile quux approach based on [Bar|method].", "agile quux approach", 0.6, False),
        ("We propose an agile quux approach based on [Bar|method].", "agile quux approach", 0.8, True),
        ("We propose an agile quux approach based on [Bar|method]. It outperforms [Qux|method].", "agile quux approach", 0.6, True),
        ("[Foo|model*] reaches an oracle quux score of 41.2%.", "oracle quux score", 0.1, False),
        ("[Foo|model*] reaches an oracle quux score of 41.2%.", "oracle quux score", 0.3, True),
    ],
)
def test_a_thing_that_only_a_slot_made_stays_where_the_tagger_may_deem_it_a_name(marked, name, likely, kept):
    reading = reading_of_marked(marked)
    reading.places = [(m.start(), m.end(), i) for i, m in enumerate(re.finditer(r"\S+", reading.text))]
    reading.named = np.full((2, len(reading.places)), likely)
    read_facts(reading)
    assert (name in {n for t in reading.things for n in t.names}) == kept
    if "41.2" in marked:
        assert [r.value for r in reading.results] == ["41.2"] and (reading.results[0].metric is not None) == kept


def test_likelihood_is_the_mean_over_the_words():
    reading = reading_of_marked("A [Foo|model] bar.")
    assert reading.likelihood(2, 9) == 1.0  # no tagger ran
    reading.places, reading.named = [(0, 1, 0), (2, 5, 1), (6, 9, 2)], np.array([[0.0, 0.5, 0.9], [0.0, 0.8, 0.25]])
    assert reading.likelihood(2, 9) == 0.375
    assert reading.likelihood(2, 5) == 0.5
