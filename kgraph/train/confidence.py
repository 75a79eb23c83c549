"""`python -m kgraph.train.confidence GOLD... --texts PATH...`: count anew how often each rule is right, and write it to `kgraph/extract/confidence.py`.

GOLD are files for `kgraph eval --labels facts`, PATH any inputs with their papers. What ships is counted by

    python -m kgraph.train.confidence ../shared/gold/seeds.json data/gold/dev.json data/gold/relations.jsonl \\
        --texts ../shared/seeds ../shared/papers/abstracts-60k.jsonl.gz ../shared/papers/hardware.jsonl

and takes half a CPU minute; it is to be run whenever rules or the tagger have changed. At the end stands how well such confidences hold for papers
that were not counted: papers are dealt into `FOLDS` parts, and each part is judged by what the others counted. `data/gold/heldout.json` is never counted.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from kgraph.evaluate import calibration_table
from kgraph.evaluate_facts import evaluate, read_gold
from kgraph.extract import confidence

FOLDS = 5
MODULE = Path(confidence.__file__)
CHECKS = {"relations.jsonl": range(51, 101)}
"""Gold files of which the papers in these lines are for checks alone: no rule was written beside them."""
Counts = dict[str, tuple[int, int]]


class Judged(NamedTuple):
    """A fact of a paper, by the rule that gave it."""

    paper: str
    rule: str
    right: bool
    unseen: bool


@contextmanager
def told_apart() -> Iterator[dict[float, str]]:
    """Within it every rule has a confidence that no other has, in the order they had; yields the rule of each. For facts read in this process."""
    before = dict(confidence.CONFIDENCE)
    # the extractor keeps no name of a rule: the seventh decimal says it, which no rounded confidence has
    rules = {value + number * 1e-7: rule for number, (rule, value) in enumerate(before.items(), 1)}
    confidence.CONFIDENCE.update({rule: value for value, rule in rules.items()})
    try:
        yield rules
    finally:
        confidence.CONFIDENCE.update(before)


def judge(gold: Iterable[Path], texts: Sequence[str], model: str) -> list[Judged]:
    """Every fact of the labelled papers that a rule gave. Raises ValueError for a bad gold file or when a paper is not in the texts."""
    papers = [(paper, paper.line in CHECKS.get(path.name, ())) for path in gold for paper in read_gold(path)]
    unseen = {paper.key for paper, checks in papers if checks}
    with told_apart() as rules:
        result = evaluate([paper for paper, _ in papers], texts, model)
    if result.missing:
        raise ValueError(f"not in the texts: {', '.join(paper.key for paper in result.missing)}")
    return [Judged(paper, rules[value], right, paper in unseen) for paper, value, right in result.judged if value in rules]


def count(judged: Iterable[Judged]) -> tuple[Counts, Counts]:
    """(right, found) of every rule there is, in the papers that rules were written beside and in the others."""
    counts = (dict.fromkeys(confidence.MEASURED, (0, 0)), dict.fromkeys(confidence.MEASURED, (0, 0)))
    for _, rule, right, unseen in judged:
        rights, found = counts[unseen][rule]
        counts[unseen][rule] = (rights + right, found + 1)
    return counts


def cross_validated(judged: Sequence[Judged]) -> list[tuple[float, bool, bool]]:
    """Each fact's confidence by the counts of the papers of the other folds, whether it is right, and whether its paper is an unseen one."""
    rows = []
    for fold in range(FOLDS):
        inside = [zlib.crc32(fact.paper.encode()) % FOLDS == fold for fact in judged]
        known = confidence.confidences(*count(fact for fact, here in zip(judged, inside, strict=True) if not here))
        rows += [(known[fact.rule], fact.right, fact.unseen) for fact, here in zip(judged, inside, strict=True) if here]
    return rows


def written(source: str, measured: Counts, unseen: Counts) -> str:
    """The module's source with these counts in its tables, the rules of a kind on lines of their own."""
    for name, counts in (("MEASURED", measured), ("UNSEEN", {rule: counts for rule, counts in unseen.items() if counts[1]})):
        begin = source.index(f"{name}: dict[str, tuple[int, int]] = {{\n")
        start, end = source.index("\n", begin) + 1, source.index("}  # fmt: skip", begin)
        lines = []
        for _, rules in groupby(counts.items(), key=lambda item: item[0].partition(".")[0]):
            cells = " ".join(f'"{rule}":\0({right},\0{found}),' for rule, (right, found) in rules)
            lines += textwrap.wrap(cells, 155, initial_indent="    ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        source = source[:start] + "".join(line.replace("\0", " ") + "\n" for line in lines) + source[end:]
    return source


def main(arguments: Sequence[str] | None = None) -> None:
    """Count, write, and print what was counted."""
    parser = argparse.ArgumentParser(prog="python -m kgraph.train.confidence", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--texts", nargs="+", required=True, metavar="PATH")
    parser.add_argument("--model", default="fast")
    parser.add_argument("--module", type=Path, default=MODULE, help="the file whose table is written")
    options = parser.parse_args(arguments)
    try:
        judged = judge(options.gold, options.texts, options.model)
    except ValueError as error:
        sys.exit(str(error))
    measured, unseen = count(judged)
    options.module.write_text(written(options.module.read_text(encoding="utf-8"), measured, unseen), encoding="utf-8")
    print(f"{'rule':26} seen: right  found  unseen: right  found  confidence")
    for rule, value in confidence.confidences(measured, unseen).items():
        print("{:26}{:12}{:7}{:15}{:7}{:12.3f}".format(rule, *measured[rule], *unseen[rule], value))
    rows = cross_validated(judged)
    for papers, wanted in (("all papers", {True, False}), ("papers that no rule was written beside", {True})):
        print(f"\n{papers}, by the counts of the others\nfrom   to  facts  mean confidence  share right")
        for row in calibration_table((value, right) for value, right, fresh in rows if fresh in wanted):
            print("{:4.1f}{:5.1f}{:7}{:17.3f}{:13.3f}".format(*row))


if __name__ == "__main__":
    main()
