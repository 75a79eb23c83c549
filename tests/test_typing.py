"""The public names as a type checker sees them from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

USE = """\
import kgraph

graph = kgraph.build(["papers"])
again = kgraph.load("output")
table = kgraph.query(graph, "hardware")
answer = kgraph.ask("output", "trained-on", {"hardware": "A100"})
reveal_type(graph)
reveal_type(again)
reveal_type(table)
reveal_type(answer)
reveal_type(kgraph.__version__)
kgraph.build(inputs=1)
kgraph.nothing
"""


def test_the_public_names_have_types_and_wrong_uses_are_found(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(USE)
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", "--config-file", str(Path(__file__).parents[1] / "pyproject.toml"), "use.py"]
    out = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    lines = [line for line in out.splitlines() if line.startswith("use.py")]
    revealed = [line.partition('is "')[2].strip('"').removeprefix("builtins.") for line in lines if "note: Revealed type" in line]
    assert revealed == ["kgraph.graph.KnowledgeGraph", "kgraph.graph.KnowledgeGraph", "kgraph.tables.Table", "kgraph.ask.Answer", "str"], out
    errors = [line for line in lines if " error: " in line]
    assert [line.partition(":")[2].partition(":")[0] for line in errors] == ["12", "13"], out
