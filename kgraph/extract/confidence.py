"""Extraction of facts, confidence: how often each rule was right on the development half of our annotations, by name of the rule."""

from __future__ import annotations

from collections import defaultdict

CONFIDENCE: dict[str, float] = defaultdict(lambda: 0.8)
