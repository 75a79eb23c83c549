"""Papers of the seeds' kind drawn by chance, of which everything was labelled before anything was extracted from them: `data/gold/fresh.json`.

Language and vision-language models, their systems, hardware, training, benchmarks; a quarter are hardware papers. The `part` of a paper says what it
serves: `development` (40 papers, seed 31; first score entity recall 0.906, precision 0.931, typed recall 0.854, introduces F1 0.921), of which misses
and false entities were read when rules were written, and `unseen` (20 papers, seed 32), of which none were: entity recall 0.928, precision 0.915, typed
recall 0.838, introduces F1 0.914 after those rules, and 0.915, 0.916, 0.826, 0.914 before them.
"""

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

import kgraph

SHARED = Path(__file__).parents[2] / "shared"
GOLD = Path(__file__).parents[1] / "data" / "gold" / "fresh.json"
pytestmark = pytest.mark.skipif(not (SHARED / "gold" / "score.py").exists(), reason="needs ../shared: the scorer and the abstracts")


FLOORS = {
    "development": {"evaluated_on": 0.75, "uses": 0.65, "based_on": 0.59, "variant_of": 0.61},
    "unseen": {"evaluated_on": 0.33, "uses": 0.52},
}
"""Lowest F1 of relations. In the part for development they had 0.33, 0.38, 0 and 0 when first scored, before the misses led to rules; in the unseen part 0.33
and 0.36 before those rules, 0.33 and 0.53 after, and of its 6 basedOn and one variantOf none is found."""
ENTITIES = {"development": (0.91, 0.93, 0.87, 0.93), "unseen": (0.90, 0.92, 0.82, 0.90)}
"""Lowest recall, precision and recall with the type of entities, and lowest F1 of what is introduced. Stricter rules against nodes that name nothing took
one to two points of recall from both parts and gave the second as much in precision."""


def figures(part, tmp_path):
    """Recall, precision and F1 by row of the scorer of ../shared, over one part."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "gold" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    gold = [paper for paper in json.loads(GOLD.read_text(encoding="utf-8"))["papers"] if paper["part"] == part]
    wanted = {paper["key"] for paper in gold}
    with gzip.open(SHARED / "papers" / "abstracts-60k.jsonl.gz", "rt", encoding="utf-8") as recent, (SHARED / "papers" / "hardware.jsonl").open() as hardware:
        records = {record["id"]: line for source in (recent, hardware) for line in source if (record := json.loads(line))["id"] in wanted}
    assert set(records) == wanted
    papers = tmp_path / "papers.jsonl"
    papers.write_text("".join(records.values()), encoding="utf-8")
    rows, _ = score.score(kgraph.build([str(papers)]).to_rdflib(), gold)
    return {name: dict(zip(("recall", "precision", "f1"), score.figures(row), strict=True)) for name, row in rows.items()}


@pytest.mark.parametrize("part", FLOORS)
def test_a_part_keeps_its_scores(part, tmp_path):
    found = figures(part, tmp_path)
    measured = (found["entity"]["recall"], found["entity"]["precision"], found["entity, typed"]["recall"], found["introduces"]["f1"])
    assert all(value >= floor for value, floor in zip(measured, ENTITIES[part], strict=True)), measured
    assert not {row: found[row]["f1"] for row, floor in FLOORS[part].items() if found[row]["f1"] < floor}
