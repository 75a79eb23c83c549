"""Known names: the shipped tables, and finding them in texts."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from kgraph.extract.candidates import with_lexicon
from kgraph.lexicon import load
from kgraph.model import KINDS
from kgraph.names import fold
from kgraph.train.abbreviations import mine, texts

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
TABLES = ROOT / "kgraph" / "lexicon"


def found(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], e.name) for a, b, e in load().find(text)]


def test_every_row_has_source_and_licence_and_right_keys() -> None:
    for entry in load().entries:
        assert entry.source and entry.licence and entry.kind in KINDS
        assert entry.keys == tuple(fold(n) for n in entry.names), entry.name


def test_the_tables_stay_small() -> None:
    assert sum(p.stat().st_size for p in TABLES.glob("*.tsv")) < 3_000_000


def test_entries_have_distinct_ids_within_a_kind() -> None:
    seen = [(e.kind, e.id) for e in load().entries]
    assert len(seen) == len(set(seen))


ORDINARY = (
    "the language of this work is an approach to focus on the whole library of speed and quality which we align and click through with a base line of "
    "common sense and general knowledge in practice where people include a translation or a benchmark in the race to drop the glue and the beam of a bark "
    "as the atlas of science shows the spice of life with a clue about the swag and the copa of the race which we scale and stack and run in the wild to mask "
    "the art of state and the voice of the mind in the mirror of nature and the score of the game under the square root of uncertainty"
)


def test_ordinary_english_contains_no_known_names() -> None:
    assert found(ORDINARY) == []
    assert [w for w in ORDINARY.split() if load().lookup(w) is not None] == []


def test_a_title_case_ordinary_word_is_no_dataset() -> None:
    assert found("Language, Focus and Library. Include the Translation. Click here.") == []


def test_a_phrase_of_the_language_that_a_list_writes_in_one_word_is_no_benchmark() -> None:
    assert [load().lookup(name) for name in ("mental health", "Mental Health")] == [None, None]


def test_dictionary_word_names_count_in_their_exact_case_only() -> None:
    assert found("We test on DROP, RACE and GLUE.") == [("DROP", "DROP"), ("RACE", "RACE"), ("GLUE", "GLUE")]
    assert found("we drop the race and glue it") == []


def test_the_longest_name_wins_and_matches_do_not_overlap() -> None:
    assert found("Trained with large vision-language models on NVIDIA A100 80GB GPUs.")[0] == ("large vision-language models", "large vision-language model")
    spans = [(a, b) for a, b, _ in load().find("multi-head self-attention for visual question answering with BERT-large and ResNet-50 on MS COCO")]
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))


@pytest.mark.parametrize("text", ["GPT-4V-9", "BERT-Colossal", "Llama 9", "ImageNetty", "preBERT", "my-BERT", "ResNet-5000"])
def test_a_name_inside_another_name_is_not_found(text: str) -> None:
    assert not {"GPT-4", "BERT", "LLaMA", "ImageNet", "ResNet", "GPT-4V"} & {name for _, name in found(f"We use {text} here.")}


def test_an_adjective_made_of_a_name_still_names_it() -> None:
    assert found("a BERT-based and GPU-accelerated system")[0] == ("BERT", "BERT")


def test_plural_hyphen_and_case_variants_are_found() -> None:
    for text in ("Large Language Models", "large language model", "large-language models", "LLMs"):
        assert [name for _, name in found(f"We study {text} today")] == ["large language model"]


def test_abbreviations_with_several_meanings_belong_to_no_entry() -> None:
    for short in ("PET", "SR", "LR", "CPM", "EA", "ASR"):
        assert load().lookup(short) is None, short
    assert load().lookup("RAG").name == "retrieval-augmented generation"  # type: ignore[union-attr]


def test_metrics_know_which_direction_is_better() -> None:
    known = {n: load().lookup(n) for n in ("accuracy", "word error rate", "latency", "BLEU", "perplexity")}
    assert {n: e.higher_is_better for n, e in known.items() if e} == {
        "accuracy": True, "word error rate": False, "latency": False, "BLEU": True, "perplexity": False,
    }  # fmt: skip


def test_devices_have_one_entry_under_all_their_names() -> None:
    ids = {load().lookup(n).id for n in ("A100", "NVIDIA A100", "Tesla A100", "Nvidia A100")}  # type: ignore[union-attr]
    assert ids == {"nvidia-a100"}
    assert load().lookup("A100-80GB").broader == "NVIDIA A100"  # type: ignore[union-attr]
    assert load().lookup("NVIDIA A100").broader == "GPU"  # type: ignore[union-attr]


def test_external_ids_are_iris() -> None:
    entries = load().entries
    assert sum(bool(e.exact_match) for e in entries) > 50
    assert sum(bool(e.see_also) for e in entries) > 500
    assert all(i.startswith("http") for e in entries for i in (*e.exact_match, *e.see_also))


def test_loading_takes_less_than_a_third_of_a_second() -> None:
    code = "import kgraph.lexicon, time; t = time.process_time(); kgraph.lexicon.load(); print(time.process_time() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout) for _ in range(2)]
    assert min(times) < 0.3


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="the annotated papers are not here")
def test_no_name_that_only_the_annotated_papers_introduce_is_known() -> None:
    import json

    gold = json.loads((SHARED / "gold" / "seeds.json").read_text("utf-8"))
    coined = [n for p in gold["papers"] for n in p["introduces"] if sum(c.isupper() for c in n) >= 2 and n != "WSD"]
    known = {fold(n) for e in load().entries for n in e.names}
    assert [n for n in coined if fold(n) in known] == []


def test_names_are_found_alike_in_plain_and_in_accented_text() -> None:
    names = [entry.name for entry in load().entries if entry.name.isascii()][:3000]
    for text in (", ".join(names[i : i + 50]) for i in range(0, len(names), 50)):
        assert found(text) == found(f"{text} \N{EM DASH}"), text
        assert found(text)


def test_letters_set_in_bold_are_read_as_the_words_they_begin(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(json.dumps({"title": "Owls", "abstract": "We use \\textbf{Q}uiet \\textbf{M}oss \\textbf{L}ogic (QML) and $k$ trees."}) + "\n")
    (text,) = texts(path)
    assert list(mine(text)) == [("QML", "Quiet Moss Logic")] and "k trees" in text


def test_a_title_that_boosts_something_speaks_of_no_boosting() -> None:
    def found(text: str) -> list[str]:
        return [text[c.start : c.end] for c in with_lexicon(text, [], load())]

    assert found("Boosting Moss Retention\n\nWe do.") == []
    assert found("Boosting for Moss Retention\n\nWe do.") == ["Boosting"]
    assert found("Moss Retention by Boosting Moss\n\nWe do.") == ["Boosting"]
