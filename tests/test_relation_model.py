import re
from pathlib import Path

import numpy as np
import pytest

from kgraph.extract.reading import Mention, Reading, Thing
from kgraph.extract.relation_model import (
    FAR,
    FAR_APART,
    LABELS,
    MODELS,
    ROLES,
    SYMMETRIC,
    RelationModel,
    classes,
    load_relation_model,
    offsets,
    pairs_of,
    proposals,
    relation_claims,
    role_of,
)

WIDTH, HEADS, INPUTS = 8, 2, 6


def random_arrays(seed=0, schemes=("scier",)):
    """Weights of a network that was never trained, in the layout of `relations.npz`."""
    random = np.random.default_rng(seed)
    w = WIDTH
    shapes = {"words.weight": (INPUTS, w), "words.bias": (w,), "roles": (len(ROLES), w), "conv0.weight": (3, w, w), "conv0.bias": (w,)}
    shapes |= {"conv0.norm.gain": (w,), "conv0.norm.bias": (w,), "both.bias": (w,), **{f"{n}.weight": (w, w) for n in ("first", "second", "both", "query")}}
    shapes |= {
        "types": (len(ROLES) ** 2, w),
        "gap": (FAR_APART + 1, w),
        "between": (40, w),
        "near.first": (2 * FAR + 1, HEADS),
        "near.second": (2 * FAR + 1, HEADS),
    }
    shapes |= {"query.bias": (w,), "keys.weight": (w, 2 * w), "state.weight": (2 * w, w), "state.bias": (w,), "final.weight": (3 * w, w), "final.bias": (w,)}
    for scheme in schemes:
        shapes |= {f"head.{scheme}.weight": (w, 1 + len(classes(scheme))), f"head.{scheme}.bias": (1 + len(classes(scheme)),)}
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def network():
    return RelationModel(random_arrays(schemes=tuple(LABELS)), {})


def vectors(n, seed=1):
    return np.random.default_rng(seed).normal(size=(n, INPUTS)).astype(np.float32)


def test_a_label_has_two_directions_unless_it_is_symmetric():
    for scheme, labels in LABELS.items():
        symmetric = sum(label in SYMMETRIC for label in labels)
        assert len(classes(scheme)) == 2 * len(labels) - symmetric
    assert ("Used-For", False) in classes("scier")
    assert ("Compare-With", False) not in classes("scier")


def test_every_type_of_every_scheme_has_a_role():
    assert {ROLES[role_of(kind)] for kind in ("model", "method", "software", "Method", "MLModel", "tool")} == {"method"}
    assert ROLES[role_of("Material")] == ROLES[role_of("benchmark")] == "dataset"
    assert ROLES[role_of("never heard of")] == "term"


def test_pairs_are_in_order_of_the_text_and_do_not_overlap():
    assert pairs_of([(4, 6), (0, 2), (1, 2)]) == [(1, 0), (2, 0)]
    assert pairs_of([(0, 1)]) == []


def test_a_long_list_of_things_keeps_the_nearest_pairs():
    pairs = pairs_of([(i, i + 1) for i in range(60)])
    assert len(pairs) == 400
    assert (0, 1) in pairs
    assert (0, 59) not in pairs


def test_offsets_tell_before_in_and_behind():
    assert offsets(6, np.array([(2, 4)])).tolist() == [[FAR - 2, FAR - 1, FAR, FAR, FAR + 1, FAR + 2]]


def test_sentences_do_not_see_each_other(network):
    one, two = (vectors(7), [(0, 1), (3, 5)]), (vectors(4, 2), [(0, 1), (1, 2), (2, 4)])
    roles = [[1, 2], [1, 1, 3]]
    both = network.states([one[0], two[0]], [one[1], two[1]], roles, [pairs_of(one[1]), pairs_of(two[1])])
    alone = [network.states([v], [s], [r], [pairs_of(s)]) for (v, s), r in zip((one, two), roles, strict=True)]
    assert both.shape == (4, WIDTH)
    np.testing.assert_allclose(both, np.concatenate(alone), rtol=1e-4, atol=1e-5)


def test_probabilities_are_a_distribution_for_each_scheme(network):
    states = network.states([vectors(7)], [[(0, 1), (3, 5)]], [[1, 2]], [[(0, 1)]])
    for scheme in LABELS:
        np.testing.assert_allclose(network.probabilities(states, scheme).sum(axis=1), 1.0, rtol=1e-5)


def test_sentences_without_a_pair_have_no_relation(network):
    found = list(network.relations([vectors(5), vectors(3), vectors(0)], [[(0, 1), (2, 4)], [(0, 1)], []], [["Method", "Task"], ["Method"], []]))
    assert len(found) == 3
    assert found[1] == found[2] == []
    assert all(0 < r.probability <= 1 and r.label in LABELS["scier"] for r in found[0])


def told():
    text = "We train FooNet on BarSet. It rains."
    things = [Thing("FooNet", "model", ["FooNet"], introduced=True), Thing("BarSet", "dataset", ["BarSet"])]
    places = [(0, 2, 0), (3, 8, 1), (9, 15, 2), (16, 18, 3), (19, 25, 4), (25, 26, 5), (27, 29, 6), (30, 35, 7), (35, 36, 8)]
    reading = Reading(text=text, places=places, sentences=[(0, 26), (27, 36)], things=things, mentions=[Mention(0, 9, 15, 0), Mention(1, 19, 25, 0)])
    return reading, vectors(len(places))


def test_proposals_speak_only_of_fitting_types(network):
    reading, states = told()
    claims = proposals(reading, states, network)
    assert {(c.subject, c.predicate, c.object, c.sentence) for c in claims} == {(0, "evaluatedOn", 1, 0), (0, "trainedOn", 1, 0)}
    assert all(0 <= c.confidence <= 1 for c in claims)


def test_only_wanted_predicates_are_proposed(network):
    reading, states = told()
    everything = {(c.predicate, c.confidence) for c in proposals(reading, states, network)}
    assert {(c.predicate, c.confidence) for c in proposals(reading, states, network, {"trainedOn"})} == {x for x in everything if x[0] == "trainedOn"}
    assert proposals(reading, states, network, {"uses"}) == []


def test_a_reading_with_no_pair_has_no_proposal(network):
    reading, states = told()
    reading.mentions.pop()
    assert proposals(reading, states, network) == []


def test_the_subject_can_be_limited_to_what_the_paper_introduces(network):
    reading, states = told()
    assert proposals(reading, states, network, own=True) == proposals(reading, states, network)
    reading.things[0].introduced = False
    assert proposals(reading, states, network, own=True) == []


SHIPPED = pytest.mark.skipif(not (MODELS / "fast" / "relations.npz").exists(), reason="the trained network is not there")


def shipped_states(reading):
    from kgraph.extract.ner import load_tagger

    return load_tagger("fast").vectors([[reading.text[a:b] for a, b, _ in reading.places]])[0]


@SHIPPED
def test_the_shipped_network_knows_training_from_testing():
    reading, _ = told()
    claims = {c.predicate: c.confidence for c in proposals(reading, shipped_states(reading), load_relation_model("fast"))}
    assert claims["trainedOn"] > claims["evaluatedOn"]


@SHIPPED
@pytest.mark.parametrize(("verb", "polarity"), [("is", "asserted"), ("could be", "hypothetical"), ("is not", "negated")])
def test_what_an_introduced_thing_is_for_is_claimed_with_its_polarity(verb, polarity):
    text = f"FooNet {verb} a framework for image segmentation."
    things = [Thing("FooNet", "method", ["FooNet"], introduced=True), Thing("image segmentation", "task", ["image segmentation"])]
    reading = Reading(text=text, sentences=[(0, len(text))], things=things, mentions=[Mention(0, 0, 6, 0), Mention(1, len(text) - 19, len(text) - 1, 0)])
    reading.places = [(*m.span(), i) for i, m in enumerate(re.finditer(r"\w+|\.", text))]
    claims = relation_claims(reading, shipped_states(reading))
    assert [(c.subject, c.predicate, c.object, c.polarity) for c in claims] == [(0, "addresses", 1, polarity)]
    things[0].introduced = False
    assert relation_claims(reading, shipped_states(reading)) == []


def test_the_network_in_numpy_is_the_network_that_was_trained():
    torch = pytest.importorskip("torch", reason="training only")
    from kgraph.train.relations import Example, Network

    torch.manual_seed(0)
    twin = Network(INPUTS, ["scier"], width=16, heads=2).eval()
    examples = [
        Example("scier", vectors(9), ((0, 1), (3, 5), (6, 9)), (1, 2, 3), {}),
        Example("scier", vectors(4), ((0, 2), (1, 2)), (1, 2), {}),
        Example("scier", vectors(30), ((20, 22), (1, 2), (22, 24), (29, 30)), (4, 1, 1, 2), {}),
    ]
    pairs = [pairs_of(e.spans) for e in examples]
    with torch.no_grad():
        wanted = twin(examples, pairs).numpy()
    got = RelationModel(twin.arrays(), {}).states([e.vectors for e in examples], [e.spans for e in examples], [e.roles for e in examples], pairs)
    np.testing.assert_allclose(got, wanted, atol=5e-3)  # the weights are kept as float16


@SHIPPED
def test_the_shipped_network_is_small():
    assert (Path(MODELS) / "fast" / "relations.npz").stat().st_size <= 3_000_000
