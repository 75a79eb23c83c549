"""Draw pairs of records that might be the same paper, for labelling, and score the merging of duplicates against the labels.

`python benchmarks/duplicate_pairs.py draw RECORDS.jsonl.gz` prints pairs of ids from all degrees of likeness, by a fixed seed: all pairs that
share a title, the opening of their text or a shingle of eight words are candidates, sampled by likeness, so that the hard
ones (templates, series, revised texts) are there. `... score RECORDS.jsonl.gz data/gold/duplicates.tsv` prints precision and recall.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from itertools import combinations, pairwise

from kgraph.model import Paper
from kgraph.read import read_papers
from kgraph.read.duplicates import fold, merge_duplicates, shingles

SEED = 20240801
STEPS = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.01)
PER_STEP = 16


def candidates(papers: list[Paper]) -> dict[tuple[int, int], float]:
    """Return the likeness of every pair that shares a title, an opening, or a rare run of eight words."""
    folded = [fold(paper.abstract) for paper in papers]
    buckets: dict[object, list[int]] = defaultdict(list)
    for index, paper in enumerate(papers):
        if len(fold(paper.title)) >= 12:
            buckets[fold(paper.title)].append(index)
        words = folded[index].split()
        for at in range(0, len(words) - 7, 2):
            run = " ".join(words[at : at + 8])
            if hash_of(run) % 4 == 0:
                buckets[run].append(index)
    cache: dict[str, int] = {}
    known: dict[tuple[int, int], float] = {}
    for members in buckets.values():
        if 1 < len(members) <= 6:
            for left, right in combinations(sorted(set(members)), 2):
                if (left, right) not in known:
                    one, two = set(shingles(folded[left], cache).tolist()), set(shingles(folded[right], cache).tolist())
                    known[left, right] = len(one & two) / max(len(one | two), 1)
    return known


def hash_of(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode("utf-8"))


def name(paper: Paper) -> str:
    return f"{paper.identifiers[0] if paper.identifiers else ''}@{paper.sources[0].line}"


def draw(path: str) -> None:
    papers = list(read_papers([path], on_problem=lambda problem: print(problem, file=sys.stderr)))
    pairs = candidates(papers)
    chance = random.Random(SEED)
    for low, high in pairwise(STEPS):
        inside = sorted(pair for pair, likeness in pairs.items() if low <= likeness < high)
        for left, right in chance.sample(inside, min(PER_STEP, len(inside))):
            print(json.dumps({"left": name(papers[left]), "right": name(papers[right]), "likeness": round(pairs[left, right], 3), "of": len(inside),
                              "titles": [papers[left].title, papers[right].title], "texts": [papers[left].abstract, papers[right].abstract]}))  # fmt: skip


def score(path: str, labels: str) -> None:
    papers = merge_duplicates(read_papers([path], on_problem=lambda problem: print(problem, file=sys.stderr)))
    group = {source.line: number for number, paper in enumerate(papers) for source in paper.sources}
    right = wrong = missed = apart = 0
    with open(labels, encoding="utf-8") as lines:  # noqa: PTH123
        for line in lines:
            if line.startswith(("#", "left\t")):
                continue
            left_name, right_name, verdict = line.rstrip("\n").split("\t")[:3]
            merged = group[int(left_name.rsplit("@", 1)[1])] == group[int(right_name.rsplit("@", 1)[1])]
            same = verdict == "same"
            right, wrong, missed, apart = (
                right + (merged and same),
                wrong + (merged and not same),
                missed + (same and not merged),
                apart + (not merged and not same),
            )
            if merged != same:
                print("MISSED" if same else "WRONG", line.rstrip("\n"))
    print(f"pairs {right + wrong + missed + apart}: merged rightly {right}, wrongly {wrong}, missed {missed}, apart rightly {apart}")
    print(f"precision {right / max(right + wrong, 1):.3f} recall {right / max(right + missed, 1):.3f}")


if __name__ == "__main__":
    {"draw": draw, "score": score}[sys.argv[1]](*sys.argv[2:])
