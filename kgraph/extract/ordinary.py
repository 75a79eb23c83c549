"""Known names that also stand in ordinary phrases: "pay attention to", "boosting the accuracy", "finding a needle in a haystack".

A mention in such a phrase names nothing. The phrases were read from some 1,500 places in recent abstracts; each is one of the language, not of a paper.
"""

from __future__ import annotations

import re

_BEFORE = {
    "attention": re.compile(
        r"\b(?:needs?|needing|pa(?:y|ys|id|ying)|draw\w*|drew|attract\w*|receiv\w+|gain\w*|garner\w*|deserv\w+|merits?|call\w*|requir\w+|warrant\w*|bring\w*|brought"
        r"|turn\w*|shift\w*|focus\w*|devot\w+|captur\w+|grab\w*|increasing|growing|special|particular|significant|considerable|widespread|great|public|little|more|less"
        r"|limited|careful|close|scholarly|tremendous|substantial|extensive|worthy)\s(?:[a-z]+\s){0,2}$"
    ),
    "needle in a haystack": re.compile(r"\b(?:find\w*|locat\w+|search\w*\sfor|like|akin\sto)\s(?:a|the)\s$"),
    "completeness": re.compile(r"\bfor\s(?:the\ssake\sof\s)?$"),
    "speed up": re.compile(r"\b(?:to|can|could|will|would|may|might|must|further|greatly|significantly|and|thus|which)\s$"),
}
_AFTER = {
    "attention": re.compile(
        r"\s(?:to\s(?:the\s)?(?:needs?|fact|importance|details?|issues?|problems?|costs?|how|what|whether)\b|from\s(?:the\s)?(?:research|communit|academ|public))"
    ),
    # a verb where it has an object
    "boosting": re.compile(
        r"\s(?:(?:the|a|an|its|their|our|both|all|overall|average|each|this|these|state-of-the-art|SOTA|human|model|task|downstream|benchmark|policy|training|inference|retrieval"
        r"|output|reasoning|generation|detection|classification|prediction|recognition)\b"
        r"|[\w'’-]*\s?(?:accuracy|performance|efficiency|quality|robustness|generali[sz]ation|productivity|throughput|speed|precision|recall|scores?|interpretability|exploitation|exploration)\b)"
    ),
    "prompting": re.compile(
        r"\s(?:(?:the|a|an|its|their|our|us|this|these|them|him|her|it|concerns?|calls?|questions?|researchers|many|some|several|further|new)\b|[\w-]+\sto\b)"
    ),
}
_FIRST = re.compile("|".join(dict.fromkeys((*_BEFORE, *_AFTER))), re.IGNORECASE)
_LONGEST = 48
"""Characters before a name that its phrase may take."""


def is_ordinary(text: str, start: int, end: int) -> bool:
    """Does `text[start:end]` stand in an ordinary phrase rather than for the thing of that name?

    >>> [is_ordinary(t, t.index("attention"), t.index("attention") + 9) for t in ("It drew much attention.", "We mask attention.", "linear attention")]
    [True, False, False]
    >>> [is_ordinary(t, 0, 8) for t in ("Boosting the accuracy of owls", "Boosting of trees", "Boosting methods")]
    [True, False, False]
    """
    if end - start > 20 or _FIRST.match(text, start, end) is None:
        return False
    name = text[start:end].lower()
    before, after = _BEFORE.get(name), _AFTER.get(name)
    return (before is not None and before.search(text, max(0, start - _LONGEST), start) is not None) or (
        after is not None and after.match(text, end) is not None
    )
