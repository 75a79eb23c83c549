"""Extraction of facts, confidence: how often each rule was right, as counted, not as felt.

`MEASURED` holds, per rule, (right, found): how many of the asserted facts that it gave for labelled papers are right as `kgraph eval --labels facts`
counts them. `python -m kgraph.train.confidence` counts and writes it. Few facts say little, and the rules were written beside some of these papers,
so each share is drawn towards that of the rule's kind (what stands before the first dot), and that towards the share of all facts, as the mean of
a Beta distribution with a prior worth `WEIGHT` facts (Gelman et al., Bayesian Data Analysis, chapter 2). A kind that is not labelled gets the share of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WEIGHT = 8

MEASURED: dict[str, tuple[int, int]] = {
    "result.unit": (12, 12), "result.unit.metric": (67, 67), "result.metric": (2, 2),
    "quantity.parameters": (11, 11), "quantity.parameters.named": (8, 8), "quantity.context": (2, 3), "quantity.data": (6, 6),
    "quantity.count": (36, 36), "quantity.size": (1, 1),
    "use.counted": (15, 15), "use.plain": (8, 10),
    "outperforms.verb": (8, 8), "outperforms.than": (1, 2), "outperforms.over": (6, 6), "outperforms.compared": (4, 5), "outperforms.result": (4, 5),
    "comparedWith.compare": (1, 2), "comparedWith.level": (1, 3), "comparedWith.compared": (0, 0),
    "basedOn.built": (1, 1), "basedOn.based": (1, 2), "basedOn.extends": (0, 0), "basedOn.tuned": (2, 2), "basedOn.adapts": (1, 3),
    "basedOn.title": (1, 1), "basedOn.backbone": (0, 0), "basedOn.name": (2, 2),
    "variantOf.name": (5, 7), "variantOf.told": (1, 1),
    "uses.verb": (17, 33), "uses.introduced": (7, 12), "uses.part": (5, 6), "uses.treated": (0, 0), "uses.attribute": (1, 1), "uses.step": (4, 4), "uses.title": (2, 4),
    "uses.phrase": (1, 1),
    "evaluatedOn.cue": (3, 6), "evaluatedOn.own": (3, 3), "evaluatedOn.result": (7, 10),
    "trainedOn.verb": (0, 0), "evaluatedBy.result": (0, 0), "addresses.for": (0, 0), "addresses.result": (0, 0), "hardware.use": (0, 0),
}  # fmt: skip


def confidences(measured: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    """The probability, three decimals, that a fact of each rule is right, from (right, found) by rule.

    >>> confidences({"a.x": (9, 10), "a.y": (0, 1), "b.z": (0, 0)})
    {'a.x': 0.834, 'a.y': 0.687, 'b.z': 0.684}
    """

    def drawn(rules: Iterable[str], prior: float) -> float:
        counts = [measured[rule] for rule in rules]
        return (sum(right for right, _ in counts) + prior * WEIGHT) / (sum(found for _, found in counts) + WEIGHT)

    kinds: dict[str, list[str]] = {}
    for rule in measured:
        kinds.setdefault(rule.partition(".")[0], []).append(rule)
    overall = drawn(measured, 0.5)
    shares = {kind: drawn(rules, overall) for kind, rules in kinds.items()}
    return {rule: round(drawn([rule], shares[rule.partition(".")[0]]), 3) for rule in measured}


CONFIDENCE: dict[str, float] = confidences(MEASURED)
