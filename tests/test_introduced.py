import re

import pytest

from kgraph.extract.abbreviations import find_abbreviations
from kgraph.extract.introduced import find_code, introduced_things
from kgraph.extract.reading import Mention, Reading, Thing, paper_text


def read(marked, title=""):
    """A reading of an abstract whose names stand in [brackets]; a type may follow a bar."""
    names, plain = [], ""
    text, start = paper_text(title, marked)
    for part in re.split(r"(\[[^\]]+\])", text):
        if part.startswith("["):
            name, _, kind = part[1:-1].partition("|")
            names.append((name, kind or "method", len(plain)))
            plain += name
        else:
            plain += part
    reading = Reading(text=plain, abstract_start=start)
    reading.sentences = [(m.start(), m.end()) for m in re.finditer(r"\S[^.]*(?:\.(?!\s)[^.]*)*\.?", plain)]
    reading.abbreviations = [(plain[a.short_start : a.short_end], plain[a.long_start : a.long_end]) for a in find_abbreviations(plain)]
    index = {}
    for name, kind, at in names:
        thing = index.setdefault(name, len(index))
        if thing == len(reading.things):
            reading.things.append(Thing(name, kind, [name]))
        sentence = next(i for i, (a, b) in enumerate(reading.sentences) if a <= at < b)
        reading.mentions.append(Mention(thing, at, at + len(name), sentence))
    return reading


def introduced(marked, title=""):
    reading = read(marked, title)
    return [reading.things[i].name for i in sorted(introduced_things(reading))]


@pytest.mark.parametrize(
    "text",
    [
        "We present [FooNet], a fast detector.",
        "In this work, we propose a novel framework, named [FooNet], for detection.",
        "To address this, we introduce an efficient method called [FooNet] that prunes [BERT|model].",
        "This paper introduces [FooNet].",
        "We propose a new decoder dubbed [FooNet].",
        "A novel detector called [FooNet] has been proposed to solve this.",
        "[FooNet] is proposed for tracking.",
        "We develop the Fast Object Oracle ([FooNet|model]).",
        "Here, we release [FooNet|dataset], the first benchmark of its kind.",
        "We describe the design of [FooNet|software], a system for training [LLMs|model].",
    ],
)
def test_each_way_of_presenting_a_name_introduces_it(text):
    assert introduced(text) == ["FooNet"]


@pytest.mark.parametrize(
    "text",
    [
        "We use [BERT|model] and [GPT-4|model] for labelling.",
        "Recently, [GPT-4|model] has shown strong results.",
        "We compare with [ResNet-50|model] on [ImageNet|dataset].",
        "Models such as [LLaVA|model], a strong baseline, are slow.",
        "We evaluate [LLaMA-2|model] on [GSM8K|dataset].",
        "We train on 64 [A100|hardware] GPUs.",
    ],
)
def test_a_name_that_is_merely_mentioned_is_not_introduced(text):
    assert introduced(text) == []


def test_a_title_with_a_colon_introduces_its_name():
    assert introduced("It is fast. We test [FooNet] here.", "[FooNet]: Fast Detection with [BERT|model]") == ["FooNet"]


def test_several_names_can_be_introduced_in_one_paper():
    text = "We introduce [FooNet] and [BarBench|dataset]. We also release [BazLM|model], a small model."
    assert introduced(text) == ["FooNet", "BarBench", "BazLM"]


def test_the_members_of_a_family_come_with_it():
    assert introduced("We introduce the [Foo|model] family, including [Foo-Chat|model] and [Foo-Code|model].") == ["Foo", "Foo-Chat", "Foo-Code"]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Code: https://github.com/a/b.", ["https://github.com/a/b"]),
        ("at github.com/a/b and https://github.com/a/b/", ["https://github.com/a/b/"]),
        ("(see https://x.org/demo_1), also https://y.ai/z.", ["https://x.org/demo_1", "https://y.ai/z"]),
        ("publicly available at foo.bar.ac.cn.", ["foo.bar.ac.cn"]),
        ("released at https://github.com/a/b.The recent", ["https://github.com/a/b"]),
        ("see https://doi.org/10.1/x and https://arxiv.org/abs/2401.00001", []),
        ("Models like Node.js and e.g. this, i.e. that", []),
    ],
)
def test_code_links_are_clean_and_single(text, urls):
    assert find_code(text) == urls
