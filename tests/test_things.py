import re

import numpy as np
import pytest
from marked import facts_of

from kgraph.extract.abbreviations import find_abbreviations
from kgraph.extract.cues import cue_votes, form_votes
from kgraph.extract.ner import Span
from kgraph.extract.reading import SEPARATOR, Reading
from kgraph.extract.things import is_fragment, read_things
from kgraph.lexicon import load


def read(marked, score=0.9, title=""):
    """Things of a text in which the tagger is said to have found what stands in [brackets], with a type after a bar."""
    text, spans = title + SEPARATOR if title else "", []
    start = len(text)
    for part in re.split(r"(\[[^\]]+\])", marked):
        if part.startswith("["):
            name, _, kind = part[1:-1].partition("|")
            spans.append((len(text), len(text) + len(name), Span(0, 1, {kind or "method": 1.0}, score, 0.9)))
            text += name
        else:
            text += part
    reading = Reading(text=text, abstract_start=start)
    reading.sentences = [(m.start(), m.end()) for m in re.finditer(r"\S[^.]*(?:\.(?!\s)[^.]*)*\.?", text)]
    found = list(find_abbreviations(text))
    reading.abbreviations = [(text[a.short_start : a.short_end], text[a.long_start : a.long_end]) for a in found]
    read_things(reading, spans, found, load())
    return reading


def names(marked, title=""):
    return {t.name: t.kind for t in read(marked, title=title).things}


def test_full_form_plural_and_abbreviation_are_one_thing():
    reading = read("We prune [quuxed lattice maps|method] (QLMs). A [QLM] is small; QLMs are fast.")
    assert len(reading.things) == 1
    assert {"QLM", "QLMs", "quuxed lattice maps"} <= set(reading.things[0].names)
    assert len(reading.mentions) == 4


def test_an_abbreviation_inside_a_longer_name_is_expanded():
    reading = read("The [Foo-Bar-Baz|method] (FBB) scheduler works. The [FBB scheduler|method] is good.")
    assert len(reading.things) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We test [Zork-2/3|model] here.", {"Zork-2", "Zork-3"}),
        ("We get 42.1% on [Zork23|dataset] and 58.3% elsewhere.", {"Zork23"}),
        ("We use [alpha|method], [beta|method], and [gamma parallelism|method] now.", {"alpha parallelism", "beta parallelism", "gamma parallelism"}),
        ("We use [alpha|method], beta, and [gamma parallelism|method] now.", {"alpha parallelism", "beta parallelism", "gamma parallelism"}),
        ("We use [alpha|method], then beta, and [gamma parallelism|method] now.", {"alpha", "gamma parallelism"}),
    ],
)
def test_coordinations_become_their_members(text, expected):
    assert set(names(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lowers [latency|metric] and [energy consumption|metric] a lot.", {"latency", "energy consumption"}),
        ("The agent does [replanning|task] and [tool calling|task] well.", {"replanning", "tool calling"}),
        ("We rate [coverage|method] and [strategic coherence|method] by hand.", {"coverage", "strategic coherence"}),
        ("It has [transformers|method] and [word encodings|method] inside.", {"transformer", "word encoding"}),
        ("Good at [spatial|task] and [temporal reasoning|task] now.", {"spatial reasoning", "temporal reasoning"}),
    ],
)
def test_a_name_by_itself_takes_no_head_of_its_neighbour(text, expected):
    assert set(names(text)) == expected


def test_devices_are_hardware_whatever_the_tagger_says():
    assert names("It ran on 64 [NVIDIA A100 GPUs|model] in a day.")["NVIDIA A100"] == "hardware"


def test_the_text_itself_says_what_a_new_name_is():
    assert names("We introduce [Zorkle|model], a benchmark for chess.")["Zorkle"] == "dataset"
    assert names("We release [Zorkle|model], an open-source library that trains.")["Zorkle"] == "software"


def test_members_of_a_family_are_of_one_type():
    found = names("[ZorkLM|model] is a model. [ZorkLM|model] is fast. [ZorkLM-13B|software] is larger.")
    assert found == {"ZorkLM": "model", "ZorkLM-13B": "model"}


def test_a_name_found_once_is_found_everywhere():
    reading = read("We present [Zorkle|method]. Then Zorkle wins, as Zorkle-based tools do.")
    assert [reading.text[m.start : m.end] for m in reading.mentions] == ["Zorkle"] * 3


def test_generic_words_and_addresses_give_no_thing():
    assert names("The [model|model] has [significant advantages|method], see [https://github.com/a/zork|software].") == {}


def test_every_mention_lies_in_its_sentence():
    reading = read("We prune [quuxed maps|method] (QMs). [Zork|model] uses QMs on an A100.")
    for m in reading.mentions:
        start, end = reading.sentences[m.sentence]
        assert start <= m.start < m.end <= end


def test_a_proper_name_that_ends_in_s_keeps_it_and_plurals_of_words_do_not():
    assert set(names("We present [Ouranos|method] for [graph networks|method] and [FPGAs|hardware].")) == {"Ouranos", "graph network", "FPGA"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We find a symmetry in nets, which we term crooked symmetry.", "crooked symmetry"),
        ("We present Lantern, a lamp for nets.", "Lantern"),
        ("We assess cars from a view termed Driving Manner, which is new.", "Driving Manner"),
        ("We present the Cars Over [Time Study] extension for maps.", "Cars Over Time Study"),
        ("To end this, we introduce net-wise [wheel alignment], which turns wheels.", "net-wise wheel alignment"),
        ("We introduce the notion of [lattice] overflow, and measure it. It is [small].", "lattice overflow"),
    ],
)
def test_what_the_paper_says_it_coins_is_a_name_of_any_form(text, name):
    assert [t.name for t in read(text).things if t.introduced] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "We propose several ways to drive, which are new.",
        "We introduce fast nets, which are new.",
        "We present results, a table and two maps.",
        "We develop [LatNet]-style maps, a kind of net.",
    ],
)
def test_a_description_is_no_coined_name(text):
    assert not {t.name for t in read(text).things} - {"LatNet"}


def test_the_head_of_a_title_is_a_name_where_its_form_or_the_abstract_shows_it():
    assert "Lantern" in names("We light nets. The speed of Lantern is high.", "Lantern: Light for Nets")
    assert "lumen" in names("We light nets with lumen at night.", "lumen: Light for Nets")
    assert "LumReward" in names("We light nets.", "LumReward: Light for Nets")
    assert names("Interplay is all. We light nets.", "Interplay: Light for Nets") == {}
    assert names("We light nets.", "Position: Light for Nets") == {}


def test_a_sure_name_takes_the_place_of_an_unsure_guess():
    assert [t.name for t in read("We present [Lantern], a lamp for nets.", score=0.5).things] == ["Lantern"]


@pytest.mark.parametrize(
    "name",
    [
        "duality based",
        "TREC 2042 shared",
        "based programming",
        "safe and efficient",
        "history-augmented",
        "ill-conditioned",
        "Smith et al",
        "and co-generation",
        "physical large",
        "garden photo only",
        "context sensitive",
        "Joint Moss Net -- Bridging",
        "tree-walk evolutionary",
    ],
)
def test_a_piece_of_a_phrase_is_no_thing(name):
    assert is_fragment(name)
    assert name not in {t.name for t in read(f"We study [{name}|method] and [graph pruning|method] here.").things}


@pytest.mark.parametrize(
    "name",
    [
        "walking speed",
        "random seed",
        "self-supervised",
        "knowledge base",
        "in-context learning",
        "chain-of-thought",
        "fluid dynamics",
        "Frozen in Time",
        "LoRA-based tuning",
    ],
)
def test_a_name_with_such_words_in_it_is_one(name):
    assert not is_fragment(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It minimizes the [velocity-mixing] objective.", "velocity-mixing"),
        ("It needs [ferromagnetic] coupling of parts.", "ferromagnetic"),
        ("We add [twin-checking] rules to agents.", "twin-checking"),
        ("A [Cross-Harbor] Approach to sailing.", "Cross-Harbor"),
        ("We plan [AI-enlarged] garden care.", "AI-enlarged"),
    ],
)
def test_a_word_that_only_stands_before_nouns_is_no_thing(text, name):
    assert name not in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It uses [velocity-mixing] and more.", "velocity-mixing"),
        ("A [table-coding] method beats it.", "table-coding"),
        ("In [post-sorting] steps it fails.", "post-sorting"),
        ("The [Cross-Harbor] is better than it.", "Cross-Harbor"),
        ("The [twin-checking] rules need [twin-checking].", "twin-checking"),
    ],
)
def test_a_compound_that_stands_alone_or_names_a_method_is_one(text, name):
    assert name in names(text)


def test_a_comparison_makes_things_of_methods_and_none_of_evaluations():
    found = facts_of("[FooNet|model*] outperforms tree-walk planning and thorough evaluations.").things
    assert [t.name for t in found] == ["FooNet", "tree-walk planning"]


@pytest.mark.parametrize("rest", ["existing black-box methods", "garden-based techniques", "moss-based mechanisms"])
def test_what_only_tells_things_apart_in_one_sentence_is_no_thing(rest):
    assert [t.name for t in facts_of(f"[FooNet|model*] outperforms {rest}.").things] == ["FooNet"]


def test_bones_in_a_bag_stay_many():
    assert "bag-of-bones" in names("We use [bag-of-bones] here, a [bag-of-bones].")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We care for real [time moss monitoring] here.", False),
        ("In real time, [time series sorting] helps.", True),
        ("The [Union] of gardens grows.", True),
        ("We need long [term storage] of moss.", False),
    ],
)
def test_no_name_begins_inside_a_modifier_of_two_words(text, found):
    assert bool(names(text)) == found


def test_a_doubtful_name_in_lower_case_stands_more_than_once_or_is_presented():
    assert not read("Then [fluffy moss sorting] helps.", score=0.63).things
    assert read("Then [fluffy moss sorting] helps. Yes, [fluffy moss sorting].", score=0.63).things
    assert read("We propose a novel [fluffy moss sorting] scheme.", score=0.63).things
    assert read("Then it is [Fluffy Moss Sorting] that helps.", score=0.63).things
    assert read("Moss.", score=0.63, title="").things == [] and read("Then [fluffy moss sorting] helps.", score=0.71).things


def test_a_head_that_names_another_thing_stays_apart_from_the_abbreviation():
    reading = read("The [seed sorting|task] (SSO) task is hard. The [SSO loss|metric] and the [SSO model|model] and the [SSO task|task] differ.")
    together = next(set(t.names) for t in reading.things if "SSO" in t.names)
    assert "SSO task" in together and not {"SSO loss", "SSO model"} & together


def prominent(marked, score, title=""):
    return {n for thing in read(marked, score=score, title=title).things for n in thing.names}


def test_a_name_that_a_reader_would_miss_may_be_less_sure():
    assert "wobbling reduction" in prominent("Results show that [wobbling reduction|task] is needed.", 0.62)
    assert "DAQ" in prominent("It lifts control flow into a static [DAQ|method]. Then it stops.", 0.62)
    assert not prominent("Results show that [wobbling reduction|task] tables are needed.", 0.62)  # stands before its head
    assert not prominent("Results show that [dynamic wobbling|task] is needed.", 0.62)
    assert not prominent("Results show that [wobbling reduction|task] is needed.", 0.5)


def test_what_is_done_with_a_model_is_a_task_where_the_model_stands_alone_too():
    assert names("A [QUUX|model] is slow. We tune [QUUX|model] inference on phones.") == {"QUUX": "model", "QUUX inference": "task"}
    assert names("We tune [QUUX|model] inference on phones.") == {"QUUX": "model"}
    assert names("A [QUUX|model] is slow. We cut [QUUX|model] inference time in half.") == {"QUUX": "model", "inference time": "metric"}


def test_a_name_of_the_abstract_stands_whole_in_the_title():
    marked = "We use [lattice-wise wobble alignment|method], a new step."
    text = "FooNet: Lattice-Wise Wobble Alignment for Foo"
    reading = read(marked, title=text)
    assert {reading.text[m.start : m.end] for m in reading.mentions} >= {"Lattice-Wise Wobble Alignment", "lattice-wise wobble alignment"}


def test_versions_names_behind_a_dash_and_before_a_sign_are_names():
    assert set(names("We test [FooNet-V2/V3|model] here.")) == {"FooNet-V2", "FooNet-V3"}
    assert set(names("We release the [base model - FooNet|model] (8B).")) == {"FooNet"}
    assert set(names("We test [GLOOP +|model] 2 here.")) == {"GLOOP"}
    assert set(names("It is run on [FooQA downstream tasks|dataset] alone.")) == {"FooQA"}


def test_metrics_at_a_rank_and_acronyms_that_spell_an_adjective_are_things():
    assert names("It improves [pass@1|metric] and [nDCG@k|metric].") == {"pass@1": "metric", "nDCG@k": "metric"}
    assert set(names("We run [FAST|method] on it.")) == {"FAST"}
    assert names("We run [fast|method] on it.") == {}


def test_names_that_differ_in_a_number_are_of_one_type():
    assert names("We test [QuuxB5|dataset], [QuuxB6|model] here; the QuuxB5 dataset grew.") == {"QuuxB5": "dataset", "QuuxB6": "dataset"}


def test_the_form_of_a_name_says_little_where_it_stands_often():
    assert form_votes("QuuxMamba", 5) == {"model": 1.2}
    assert form_votes("QuuxBench", 5) == {"dataset": 5.0}
    assert form_votes("Distill-QAT") == {}


def test_a_holder_before_a_bracket_and_tasks_behind_a_name_say_its_type():
    text = "Compared with the best inference library (Quick Quux v4.0), it wins on Wobble Gym tasks."
    assert cue_votes(text, text.index("Quick"), text.index(")")) == {"software": 1.5}
    assert cue_votes(text, text.index("Wobble"), text.index(" tasks")) == {"dataset": 0.5}


def test_a_sentence_that_begins_with_common_words_defines_no_name():
    assert names("[Wobbly models|model] are the standard toolkit for tracing.") == {"Wobbly model": "model"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A [Precision and Recall|metric] curve falls.", {"Precision": "metric", "Recall": "metric"}),
        ("We use [quux sorting and moss sorting|method] here.", {"quux sorting and moss sorting": "method"}),
        ("A 7-[DoF QuuxArm|hardware] moves.", {"QuuxArm": "hardware"}),
        ("We merge 4 [K quux embeddings|method] in one.", {"quux embedding": "method"}),
        ("Then [DoF QuuxArm|hardware] moves.", {"DoF QuuxArm": "hardware"}),
    ],
)
def test_two_known_names_are_two_and_what_a_number_counts_is_no_part_of_a_name(text, found):
    assert names(text) == found


def test_a_common_word_that_only_stands_in_compounds_is_no_thing():
    assert not names("We train with [Moss|method]-Aware and 3D-aware losses.")
    assert not names("A [3D|method]-aware loss helps.")
    assert names("The [Moss|method]-Aware loss is like [Moss|method].") == {"Moss": "method"}
    assert names("A [QUUX|method]-based loss helps.") == {"QUUX": "method"}


def test_a_name_that_probably_goes_on_is_a_piece_of_one():
    text = "Then Moss Sorting networks helps. "
    for score, goes_on, again, kept in ((0.65, 0.3, "", False), (0.65, 0.1, "", True), (0.95, 0.9, "", True), (0.65, 0.3, "Yes, Moss Sorting.", True)):
        reading = Reading(text=text + again)
        reading.sentences = [(0, len(text) - 1)] + ([(len(text), len(reading.text))] if again else [])
        reading.places = [(m.start(), m.end(), i) for i, m in enumerate(re.finditer(r"\w+|[^\w\s]", reading.text))]
        reading.named = np.zeros((2, len(reading.places)))
        reading.named[1, 3] = goes_on
        read_things(reading, [(5, 17, Span(0, 1, {"method": 1.0}, score, 0.9))], [], load())
        assert bool(reading.things) == kept


def test_a_name_keeps_its_leading_stop_and_no_verb_begins_one():
    assert names("We port the [.NET runtime|software] here.") == {".NET runtime": "software"}
    assert not names("Each [was most quuxed|metric] here.")


def test_a_word_in_lower_case_is_no_known_name_in_capitals():
    assert not names("It is drawn with flair, and inference-time quuxing helps.")
    assert names("It is tagged by Flair.") == {"Flair": "software"}
    assert names("We measure recall@5 here.") == {"recall@5": "metric"}


def test_a_listed_abbreviation_keeps_its_usual_meaning_beside_a_longer_name():
    reading = read("We train by [quux-oriented reinforcement learning|method] (RL). Then [RL|method] helps.")
    assert {"RL", "reinforcement learning"} <= set(reading.things[0].names) and not any("quux" in n for t in reading.things for n in t.names)
    reading = read("We train by [quux-oriented moss learning|method] (ML). Then [QML|method] helps.")
    assert any("quux" in n for t in reading.things for n in t.names)


def test_a_known_name_takes_in_the_pieces_that_the_tagger_found_of_it():
    assert names("We test on [Tanks|dataset] and [Temples|dataset] here.") == {"Tanks and Temples": "benchmark"}
    assert names("We study AI-generated [text detection|task] here.") == {"AI-generated text detection": "task"}
    assert names("The mean Intersection over [Union|metric] rises.") == {"mean Intersection over Union": "metric"}


def test_a_phrase_that_papers_abbreviate_takes_in_the_pieces_of_it_unless_they_are_known_names():
    assert names("We plan for [search|task] and [rescue|task] here.") == {"search and rescue": "task"}
    assert set(names("We use [artificial intelligence|method] and [machine learning|method] here.")) == {"artificial intelligence", "machine learning"}


def test_what_only_says_how_the_next_name_works_belongs_to_it():
    assert set(names("We use [privacy-preserving|method] [moss counting|task] here.")) == {"privacy-preserving moss counting"}
    assert set(names("We use [moss-based|method] [moss counting|task] here.")) == {"moss counting"}
    assert set(names("We use [Zork|model] [moss counting|task] here.")) == {"Zork", "moss counting"}


def test_a_known_name_in_an_ordinary_phrase_is_none():
    assert not names("The topic draws much [attention|method] of late.")
    assert names("The layer computes [attention|method] twice.") == {"attention": "method"}
    assert "boosting" not in names("It helps by [boosting|method] accuracy.")


def test_what_describes_a_name_in_capitals_is_no_part_of_it_unless_the_rest_is_known():
    assert set(names("We add a [neuro-inspired Zork Response Normalization|method] layer.")) == {"Zork Response Normalization"}
    assert set(names("We use [multi-agent Reinforcement Learning|method] here.")) == {"multi-agent Reinforcement Learning"}


def test_a_judge_or_a_benchmark_of_large_language_models_is_none_of_them():
    reading = read("We study Large Language Models (LLMs). Eleven [LLM judges|method] and one [LLM benchmark|dataset] use [LLMs|model].")
    [models] = [set(t.names) for t in reading.things if "LLMs" in t.names]
    assert "Large Language Models" in models and not models & {"LLM judges", "LLM judge", "LLM benchmark"}


@pytest.mark.parametrize("brackets", [" (LRS)", ""])
def test_an_abbreviated_head_behind_an_abbreviation_names_no_other_thing(brackets):
    reading = read(f"We use the [Quick-Owl-Orbit|method] (QOO) learning rate scheduler{brackets}. The [QOO LRS|method] is good, a [QOO XYZ|method] is not.")
    assert [set(t.names) >= {"QOO", "QOO LRS"} for t in reading.things if "Quick-Owl-Orbit" in t.names] == [True]
    assert not any({"QOO", "QOO XYZ"} <= set(t.names) for t in reading.things)


def test_a_program_before_an_abbreviation_says_whose_implementation_it_is():
    reading = read("We extend [quick owl orbiting|method] (QOO). Unlike [PyTorch QOO|method] and [Mossy QOO|method], it is fast.")
    assert [{"QOO", "PyTorch QOO"} <= set(t.names) for t in reading.things if "QOO" in t.names] == [True]
    assert not any({"QOO", "Mossy QOO"} <= set(t.names) for t in reading.things)
