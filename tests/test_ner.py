import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.extract.ner import MODELS, Span, Tagger, decode, load_tagger
from kgraph.extract.pipeline import load_pipeline
from kgraph.extract.reading import paper_text
from kgraph.extract.words import GRAM_ROWS, SHAPE_ROWS, SPARE_ROWS, gram_rows, shape_row, word_row

TAGS = ["O", "B-model", "B-task", "I-model", "I-task"]


def tiny(width=8, seed=0, common=()):
    """A random tagger of two layers, its words known in part; the vectors of `common` words are stored ready-made, all ones."""
    return Tagger(*tiny_parts(width, seed, common))


def tiny_parts(width=8, seed=0, common=()):
    """Arrays and description of `tiny`."""
    rng = np.random.default_rng(seed)
    vocabulary = ["the", "model", "of", "000"]
    shapes = {
        "form": (len(vocabulary) + SPARE_ROWS, 6),
        "grams": (GRAM_ROWS, 4),
        "shapes": (SHAPE_ROWS, 2),
        "embed.weight": (12, 2 * width),
        "embed.bias": (2 * width,),
        "embed.norm.gain": (width,),
        "embed.norm.bias": (width,),
        "head.kgraph.weight": (width, len(TAGS)),
        "head.kgraph.bias": (len(TAGS),),
    }
    for layer in range(2):
        shapes |= {
            f"conv{layer}.weight": (3, width, width),
            f"conv{layer}.bias": (width,),
            f"conv{layer}.norm.gain": (width,),
            f"conv{layer}.norm.bias": (width,),
        }
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    if common:
        arrays |= {"common": np.full((len(common), width), 64, np.int8), "common.scale": np.full(len(common), 1 / 64, np.float16)}
    return arrays, {"schemes": {"kgraph": TAGS}, "dilations": [1, 2], "vocabulary": vocabulary, "common": list(common)}


def probs(*rows):
    return np.array(rows, dtype=np.float32)


def test_a_span_keeps_one_type_though_its_words_disagree():
    table = probs([0.0, 0.6, 0.4, 0, 0], [0.1, 0, 0, 0.3, 0.6], [0.0, 0, 0, 0.2, 0.8], [0.9, 0.1, 0, 0, 0])
    (span,) = decode(table, TAGS, np.ones(4, np.float32))
    assert (span.start, span.end, span.kind) == (0, 3, "task")


def test_an_inside_tag_cannot_follow_an_outside_tag():
    table = probs([0.95, 0.03, 0.02, 0, 0], [0.3, 0.0, 0.0, 0.7, 0.0])
    assert decode(table, TAGS, np.ones(2, np.float32)) == []


def test_two_begins_in_a_row_are_two_spans():
    table = probs([0, 1.0, 0, 0, 0], [0, 1.0, 0, 0, 0])
    assert [(s.start, s.end) for s in decode(table, TAGS, np.ones(2, np.float32))] == [(0, 1), (1, 2)]


def test_a_positive_bias_finds_more():
    table = probs([0.6, 0.4, 0, 0, 0])
    assert decode(table, TAGS, np.ones(1, np.float32)) == []
    assert len(decode(table, TAGS, np.ones(1, np.float32), bias=1.0)) == 1


def test_nothing_comes_of_no_words():
    assert decode(np.zeros((0, 5), np.float32), TAGS, np.zeros(0, np.float32)) == []
    assert tiny().spans([[], ["the"]])[0] == []


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.sampled_from(["the", "model", "of", "GPT-4", "ünïcode", "12.5%", "x" * 60]), max_size=12), min_size=1, max_size=5))
def test_a_batch_gives_what_each_text_gives_alone(sequences):
    tagger = tiny()
    together = tagger.hidden(sequences)
    for sequence, hidden in zip(sequences, together, strict=True):
        alone = tagger.hidden([sequence])[0]
        assert hidden.shape == (len(sequence), tagger.width)
        np.testing.assert_allclose(hidden, alone, rtol=2e-4, atol=2e-4)


def test_the_cache_of_words_changes_nothing():
    tagger = tiny()
    first = tagger.embed(["the", "GPT-4"])
    tagger.embed([f"w{i}" for i in range(3000)])
    np.testing.assert_array_equal(first, tagger.embed(["the", "GPT-4"]))


def test_common_words_are_looked_up_and_others_computed(monkeypatch):
    plain, ready = tiny(), tiny(common=["of", "BERT"])
    words = ["BERT", "the", "of", "GPT-4"]
    for _ in range(2):
        found = ready.embed(words)
        np.testing.assert_array_equal(found[[0, 2]], np.ones((2, 8), np.float32))
        np.testing.assert_array_equal(found[[1, 3]], plain.embed(words)[[1, 3]])
        monkeypatch.setattr("kgraph.extract.ner.CACHE_WORDS", 0)  # the cache overflows: common words stay


@given(st.text(min_size=1, max_size=80))
def test_every_word_has_rows_inside_the_tables(word):
    assert 0 <= word_row(word, {"a": 0}) < 1 + SPARE_ROWS
    assert 0 <= shape_row(word) < SHAPE_ROWS
    assert all(0 <= row < GRAM_ROWS for row in gram_rows(word))
    assert gram_rows(word)


def test_numbers_share_the_row_of_their_digit_pattern():
    assert word_row("347", {"000": 0}) == word_row("912", {"000": 0}) == 0


def test_an_unknown_model_is_refused_with_the_names_there_are():
    with pytest.raises(FileNotFoundError, match=r"no model 'huge'; there are: .*fast"):
        load_tagger("huge")


def test_the_last_bits_do_not_depend_on_company():
    """Facts are kept from build to build, so a text has to give the same numbers whatever is read beside it, also for words never seen."""
    shipped = load_tagger("fast")
    rng = random.Random(5)
    known = list(shipped.common)[:3000]
    texts = [[rng.choice(known) if rng.random() < 0.9 else f"w{rng.randrange(10**6)}x" for _ in range(rng.randrange(1, 400))] for _ in range(24)]
    alone = [Tagger.load(MODELS / "fast").read([text]) if n < 3 else shipped.read([text]) for n, text in enumerate(texts)]
    for size in (2, 5, 9):
        together = Tagger.load(MODELS / "fast")
        for at in range(0, len(texts), size):
            for n, (vector, found, named) in enumerate(zip(*together.read(texts[at : at + size]), strict=True), at):
                np.testing.assert_array_equal(vector[:], alone[n][0][0][:])
                assert found == alone[n][1][0]
                np.testing.assert_array_equal(named, alone[n][2][0])


def test_no_name_goes_from_the_title_into_the_abstract(monkeypatch):
    nlp = load_pipeline()
    text, start = paper_text("Training at Scale with FooNet", "Large models are slow.")
    doc = nlp.make_doc(text)
    doc.user_data["kgraph_abstract_start"] = start
    doc = nlp.get_pipe("kgraph_sentences")(doc)
    ner = nlp.get_pipe("kgraph_ner")
    over = Span(4, 7, {"model": 1.0}, 0.9, 0.8)
    monkeypatch.setattr(ner.tagger, "read", lambda sequences, bias=0.0: ([None], [[over]], [None]))
    ner.annotate([doc])
    assert [text[a:b] for a, b, _ in doc.user_data["kgraph_spans"]] == ["FooNet", "Large models"]
