"""Resolution: one thing, one node, across papers; versions and variants stay apart; ids stay."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.aliases import Aliases
from kgraph.model import Concept, Entity, Kind, PaperFacts, Resolution
from kgraph.names import fold, version_key
from kgraph.resolve import resolve
from kgraph.senses import Sense


def thing(name: str, kind: Kind = "method", *others: str, short: str = "", weight: float = 1.0) -> Entity:
    names = (name, *others, *((short,) if short else ()))
    return Entity(name, kind, names, votes=((kind, weight),), abbreviations=((short, name),) if short else ())


def paper(key: str, *entities: Entity) -> PaperFacts:
    return PaperFacts(key, entities=entities)


def concept(resolution: Resolution, key: str, index: int = 0) -> Concept:
    by_id = {c.id: c for c in resolution.concepts}
    return by_id[resolution.assignment[key][index]]


def together(left: Entity, right: Entity) -> bool:
    ids = resolve([paper("a", left), paper("b", right)]).assignment
    return ids["a"] == ids["b"]


ONE = [
    (thing("large language models", "model", short="LLMs"), thing("LLM", "model")),
    (thing("Chain-of-Thought prompting"), thing("CoT")),
    (thing("vision transformer", "model"), thing("ViTs", "model")),
    (thing("ImageNet dataset", "dataset"), thing("ImageNet", "dataset")),
    (thing("NVIDIA A100 GPUs", "hardware"), thing("Tesla A100", "hardware")),
    (thing("A100", "hardware"), thing("Nvidia A100", "hardware")),
    (thing("A100-SXM4-80GB", "hardware"), thing("NVIDIA A100 (80GB)", "hardware")),
    (thing("graphics processing units", "hardware"), thing("GPU", "hardware")),
    (thing("Quilted Moss Network", "model"), thing("quilted-moss networks", "model")),
    (thing("ZorbNet model", "model"), thing("ZorbNet", "model")),
    (thing("OpenAI's GPT-4", "model"), thing("GPT4", "model")),
    (thing("F1-score", "metric"), thing("F-measure", "metric")),
    (thing("MMLU", "dataset"), thing("Massive Multitask Language Understanding", "benchmark")),
    (thing("segmentation of seeds", "task"), thing("seed segmentation task", "task")),
    (thing("LLM gardening", "task"), thing("large language model gardening", "task")),
    (thing("discrete wavelet transformation"), thing("DWT")),
    (thing("position encoding"), thing("Positional Encodings")),
    (thing("ZQCC value", "metric"), thing("ZQCC", "metric")),
    (thing("textual seed sorting", "task"), thing("text seed sorting", "task")),
    (thing("MAV", "hardware"), thing("micro aerial vehicles", "hardware")),
    (thing("Intel ZGX", "hardware"), thing("ZGX", "hardware")),
    (thing("UUV", "hardware"), thing("unmanned underwater vehicle", "method")),
    (thing("Zorb Treebank corpus", "dataset"), thing("Zorb Treebank", "dataset")),
    (thing("middleware ZorbExec", "software"), thing("ZorbExec", "method")),
    (thing("AI/ML"), thing("AIML")),
    (thing("BREEZE", "method"), thing("BREEZE", "dataset")),
    (thing("Foxx"), thing("foxx")),
    (thing("Dr. ZorbBot", "software"), thing("ZorbBot", "software")),
    (thing("Garden middleware ZorbExec", "software"), thing("ZorbExec", "software")),
    (thing("Z.265 video codec"), thing("Z.265")),
    (thing("Intel SGX", "hardware"), thing("SGX", "software")),
    (thing("D.O.F"), thing("DoF")),
    (thing("OOD gardening", "task"), thing("out-of-distribution gardening", "task")),
    (thing("Hierarchical Density-Based Spatial Clustering of Applications with Noise", short="HDBSCAN"), thing("HDBSCAN")),
    (thing("ZoCam", "method", "Zocam"), thing("ZoCam")),
    (thing("Zo-Fi"), thing("ZoFi")),
    (thing("TopZ"), thing("top-Z")),
    (thing("magnetic resonance images"), thing("magnetic resonance image")),
    (thing("machine learning IPs", "model", short="MLIPs"), thing("machine learning interatomic potential", "model", short="MLIP")),
    (thing("General Matrix Multiply", short="GEMM"), thing("GEMM")),
    (thing("biomedical NER", "task"), thing("biomedical named entity recognition", "task")),
    (thing("zesty-LLM", "model"), thing("zesty LLM", "model")),
    (thing("human--AI gardening", "task"), thing("Human-AI gardening", "task")),
    (thing("ZorbNet-a", "model"), thing("ZorbNet", "model")),
    (thing("moss lattice - ZorbNet", "model"), thing("ZorbNet", "model")),
    (thing("GPS", "hardware"), thing("global positioning system", "hardware")),
]
TWO = [
    (thing("GPT-4V-1106", "model"), thing("GPT-4", "model")),
    (thing("GPT-4V", "model"), thing("GPT-4V-1106", "model")),
    (thing("Zorbly-7B", "model"), thing("Zorbly-70B", "model")),
    (thing("Zorbly v1.5", "model"), thing("Zorbly v15", "model")),
    (thing("A100-80GB", "hardware"), thing("A100", "hardware")),
    (thing("A100-80GB", "hardware"), thing("A100-40GB", "hardware")),
    (thing("MMLU-Pro", "benchmark"), thing("MMLU", "benchmark")),
    (thing("diffusion model", "model"), thing("diffusion", "method")),
    (thing("top-1 accuracy", "metric"), thing("top-5 accuracy", "metric")),
    (thing("pattern-exploiting training", short="PET"), thing("parameter-efficient tuning", short="PET")),
    (thing("mean absolute error", "metric", short="MAE"), thing("masked autoencoder", "model", short="MAE")),
    (thing("Transformer", "model"), thing("Hugging Face Transformers", "software")),
    (thing("Quilted Moss Network 2", "model"), thing("Quilted Moss Network 3", "model")),
    (thing("standard deviation", "metric"), thing("deviation", "metric")),
    (thing("Meta Learning"), thing("learning")),
    (thing("Zorbly Dataset", "dataset", short="ZD"), thing("Zorbly", "benchmark")),
    (thing("Question Answering Dataset", "dataset"), thing("question answering", "task")),
    (thing("recursive neural network", "model"), thing("recurrent neural network", "model")),
    (thing("graphical seed model", "model"), thing("graph seed model", "model")),
    (thing("news recommendation", "task"), thing("new recommendation", "task")),
    (thing("WGAN-GP", "model"), thing("WGAN", "model")),
    (thing("BRIDGE"), thing("Bridge", "task")),
    (thing("BriDGe"), thing("bridges")),
    (thing("FOXX", "dataset"), thing("Foxx")),
    (thing("ZoMet"), thing("Zomet")),
    (thing("ZoMET"), thing("ZoMet")),
    (thing("magnetic resonance imaging", short="MRI"), thing("magnetic resonance images", short="MRI")),
    (thing("Zesty Rapid Adam", short="RAdam"), thing("RAdam")),
    (thing("Python solver API", "software"), thing("API", "software")),
    (thing("OpenAI ZUA", "model"), thing("Zesty User Agent", "model", short="ZUA")),
    (thing("pose estimation", "task"), thing("human pose estimation", "task")),
    (thing("indirect prompt injection", "task"), thing("prompt injection", "task")),
    (thing("Multi-Agent Architecture"), thing("multi-agent")),
    (thing("Long-Context Model", "model"), thing("long-context")),
    (thing("Text-to-Speech Corpus", "dataset"), thing("text-to-speech", "task")),
    (thing("MMLU score", "metric"), thing("MMLU", "benchmark")),
    (thing("OPT-ENGINE"), thing("OPT", "model")),
    (thing("GTO Seed Sorting Benchmark", "dataset"), thing("GTO seed sorting", "task")),
    (thing("automatic text recognition", short="ATR"), thing("automatic target recognition", short="ATR")),
    (thing("six degrees of freedom", short="DoF"), thing("DoF")),
]


@pytest.mark.parametrize(("left", "right"), ONE, ids=[f"{a.name}={b.name}" for a, b in ONE])
def test_names_of_one_thing_in_two_papers_are_one_node(left: Entity, right: Entity) -> None:
    assert together(left, right)


@pytest.mark.parametrize(("left", "right"), TWO, ids=[f"{a.name}/{b.name}" for a, b in TWO])
def test_different_things_stay_two_nodes(left: Entity, right: Entity) -> None:
    assert not together(left, right)


def test_variants_and_classes_are_linked_where_both_ends_exist() -> None:
    names = ("LLaVA", "LLaVA-v1.5-13B", "Zorbly", "Zorbly-13B", "GPT-4V", "GPT-4V-1106")
    r = resolve([paper("a", *(thing(n, "model") for n in names)), paper("b", thing("A100 80GB", "hardware"))])
    by_id = {c.id: c for c in r.concepts}
    of = dict(zip(names, r.assignment["a"], strict=True))
    for variant, base in (("LLaVA-v1.5-13B", "LLaVA"), ("Zorbly-13B", "Zorbly"), ("GPT-4V-1106", "GPT-4V")):
        assert by_id[of[variant]].variant_of == (of[base],)
    big = concept(r, "b")
    assert big.variant_of == ("nvidia-a100",)
    assert by_id["nvidia-a100"].broader == ("gpu",)
    assert by_id["gpu"].kind == "hardware"
    assert "Zorbly" not in {c.label for c in resolve([paper("a", thing("Zorbly-13B", "model"))]).concepts}


@pytest.mark.parametrize(
    ("company", "meaning"),
    [
        (("image segmentation", "mask decoder", "medical image"), "segment-anything-model"),
        (("flat minima", "generalization", "gradient perturbation"), "sharpness-aware-minimization"),
        (("poetry",), "sam"),
    ],
)
def test_an_ambiguous_abbreviation_is_decided_by_the_papers_other_concepts_or_not_at_all(company: tuple[str, ...], meaning: str) -> None:
    r = resolve([paper("a", thing("SAM", "method"), *(thing(c, "task") for c in company))])
    assert r.assignment["a"][0] == meaning


def test_the_papers_own_full_form_beats_every_list() -> None:
    r = resolve([paper("a", thing("Random Apple Grower", "method", short="RAG"), thing("question answering", "task"))])
    assert concept(r, "a").label == "Random Apple Grower"


def test_a_type_says_which_meaning_of_an_abbreviation_it_is() -> None:
    r = resolve([paper("a", thing("MAE", "metric"), thing("forecasting", "task"))])
    assert concept(r, "a").label == "mean absolute error"
    assert concept(r, "a").higher_is_better is False


def test_one_type_by_vote_over_papers_and_lexicon() -> None:
    papers = [paper("a", thing("Zorbly", "model")), paper("b", thing("Zorbly", "model")), paper("c", thing("Zorbly", "dataset"))]
    r = resolve(papers)
    assert [(c.kind, c.votes) for c in r.concepts] == [("model", (("model", 2.0), ("dataset", 1.0)))]
    assert concept(resolve([paper("a", thing("MMLU", "model", weight=0.4))]), "a").kind == "benchmark"


def test_external_identity_and_direction_come_from_the_lexicon() -> None:
    r = resolve([paper("a", thing("accuracy", "metric"), thing("word error rate", "metric"), thing("Squad", "dataset"))])
    assert concept(r, "a", 0).higher_is_better is True
    assert concept(r, "a", 1).higher_is_better is False
    assert any(c.see_also or c.exact_match for c in resolve([paper("a", thing("ResNet", "model"), thing("BERT", "model"))]).concepts)


def test_every_name_found_in_texts_is_kept_and_ids_are_legal() -> None:
    r = resolve([paper("a", thing("Große Brücke-7B", "model", "GB 7B")), paper("b", thing("数据", "dataset")), paper("c", thing("C++", "software"))])
    assert {"Große Brücke-7B", "GB 7B"} <= set(concept(r, "a").names)
    assert all(re.fullmatch(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?", c.id) for c in r.concepts)
    assert len({c.id for c in r.concepts}) == 3


KINDS: tuple[Kind, ...] = ("model", "method", "dataset", "metric", "hardware", "task")
STEMS = (
    "Zorbly",
    "quilted moss",
    "SAM",
    "PET",
    "MAE",
    "LLM",
    "large language model",
    "A100",
    "GPT-4",
    "Llama",
    "RAG",
    "Fooling Bar Baz",
    "FBB",
    "ImageNet",
    "drop",
    "DROP",
    "F1",
)
TAILS = ("", "", "s", " model", "-7B", " 2", " v1.5", "-Chat", " dataset", " (80GB)")
entities = st.builds(
    lambda stem, tail, kind, short: thing(stem + tail, kind, short=short),
    st.sampled_from(STEMS), st.sampled_from(TAILS), st.sampled_from(KINDS), st.sampled_from(("", "", "", "PET", "FBB", "XYZ")),
)  # fmt: skip
corpora = st.lists(st.lists(entities, min_size=1, max_size=5), min_size=1, max_size=8).map(
    lambda drafts: [paper(f"p{n}", *draft) for n, draft in enumerate(drafts)]
)


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers())
def test_the_order_of_papers_does_not_matter(papers: list[PaperFacts], seed: int) -> None:
    shuffled = list(papers)
    random.Random(seed).shuffle(shuffled)
    assert resolve(papers) == resolve(shuffled)


@settings(max_examples=60, deadline=None)
@given(corpora, st.lists(entities, min_size=1, max_size=6))
def test_adding_a_paper_never_renames_an_iri_or_moves_an_entity(papers: list[PaperFacts], added: list[Entity]) -> None:
    before = resolve(papers)
    after = resolve([*papers, paper("new", *added)])
    named = {id_ for ids in before.assignment.values() for id_ in ids}  # a class no paper names stands and falls with its devices
    assert named <= {c.id for c in before.concepts} & {c.id for c in after.concepts}
    assert {k: v for k, v in after.assignment.items() if k != "new"} == before.assignment


@settings(max_examples=60, deadline=None)
@given(corpora)
def test_no_node_joins_names_that_differ_in_a_number_or_version(papers: list[PaperFacts]) -> None:
    def numbers(name: str) -> frozenset[str]:
        return frozenset(k for k in version_key(re.sub(r"GB\b|(?<=\d)s\b", "", name)) if any(c.isdigit() for c in k))

    r = resolve(papers)
    lexicon_names = {fold(n) for c in r.concepts for n in c.names}
    assert lexicon_names
    for p in papers:
        for entity, id_ in zip(p.entities, r.assignment[p.paper], strict=True):
            label = next(c.label for c in r.concepts if c.id == id_)
            if not entity.abbreviations:
                assert numbers(entity.name) == numbers(label) or label == "large language model", (entity.name, label)


def test_the_users_word_joins_parts_and_types() -> None:
    papers = [
        paper("a", thing("Zorbly", "model")),
        paper("b", thing("Zorb", "model")),
        paper("c", thing("LLMs", "model")),
        paper("d", thing("large language model", "model")),
    ]
    aliases = Aliases(
        same={fold("Zorbly"): "Zorbly", fold("Zorb"): "Zorbly"},
        different=frozenset({tuple(sorted((fold("LLMs"), fold("large language model"))))}),  # type: ignore[arg-type]
        rename={fold("Zorb"): "ZORBLY!"},
        kind={fold("Zorb"): "software"},
    )
    r = resolve(papers, aliases)
    assert r.assignment["a"] == r.assignment["b"] == ("zorbly",)
    assert (concept(r, "a").label, concept(r, "a").kind) == ("ZORBLY!", "software")
    assert r.assignment["c"] != r.assignment["d"]


def test_a_full_form_that_the_bracket_cuts_short_is_found_among_the_papers_names() -> None:
    r = resolve([paper("a", thing("tin pots", short="FTP"), thing("fresh tin pots")), paper("b", thing("tin pots"))])
    assert r.assignment["a"][0] == r.assignment["a"][1] != r.assignment["b"][0]


def test_the_papers_own_names_never_spell_out_another_number() -> None:
    r = resolve([paper("a", thing("ZoMa1", "model"), thing("ZoMa3.1", "model"), thing("Level-I"), thing("Level-II"))])
    assert len(set(r.assignment["a"])) == 4


def test_a_full_form_that_a_paper_makes_up_is_not_the_usual_one() -> None:
    long = "General Matrix Multiply"
    made = Entity(long, "model", (long, "GEMM"), abbreviations=(("GEMM", long),), introduced=True)
    found = Entity(long, "method", (long, "GEMM"), abbreviations=(("GEMM", long),))
    usual = thing("general matrix multiplication")
    assert together(found, usual)
    assert not together(made, usual)


def test_a_coined_name_with_small_letters_is_spelled_out_by_the_papers_own_words() -> None:
    r = resolve([paper("a", thing("QuiMoTrN", "model"), thing("Quilted Moss Transport Network", "model")), paper("b", thing("QUIMOTRN", "model"))])
    assert r.assignment["a"][0] == r.assignment["a"][1] != r.assignment["b"][0]


def test_garbage_collection_is_as_before() -> None:
    import gc

    assert gc.isenabled()
    resolve([paper("a", thing("Zorbly"))])
    assert gc.isenabled()


def test_no_paper_at_all_is_no_concept_at_all() -> None:
    assert resolve([]) == Resolution((), {})


def test_a_full_form_elsewhere_in_the_paper_spells_out_its_initials() -> None:
    r = resolve([paper("a", thing("QMTN"), thing("Quilted Moss Transport Network")), paper("b", thing("QMTN"))])
    assert r.assignment["a"][0] == r.assignment["a"][1] == "quiltedmosstransportnetwork"
    assert r.assignment["b"] == ("qmtn",)


def test_a_longer_name_is_the_plainer_one_that_its_paper_uses_too() -> None:
    owl, plain = thing("Lazy Owl method"), thing("Lazy Owl")
    both = resolve([paper("a", owl, plain)]).assignment["a"]
    coined = resolve([paper("a", thing("ZRBQ filter"), thing("ZRBQ"))]).assignment["a"]
    assert coined[0] == coined[1] == "zrbq"
    known = resolve([paper("a", thing("CLIP module"), thing("CLIP", "model"))]).assignment["a"]
    assert known[0] != known[1]
    assert both[0] == both[1] == resolve([paper("b", plain)]).assignment["b"][0]
    for longer, other in (("owl finding model", "owl finding"), ("Lazy Owl 2 method", "Lazy Owl"), ("IEEE 999-bus system", "999-bus system")):
        apart = resolve([paper("a", thing(longer), thing(other))]).assignment["a"]
        assert apart[0] != apart[1]


def test_a_coined_name_keeps_its_iri_apart_from_the_word_and_its_variants_point_to_it() -> None:
    r = resolve([paper("a", thing("BRIDGE", "model"), thing("BRIDGE-7B", "model")), paper("b", thing("bridge", "task"))])
    coined, variant = r.assignment["a"]
    assert r.assignment["b"] == ("bridge",) and coined != "bridge" and coined.startswith("bridge-")
    assert next(c.variant_of for c in r.concepts if c.id == variant) == (coined,)


def test_the_other_names_of_a_paper_overrule_what_nearly_all_papers_mean() -> None:
    checking = [thing("model checking", "task"), thing("timing requirement", "task"), thing("automaton")]
    r = resolve([paper("a", thing("MTL"), *checking), paper("b", thing("MTL"), thing("shared encoder")), paper("c", thing("multi-task learning"))])
    assert r.assignment["a"][0] == "metric-temporal-logic"
    assert r.assignment["b"][0] == r.assignment["c"][0]
    near = resolve([paper("a", thing("OOD", "task"), thing("domain shift"), thing("domain generalization")), paper("b", thing("out-of-distribution", "task"))])
    assert near.assignment["a"][0] == near.assignment["b"][0]


def test_a_metric_by_its_type_is_the_meaning_that_is_a_metric() -> None:
    assert together(thing("FPS", "metric"), thing("frames per second", "metric"))
    assert not together(thing("FPS", "method"), thing("frames per second", "metric"))
    near = [thing("nearest neighbor"), thing("point cloud")]
    r = resolve([paper("a", thing("FPS", "metric"), *near), paper("b", thing("frames per second", "metric"))])
    assert r.assignment["a"][0] == r.assignment["b"][0]


def test_one_definition_settles_a_long_abbreviation_that_is_no_word() -> None:
    def only(short: str) -> bool:
        return Sense(short, "quiet owl logic", papers=1, of=1).certain

    assert only("QXLTZ") and not only("QXLT") and not only("QOLAMA") and not only("QxLTz")


def test_an_introduced_name_is_not_what_other_papers_abbreviate_so() -> None:
    for short, usual in (("ORCA", "Optimal Reciprocal Collision Avoidance"), ("MRAG", "multimodal retrieval-augmented generation")):
        assert not together(Entity(short, "method", (short,), introduced=True), thing(usual))
    assert together(Entity("RLAIF", "method", ("RLAIF",), introduced=True), thing("reinforcement learning from AI feedback"))
    assert together(thing("MRAG"), thing("multimodal retrieval-augmented generation"))


def test_models_of_a_title_are_not_the_task_that_the_abstract_names() -> None:
    r = resolve([paper("a", thing("Owl Finding Models", "model"), thing("owl finding", "task")), paper("b", thing("Owl Finding model"), thing("Owl Finding"))])
    assert r.assignment["a"][0] != r.assignment["a"][1] and r.assignment["b"][0] == r.assignment["b"][1]


def test_capitals_where_no_part_of_a_word_begins_make_a_long_name_of_its_own() -> None:
    assert not together(thing("CoGnition", "dataset"), thing("cognition"))
    assert together(thing("AutoEncoder", "model"), thing("autoencoder", "model"))
    assert together(thing("DenseZorb\u00ae"), thing("DenseZorb"))


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("GSM8k", "GSM8K", "dataset"),
        ("bf16", "BF16", "method"),
        ("lidar", "LiDAR", "hardware"),
        ("transformer-based language model", "transformer language model", "model"),
        ("physics-based simulation", "physics simulation", "method"),
        ("area under an ROC curve", "area under the ROC curve", "metric"),
        ("linear temporal logic LTL", "linear temporal logic", "method"),
    ],
)
def test_one_thing_in_two_spellings(left: str, right: str, kind: Kind) -> None:
    assert together(thing(left, kind), thing(right, kind))


@pytest.mark.parametrize(("left", "right"), [("LLM-based evaluation", "LLM evaluation"), ("maximum a posteriori", "maximum posteriori"), ("bf16", "FP16")])
def test_two_things_nearly_spelled_alike(left: str, right: str) -> None:
    assert not together(thing(left), thing(right))


def test_what_a_paper_introduces_is_no_known_thing_of_another_sort_or_in_another_case() -> None:
    def introduced(name: str, *votes: tuple[Kind, float]) -> Entity:
        return Entity(name, votes[0][0], (name,), votes=votes, introduced=True)

    known = thing("MMLU", "benchmark")
    assert not together(introduced("MMLU", ("method", 0.6), ("dataset", 0.3)), known)
    assert together(introduced("MMLU", ("method", 0.4), ("dataset", 0.3), ("benchmark", 0.2)), known)
    assert together(introduced("MMLU", ("dataset", 1.0)), known) and together(thing("MMLU", "method"), known)
    assert not together(introduced("ReSNet", ("model", 1.0)), thing("ResNet", "model")) and together(thing("ReSNet", "model"), thing("ResNet", "model"))
    assert not together(introduced("RESNET", ("model", 1.0)), thing("ResNet", "model")) and together(thing("RESNET", "model"), thing("ResNet", "model"))
    assert together(introduced("resnet", ("model", 1.0)), thing("ResNet", "model"))
    own = concept(resolve([paper("a", introduced("MMLU", ("method", 1.0)))]), "a")
    assert own.id.startswith("mmlu-") and [(r.rule, r.evidence) for r in own.reasons] == [
        ("introduced", "the paper introduces it; it is not MMLU in benchmark.tsv in a")
    ]


@pytest.mark.parametrize(
    ("short", "kind", "other", "introduced", "same"),
    [
        ("MoGrid", "method", "Mode Grids", False, True),
        ("MoGrid", "method", "mode grids", False, False),  # made of what it is about
        ("MGRD", "method", "mode grid recursive descent", False, True),
        ("ReaDaTa", "dataset", "Reading Data Tables", False, False),
        ("ReaDaSet", "dataset", "Reading Data Set", False, True),
        ("QuuxMPo", "model", "QuuxMPo-MoPe", False, False),  # the stem of its variant
        ("LRA", "method", "low-rank adaptation", True, False),  # a list knows it, the paper makes another
        ("LRQA", "method", "low-rank quux adaption", True, True),
    ],
)
def test_a_name_of_the_paper_is_a_full_form_where_it_may_be_one(short: str, kind: Kind, other: str, introduced: bool, same: bool) -> None:
    entities = Entity(short, kind, (short,), introduced=introduced), thing(other, "task")
    first, second = resolve([paper("a", *entities)]).assignment["a"]
    assert (first == second) == same


def test_a_part_of_a_device_in_plain_words_is_not_the_device() -> None:
    for one, other, same in (
        ("datacenter accelerator", "datacenter", False),
        ("smartphone processors", "smartphone", False),
        ("smartphone devices", "smartphones", True),
        ("FPGA boards", "FPGA", True),
        ("A100 cards", "A100", True),
    ):
        assert together(thing(one, "hardware"), thing(other, "hardware")) == same, one


def test_an_abbreviation_that_no_paper_spells_out_is_called_as_papers_write_it_and_found_by_its_full_form() -> None:
    r = resolve([paper("a", thing("DNA")), paper("b", thing("DNA"))])
    assert concept(r, "a").label == "DNA"
    assert "deoxyribonucleic acid" in concept(r, "a").names
    spelled = resolve([paper("a", thing("DNA")), paper("b", thing("deoxyribonucleic acid", short="DNA"))])
    assert spelled.assignment["a"] == spelled.assignment["b"] == r.assignment["a"]
    assert concept(spelled, "a").label == "deoxyribonucleic acid"


def test_a_label_keeps_the_word_for_its_sort_unless_the_rest_is_a_name() -> None:
    names = ("British National Corpus", "QuibNet-7 dataset", "Moss Treebank corpus", "128-GPU")
    r = resolve([paper(name, thing(name, "dataset")) for name in names])
    assert [concept(r, name).label for name in names] == ["British National Corpus", "QuibNet-7", "Moss Treebank corpus", "128-GPU"]
    both = resolve([paper("a", thing("British National Corpus", "dataset")), paper("b", thing("British National", "dataset"))])
    assert both.assignment["a"] == both.assignment["b"]


def test_a_name_of_a_public_list_is_written_as_papers_write_it() -> None:
    r = resolve([paper("a", thing("Jensen-Shannon divergence", "metric")), paper("b", thing("JENSEN-SHANNON DIVERGENCE", "metric"))])
    assert concept(r, "a").label in {"Jensen-Shannon divergence", "JENSEN-SHANNON DIVERGENCE"}
    assert r.assignment["a"] == r.assignment["b"] == ("jensen-shannon-divergence",)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("EEG", "EEG encoder"),
        ("POI", "POI embedding"),
        ("NER", "NER model"),
        ("Biden", "BIDeN"),
        ("Adults", "Adult"),
        ("LLM-as-classifier", "LLM-as-optimizer"),
    ],
)
def test_what_a_model_is_made_for_or_a_word_is_no_other_name_of_it(left: str, right: str) -> None:
    assert not together(thing(left, "model"), thing(right, "model"))
