import json

import pytest

from kgraph import evaluate as module
from kgraph.evaluate import Labelled, Link, Record, Score, as_rows, evaluate, predict_relations, read_labelled, relation_schemes

TEXT = "FooNet is trained on BarSet and BazSet."
FOO, BAR, BAZ = Labelled(0, 6, "Method"), Labelled(21, 27, "Dataset"), Labelled(32, 38, "Dataset")


def entity(span):
    return {"start": span.start, "end": span.end, "label": span.label}


def write(path, *records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path):
    relations = [{"head": 0, "tail": 1, "label": "Trained-With"}, {"head": 0, "tail": 2, "label": "Trained-With"}]
    return write(tmp_path / "dev.jsonl", {"id": "1", "text": TEXT, "entities": [entity(s) for s in (FOO, BAR, BAZ)], "relations": relations})


@pytest.fixture
def fake(monkeypatch):
    """A tagger that misses the last thing, and a network that relates the first thing to the second."""
    monkeypatch.setattr(module, "predict", lambda records, scheme, model: [[(FOO, 0.9), (BAR, 0.8)] for _ in records])
    monkeypatch.setattr(module, "relation_schemes", lambda model: ["scier"])
    monkeypatch.setattr(module, "predict_relations", lambda records, scheme, model: [{Link(*sorted(spans)[:2], "Trained-With")} for _, spans in records])


def test_ratios_are_drawn_from_counts():
    score = Score(gold=4, predicted=2, right=1)
    assert (score.precision, score.recall, round(score.f1, 3)) == (0.5, 0.25, 0.333)
    assert Score(0, 0, 0).f1 == 0


def test_relations_are_read_where_there_are_any(file, tmp_path):
    assert list(read_labelled(file, "scier")) == [Record(TEXT, [FOO, BAR, BAZ], [(0, 1, "Trained-With"), (0, 2, "Trained-With")], "1")]
    bare = write(tmp_path / "bare.jsonl", {"text": TEXT, "entities": []})
    assert list(read_labelled(bare, "scier")) == [Record(TEXT, [], [])]


def test_the_paper_of_a_record_is_its_id_up_to_the_number(tmp_path):
    records = [{"id": key, "text": TEXT, "entities": []} for key in ("P19-1001#7", "00006_1907.txt|text_unit_3", "alone")]
    assert [r.paper for r in read_labelled(write(tmp_path / "x.jsonl", *records), "scier")] == ["P19-1001", "00006_1907.txt", "alone"]


def test_records_of_one_paper_agree_on_the_type_of_a_name():
    said = ["We propose FooNet, a neural network.", "FooNet is trained on text.", "A neural network, FooNet, is used."]
    apart = module.predict([Record(text, [], []) for text in said], "scier")
    together = module.predict([Record(text, [], [], "one") for text in said], "scier")
    assert [[s[:2] for s, _ in spans] for spans in apart] == [[s[:2] for s, _ in spans] for spans in together]
    named = [s.label for text, spans in zip(said, together, strict=True) for s, _ in spans if text[s.start : s.end] == "FooNet"]
    assert len(named) > 1
    assert len(set(named)) == 1


@pytest.mark.parametrize("record", [{"text": TEXT}, {"entities": []}, [], {"text": TEXT, "entities": [{"start": 0}]}])
def test_a_line_that_is_no_labelled_record_is_named(tmp_path, record):
    path = write(tmp_path / "bad.jsonl", {"text": TEXT, "entities": []}, record)
    with pytest.raises(ValueError, match=r"bad\.jsonl:2: not a labelled record"):
        list(read_labelled(path, "scier"))


def test_a_relation_to_an_entity_that_is_not_there_is_a_bad_record(tmp_path):
    path = write(tmp_path / "bad.jsonl", {"text": TEXT, "entities": [entity(FOO)], "relations": [{"head": 0, "tail": 1, "label": "Used-For"}]})
    with pytest.raises(ValueError, match=r"bad\.jsonl:1: .*a relation names an entity that is not there"):
        list(read_labelled(path, "scier"))


def test_entities_and_relations_are_scored(file, fake):
    result = evaluate(file, "scier")
    assert result.exact["all"] == Score(3, 2, 2)
    assert result.relations == {"Trained-With": Score(2, 1, 1), "all": Score(2, 1, 1)}
    assert result.found_relations["all"] == Score(2, 1, 1)
    assert "missed Dataset: FooNet is trained on BarSet and [[BazSet]]." in result.errors
    assert f"missed Trained-With: [[FooNet]] -> [[BazSet]] in: {TEXT}" in result.errors


def test_rows_tell_relations_between_labelled_and_found_entities_apart(file, fake):
    rows = {row["label"]: row for row in as_rows(evaluate(file, "scier"))}
    assert list(rows)[-3:] == ["relation Trained-With", "relations, labelled entities", "relations, found entities"]
    assert rows["relations, labelled entities"] == {
        "label": "relations, labelled entities",
        "gold": 2,
        "predicted": 1,
        "right": 1,
        "precision": 100.0,
        "recall": 50.0,
        "f1": 66.7,
    }


def test_a_file_without_relations_has_no_relation_rows(tmp_path, fake):
    path = write(tmp_path / "plain.jsonl", {"text": TEXT, "entities": [entity(FOO)]})
    result = evaluate(path, "scier")
    assert result.relations == result.found_relations == {}
    assert all("relation" not in row["label"] for row in as_rows(result))


def test_a_found_relation_needs_the_right_types(file, fake, monkeypatch):
    monkeypatch.setattr(module, "predict", lambda records, scheme, model: [[(FOO._replace(label="Task"), 0.9), (BAR, 0.8)] for _ in records])
    result = evaluate(file, "scier")
    assert result.relations["all"].right == 1
    assert result.found_relations["all"].right == 0


def test_a_symmetric_relation_is_the_same_both_ways(tmp_path, monkeypatch, fake):
    record = {"text": TEXT, "entities": [entity(BAR), entity(BAZ)], "relations": [{"head": 1, "tail": 0, "label": "Compare-With"}]}
    monkeypatch.setattr(module, "predict_relations", lambda records, scheme, model: [{Link(BAR, BAZ, "Compare-With")}])
    assert evaluate(write(tmp_path / "x.jsonl", record), "scier").relations["all"] == Score(1, 1, 1)


def test_direction_counts_otherwise(tmp_path, monkeypatch, fake):
    record = {"text": TEXT, "entities": [entity(BAR), entity(BAZ)], "relations": [{"head": 1, "tail": 0, "label": "Part-Of"}]}
    monkeypatch.setattr(module, "predict_relations", lambda records, scheme, model: [{Link(BAR, BAZ, "Part-Of")}])
    assert evaluate(write(tmp_path / "x.jsonl", record), "scier").relations["all"] == Score(1, 1, 0)


def test_an_unknown_scheme_is_refused_with_the_list_of_schemes(file):
    with pytest.raises(ValueError, match="'conll' is not one of the label schemes: scier, scierc"):
        evaluate(file, "conll")


@pytest.mark.skipif("scier" not in relation_schemes(), reason="the trained network is not there")
def test_the_shipped_network_relates_method_and_data():
    long = "It rains here. " * 40  # too long for one sentence: read sentence by sentence
    moved = [Labelled(s.start + len(long), s.end + len(long), s.label) for s in (FOO, BAR, BAZ)]
    short, far = predict_relations([(TEXT, [FOO, BAR, BAZ]), (long + TEXT, moved)], "scier")
    assert Link(FOO, BAR, "Trained-With") in short
    assert Link(moved[0], moved[1], "Trained-With") in far
