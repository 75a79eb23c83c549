"""Are the nodes of a graph things that another paper could also name? A seeded sample for reading, and the share of yes.

`python -m benchmarks.noise draw FACTS.jsonl OUT.tsv [SEED]` resolves the papers of the file (2,000 random abstracts) and draws 300 nodes; the first
column of `data/gold/nodes.tsv` was then filled in by hand (`yes`, `no`). `python -m benchmarks.noise score` prints the share.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import msgspec

from kgraph.model import PaperFacts
from kgraph.resolve import resolve

NODES = Path(__file__).parents[1] / "data" / "gold" / "nodes.tsv"
SAMPLE = 300


def draw(facts: Path, out: Path, seed: int) -> None:
    """Write the sample, verdicts empty."""
    papers = [msgspec.json.decode(line, type=PaperFacts) for line in facts.read_bytes().splitlines()]
    concepts = random.Random(seed).sample(resolve(papers).concepts, SAMPLE)
    rows = ["\t".join(("", c.label.replace("\n", " "), c.kind, c.id)) for c in concepts]
    out.write_text("verdict\tlabel\tkind\tid\n" + "\n".join(rows) + "\n", "utf-8")


def share(path: Path = NODES) -> tuple[int, int]:
    """How many of the sample are things, and how many there are."""
    verdicts = [row.split("\t")[0] for row in path.read_text("utf-8").splitlines()[1:]]
    return verdicts.count("yes"), len(verdicts)


def main() -> None:
    """See the module's docstring."""
    if sys.argv[1] == "draw":
        draw(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    else:
        yes, all_ = share()
        print(f"{yes} of {all_} nodes are things another paper could also name ({yes / all_:.1%})")


if __name__ == "__main__":
    main()
