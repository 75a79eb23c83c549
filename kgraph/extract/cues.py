"""What the words around a name, and its own form, say about its type.

A tagger sees a new name through its letters; the paper itself usually says what it is: "X, a benchmark for ...", "a toolkit named X",
"the X dataset". Each cue is a vote beside the tagger's and the lexicon's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kgraph.extract.boundaries import NAMES_KEPT

HEADS = {
    "model": "model models lm lms llm llms mllm mllms vlm vlms slm slms plm plms transformer gpt family checkpoint checkpoints chatbot mllm",
    "method": """method methods approach approaches algorithm algorithms strategy technique techniques framework frameworks paradigm mechanism mechanisms scheme schedule scheduler architecture architectures
        objective loss procedure module modules network networks regularizer optimizer pipeline recipe protocol attack defense policy decoder encoder layer formulation operator kernel quantizer
        attention strategies schemes adapter formalism theory law principle sampler solver planner controller""",
    "software": "library toolkit system systems engine platform package software tool toolbox simulator compiler runtime codebase service environment app application infrastructure stack plugin implementation database interface accelerator-aware",
    "dataset": "dataset datasets benchmark benchmarks corpus corpora suite testbed collection leaderboard challenge treebank testset test-bed database-benchmark resource",
    "metric": "metric metrics score measure index indicator",
    "hardware": "chip accelerator processor device asic fpga soc supercomputer board gpu cpu npu tpu",
    "task": "task tasks problem",
}  # fmt: skip
KIND_OF = {noun: kind for kind, nouns in HEADS.items() for noun in nouns.split()}
APPOSITION = re.compile(
    r"^[\"”'’*]*(?:\s*\([^)]{1,80}\))?\s*(?:,|—|–|:|\bis\b|\bare\b|-\s)\s*(?:which\s+is\s+|namely\s+)?(?:a|an|the\s+first|the\s+largest|our|one\s+of\s+the|new|novel|the)\s+(?P<phrase>[^,.;:()]{3,110})",
    re.I,
)
STOPS = re.compile(
    r"\b(?:that|which|who|where|for|to|with|of|designed|built|based|using|capable|by|in|on|from|trained|developed|marrying|aimed|tailored|covering|containing|comprising|consisting|encompassing|featuring|enabling|leveraging|combining|specifically|providing|supporting|under|across)\b",
    re.I,
)
SERIES = re.compile(r"^(?:series|family|suite|set|collection|class|group|line|pair|range)\s+of\s+", re.I)
NAMING = re.compile(
    r"(?:[,(]?\s*\b(?:named|called|dubbed|termed|namely|coined|known\s+as|titled|(?:that|which)?\s*we\s+(?:call|name|term|dub))\b|[:(])\s*[\"“'‘*(]*$", re.I
)
RIGHT_HEAD = re.compile(r"^(?:\s|-)(?P<noun>[A-Za-z]+)\b")
NAMERS = ("named", "called", "dubbed", "termed", "namely", "coined", "as", "titled", "call", "name", "term", "dub", ":")
"""What stands before a name that `NAMING` finds, unless it is a bracket."""
HOLDERS = frozenset("library toolkit engine platform package simulator compiler dataset benchmark corpus".split())
SUITE_FORM = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+\d*|(?:[A-Z][A-Za-z]+ )+[A-Z][A-Za-z]+")
WORD_BEFORE = re.compile(r"([A-Za-z-]+)[\s,]*[\"“'‘*]*$")
BENCH = re.compile(r"(?<=[A-Za-z0-9-])(?:Bench|Eval|QA|Corpus|Set|Arena|NLI|Instruct|VQA)(?:[-+]?v?\d+(?:\.\d+)*|[-+][A-Z][A-Za-z]*|[A-Z][a-z][A-Za-z]*)?$")
MODEL_FORM = re.compile(
    r"(?:GPT|BERT|LLaMA|Llama|LLM|LM|VLM|VLA|T5|ViT|Qwen|Mamba)(?:[-.]?v?\d[\w.]*)?$|[-\s]\d+(?:\.\d+)?[BbM](?:-[A-Za-z]+)*$|-(?:Instruct|Chat|Base|chat|instruct|base|large|small|mini)$"
)


def head_noun(phrase: str) -> str:
    """The head of a noun phrase that begins here: the last word before a preposition or relative clause, after "a series of".

    >>> head_noun("novel open-source library that overcomes"), head_noun("series of efficient language models for")
    ('library', 'models')
    """
    phrase = phrase.strip()
    phrase = re.sub(r"^.*\b(?:propose|present|introduce|develop|design|build|release|we|is|are)\s+", "", phrase)
    series = SERIES.match(phrase)
    if series:
        phrase = phrase[series.end() :]
    else:
        inner = re.match(r"^(?:[\w-]+\s+){0,3}(?:series|family|suite|set|collection)\s+of\s+", phrase, re.I)
        if inner and not re.match(r"^(?:[\w-]+\s+){0,3}(?:benchmark|dataset)", phrase, re.I):
            phrase = phrase[inner.end() :]
    stop = STOPS.search(phrase)
    words = [w.strip("\"'”’*,()").lower() for w in (phrase[: stop.start()] if stop else phrase).split()]
    known = [w for w in words if w in KIND_OF]
    return known[-1] if known else words[-1] if words else ""


def noun_kind(noun: str) -> str:
    """The type that a class noun stands for, or nothing: `corpus` is a dataset."""
    return KIND_OF.get(noun.lower(), "")


def cue_votes(text: str, start: int, end: int) -> dict[str, float]:
    """Votes on the type of the name at `text[start:end]` from its surroundings and its form; weights as of mentions (1 is a certain one)."""
    votes: dict[str, float] = {}

    def vote(noun: str, weight: float) -> None:
        kind = KIND_OF.get(noun.lower())
        if kind:
            votes[kind] = votes.get(kind, 0.0) + weight

    name, after, before = text[start:end], text[end : end + 170], text[max(0, start - 90) : start]
    apposition = APPOSITION.match(after)
    if apposition:
        vote(head_noun(apposition["phrase"]), 2.0)
    lead = before.rstrip().rstrip("\"“'‘*(").rstrip()
    naming = NAMING.search(before) if lead.lower().endswith(NAMERS) or "(" in before[len(lead) :] else None
    if naming:
        noun = head_noun(before[: naming.start()].rsplit(". ", 1)[-1].rsplit(", which", 1)[0])
        if noun not in KIND_OF and naming.group().startswith("("):  # "compared with the inference library (FooServe)"
            holder = before[: naming.start()].rstrip().rpartition(" ")[2].lower()
            noun = holder if holder in HOLDERS else noun
        vote(noun, 1.5)
    elif before[-1:] in ' "“':
        direct = WORD_BEFORE.search(before, before.rstrip(" ,\"“'‘*").rfind(" ") + 1)
        if direct:
            vote(direct[1], 0.5)
    right = RIGHT_HEAD.match(after)
    if right:
        if right["noun"] == "tasks" and SUITE_FORM.fullmatch(name):  # "on FooWorld tasks"
            votes["dataset"] = votes.get("dataset", 0.0) + 0.5
        else:
            vote(right["noun"], 0.8)
    return votes


def form_votes(name: str, times: int = 1) -> dict[str, float]:
    """Votes on the type of a name that stands `times` in a text from its own form, as of `cue_votes`.

    The name of a model says less than what the text calls it: accelerators and methods bear it too.

    >>> form_votes("FooBench"), form_votes("FooBERT-13B"), form_votes("Foo")
    ({'dataset': 1.0}, {'model': 0.6}, {})
    """
    dataset, model = _form(name)
    votes = {"dataset": 1.0 * times} if dataset else {}
    if model:
        votes["model"] = 0.6 * min(times, 2)
    return votes


@lru_cache(maxsize=NAMES_KEPT)
def _form(name: str) -> tuple[bool, bool]:
    """Whether a name has the form of a dataset's, and of a model's."""
    return BENCH.search(name) is not None, MODEL_FORM.search(name) is not None
