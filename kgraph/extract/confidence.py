"""Extraction of facts, confidence: how often each rule was right, as counted, not as felt.

`MEASURED` holds, per rule, (right, found): how many of the asserted facts that it gave for labelled papers are right as `kgraph eval --labels facts`
counts them; `UNSEEN` the same of papers that no rule was written beside. `python -m kgraph.train.confidence` counts and writes both. A rule fits
the papers it was written beside better than others, so such a fact counts as `SEEN_WORTH` facts of other papers (a power prior: Ibrahim and Chen
2000). Few facts say little, so each share is drawn towards that of the rule's kind (what stands before the first dot), and that towards the share
of all facts, as the mean of a Beta distribution with a prior worth `WEIGHT` facts (Gelman et al., Bayesian Data Analysis, chapter 2). A kind that
is not labelled gets the share of all.

A relation is told plainly where its sentence names both ends and the second is surely a thing. `ODDS` is what that changes the odds by, and what its
lack does: the odds ratio over all rules (Mantel and Haenszel 1959), divided so that the mean of the logits stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

SEEN_WORTH = 0.15
WEIGHT = 8
SURE = 0.85
"""The score from which on what is found is surely a thing."""

MEASURED: dict[str, tuple[int, int]] = {
    "result.unit": (12, 12), "result.unit.metric": (68, 68), "result.metric": (2, 2),
    "quantity.parameters": (11, 11), "quantity.parameters.named": (8, 8), "quantity.context": (2, 2), "quantity.data": (6, 6), "quantity.count": (36, 36),
    "quantity.size": (1, 1),
    "use.counted": (15, 15), "use.plain": (8, 10),
    "outperforms.verb": (44, 46), "outperforms.than": (6, 7), "outperforms.over": (12, 14), "outperforms.compared": (11, 15),
    "outperforms.result": (8, 10),
    "comparedWith.compare": (2, 4), "comparedWith.level": (4, 6), "comparedWith.compared": (1, 1),
    "basedOn.built": (2, 2), "basedOn.based": (3, 7), "basedOn.extends": (1, 1), "basedOn.tuned": (3, 4), "basedOn.adapts": (4, 5),
    "basedOn.title": (1, 1), "basedOn.backbone": (0, 0), "basedOn.name": (2, 2),
    "variantOf.name": (5, 8), "variantOf.told": (5, 5),
    "uses.verb": (71, 107), "uses.introduced": (22, 29), "uses.part": (22, 24), "uses.treated": (2, 2), "uses.attribute": (7, 9), "uses.step": (5, 5),
    "uses.title": (3, 4), "uses.phrase": (1, 6),
    "evaluatedOn.cue": (19, 20), "evaluatedOn.own": (4, 6), "evaluatedOn.result": (28, 39),
    "trainedOn.verb": (0, 0),
    "evaluatedBy.result": (0, 0),
    "addresses.for": (0, 0), "addresses.result": (0, 0),
    "hardware.use": (0, 0),
}  # fmt: skip

UNSEEN: dict[str, tuple[int, int]] = {
    "result.unit": (17, 18), "result.unit.metric": (72, 77), "result.metric": (6, 6),
    "quantity.parameters": (11, 11), "quantity.parameters.named": (2, 2), "quantity.context": (3, 3), "quantity.data": (3, 4), "quantity.count": (39, 43),
    "use.counted": (5, 5), "use.plain": (10, 12),
    "outperforms.verb": (18, 20), "outperforms.than": (3, 3), "outperforms.over": (3, 6), "outperforms.compared": (0, 2), "outperforms.result": (1, 1),
    "comparedWith.compare": (1, 2), "comparedWith.level": (3, 5),
    "basedOn.extends": (1, 1), "basedOn.adapts": (0, 1),
    "variantOf.name": (4, 9),
    "uses.verb": (22, 35), "uses.introduced": (6, 9), "uses.part": (2, 2), "uses.treated": (1, 1), "uses.attribute": (1, 1), "uses.title": (2, 2),
    "uses.phrase": (0, 4),
    "evaluatedOn.cue": (15, 20), "evaluatedOn.own": (3, 9), "evaluatedOn.result": (10, 11),
}  # fmt: skip

ODDS: dict[bool, float] = {True: 1.457, False: 0.777}


def weighed(value: float, plain: bool, telling: Mapping[bool, float] = ODDS) -> float:
    """The confidence of a relation, three decimals, from that of its rule, by whether it is told plainly."""
    odds = telling[plain] * value / (1 - value)
    return round(odds / (1 + odds), 3)


def odds_of_telling(told: Iterable[tuple[str, bool, bool, bool]]) -> dict[bool, float]:
    """`ODDS` by what was counted: of each relation its rule, whether it is told plainly, is right, and is of an unseen paper.

    >>> odds_of_telling([("a", True, True, True), ("a", True, False, True), ("a", False, True, True), ("a", False, False, True)])
    {True: 1.0, False: 1.0}
    """
    tables: dict[str, list[float]] = {}
    for rule, plain, right, unseen in told:
        tables.setdefault(rule, [0.0] * 4)[2 * plain + right] += 1.0 if unseen else SEEN_WORTH
    # half a fact in each of the two sums keeps the ratio finite
    ratio = (0.5 + sum(t[3] * t[0] / sum(t) for t in tables.values())) / (0.5 + sum(t[2] * t[1] / sum(t) for t in tables.values()))
    loose = sum(t[0] + t[1] for t in tables.values()) / max(sum(map(sum, tables.values())), 1e-9)
    return {True: round(ratio**loose, 3), False: round(ratio ** (loose - 1), 3)}


def confidences(measured: Mapping[str, tuple[int, int]], unseen: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    """The probability, three decimals, that a fact of each rule of `measured` is right, from (right, found) by rule.

    >>> confidences({"a.x": (36, 40), "a.y": (0, 4), "b.z": (0, 0)}, {"a.y": (1, 1)})
    {'a.x': 0.816, 'a.y': 0.731, 'b.z': 0.667}
    """

    def drawn(rules: Collection[str], prior: float) -> float:
        right, found = prior * WEIGHT, float(WEIGHT)
        for counts, worth in ((measured, SEEN_WORTH), (unseen, 1.0)):
            right += worth * sum(counts.get(rule, (0, 0))[0] for rule in rules)
            found += worth * sum(counts.get(rule, (0, 0))[1] for rule in rules)
        return right / found

    kinds: dict[str, list[str]] = {}
    for rule in measured:
        kinds.setdefault(rule.partition(".")[0], []).append(rule)
    overall = drawn(measured, 0.5)
    shares = {kind: drawn(rules, overall) for kind, rules in kinds.items()}
    return {rule: round(drawn([rule], shares[rule.partition(".")[0]]), 3) for rule in measured}


CONFIDENCE: dict[str, float] = confidences(MEASURED, UNSEEN)
