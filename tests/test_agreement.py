"""Spans of one paper agree: `kgraph.extract.agreement`."""

from kgraph.extract.agreement import Place, agree


def test_a_name_has_the_type_of_its_surer_mentions():
    texts = ["Zorbit learns.", "We train Zorbit.", "Zorbit again."]
    places = [
        [Place(0, 6, {"model": 0.9, "dataset": 0.1}, 0.9)],
        [Place(9, 15, {"model": 0.8, "dataset": 0.2}, 0.8)],
        [Place(0, 6, {"model": 0.4, "dataset": 0.6}, 0.7)],
    ]
    agreed = agree(texts, places)
    assert [[(p.start, p.end) for p in spans] for spans in agreed] == [[(0, 6)], [(9, 15)], [(0, 6)]]
    assert all(p.kinds["model"] > p.kinds["dataset"] and abs(sum(p.kinds.values()) - 1) < 1e-9 for spans in agreed for p in spans)
    assert len({p.kinds["model"] for spans in agreed for p in spans}) == 1


def test_a_doubtful_span_goes_where_its_text_mostly_stands_unmarked():
    texts = ["The bias term. A bias term. This bias term. Our bias term."]
    span = Place(4, 13, {"method": 1.0}, 0.5)
    assert texts[0][4:13] == "bias term"
    assert agree(texts, [[span]]) == [[]]
    assert agree(texts, [[span._replace(score=0.7)]]) == [[span._replace(score=0.7)]]


def test_a_doubtful_span_that_stands_once_stays():
    span = Place(0, 6, {"model": 1.0}, 0.4)
    assert agree(["Zorbit and Zorbits."], [[span]]) == [[span]]


def test_nothing_said_is_nothing_agreed():
    assert agree([], []) == []
    assert agree([""], [[]]) == [[]]
