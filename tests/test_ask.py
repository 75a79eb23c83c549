"""Asking in words: names become entities, near misses are offered, every answer says what it rests on."""

from __future__ import annotations

import json

import pytest

from kgraph.ask import ask, catalogue, complete, coverage, resolve_entity, resolve_paper, show
from kgraph.query import QueryError, open_store, questions
from tests.sample import sample_graph

E = "https://w3id.org/kgraph/id/e/"


@pytest.fixture(scope="module")
def store():
    return open_store(sample_graph())


@pytest.mark.parametrize(("value", "kind", "iri"), [
    ("A100", "Hardware", "nvidia-a100"), ("a100s", "entity", "nvidia-a100"), ("nvidia-a100", "Hardware", "nvidia-a100"), ("e:nvidia-a100", "entity", "nvidia-a100"),
    (E + "gpu", "Hardware", "gpu"), ("orchid lm", "Model", "orchid"), ("Fernwave", "Model", "fernwave"), ("GLUE", "Dataset", "glue"),
])  # fmt: skip
def test_a_name_an_alias_or_an_id_finds_its_entity(store, value, kind, iri):
    assert resolve_entity(store, value, kind) == E + iri


@pytest.mark.parametrize(("value", "kind", "message"), [
    ("A10", "Hardware", r"^no entity 'A10'; did you mean NVIDIA A100\?$"),
    ("Fernwaev", "entity", "did you mean Fernwave"),
    ("Fernwave", "Hardware", "'Fernwave' is a Model, not a Hardware"),
    ("qqqqqqqq", "Metric", "no entity 'qqqqqqqq'"),
    ("", "Metric", "no entity ''"),
    ('x" } DROP ALL', "Metric", "no entity"),
    ("e:nothing", "entity", "no entity 'e:nothing'"),
    ("http://[", "entity", "no entity"),
])  # fmt: skip
def test_a_name_that_is_not_there_brings_near_misses(store, value, kind, message):
    with pytest.raises(QueryError, match=message):
        resolve_entity(store, value, kind)


@pytest.mark.parametrize(("value", "key"), [
    ("fernwave-01", "fernwave-01"), ("arXiv:2401.00001", "fernwave-01"), ("2401.00001", "fernwave-01"), ("Orchid Revisited", "orchid-02"),
    ("tidepool:", "tidepool-04"), ("paper:plain-06", "plain-06"),
])  # fmt: skip
def test_a_paper_is_found_by_key_identifier_or_title(store, value, key):
    assert resolve_paper(store, value).endswith("/paper/" + key)


def test_a_title_that_begins_several_papers_is_asked_back(store):
    with pytest.raises(QueryError, match="may be any of 3 papers"):
        resolve_paper(store, "Fernwave")
    with pytest.raises(QueryError, match=r"no paper 'Orchid Revisitd'; did you mean Orchid Revisited\?"):
        resolve_paper(store, "Orchid Revisitd")


def test_every_answer_ends_with_its_coverage(store):
    answer = ask(store, "trained-on", {"hardware": "A100"})
    assert answer.coverage == ("4 of 7 papers state hardware",)
    assert show(answer).endswith("2 rows. Coverage: 4 of 7 papers state hardware.\n")
    assert coverage(store, ("results", "code")) == ("4 of 7 papers state a result", "2 of 7 papers link to code")
    with pytest.raises(QueryError, match="'x' is not one of what a question may cover"):
        coverage(store, ("x",))


def test_the_evidence_is_shown_on_demand_and_always_in_json(store):
    answer = ask(store, "who-outperforms", {"system": "Orchid"})
    sentence = "Fernwave reaches 61.2% accuracy on MMLU and outperforms Orchid."
    assert sentence not in show(answer)
    assert sentence in show(answer, evidence=True) and sentence in show(answer, "csv", evidence=True) and sentence in show(answer, "markdown", evidence=True)
    loaded = json.loads(show(answer, "json"))
    assert loaded["rows"][0]["sentence"] == sentence and loaded["coverage"] and loaded["question"].endswith("?")


def test_an_empty_answer_says_so_with_its_coverage(store):
    assert show(ask(store, "trained-on", {"hardware": "H100"})).startswith("No answer.\n\n0 rows. Coverage: 4 of 7")


def test_the_query_to_copy_gives_the_same_answer(store, tmp_path):
    answer = ask(store, "results-above", {"metric": "accuracy", "min": "60"})
    (tmp_path / "copied.rq").write_text(show(answer, "sparql"), "utf-8")
    assert ask(store, tmp_path / "copied.rq").table == answer.table
    with pytest.raises(QueryError, match="'xml' is not one of the forms"):
        show(answer, "xml")


def test_the_catalogue_has_all_questions_in_words():
    listed = catalogue()
    assert [name for name, _, _ in listed] == sorted(questions())
    assert all(words.endswith("?") for _, words, _ in listed)
    assert ("trained-on", "Which systems were trained on a device, on how many, and for how long?", "[hardware=]") in listed


def test_values_are_completed_labels_first(store):
    assert complete(store, "trained-on", "hardware", "n") == ["NVIDIA A100", "NVIDIA H100"]
    assert complete(store, "trained-on", "hardware", "a1") == ["A100", "A100s"]
    assert complete(store, "in-common", "paper", "orch") == ["Orchid Revisited"]
    assert complete(store, "results-above", "min", "1") == []
    assert complete(store, "trained-on", "nothing") == []
