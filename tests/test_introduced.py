import re

import pytest

from kgraph.extract.abbreviations import find_abbreviations
from kgraph.extract.addresses import find_code
from kgraph.extract.introduced import introduced_things
from kgraph.extract.reading import SEPARATOR, Mention, Reading, Thing, paper_text


def read(marked, title=""):
    """A reading of an abstract whose names stand in [brackets]; a type may follow a bar."""
    names, plain = [], ""
    text, _ = paper_text(title, marked)
    start = len(re.sub(r"\[([^\]|]+)(?:\|[^\]]*)?\]", r"\1", title)) + len(SEPARATOR) if title else 0
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
    for short, long in reading.abbreviations:
        for thing in reading.things:
            if thing.name == long:
                thing.abbreviations.append((short, long))
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
        "A [FooNet|model] module is designed for tracking.",
        "The [FooNet] method, which prunes weights, is presented here.",
        "We tackle this by introducing [FooNet], which prunes [BERT|model].",
        "We develop a new method for small objects, [FooNet], with a large field of view.",
        "We build a pruning framework [FooNet] based on [BERT|model].",
        "We build a counter of cars called - [FooNet], which is fast.",
        "We implement the pruning of weights under the name [FooNet] for tracking.",
        "We have released [FooNet|software], a library.",
        "All this runs on our newly built [FooNet|dataset].",
        "We test the method, [FooNet], on cars, and our method, [FooNet], is fast.",
        "Cars were counted by hand before. We present a novel [pruning technique], [FooNet], for cars.",
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
        "Our method outperforms [SparseGPT] on cars.",
        "Our findings show that [GPT-4|model] counts cars.",
        "Our method was tested with [SparseGPT] on the [CarSet|dataset].",
        "[SparseGPT] prunes weights. We propose a faster way to run [SparseGPT] and its [SparseGPT] kernel.",
        "Many an [object oracle] counts cars. We present a new [object oracle] for trams.",
        "We propose a novel view of pruning, unlike standard [weight decay].",
        "We introduce a system for fleets of [Object Oracle] ([OO|model]) models.",
        "Our work comprises three steps: [tagging], [parsing] and [scoring].",
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
    "text",
    [
        "We propose two kernels, [FooCast] and [BarCast], which move tiles.",
        "We introduce two lightweight controls: [FooCast], which keeps a plan, and [BarCast], which finds loops.",
        "We present three novel losses: (1) [FooCast], a margin; (2) [BarCast], a norm that combines [l1] and [l2].",
    ],
)
def test_the_members_of_a_counted_list_are_introduced(text):
    assert introduced(text) == ["FooCast", "BarCast"]


def test_members_of_a_counted_list_need_no_capitals_where_each_has_a_clause_of_its_own():
    text = "We introduce two controls: [low-bit planning], which keeps a plan, and [loop rescue], which finds loops. We use [beam search]."
    assert introduced(text) == ["low-bit planning", "loop rescue"]


def test_an_introduced_thing_lists_its_named_parts():
    text = "We propose [FooNet]. [FooNet] comprises two parts: the [Fast Encoder-Net] ([FEN]), which reads, and [scoring]."
    assert introduced(text) == ["FooNet", "Fast Encoder-Net"]


def test_a_full_form_with_its_abbreviation_is_introduced_as_the_object():
    reading = read("We propose a [fast object oracle] (FOO) method for cars.")
    reading.things[0].abbreviations = [("FOO", "fast object oracle")]
    assert introduced_things(reading) == {0}
    reading = read("We propose a [fast object oracle] (FOO)-based method for cars.")
    reading.things[0].abbreviations = [("FOO", "fast object oracle")]
    assert introduced_things(reading) == set()


def test_a_name_in_title_case_before_a_class_noun_is_introduced_but_a_single_modifier_is_not():
    assert introduced("We design a [Fast-Object Oracle] module for cars.") == ["Fast-Object Oracle"]
    assert introduced("We build a [CSI] dataset for cars.") == []


def test_what_the_paper_makes_a_new_task_is_introduced():
    assert introduced("We formulate [car counting|task] as a new task, unlike [tram counting|task].") == ["car counting"]


def test_known_things_are_not_introduced_unless_they_bear_the_name_of_a_new_one():
    reading = read("We introduce the [Fast Fourier Sum] (FFS) for cars.")
    reading.things[0].lexicon, reading.things[0].abbreviations = "fast Fourier sum", [("FFS", "Fast Fourier Sum")]
    assert introduced_things(reading) == set()
    reading.things[0].lexicon = "Free Form Shape"
    assert introduced_things(reading) == {0}
    reading = read("We propose [FooNet], a detector, and [BarNet] for cars.")
    reading.things[0].lexicon = reading.things[1].lexicon = "known"
    assert introduced_things(reading) == {0}


@pytest.mark.parametrize("title", ["[Federated counting]: A Survey", "[FedCount]: A comprehensive review of cars"])
def test_the_topic_of_a_survey_is_not_introduced_by_the_title(title):
    assert introduced("Cars are counted. We review this.", title) == []


def test_a_known_topic_in_common_words_is_not_introduced_by_the_title():
    assert introduced("[Federated counting] is common. We speed it up.", "[Federated counting]: Faster Ways") == []


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We propose [layered token merging] for long videos. It is fast.", ["layered token merging"]),
        ("We present [FooNet|model]. We also introduce a novel [layered token merging] strategy.", ["layered token merging", "FooNet"]),
        ("We propose the novel task of [car height guessing|task], which is hard.", ["car height guessing"]),
        ("We introduce the concept of [Car Weariness], a count of old cars.", ["Car Weariness"]),
        ("We define two new tasks: [car height guessing|task] and others.", ["car height guessing"]),
        ("Our counts reveal an empirical law (the [tyre law]) of cars.", ["tyre law"]),
        ("We present an efficient [layered token merging] on top of [BERT|model].", ["layered token merging"]),  # no name is coined
        ("We present an efficient [layered token merging] in [FooNet|model]. We call it [FooNet|model].", ["FooNet"]),
        ("We introduce a novel [layered token merging] framework for cars.", []),  # the framework has no name
        ("We introduce a [layered taxonomy] of cars.", []),
        ("We propose a [layered token merging]-based encoder.", []),
        ("We study a [layered token merging] for long videos.", []),
        ("We study the concept of [car weariness].", []),
        ("We formalise how [NLL merging] counts cars.", []),
    ],
)
def test_a_presented_phrase_is_introduced_where_it_can_be_a_name(text, found):
    assert sorted(introduced(text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('We propose "[FooNet]", a counter of cars.', ["FooNet"]),
        ("We further develop **[FooNet]**, which counts cars.", ["FooNet"]),
        ("This paper suggests [FooNet] for cars.", ["FooNet"]),
        ("We propose a best-practice recipe, [FooNet], and count cars with it.", ["FooNet"]),
        ("We introduce a novel data format, [FooInt], which packs cars.", ["FooInt"]),
        ("We scale the counts of cars, so that we term it as [FooNet].", ["FooNet"]),
        ("We instantiate this idea through [FooAgent|software], a set of agents.", ["FooAgent"]),
        ("Cars are lowered to a new language called [FooLang|software].", ["FooLang"]),
        ("We spend a year constructing [FooBench|dataset], a benchmark of cars.", ["FooBench"]),
        ("The gap shows on [FooBench|dataset], a simulated benchmark we release, and elsewhere.", ["FooBench"]),
        ("We study failures of cars, termed [FOO-FAIL].", ["FOO-FAIL"]),
        ("We measure it with our proposed [Foo Car Score|metric].", ["Foo Car Score"]),
        ("We test our 3B car [tiny 3B model|model]: [FooNet|model].", []),
        ("Existing methods read all cars, which we refer to as [full reading].", []),
        ("Recently, a new counter called [BazNet] has come up.", []),
        ("We design [FooChip|hardware], an accelerator of counting.", ["FooChip"]),
        ("Furthermore, we extend [OldNet] into [FooNet], which scales.", ["FooNet"]),
        ("Prior works extend [OldNet] into [FooNet], which scales.", []),
        ("[Rover] counts cars. More at https://rover.org/. We introduce [Rover], the first car counter.", ["Rover"]),
    ],
)
def test_more_ways_of_coining_a_name(text, found):
    assert introduced(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We present [FooNet]. At its core is [BarUnit], which counts.", ["FooNet", "BarUnit"]),
        ("Central to our method is a [BarUnit] that counts. We present [FooNet].", ["BarUnit", "FooNet"]),
        ("We present [FooNet]. [FooNet] first employs [Bar++|metric], a novel measure of cars.", ["FooNet", "Bar++"]),
        ("Our contributions are: (i) [FooSet|dataset], a set of cars; (ii) [BarNet], a model; and (iii) more counts.", ["FooSet", "BarNet"]),
        ("We propose three defenses inspired by counting (C): i) [FooC], which is fast; and ii) [BarC], which is slow.", ["FooC", "BarC"]),
        ("We present [FooNet|model]. [FooNet-Large|model] and [FooNet 8B|model] beat [BarNet-Large|model].", ["FooNet", "FooNet-Large", "FooNet 8B"]),
        ("We introduce [FooCar-Count]. We turn [TOY|dataset] into [FooCar-TOY|dataset].", ["FooCar-Count", "FooCar-TOY"]),
        ("We introduce [FooCar-3.0]. It beats [FooCar-2.0] by far.", ["FooCar-3.0"]),
        ("We introduce [FooCar-Net-R]. It corrects [FooCar-Net].", ["FooCar-Net-R"]),
        ("We introduce [XYZ-Net|model]. Unlike XYZ tools, it beats [XYZ-Prune].", ["XYZ-Net"]),
        ("We introduce [FooNet|model]. It has [FooNet tuning].", ["FooNet"]),
    ],
)
def test_parts_and_relatives_of_what_is_introduced_are_introduced(text, found):
    assert introduced(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We develop an automated [car watching] framework [fooMeter], and then count cars.", ["fooMeter"]),
        ("This paper proposes an end-to-end [car counting] framework ([fooNet]), a counter of cars.", ["fooNet"]),
        ("We present [foo-rl], an open library for counting.", ["foo-rl"]),
        ("We present [low-rank] adapters, an open library.", []),
        ("We train a model to count both cars and trams ([FooNet]). [FooNet] is fast. Cars like [FooNet].", []),  # no verb of presentation
        ("We propose to make a counter of both cars and trams ([FooNet]). [FooNet] is fast. Cars like [FooNet].", ["FooNet"]),
        ("We propose to make a counter of car audio tracks ([CAT]). [CAT] is fast. Cars like [CAT].", []),  # short for what is described
        ("We develop [car distillation] and a [tram counting scheme] (TCS).", ["car distillation", "tram counting scheme"]),
        ("We propose [FooNet] that reads cars, together with a [Bar Baz Scoring] (BBS) loss.", ["FooNet", "Bar Baz Scoring"]),
        ("We propose [FooNet], built using [BarNet] and [BazNet] that counts.", ["FooNet"]),
        ("We propose [FooNet], a set using old cars, and [BazNet], a model of trams.", ["FooNet", "BazNet"]),
        ("We derive closed forms of latency and [FOO traffic|metric] models of cars.", []),
        ("We study counting, introducing the [Bar Baz Format] (BBF), a way to store cars.", ["Bar Baz Format"]),
    ],
)
def test_objects_behind_a_phrase_and_second_objects_are_introduced(text, found):
    assert introduced(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We present [FooNet]. It has two key parts, [car gating] (CG) and [tram norm] (TN), which are fast.", ["FooNet", "car gating", "tram norm"]),
        (
            "We propose [FooNet], made for cars, which features two modules: [Car Gating Unit] (CGU), and [Tram Norm Unit] (TNU).",
            ["FooNet", "Car Gating Unit", "Tram Norm Unit"],
        ),
        (
            "We present [FooNet]. Cars go through two mechanisms: (i) a [Car Gating Unit] (CGU) for reading; (ii) a [Tram Norm Unit] (TNU).",
            ["FooNet", "Car Gating Unit", "Tram Norm Unit"],
        ),
        ("We present [FooNet]. In parallel, two novel metrics, [Car Gap Rate] (CGR) and [Tram Rate] (TR), are given.", ["FooNet", "Car Gap Rate", "Tram Rate"]),
        ("We present [FooNet]. It is compared with two existing modules, [Car Gating] (CG) and [Tram Norm] (TN).", ["FooNet"]),
        ("We present [FooNet]. Cars are told by two metrics: [Car Gap Rate] (CGR), and [Tram Rate] (TR).", ["FooNet"]),
        ("We present [FooNet]. The recipe combines (i) [Car Gating] (CG) for reading, (ii) [Tram Norm] (TN), a rest.", ["FooNet", "Car Gating", "Tram Norm"]),
        ("We present [FooNet]. [FooNet] uses [Bar Baz Scoring] (BBS), a count of cars.", ["FooNet", "Bar Baz Scoring"]),
        ("We present [FooNet]. [FooNet] uses [Bar Baz Scoring] (BBS) for cars.", ["FooNet"]),
        ("We present [FooNet], built on a newly proposed [BarCortex] framework.", ["FooNet", "BarCortex"]),
        ("We present [FooNet]. It beats [BarNet] alongside our novel open-source car counting model [BazNet].", ["FooNet", "BazNet"]),
        ("We present [FooNet]. Its core is a [Bar-guided Car Score] (BCS) module.", ["FooNet", "Bar-guided Car Score"]),
        ("In this work, we explore [Car-Level Trust], or CLT, as a simple yet effective way to count.", ["Car-Level Trust"]),
        ("We present [FooNet]. Our [FooConf 2024|dataset] competition validates it.", ["FooNet"]),
        ("We present [FooNet]. In our setting, a novel [human-AI team] framework counts.", ["FooNet"]),
    ],
)
def test_named_parts_are_introduced_with_the_whole(text, found):
    assert introduced(text) == found


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("[Foo Bar Sampling] for Cars", "Cars are slow. We do so through foo bar sampling, a simple way to count.", ["Foo Bar Sampling"]),
        ("[Foo Bar Network] for Cars", "Cars are slow. We present a novel way to use a [foo bar network] on cars.", ["Foo Bar Network"]),
        ("[Foo Bar Sampling] for Cars: An Empirical Study", "Cars are slow. We do so through foo bar sampling, a simple way to count.", []),
        ("[Foo Bar Sampling] for Cars", "Cars are slow. We test foo bar sampling on cars.", []),
        ("[Count Before Parking]: Cars with Care", "Cars are slow. We propose [FooNet], a counter of cars.", ["FooNet"]),
        ("The [FOO Car Service]: Design", "Cars are slow. It is a service.", ["FOO Car Service"]),
        ("The [Powerless Car]: Design", "Cars are slow. It is a service.", []),
        ("[Foo Score]: Cars with Care", "Cars are slow. We propose [FooNet], a counter of cars. It uses the Foo score.", ["Foo Score", "FooNet"]),
    ],
)
def test_what_a_title_begins_with_is_introduced_where_the_abstract_presents_it(title, text, found):
    assert introduced(text, title) == found


def test_a_known_name_is_introduced_by_the_paper_whose_title_is_that_name():
    for title, found in (("[FooNet-2]", {0}), ("Cars with [FooNet-2]", set())):
        reading = read("Cars are slow. We propose [FooNet-2], with better counts.", title)
        reading.things[0].lexicon = "FooNet-2"
        assert introduced_things(reading) == found
