import pytest

from kgraph.extract.boundaries import is_noise, trim, version_members


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("our novel FooNet framework", "FooNet"),
        ("existing large language models", "large language models"),
        ("the proposed attention mechanism", "attention mechanism"),
        ("diffusion model", "diffusion model"),
        ("state-of-the-art vision transformers,", "vision transformers"),
        ('"BarBench"', "BarBench"),
        ("8B reward model", "reward model"),
        ("the", ""),
    ],
)
def test_a_name_is_cut_to_what_another_paper_would_use(text, name):
    start, end = trim(text, 0, len(text))
    assert text[start:end] == name


@pytest.mark.parametrize(
    "name",
    [
        "prob- lem",
        "clip_to_box",
        "ra",
        "cross-/self-attention",
        "toy experiments",
        "robot users",
        "post-trained model",
        "draft/outline writing",
        "closing proposals",
        "self",
        "limit set ω_∞",
        "models",
        "our framework",
        "significant advantages",
        "real-world applications",
        "performance",
        "7B",
        "$x$",
        "we",
        "downstream tasks",
        "",
        "OpenAI",
        "Google's",
        "CONCLUSIONS",
        "massive dataset",
        "Φ_T",
        "kPa",
        "Content",
        "Un**certainty",
        "moss weighting/selection",
    ],
)
def test_what_no_other_paper_could_name_is_noise(name):
    assert is_noise(name)


@pytest.mark.parametrize(
    "name",
    [
        "supervised learning",
        "pre- and post-training",
        "User Experience",
        "pre-trained model",
        "reward shaping",
        "GPU",
        "F1",
        "language model",
        "3D",
        "machine learning",
        "LLMs",
        "CPU",
        "data augmentation",
        "top-1 accuracy",
        "BLEU",
        "CarReward",
        "OpenAI Gym",
        "neural network",
        "pi_0",
    ],
)
def test_short_and_common_names_of_the_field_are_kept(name):
    assert not is_noise(name)


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("Llama-2/3", ["Llama-2", "Llama-3"]),
        ("GPT-3.5 and 4", ["GPT-3.5", "GPT-4"]),
        ("Qwen2/2.5", ["Qwen2", "Qwen2.5"]),
        ("GPT-4", []),
        ("CPU/GPU", []),
        ("1/2", []),
    ],
)
def test_coordinated_versions_become_their_members(text, members):
    assert [name for name, _, _ in version_members(text)] == members


def test_a_hyphen_and_a_preposition_behind_a_name_are_no_part_of_it():
    assert trim("FooNet-with moss", 0, 11) == (0, 6)


@pytest.mark.parametrize(
    "name", ["moss/owl/fern", "and/or", "final model.", "Faster", "sorting from Segment Owls", "Moss Journal", "National Institute of Owls"]
)
def test_joined_words_ends_of_sentences_and_periodicals_are_no_things(name: str) -> None:
    assert is_noise(name)
