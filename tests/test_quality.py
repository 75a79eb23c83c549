"""Scores of the shipped extractor on labelled text never fall below what was recorded when it shipped."""

import importlib.util
import json
from pathlib import Path

import pytest

import kgraph

SHARED = Path(__file__).parents[2] / "shared"
GOLD = Path(__file__).parents[1] / "data" / "gold"
pytestmark = pytest.mark.skipif(not (SHARED / "gold" / "score.py").exists(), reason="needs ../shared: the scorer, the seeds and the abstracts")


@pytest.fixture(scope="module")
def score():
    spec = importlib.util.spec_from_file_location("score", SHARED / "gold" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(score, inputs, gold):
    """Recall, precision and F1 by row of the scorer for a build of `inputs`."""
    graph = kgraph.build(inputs).to_rdflib()
    rows, _ = score.score(graph, json.loads(gold.read_text(encoding="utf-8"))["papers"])
    return {name: score.figures(row) for name, row in rows.items()}


def development_records(tmp_path):
    """The abstracts of the development half of our annotations, found by id."""
    import gzip

    wanted = {p["key"] for p in json.loads((GOLD / "dev.json").read_text(encoding="utf-8"))["papers"]}
    out = tmp_path / "dev.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for path in (SHARED / "papers" / "abstracts-60k.jsonl.gz", SHARED / "papers" / "hardware.jsonl"):
            with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
                for line in lines:
                    record = json.loads(line)
                    if record["id"] in wanted:
                        wanted.discard(record["id"])
                        file.write(line)
    assert not wanted
    return out


def check(found, floors):
    low = {
        f"{row} {name}": round(value, 3)
        for (row, name), floor in floors.items()
        if (value := found[row][("recall", "precision", "f1").index(name)] or 0.0) < floor
    }
    assert not low, f"below the recorded floor: {low}"


def test_the_seed_papers_keep_their_scores(score):
    found = figures(score, [str(SHARED / "seeds")], SHARED / "gold" / "seeds.json")
    check(
        found,
        {
            ("paper", "recall"): 1.0,
            ("entity", "recall"): 0.92,
            ("entity", "precision"): 0.94,
            ("entity, typed", "recall"): 0.90,
            ("introduces", "recall"): 0.90,
            ("introduces", "f1"): 0.91,
            ("code", "recall"): 1.0,
            ("code", "precision"): 1.0,
            ("results", "recall"): 0.95,
            ("results", "precision"): 0.95,
            ("quantities", "recall"): 0.92,
            ("quantities", "precision"): 0.92,
            ("hardware use", "recall"): 0.92,
            ("hardware use", "precision"): 0.92,
            ("outperforms", "f1"): 0.90,
            ("based_on", "f1"): 0.80,
            ("evaluated_on", "f1"): 0.79,
            ("variant_of", "f1"): 0.85,
            ("uses", "f1"): 0.70,
        },
    )


@pytest.mark.slow
def test_other_papers_keep_their_scores(score, tmp_path):
    found = figures(score, [str(development_records(tmp_path))], GOLD / "dev.json")
    check(
        found,
        {
            ("paper", "recall"): 1.0,
            ("entity", "recall"): 0.86,
            ("entity", "precision"): 0.94,
            ("entity, typed", "recall"): 0.80,
            ("introduces", "f1"): 0.86,
            ("results", "f1"): 0.88,
            ("quantities", "f1"): 0.80,
            ("hardware use", "f1"): 0.75,
            ("outperforms", "f1"): 0.76,
        },
    )
