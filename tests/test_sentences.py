import pytest
import spacy

from kgraph.extract.reading import paper_text
from kgraph.extract.tokenizer import kgraph_tokenizer


@pytest.fixture(scope="module")
def split():
    nlp = spacy.blank("en")
    nlp.tokenizer = kgraph_tokenizer(nlp)
    nlp.add_pipe("kgraph_sentences")

    def run(abstract, title=""):
        text, start = paper_text(title, abstract)
        doc = nlp.make_doc(text)
        doc.user_data["kgraph_abstract_start"] = start
        reading = nlp.get_pipe("kgraph_sentences")(doc).user_data["kgraph"]
        return [text[a:b] for a, b in reading.sentences]

    return run


@pytest.mark.parametrize(
    "sentence",
    [
        "We use tools, e.g. GPT-4, as in Li et al. (2020), for this.",
        "It runs v1.5 of the code, cf. Fig. 2 and Sec. 3.",
        "Gains of 3.5 points vs. 2.1 points are seen.",
        "The U.S. market grew, i.e. doubled.",
    ],
)
def test_a_full_stop_of_an_abbreviation_or_number_ends_nothing(split, sentence):
    assert split(sentence + " The next one.") == [sentence, "The next one."]


def test_a_name_that_begins_in_lower_case_opens_a_sentence(split):
    assert split("We test it. mPLUG is best. vLLM is fast.") == ["We test it.", "mPLUG is best.", "vLLM is fast."]


def test_a_missing_space_after_the_full_stop_does_not_glue_sentences(split):
    assert split("It ends here.The next begins.") == ["It ends here.", "The next begins."]


def test_a_title_is_one_sentence_of_its_own(split):
    assert split("First one. Second one.", "Who wins? A study. Of tests") == ["Who wins? A study. Of tests", "First one.", "Second one."]


def test_an_empty_text_has_no_sentence(split):
    assert split("") == []
