"""What every shipped question answers on the graph of the seed papers. `python tests/seed_answers.py` writes tests/golden/seed_answers.json anew.

The file is read before it is committed: it is the statement of what is right, so each row that comes, goes or changes has a reason.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph
    from kgraph.tables import Table

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).with_name("golden") / "seed_answers.json"
COMMAND = "python tests/seed_answers.py"

# every question, with and without its parameters, as somebody would ask it who knows these papers
ASKED: list[tuple[str, dict[str, str]]] = [
    ("about", {"entity": "Megatron-LM"}),
    ("about", {"entity": "Ouroboros"}),
    ("beats", {"system": "Seq1F1B"}),
    ("beats", {"system": "MiniCPM-Llama3-V 2.5"}),
    ("code", {}),
    ("code", {"system": "Ouroboros"}),
    ("concepts-by-year", {"since": "2024"}),
    ("concepts-by-year", {"since": "2030"}),
    ("concepts-by-year", {"concept": "large language model"}),
    ("conflicts", {}),
    ("coverage", {}),
    ("evaluated-on", {}),
    ("evaluated-on", {"benchmark": "PyBench"}),
    ("hardware", {}),
    ("hardware-by-year", {}),
    ("hardware-by-year", {"hardware": "A100"}),
    ("in-common", {"paper": "arXiv:2406.03488", "other": "arXiv:2403.09347"}),
    ("introduced-on", {}),
    ("introduced-on", {"base": "Megatron-LM"}),
    ("leaderboard", {}),
    ("leaderboard", {"metric": "throughput"}),
    ("model-sizes", {}),
    ("model-sizes", {"min": "1e10"}),
    ("not-claimed", {}),
    ("not-claimed", {"entity": "parameter-efficient tuning"}),
    ("results-about", {"concept": "large language model"}),
    ("results-above", {}),
    ("results-above", {"metric": "throughput", "min": "50"}),
    ("similar-papers", {"paper": "arXiv:2406.03488"}),
    ("timeline", {"concept": "Megatron-LM"}),
    ("trained-on", {}),
    ("trained-on", {"hardware": "A100"}),
    ("trained-with", {}),
    ("used-together", {}),
    ("used-together", {"method": "singular value decomposition"}),
    ("who-outperforms", {}),
    ("who-outperforms", {"system": "Megatron-LM"}),
]


def called(name: str, parameters: dict[str, str]) -> str:
    """The question as it is typed after `kgraph ask`."""
    return " ".join([name, *(f"{key}={value}" for key, value in parameters.items())])


def seed_graph() -> KnowledgeGraph:
    """The graph of the papers that come with the repository."""
    import kgraph

    return kgraph.build([ROOT / "data" / "papers"])


def answer(store: pyoxigraph.Store, name: str, parameters: dict[str, str]) -> tuple[str, Table]:
    """The SPARQL text of a question with its parameters, and what Oxigraph answers."""
    from kgraph.query import bind, load_question, run_sparql, terms_of

    asked = load_question(name)
    sparql = bind(asked, terms_of(store, asked, parameters))
    return sparql, run_sparql(store, sparql, name)


def golden() -> dict[str, Any]:
    """The written answers: `columns` and `rows` of each question; numbers exact (int or Decimal), rows as tuples."""
    written = json.loads(GOLDEN.read_text("utf-8"), parse_float=Decimal)
    return {asked: {"columns": tuple(found["columns"]), "rows": [tuple(row) for row in found["rows"]]} for asked, found in written.items()}


def rewrite() -> None:
    """Write the answers as they are now, a row a line."""
    from kgraph.query import open_store

    def cell(value: object) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)

    store = open_store(seed_graph())
    questions = []
    for name, parameters in ASKED:
        _, table = answer(store, name, parameters)
        rows = ",".join("\n    [" + ", ".join(map(cell, row)) + "]" for row in table.rows)
        questions.append(f'  {cell(called(name, parameters))}: {{\n   "columns": {cell(list(table.columns))},\n   "rows": [{rows}]}}')
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text("{\n" + ",\n".join(questions) + "\n}\n", "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    rewrite()
