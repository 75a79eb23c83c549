import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.extract.tokenizer import kgraph_tokenizer


@pytest.fixture(scope="module")
def tokenize():
    tokenizer = kgraph_tokenizer(spacy.blank("en"))
    return lambda text: [t.text for t in tokenizer(text) if not t.is_space]


@pytest.mark.parametrize(
    "name", ["GPT-4V-1106", "LLaVA-v1.5-13B", "Llama-2/3", "F1", "top-1", "2.4B", "ImageNet-1K", "RTX4090", "W4A16", "Megatron-LM", "3,072", "petaFLOP/s"]
)
def test_names_versions_and_sizes_stay_whole(tokenize, name):
    assert tokenize(f"We use {name}, then ({name}).") == ["We", "use", name, ",", "then", "(", name, ")", "."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LLM-based agents", ["LLM", "-", "based", "agents"]),
        ("GPT-4-based", ["GPT-4", "-", "based"]),
        ("KV-cache-aware", ["KV", "-", "cache", "-", "aware"]),
        ("state-of-the-art", ["state", "-", "of", "-", "the", "-", "art"]),
        ("BLEU/ROUGE", ["BLEU", "/", "ROUGE"]),
        ("8xA100", ["8", "x", "A100"]),
        ("35.20% and 10+%", ["35.20", "%", "and", "10+", "%"]),
        ("GPT-4's", ["GPT-4", "'s"]),
        ("end.The law)that", ["end", ".", "The", "law", ")", "that"]),
        ("see https://github.com/a/b.", ["see", "https://github.com/a/b", "."]),
        ("e.g., v1.5 Fig. 2", ["e.g.", ",", "v1.5", "Fig.", "2"]),
    ],
)
def test_modifiers_units_and_glue_are_split(tokenize, text, words):
    assert tokenize(text) == words


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_character_of_the_text_is_lost(text):
    doc = kgraph_tokenizer(spacy.blank("en"))(text)
    assert doc.text == text


def test_the_tokenizer_is_written_and_read_with_its_patterns() -> None:
    nlp = spacy.blank("en")
    tokenizer = kgraph_tokenizer(nlp)
    again = spacy.tokenizer.Tokenizer(nlp.vocab).from_bytes(tokenizer.to_bytes())
    for text in ("LLM-based KV-cache (v1.5), e.g. 2.4B's 3×A100.", "See www.example.org/a or https://localhost:80; it's 95%."):
        assert [t.text for t in again(text)] == [t.text for t in tokenizer(text)]
