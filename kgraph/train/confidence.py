"""`python -m kgraph.train.confidence GOLD... --texts PATH...`: count anew how often each rule is right, and write it to `kgraph/extract/confidence.py`.

GOLD are files for `kgraph eval --labels facts`, PATH any inputs with their papers. What ships is counted by

    python -m kgraph.train.confidence ../shared/gold/seeds.json data/gold/dev.json data/gold/relations.jsonl \\
        data/gold/relations_check.jsonl data/gold/numbers_check.jsonl --texts ../shared/seeds ../shared/papers/abstracts-60k.jsonl.gz ../shared/papers/hardware.jsonl

and takes half a CPU minute; it is to be run whenever rules or the tagger have changed. At the end stands how well such confidences hold for papers
that were not counted: papers are dealt into `FOLDS` parts, and each part is judged by what the others counted. `data/gold/heldout.json` is never counted.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from kgraph.evaluate import calibration_table
from kgraph.evaluate_facts import PAIRS, evaluate, read_gold
from kgraph.extract import confidence

FOLDS = 5
MODULE = Path(confidence.__file__)
CHECKS = frozenset({"relations_check.jsonl", "numbers_check.jsonl"})
"""Gold files whose papers are for checks alone: no rule was written beside them."""
RELATIONS = frozenset(PAIRS)
"""What can be told plainly or not; the other kinds of rules are of numbers."""
LOOSE = 5e-8
"""What the confidence of a relation that is not told plainly has more while rules are told apart."""
Counts = dict[str, tuple[int, int]]


class Judged(NamedTuple):
    """A fact of a paper, by the rule that gave it."""

    paper: str
    rule: str
    right: bool
    unseen: bool
    plain: bool = True


def marked(value: float, plain: bool, telling: Mapping[bool, float] = confidence.ODDS) -> float:
    """In the place of `confidence.weighed`: the confidence of the rule, with a mark where the relation is not told plainly; `telling` changes nothing."""
    return value if plain else value + LOOSE


@contextmanager
def told_apart() -> Iterator[dict[float, tuple[str, bool]]]:
    """Within it every rule has a confidence that no other has, in the order they had, told plainly or not; yields what each means. For facts read in this process."""
    before, weighed = dict(confidence.CONFIDENCE), confidence.weighed
    # the extractor keeps no name of a rule: the seventh decimal says it, which no rounded confidence has
    plain = {value + number * 1e-7: rule for number, (rule, value) in enumerate(before.items(), 1)}
    confidence.CONFIDENCE.update({rule: value for value, rule in plain.items()})
    confidence.weighed = marked
    try:
        yield {value + step: (rule, not step) for value, rule in plain.items() for step in (0.0, LOOSE)}
    finally:
        confidence.CONFIDENCE.update(before)
        confidence.weighed = weighed


def judge(gold: Iterable[Path], texts: Sequence[str], model: str) -> list[Judged]:
    """Every fact of the labelled papers that a rule gave. Raises ValueError for a bad gold file or when a paper is not in the texts."""
    papers = [(paper, path.name in CHECKS) for path in gold for paper in read_gold(path)]
    unseen = {paper.key for paper, checks in papers if checks}
    with told_apart() as rules:
        result = evaluate([paper for paper, _ in papers], texts, model)
    if result.missing:
        raise ValueError(f"not in the texts: {', '.join(paper.key for paper in result.missing)}")
    return [Judged(paper, rule, right, paper in unseen, plain) for paper, value, right in result.judged if value in rules for rule, plain in [rules[value]]]


def count(judged: Iterable[Judged]) -> tuple[Counts, Counts]:
    """(right, found) of every rule there is, in the papers that rules were written beside and in the others."""
    counts = (dict.fromkeys(confidence.MEASURED, (0, 0)), dict.fromkeys(confidence.MEASURED, (0, 0)))
    for _, rule, right, unseen, _ in judged:
        rights, found = counts[unseen][rule]
        counts[unseen][rule] = (rights + right, found + 1)
    return counts


def odds(judged: Iterable[Judged]) -> dict[bool, float]:
    """What it changes the odds of a relation by that it is told plainly, or not."""
    return confidence.odds_of_telling((f.rule, f.plain, f.right, f.unseen) for f in judged if f.rule.partition(".")[0] in RELATIONS)


def cross_validated(judged: Sequence[Judged]) -> list[tuple[float, bool, bool]]:
    """Each fact's confidence by the counts of the papers of the other folds, whether it is right, and whether its paper is an unseen one."""
    rows = []
    for fold in range(FOLDS):
        inside = [zlib.crc32(fact.paper.encode()) % FOLDS == fold for fact in judged]
        others = [fact for fact, here in zip(judged, inside, strict=True) if not here]
        known, telling = confidence.confidences(*count(others)), odds(others)
        for fact, here in zip(judged, inside, strict=True):
            if here:
                related = fact.rule.partition(".")[0] in RELATIONS
                value = confidence.weighed(known[fact.rule], fact.plain, telling) if related else known[fact.rule]
                rows.append((value, fact.right, fact.unseen))
    return rows


def written(source: str, measured: Counts, unseen: Counts, telling: Mapping[bool, float]) -> str:
    """The module's source with these counts in its tables, the rules of a kind on lines of their own, and these odds."""
    source = re.sub(r"(?<=\nODDS: dict\[bool, float\] = ).*", repr(dict(telling)), source)
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
    telling = odds(judged)
    options.module.write_text(written(options.module.read_text(encoding="utf-8"), measured, unseen, telling), encoding="utf-8")
    print(f"{'rule':26} seen: right  found  unseen: right  found  confidence")
    for rule, value in confidence.confidences(measured, unseen).items():
        print("{:26}{:12}{:7}{:15}{:7}{:12.3f}".format(rule, *measured[rule], *unseen[rule], value))
    print(f"a relation told plainly has {telling[True]:.2f} times the odds, another {telling[False]:.2f} times")
    rows = cross_validated(judged)
    for papers, wanted in (("all papers", {True, False}), ("papers that no rule was written beside", {True})):
        print(f"\n{papers}, by the counts of the others\nfrom   to  facts  mean confidence  share right")
        for row in calibration_table((value, right) for value, right, fresh in rows if fresh in wanted):
            print("{:4.1f}{:5.1f}{:7}{:17.3f}{:13.3f}".format(*row))


if __name__ == "__main__":
    main()
