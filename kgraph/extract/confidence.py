"""Extraction of facts, confidence: how often each rule was right, as counted, not as felt.

`MEASURED` holds, per rule, (right, found) on the development half of our annotations and the seed papers, read with the tagger that
ships; right means what `gold/score.py` counts as right. Both were looked at while the rules were written, so the share is drawn towards
`PRIOR` as if `WEIGHT` further cases had been seen. A rule the gold has no facts for (metrics, tasks) starts at the prior.
"""

from __future__ import annotations

PRIOR = 0.75
WEIGHT = 8

MEASURED: dict[str, tuple[int, int]] = {
    "result.unit": (12, 12), "result.unit.metric": (67, 67), "result.metric": (2, 2),
    "quantity.parameters": (11, 11), "quantity.parameters.named": (8, 8), "quantity.context": (2, 3), "quantity.data": (6, 6),
    "quantity.count": (36, 36), "quantity.size": (1, 1),
    "use.counted": (15, 15), "use.plain": (8, 10),
    "outperforms.verb": (8, 8), "outperforms.than": (1, 2), "outperforms.over": (6, 6), "outperforms.compared": (4, 5), "outperforms.result": (4, 5),
    "comparedWith.compare": (1, 2), "comparedWith.level": (1, 3), "comparedWith.compared": (0, 0),
    "basedOn.built": (1, 1), "basedOn.based": (1, 2), "basedOn.extends": (0, 0), "basedOn.tuned": (2, 2), "basedOn.adapts": (1, 3),
    "basedOn.title": (1, 1), "basedOn.name": (2, 2),
    "variantOf.name": (5, 7), "variantOf.told": (1, 1),
    "uses.verb": (17, 33), "uses.introduced": (7, 12), "uses.part": (5, 6), "uses.attribute": (1, 1), "uses.step": (4, 4), "uses.title": (2, 4),
    "uses.phrase": (1, 1),
    "evaluatedOn.cue": (3, 6), "evaluatedOn.own": (3, 3), "evaluatedOn.result": (7, 10),
    "trainedOn.verb": (0, 0), "evaluatedBy.result": (0, 0), "addresses.for": (0, 0), "addresses.result": (0, 0), "hardware.use": (0, 0),
}  # fmt: skip

CONFIDENCE: dict[str, float] = {rule: round((right + PRIOR * WEIGHT) / (found + WEIGHT), 3) for rule, (right, found) in MEASURED.items()}
