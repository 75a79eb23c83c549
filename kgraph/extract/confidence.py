"""Extraction of facts, confidence: how often each rule was right, as counted, not as felt.

`MEASURED` holds, per rule, (right, found): how many of the asserted facts that it gave for labelled papers are right as `kgraph eval --labels facts`
counts them; `UNSEEN` the same of papers that no rule was written beside. `python -m kgraph.train.confidence` counts and writes both. A rule fits
the papers it was written beside better than others, so such a fact counts as `SEEN_WORTH` facts of other papers (a power prior: Ibrahim and Chen
2000). Few facts say little, so each share is drawn towards that of the rule's kind (what stands before the first dot), and that towards the share
of all facts, as the mean of a Beta distribution with a prior worth `WEIGHT` facts (Gelman et al., Bayesian Data Analysis, chapter 2). A kind that
is not labelled gets the share of all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

SEEN_WORTH = 0.25
WEIGHT = 8

MEASURED: dict[str, tuple[int, int]] = {
    "result.unit": (13, 13), "result.unit.metric": (67, 67), "result.metric": (1, 1),
    "quantity.parameters": (11, 11), "quantity.parameters.named": (8, 8), "quantity.context": (2, 2), "quantity.data": (6, 6), "quantity.count": (36, 36),
    "quantity.size": (1, 1),
    "use.counted": (15, 15), "use.plain": (8, 10),
    "outperforms.verb": (26, 27), "outperforms.than": (4, 7), "outperforms.over": (7, 7), "outperforms.compared": (14, 15), "outperforms.result": (1, 3),
    "comparedWith.compare": (1, 2), "comparedWith.level": (3, 4), "comparedWith.compared": (0, 0),
    "basedOn.built": (2, 2), "basedOn.based": (3, 4), "basedOn.extends": (1, 1), "basedOn.tuned": (3, 4), "basedOn.adapts": (4, 4),
    "basedOn.title": (1, 1), "basedOn.backbone": (0, 0), "basedOn.name": (0, 0),
    "variantOf.name": (4, 7), "variantOf.told": (3, 3),
    "uses.verb": (40, 71), "uses.introduced": (16, 18), "uses.part": (14, 16), "uses.treated": (2, 2), "uses.attribute": (5, 6), "uses.step": (4, 4),
    "uses.title": (3, 4), "uses.phrase": (1, 5),
    "evaluatedOn.cue": (29, 35), "evaluatedOn.own": (4, 4), "evaluatedOn.result": (0, 1),
    "trainedOn.verb": (0, 0),
    "evaluatedBy.result": (0, 0),
    "addresses.for": (0, 0), "addresses.result": (0, 0),
    "hardware.use": (0, 0),
}  # fmt: skip

UNSEEN: dict[str, tuple[int, int]] = {
    "outperforms.verb": (11, 13), "outperforms.over": (3, 3), "outperforms.result": (0, 1),
    "comparedWith.compare": (1, 1), "comparedWith.level": (2, 3),
    "basedOn.based": (0, 2), "basedOn.tuned": (0, 1),
    "variantOf.name": (0, 1), "variantOf.told": (1, 1),
    "uses.verb": (20, 34), "uses.introduced": (7, 11), "uses.part": (4, 5), "uses.attribute": (1, 1), "uses.phrase": (1, 3),
    "evaluatedOn.cue": (13, 23), "evaluatedOn.own": (0, 3), "evaluatedOn.result": (2, 5),
}  # fmt: skip


def confidences(measured: Mapping[str, tuple[int, int]], unseen: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    """The probability, three decimals, that a fact of each rule of `measured` is right, from (right, found) by rule.

    >>> confidences({"a.x": (36, 40), "a.y": (0, 4), "b.z": (0, 0)}, {"a.y": (1, 1)})
    {'a.x': 0.847, 'a.y': 0.724, 'b.z': 0.7}
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
