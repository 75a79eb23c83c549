"""Seven invented papers with hand-made facts: every fact type, polarity and slot, a title-less paper, two equal claims, and nasty characters.

`sample()` gives (papers, facts by key, resolution), `sample_graph()` the graph built from them.
"""

from __future__ import annotations

from benchmarks.synthetic import Draft
from kgraph.graph import KnowledgeGraph, build_graph
from kgraph.model import Concept, Kind, Paper, PaperFacts, Resolution, Source

NASTY = "\"Quote\" 'n' \\back <b>bold</b> &amp; </script> 😀 é \u202ertl\u202c =1+1"
RUN = {"label": "kgraph 0.1.0", "version": "0.1.0", "model": "ner 1.0 abc123", "input_hash": "0123abcd"}

_E: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "Fernwave": ("model", ()), "Fernwave-7B": ("model", ()), "Orchid": ("model", ("Orchid-LM",)), "Tidepool": ("software", ()),
    "GPT-4": ("model", ()), "MMLU": ("benchmark", ("Massive Multitask Language Understanding",)), "GLUE": ("benchmark", ()),
    "accuracy": ("metric", ()), "perplexity": ("metric", ()), "throughput": ("metric", ()), "question answering": ("task", ("QA",)),
    "low-rank adaptation": ("method", ("LoRA",)), "pipeline parallelism": ("method", ()), "NVIDIA A100": ("hardware", ("A100", "A100s")),
    "NVIDIA H100": ("hardware", ("H100",)), "GPU": ("hardware", ("GPUs",)), "Wikipedia": ("dataset", ()), NASTY: ("dataset", ("=cmd|'/c calc'!A0",)),
}  # fmt: skip
_IDS = {
    "question answering": "question-answering", "low-rank adaptation": "low-rank-adaptation", "pipeline parallelism": "pipeline-parallelism",
    "NVIDIA A100": "nvidia-a100", "NVIDIA H100": "nvidia-h100", NASTY: "quote-é<%>|x",
}  # fmt: skip


def _pick(*names: str) -> dict[str, tuple[Kind, tuple[str, ...]]]:
    return {name: _E[name] for name in names}


def _drafts() -> list[Draft]:
    fern = Draft(
        "fernwave-01", "Fernwave: A Small Language Model for Question Answering",
        [
            "We present Fernwave, a language model for question answering (QA) with 1.3B parameters.",
            "Fernwave reaches 61.2% accuracy on MMLU and outperforms Orchid.",
            "It was trained on Wikipedia with 64 A100 GPUs in 36 hours.",
            "Fernwave does not outperform GPT-4.",
        ],
        _pick("Fernwave", "question answering", "accuracy", "MMLU", "Orchid", "Wikipedia", "NVIDIA A100", "GPT-4"), ["Fernwave"],
        meta={"identifiers": ("arXiv:2401.00001",), "issued": "2024-01-02", "authors": ("Ada Ärger", "Bo Li"), "urls": ("https://arxiv.org/abs/2401.00001",),
              "sources": (Source("a.txt", 1), Source("b.jsonl", 7))},
        code=("https://github.com/example/fernwave",),
    )  # fmt: skip
    fern.quantity(0, "parameters", "1.3B", "1300000000", of="Fernwave")
    fern.result(1, "61.2%", "61.2", unit="%", of="Fernwave", metric="accuracy", benchmark="MMLU", task="question answering", confidence=0.94)
    fern.claim(1, "Fernwave", "outperforms", "Orchid", confidence=0.91)
    fern.claim(1, "Fernwave", "evaluatedOn", "MMLU")
    fern.claim(0, "Fernwave", "addresses", "question answering")
    fern.claim(2, "Fernwave", "trainedOn", "Wikipedia")
    fern.claim(2, "Fernwave", "trainedOnHardware", "NVIDIA A100")
    fern.use(2, "NVIDIA A100", "64 A100 GPUs", of="Fernwave", count="64", hours="36", role="training")
    fern.claim(3, "Fernwave", "outperforms", "GPT-4", polarity="negated", confidence=0.8)

    orchid = Draft(
        "orchid-02", "Orchid Revisited",
        [
            "Orchid-LM is evaluated on MMLU and GLUE.",
            "Our Orchid scores 58.0 accuracy on MMLU, and GPT-4 (previous work) scores 86.4 accuracy.",
            "Fernwave achieves 60.50 % accuracy on MMLU in our runs.",
            "With low-rank adaptation (LoRA), Orchid could outperform Fernwave.",
        ],
        _pick("Orchid", "MMLU", "GLUE", "accuracy", "GPT-4", "Fernwave", "low-rank adaptation"), [],
        meta={"identifiers": ("arXiv:2402.00002", "doi:10.1000/xyz(2)<3>"), "issued": "2024", "urls": ("https://doi.org/10.1000/xyz(2)<3>",),
              "sources": (Source("a.txt", 9),)},
    )  # fmt: skip
    for bench in ("MMLU", "GLUE"):
        orchid.claim(0, "Orchid", "evaluatedOn", bench)
    orchid.result(1, "58.0", "58.0", of="Orchid", metric="accuracy", benchmark="MMLU", unit="%")
    orchid.result(1, "86.4", "86.4", polarity="prior work", of="GPT-4", metric="accuracy", benchmark="MMLU", unit="%", confidence=0.7)
    orchid.result(2, "60.50 %", "60.50", of="Fernwave", metric="accuracy", benchmark="MMLU", unit="%")
    orchid.claim(3, "Orchid", "uses", "low-rank adaptation")
    orchid.claim(3, "Orchid", "outperforms", "Fernwave", polarity="hypothetical", confidence=0.6)

    seven = Draft(
        "fernwave-7b-03", "Fernwave-7B on a Budget",
        [
            "Fernwave-7B is a variant of Fernwave with 7B parameters, fine-tuned with LoRA on a single 24G GPU.",
            "It lowers perplexity from 12.4 to 9.8 and outperforms Orchid and GPT-4 on GLUE.",
            "Inference runs on H100 at 1.9x the throughput of Fernwave.",
        ],
        _pick("Fernwave-7B", "Fernwave", "low-rank adaptation", "GPU", "perplexity", "Orchid", "GPT-4", "GLUE", "NVIDIA H100", "throughput"), ["Fernwave-7B"],
        meta={"identifiers": ("arXiv:2503.00003",), "issued": "2025-03-04", "authors": ("Bo Li",), "sources": (Source("a.txt", 20),)},
        code=("github.com/example/fernwave-7b", "https://huggingface.co/example/[fernwave] 7b"),
    )  # fmt: skip
    seven.claim(0, "Fernwave-7B", "variantOf", "Fernwave")
    seven.claim(0, "Fernwave-7B", "basedOn", "Fernwave")
    seven.claim(0, "Fernwave-7B", "uses", "low-rank adaptation")
    seven.quantity(0, "parameters", "7B", "7000000000", of="Fernwave-7B")
    seven.use(0, "GPU", "single 24G GPU", of="Fernwave-7B", count="1", memory_gb="24", role="training")
    seven.result(1, "12.4", "12.4", of="Fernwave", metric="perplexity")
    seven.result(1, "9.8", "9.8", of="Fernwave-7B", metric="perplexity", baseline="Fernwave", direction="lower")
    seven.claim(1, "Fernwave-7B", "outperforms", "Orchid")
    seven.claim(1, "Fernwave-7B", "outperforms", "GPT-4")
    seven.claim(1, "Fernwave-7B", "evaluatedOn", "GLUE")
    seven.use(2, "NVIDIA H100", "H100", role="inference")
    seven.result(2, "1.9x", "1.9", unit="x", of="Fernwave-7B", metric="throughput", baseline="Fernwave", direction="increase")

    tide = Draft(
        "tidepool-04", "Tidepool: Serving with Pipeline Parallelism",
        [
            "Tidepool is a serving system that uses pipeline parallelism and runs on A100 and H100 devices.",
            "It doubles the throughput of GPT-4 serving on 8 H100 and is compared with pipeline parallelism alone.",
            "Tidepool swaps adapters made by LoRA.",
        ],
        _pick("Tidepool", "pipeline parallelism", "NVIDIA A100", "NVIDIA H100", "throughput", "GPT-4", "low-rank adaptation"), ["Tidepool"],
        meta={"issued": "2025", "sources": (Source("c.bib", 3),)},
    )  # fmt: skip
    tide.claim(0, "Tidepool", "uses", "pipeline parallelism")
    tide.claim(0, "Tidepool", "runsOnHardware", "NVIDIA A100")
    tide.claim(0, "Tidepool", "runsOnHardware", "NVIDIA H100")
    tide.result(1, "doubles", "2", unit="x", of="Tidepool", metric="throughput", model="GPT-4", direction="increase")
    tide.use(1, "NVIDIA H100", "8 H100", of="Tidepool", count="8", role="inference")
    tide.claim(2, "Tidepool", "uses", "low-rank adaptation")
    tide.claim(1, "Tidepool", "comparedWith", "pipeline parallelism")

    untitled = Draft(
        "untitled-05", "",
        ["Fernwave outperforms Orchid again, this time with question answering over " + NASTY + ".", "Trained on A100s."],
        _pick("Fernwave", "Orchid", "question answering", NASTY, "NVIDIA A100"), [],
        meta={"sources": (Source("dir/späce name.txt", 1),)},
    )  # fmt: skip
    untitled.claim(0, "Fernwave", "outperforms", "Orchid", confidence=0.77)
    untitled.claim(0, "Fernwave", "trainedOn", NASTY, confidence=0.5)
    untitled.use(1, "NVIDIA A100", "A100s", role="training")

    plain = Draft("plain-06", "What Is Known About Nothing in Particular", ["Nothing is measured here."], {}, meta={"issued": "2023"})
    hostile = Draft("nasty/07 é?#", NASTY, ["A paper about " + NASTY + " and GLUE."], _pick(NASTY, "GLUE"), [], meta={"authors": (NASTY,)})
    return [fern, orchid, seven, tide, untitled, plain, hostile]


def sample() -> tuple[list[Paper], dict[str, PaperFacts], Resolution]:
    """The papers, their facts by key, and the resolution."""
    made = [draft.finish() for draft in _drafts()]
    facts = {said.paper: said for _, said in made}
    ids = {name: _IDS.get(name, name.lower()) for name in _E}
    extra = {
        "fernwave-7b": {"variant_of": ("fernwave",)}, "nvidia-a100": {"broader": ("gpu",), "exact_match": ("http://www.wikidata.org/entity/Q0",)},
        "nvidia-h100": {"broader": ("gpu",), "see_also": ("https://example.org/h100",)}, "accuracy": {"higher_is_better": True},
        "perplexity": {"higher_is_better": False}, "throughput": {"higher_is_better": True},
    }  # fmt: skip
    concepts = [
        Concept(ids[name], name, kind, (name, *more), votes=((kind, 1.0),), **extra.get(ids[name], {}))  # type: ignore[arg-type]
        for name, (kind, more) in _E.items()
    ]
    assignment = {key: tuple(ids[e.name] for e in said.entities) for key, said in facts.items()}
    return [paper for paper, _ in made], facts, Resolution(tuple(sorted(concepts, key=lambda c: c.id)), assignment)


def sample_graph() -> KnowledgeGraph:
    """The graph of the sample, with a fixed run."""
    return build_graph(*sample(), RUN)
