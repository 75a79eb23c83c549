import pytest

from kgraph.extract.abbreviations import find_abbreviations


def pairs(text):
    return [(text[a.short_start : a.short_end], text[a.long_start : a.long_end]) for a in find_abbreviations(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the large language models (LLMs) of", "LLMs", "large language models"),
        ("a one-forward-one-backward (1F1B) pipeline", "1F1B", "one-forward-one-backward"),
        ("uses Model FLOPs Utilization (MFU) as", "MFU", "Model FLOPs Utilization"),
        ("with RAG (retrieval-augmented generation) we", "RAG", "retrieval-augmented generation"),
        ("Reinforcement Learning from Human Feedback (RLHF).", "RLHF", "Reinforcement Learning from Human Feedback"),
        ("automatic speech recognition (ASR; the task)", "ASR", "automatic speech recognition"),
        ("with Proximal Policy Optimization (PPO) as", "PPO", "Proximal Policy Optimization"),
        ("our solution: Easy and Efficient Tracing (EET), which", "EET", "Easy and Efficient Tracing"),
        ("for abstraction and adversarial supervision (AAS) in", "AAS", "abstraction and adversarial supervision"),
    ],
)
def test_a_definition_gives_both_forms(text, short, long):
    assert pairs(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "as shown (left) here",
        "in many cases (e.g. GPT-4) we",
        "of size 7 (2024)",
        "the model (Smith et al., 2020) is",
        "trained on data (3.5B) of",
        "on an NVIDIA Z4 GPU (Ada)",
    ],
)
def test_other_brackets_define_nothing(text):
    assert pairs(text) == []


def test_two_definitions_in_a_row_do_not_mix():
    assert pairs("Fail-to-Pass (F2P) and Pass-to-Pass (P2P) tests") == [("F2P", "Fail-to-Pass"), ("P2P", "Pass-to-Pass")]
