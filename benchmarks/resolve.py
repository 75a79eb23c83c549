"""Resolution over many papers: time and memory by number of papers, and equal results in another order.

`python -m benchmarks.resolve FACTS.jsonl [PAPERS]` (facts as JSON lines of `PaperFacts`; repeated under new keys and with new coined names until
there are PAPERS of them, 60,000 if not said). One row a size: papers, entities, concepts, CPU seconds, peak memory of the process in MB.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kgraph.model import Entity, PaperFacts
from kgraph.resolve import resolve


def papers(path: Path, count: int) -> Iterator[PaperFacts]:
    """`count` papers: the file's, then the file's again with a suffix on names that no lexicon entry bears (so the vocabulary grows too)."""
    decoder = msgspec.json.Decoder(PaperFacts)
    made, turn = 0, 0
    while made < count:
        with path.open("rb") as lines:
            for line in lines:
                if made == count:
                    return
                facts = decoder.decode(line)
                if turn:
                    entities = tuple(e if e.lexicon else renamed(e, turn) for e in facts.entities)
                    facts = msgspec.structs.replace(facts, paper=f"{facts.paper}-{turn}", entities=entities)
                yield facts
                made += 1
        turn += 1


def renamed(entity: Entity, turn: int) -> Entity:
    """The entity with another word in front of each of its names."""
    word = ("", "azure", "umber", "ochre", "sepia", "khaki")[turn % 6]
    return msgspec.structs.replace(entity, name=f"{word} {entity.name}", names=tuple(f"{word} {n}" for n in entity.names), abbreviations=())


def main() -> None:
    """See the module's docstring."""
    path, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    resolve(papers(path, 200))  # the lexicon is loaded once
    print(f"{'papers':>8} {'entities':>9} {'concepts':>9} {'CPU s':>7} {'ms/paper':>9} {'peak MB':>8}")
    for share in (8, 4, 2, 1):
        start = time.process_time()
        resolution = resolve(papers(path, most // share))
        seconds = time.process_time() - start
        entities = sum(map(len, resolution.assignment.values()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = 1000 * seconds / (most // share)
        print(f"{most // share:>8} {entities:>9} {len(resolution.concepts):>9} {seconds:>7.1f} {each:>9.2f} {peak:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
