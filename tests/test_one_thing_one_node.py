"""From text to nodes: what within a paper and across papers is one thing, and what is not."""

from __future__ import annotations

import pytest

from kgraph.extract.pipeline import read_papers
from kgraph.model import Paper, Resolution
from kgraph.resolve import resolve

ABSTRACTS = {
    "one": "We study the Warmup-Stable-Decay (WSD) learning rate scheduler. The WSD LRS is compared with cosine decay. We train LLaVA-v1.5-13B and LLaVA on 8 Tesla"
    " A100 GPUs and 4 A100-80GB GPUs. GPT-4V-1106 and GPT-4 are baselines.",
    "two": "Large language models (LLMs) run on NVIDIA A100 GPUs. One-forward-one-backward (1F1B) schedules are slow. A large language model is trained with Megatron 1F1B."
    " LLMs such as Llama-2/3 and GPT-3.5 and 4 are used with tensor, pipeline, and data parallelism.",
    "three": "An LLM is asked by chain-of-thought (CoT) prompting. The A100 is fast.",
}


@pytest.fixture(scope="module")
def nodes() -> dict[str, str]:
    """The id of the node of each name."""
    facts = list(read_papers([Paper(key, abstract=text) for key, text in ABSTRACTS.items()]))
    resolution: Resolution = resolve(facts)
    return {name: resolution.assignment[p.paper][i] for p in facts for i, e in enumerate(p.entities) for name in e.names}


@pytest.mark.parametrize(
    "names",
    [
        ("LLM", "LLMs", "Large language models", "large language model"),
        ("WSD", "WSD LRS", "Warmup-Stable-Decay"),
        ("1F1B", "Megatron 1F1B", "One-forward-one-backward"),
        ("Tesla A100", "NVIDIA A100", "A100"),
    ],
)
def test_one_thing_is_one_node(nodes: dict[str, str], names: tuple[str, ...]) -> None:
    assert len({nodes[name] for name in names}) == 1


def test_versions_sizes_variants_and_members_of_coordinations_are_nodes_of_their_own(nodes: dict[str, str]) -> None:
    names = ["GPT-4V-1106", "GPT-4", "LLaVA-v1.5-13B", "LLaVA", "A100", "A100 80GB", "Llama-2", "Llama-3", "GPT-3.5"]
    names += ["tensor parallelism", "pipeline parallelism", "data parallelism"]
    assert len({nodes[name] for name in names}) == len(names)
