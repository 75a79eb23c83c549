"""Stage 3, names: the normal form, which turns of phrase leave as it is.

Pure functions of a string, without the lexicon: for telling things apart across papers, never for showing. The turns were found by reading labelled
pairs of names (`benchmarks/pairs.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from kgraph.names import is_common_word, singular

_SMALL_NUMBERS = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"}
_DIGITS = {word: digit for digit, word in _SMALL_NUMBERS.items()}
_DIMENSIONS = re.compile(r"\b(one|two|three|four|[1-4])[\s\-]dimensional\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b([1-9])[\s\-](?=(?:stage|shot|step|way|player|agent|hop|phase|pass|class|stream|branch|party|view|tower)\b)", re.IGNORECASE)
_NETS = re.compile(r"\b(neural|belief|residual|adversarial|convolutional|bayesian)[\s\-]nets?\b", re.IGNORECASE)
_NUMERAL = re.compile(r"(?<=[a-z][\s\-])(I{2,3})$")
_INVERTED = re.compile(
    r"((?:[a-z]+-)?[a-z]+(?:tion|sion|sis|ment|ing)) of (?:the |an? )?"
    r"((?!.*\b(?:of|for|in|with|from|to|and|or|by|on|via|using|the)\b)[\w\- ]+)",
    re.IGNORECASE,
)
_ACTIVITY = re.compile(
    r"(\S.*[\s\-]\S*(?:ing|tion|sion|ment|sis|ence|val|search|descent))"
    r"\s(?:tasks?|problems?|techniques?|approach(?:es)?|methods?|algorithms?|(?-i:frameworks?|paradigms?|mechanisms?))",
    re.IGNORECASE,
)
# After these words "model" says nothing new.
_MODEL = re.compile(
    r"((?:.*[\s\-])?(?:(?:transformer|encoder-decoder|(?:neural|convolutional|adversarial|belief|residual|recurrent)[\s\-]network|autoencoder|classifier|regressor|baseline|regression"
    r"|LLM|VLM|MLLM|LVLM|GAN|VAE|CNN|RNN|LSTM|GNN|SVM|HMM)s?))\s(?:models?)",
    re.IGNORECASE,
)
# Adjectives made of nouns: "long-tailed" and "long-tail" are one.
_NOUNED = re.compile(r"(?<=[\s\-])(tail|phas|head|layer|stag|scal|grain|leg|sid|hand|branch|tier|thread|valu)ed\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\b((?:gene|predi|collabo)(?:ra|c)t)ive (?=(?:quality|efficiency|performance|accuracy|capabilit(?:y|ies)|abilit(?:y|ies))$)", re.IGNORECASE
)
_GENERATION = re.compile(r"(?<=\S[\s\-])generation (?=models?$)", re.IGNORECASE)
_NEUROSYMBOLIC = re.compile(r"\bneur(?:al|o)?[\s\-]symbolic\b", re.IGNORECASE)
_BOTH = re.compile(r"(?<=\bvision)-and-(?=language\b)", re.IGNORECASE)
_HEAD = re.compile(r"(?<=\S) (approach|technique|strateg(?:y|ie))s?$")
_DISEASE = re.compile(r"(?<=['’]s) disease\b", re.IGNORECASE)
_SQUARED = re.compile(r"(?<=\w)[\s\-]squared\b", re.IGNORECASE)
_MODALITY = re.compile(r"\b(cross|multi|uni|single|intra|inter|dual)[\s\-]modality(?=[\s\-])", re.IGNORECASE)
_AUDIOVISUAL = re.compile(r"\baudiovisual\b", re.IGNORECASE)
_INNER_ARTICLE = re.compile(r"(?<=[a-z]) (?:an|the) (?=[A-Za-z]{2})")
_OF_DIMENSIONS = re.compile(r"\b([1-4]D)/(?=[1-4]D\b)")
_ROUND = re.compile(r"(?<=\bmulti[\s\-])round(?=[\s\-])", re.IGNORECASE)
_MULTIPLE = re.compile(r"\bmultiple[\s\-](?=[a-z]{3})(?!(?:in|out)put\b|choice\b(?! questions?\b))", re.IGNORECASE)
_ANALYTICS = re.compile(r"\b(data|text|graph|video|predictive) analytics$", re.IGNORECASE)
_AGENTIC = re.compile(
    r"\bagentic (?=(?:memory|harness(?:es)?|orchestration|scaffold(?:s|ing)?|systems?|workflows?|pipelines?|trajector(?:y|ies)|execution|skills?)$)",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\b(text[\s\-]image|language[\s\-]vision)(?=[\s\-])", re.IGNORECASE)
_ASKED = re.compile(r"(?<=\bquestion[\s\-])answer$", re.IGNORECASE)
_AS_A = re.compile(r"(?<=\w)[\s\-]as[\s\-]an?[\s\-](?=\w)")
"""LLM-as-a-judge is LLM-as-judge."""
_NOUN_OF = {
    "classifying": "classification", "compressing": "compression", "detecting": "detection", "estimating": "estimation", "evaluating": "evaluation",
    "extracting": "extraction", "generating": "generation", "identifying": "identification", "localizing": "localization", "optimizing": "optimization",
    "predicting": "prediction", "recognizing": "recognition", "retrieving": "retrieval", "segmenting": "segmentation", "simulating": "simulation",
    "summarizing": "summarization", "translating": "translation",
}  # fmt: skip
_NO_ACTIVITY = r"(?:functions?|accuracy|errors?|times?|rates?|costs?|performance|models?|modules?|networks?|process|codes?|agents?)"
_BEGUN = re.compile(rf"([A-Za-z]+ing) ((?:\S+ )*?(?!{_NO_ACTIVITY}$)\S+)")
"""An activity that begins with its gerund ("Detecting fake news")."""
_LEVEL = re.compile(r"\b(word|sentence|document|token|character|pixel|phrase|utterance|phoneme)[\s\-]level (?=\S)", re.IGNORECASE)


_ADJECTIVE = re.compile(r"(?P<noun>[a-z]{4,}?)(?:u?al|ic|ical)", re.IGNORECASE)
# These nouns mean something else than the adjective, or the adjective something beside: critical, graphical, functional, digital, formal.
_OTHER_NOUNS = frozenset(
    "agent addition class condition context critic digit dimension direction distribution exception experiment form function graph inform instrument intent"
    " later magnet margin nation norm option organ origin period person pivot proportion ration region sign tradition variation verb".split()
)
_NEURAL = re.compile(
    r"\b(convolutional|recurrent|recursive|residual|feed-?forward|deep|shallow|spiking|siamese|equivariant|invariant|attentional|multilayer"
    r"|over-?parameteri[sz]ed) (?=networks?\b)",
    re.IGNORECASE,
)
_BASED = re.compile(
    r"(?<=\w)(?<!agent)(?<!transition)[\s\-]based "
    r"(?=(?:models?|agents?|classifiers?|detectors?|networks?|encoders?|decoders?|architectures?|parallelism|optimi[sz]ers?|planners?"
    r"|controllers?|chatbots?|polic(?:y|ies)|regression|loss(?:es)?|cameras?|sensors?|services?|kernels?|feedback|heuristics?|recommenders?|judges?|provers?"
    r"|interfaces?|applications?|compilers?|solvers?|denoisers?|ensembles?|attention|similarity|updates?|baselines?|SLAM|(?:language|generative) models?)$)"
    r"|(?<=\bvision)[\s\-]based (?=\S+$)",
    re.IGNORECASE,
)
# What is done with a thing may also be done to it (an LLM-based evaluation is no LLM evaluation), save where the thing is none to do that to.
_DONE_WITH = re.compile(
    r"\b(?:(gradient|keyword|physics|density|outcome|rubric|persona|skeleton|diffusion)[\s\-]based "
    r"(?=(?:search|clustering|simulation|optimi[sz]ation|rewards?|prompting|attacks?|generators?|(?:action )?recognition)$)"
    r"|(graph)[\s\-]based (?=(?:representation|retrieval|(?:machine )?learning|algorithms?)$)"
    r"|(diffusion)[\s\-]based (?=(?:generation|sampling|samplers?|modell?ing)$)"
    r"|(LLM)[\s\-]based (?=(?:systems?|verifiers?|recommendation|simulation)$)"
    r"|(RL|LoRA)[\s\-]based (?=(?:fine-?tuning|training|adaptation|optimi[sz]ation)$))",
    re.IGNORECASE,
)


# Adjectives, participles and plurals that stand before a noun for the same as another form of the word does.
_NOUNS = {
    "adaption": "adaptation",
    "automated": "automatic",
    "compute": "computation",
    "computing": "computation",
    "contextualized": "contextual",
    "controllable": "controlled",
    "cooperative": "collaborative",
    "diagnostic": "diagnosis",
    "dynamical": "dynamic",
    "acoustics": "acoustic",
    "aerodynamics": "aerodynamic",
    "decode": "decoding",
    "electronics": "electronic",
    "genomics": "genomic",
    "hydrodynamics": "hydrodynamic",
    "kinematics": "kinematic",
    "linguistics": "linguistic",
    "proteomics": "proteomic",
    "semantics": "semantic",
    "thermodynamics": "thermodynamic",
    "prognostic": "prognosis",
    "robotics": "robot",
    "testing": "test",
    "visual": "vision",
    "molecular": "molecule",
    "facial": "face",
    "forecasting": "forecast",
    "grasping": "grasp",
    "imaging": "image",
    "intention": "intent",
    "waiting": "wait",
    "vehicular": "vehicle",
    "muscular": "muscle",
    "syntactic": "syntax",
    "squared": "square",
}


_LAST = {
    "adaption": "adaptation",
    "compute": "computation",
    "computing": "computation",
    "diagnostics": "diagnosis",
    "ensembling": "ensemble",
    "robotic": "robot",
    "searching": "search",
}
"""The same at the end of a name; an adjective there is a name cut short ("wall climbing robotic")."""


@lru_cache(maxsize=1 << 16)
def _inner_noun(word: str) -> str:
    """A word inside a name in the singular, an adjective that only relates to a noun as that noun ("textual", "positional", "algorithmic").

    Of words that hyphens join, each; the last one of a name is not asked for.
    """
    if "-" in word:
        return word if is_common_word(word.replace("-", "")) else "-".join(map(_inner_noun, word.split("-")))
    one = singular(word)
    if is_common_word(one):
        word = one
    found = _ADJECTIVE.fullmatch(word)
    if found is None or word.lower() in _NOUNS:
        return _NOUNS.get(word.lower(), word)
    noun = found["noun"].lower()
    return noun if is_common_word(noun) and noun not in _OTHER_NOUNS else word


def normal(name: str) -> str:
    """A name without the turns of phrase that make no other thing of it, for telling things apart across papers; not for showing.

    "X of Y" for an activity is "Y X"; plurals and adjectives of nouns inside it, numbers as words, and "task", "problem" or "algorithm" after
    an activity go, "neural" where the kind of network says so, and "based" before what a thing is.

    >>> [normal(n) for n in ("segmentation of medical images", "2-stage detection", "three-dimensional reconstruction", "text classification task")]
    ['medical image segmentation', 'two-stage detection', '3D reconstruction', 'text classification']
    >>> [normal(n) for n in ("transformer-based language model", "physics-based simulation", "owl-based evaluation")]
    ['transformer language model', 'physics simulation', 'owl-based evaluation']
    >>> [normal(n) for n in ("area under an owl curve", "2D/3D stitching", "multi-round stitching", "cooperative acoustics lab")]
    ['area under owl curve', '2D-3D stitching', 'multi-turn stitching', 'collaborative acoustic lab']
    >>> [normal(n) for n in ("multiple owl tracking", "visual question-answer", "owl data analytics")]
    ['multi-owl tracking', 'vision question-answering', 'owl data analysis']
    """
    if " " not in name and "-" not in name:
        return name
    activity = _ACTIVITY.fullmatch(name) if " of " not in name else None
    if activity:
        name = activity[1]
    if "isease" in name:
        name = _DISEASE.sub("", name)
    if "quared" in name:
        name = _SQUARED.sub(" square", name)
    if "evel" in name:
        name = _LEVEL.sub(r"\1 ", name)
    inverted = _INVERTED.fullmatch(name)
    if inverted:
        name = f"{inverted[2]} {inverted[1]}"
    if "imensional" in name:
        name = _DIMENSIONS.sub(lambda m: _DIGITS.get(m[1].lower(), m[1]) + "D", name)
    name = _BASED.sub(" ", _NETS.sub(r"\1 network", name))
    if "based " in name:
        name = _DONE_WITH.sub(lambda m: f"{next(filter(None, m.groups()))} ", name)
    model = _MODEL.fullmatch(name)
    if model:
        name = model[1]
    name = _NEURAL.sub(r"\1 neural ", name)
    if "ed" in name:
        name = _NOUNED.sub(lambda m: m[1] + ("e" if m[1].lower() in {"phas", "stag", "scal", "sid", "valu"} else ""), name)
    if "ive " in name:
        name = _MEASURED.sub(r"\1ion ", name)
    if "eneration" in name:
        name = _GENERATION.sub("generative ", name)
    if "symbolic" in name.lower():
        name = _NEUROSYMBOLIC.sub("neurosymbolic", name)
    if "and" in name or "&" in name:
        name = _BOTH.sub("-", name.replace(" & ", " and "))
    head = _HEAD.search(name)
    if head and " " in name[: head.start()]:
        name = f"{name[: head.start()]} method"
    name = _COUNTED.sub(lambda m: _SMALL_NUMBERS[m[1]] + "-", name)
    name = _NUMERAL.sub(lambda m: str(len(m[1])), name)
    if "udiovisual" in name:
        name = _AUDIOVISUAL.sub("audio-visual", name)
    if "odality" in name:
        name = _MODALITY.sub(r"\1-modal", name)
    if "ulti" in name and "round" in name:
        name = _ROUND.sub("turn", name)
    if "gentic " in name:
        name = _AGENTIC.sub("agent ", name)
    if "ext" in name or "anguage" in name:
        name = _PAIRED.sub(lambda m: "image-text" if m[0][0] in "tT" else "vision-language", name)
    if "ultiple" in name:
        name = _MULTIPLE.sub("multi-", name)
    if name.endswith("nalytics"):
        name = _ANALYTICS.sub(r"\1 analysis", name)
    if name.endswith("nswer"):
        name = _ASKED.sub("answering", name)
    if " an " in name or " the " in name:
        name = _INNER_ARTICLE.sub(" ", name)
    if "D/" in name:
        name = _OF_DIMENSIONS.sub(r"\1-", name)
    if "as" in name:
        name = _AS_A.sub("-as-", name)
    if (begun := _BEGUN.fullmatch(name)) and (noun := _NOUN_OF.get(begun[1].lower())):
        name = f"{begun[2]} {noun}"
    inner, space, last = name.rpartition(" ")
    if not space:
        inner, space, last = name.rpartition("-")
    return " ".join(map(_inner_noun, inner.split(" "))) + space + _activity(last) if space else last


def _activity(word: str) -> str:
    """The noun of an activity for its gerund at the end of a name of several words, where there is one ("estimating")."""
    lower = word.lower()
    if lower in _LAST:
        return _LAST[lower]
    noun = lower[:-3] + "ion"
    return noun if lower.endswith("ting") and len(lower) > 8 and is_common_word(noun) else word
