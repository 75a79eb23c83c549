"""Where a name begins and ends: trimming of mentions, coordinations, and words that name nothing.

Three quarters of the false entities of a plain tagger overlap a right one, so its spans are cut here to the part that another paper
would also use: no determiners, no praise, no generic head after a proper name.
"""

from __future__ import annotations

import re
from functools import lru_cache

NAMES_KEPT = 1 << 14
"""Names whose properties are remembered: those that many papers mention fit in, and a few MB hold them."""
LEFT = frozenset(
    """a an the our we this these those that such its their his her my your any each every both all some most many several various numerous multiple different
    other another existing current recent recently previous prior novel new newly proposed popular advanced modern latest leading emerging common commonly widely used standard typical
    conventional traditional state-of-the-art sota cutting-edge powerful promising effective efficient robust simple scalable lightweight unified general generic
    comprehensive extensive innovative well-known widely-used so-called certain respective corresponding specific underlying resulting overall
    original real diverse complex challenging crucial key important significant improved better best strong stronger superior competitive high higher low lower
    large-scale high-quality high-performance representative mainstream vanilla proprietary commercial publicly available of for with and or in on to by via using as from into""".split()
)
DETERMINERS = frozenset("a an the our we this these those that such its their his her my your any each every both all some most many several various".split())
RIGHT_AFTER_NAME = frozenset(
    """framework frameworks approach approaches method methods technique techniques model models system systems algorithm algorithms architecture architectures dataset datasets benchmark benchmarks
    library toolkit tool platform pipeline engine variant variants series family suite baseline baselines backbone backbones module modules network strategy scheme paradigm mechanism corpus
    task tasks agent agents solution solutions metric metrics score scores version versions device devices processor processors simulator project package test paper work""".split()
)
RIGHT_ALWAYS = frozenset(
    "methods techniques approaches strategies schemes paradigms frameworks works studies solutions baselines applications scenarios settings problems capabilities".split()
)
NOTHING = frozenset(
    """model models method methods approach approaches framework frameworks system systems technique techniques algorithm algorithms data dataset datasets benchmark benchmarks task tasks
    result results performance experiment experiments evaluation evaluations paper work study studies problem problems application applications challenge challenges solution solutions strategy strategies
    architecture architectures network networks tool tools metric metrics baseline baselines input inputs output outputs code codes user users domain domains scenario scenarios setting settings
    capability capabilities ability abilities quality improvement improvements gain gains analysis approach information knowledge context language text image images video videos
    training testing learning inference feature features parameter parameters layer layers module modules component components process processes research researchers field community
    state-of-the-art sota effectiveness significant advantages real-world applications downstream question questions answer answers example examples sample samples time cost costs
    environment environments representation representations structure structures pipeline pipelines mechanism mechanisms device devices hardware software platform platforms library libraries resource resources
    token tokens word words sentence sentences document documents query queries prompt prompts response responses objective objectives goal goals function functions variable variables
    accelerator accelerators processor processors node nodes server servers chip chips machine machines unit units core cores we it they this that these those which our ours who what
    ai artificial intelligence deep self cross content identity mapping judge validation unification permutation""".split()
)
ADJECTIVES = frozenset(
    """faster slower better stronger weaker smaller larger cheaper large small big tiny huge fast slow hierarchical emergent dynamic static adaptive automatic automated online offline local global sparse dense visual textual
    pre pre-train pretrain fine-tune finetune frontier base late early flat mobile universal generative multimodal unimodal bilingual multilingual neural semantic syntactic temporal spatial sequential parallel distributed iterative recursive autonomous interactive
    open closed public private linear nonlinear discrete continuous supervised unsupervised human manual synthetic symbolic intelligent cognitive linguistic medical clinical scientific
    convolutional recurrent evolutionary stochastic probabilistic spectral photometric agentic causal contextual structural relational conditional sensitive statistical educational
    contrastive optimal theoretic theoretical terrestrial skeletal attentional graphical bidirectional cross-lingual multi-modal multi-lingual visual-inertial information-theoretic
    hyperbolic morphosyntactic quadrupedal observational virtual""".split()
)
AFFIXED = re.compile(
    r"(?:per|inter|intra|single|many|few)-\w+|(?:hard|easy|ready)-to-\w+|[\w-]+-(?:wise|level|specific|aware|like|based|free|only|scale|scaled|driven|centric|agnostic|text|dependent|independent|friendly|trained|tuned|aligned|generated|oriented|enabled|powered|guided|style|type|time|generation|grade|side)",
    re.I,
)
DESCRIBING = re.compile(r"[a-z]{3,}(?:ous|able|ible|ized|ised|ated|tuned|trained|ful|less|ward|ened)", re.I)
PREPOSITIONS = frozenset("and or of for with in on to by via per at as under over through from than the a an its their into between across".split())
TAIL = re.compile(r"-(?:to|of|in|and|as|on|the|with|from|via|based|aware|like)$", re.I)
PRAISE = frozenset(
    """significant real-world downstream experimental main practical theoretical substantial remarkable great further additional important impressive empirical
    end extra future open critical major minor technical same single multiple two three four five six limited""".split()
)
TRAINED = re.compile(r"(?:(?!pre-|fine-)[a-z]+-)?(?:trained|tuned|supervised|finetuned)|full-length|compared|underlying|subsequent")
"""What was done with a model, which names none ("post-trained models")."""
CIRCUMSTANCES = frozenset(
    """age era case cases hour hours day days year years coefficient coefficients parameter parameters hyperparameter hyperparameters scenario scenarios aspect aspects
    person people user users expert experts human humans participant participants skill skills experiment experiments experimentation improvement improvements
    example examples issue issues concern concerns requirement requirements goal goals limitation limitations opportunity opportunities insight insights
    finding findings perspective perspectives manner way role influence impact reason reasons outcome outcomes setting settings value values discussion
    discussions deployment deployments evaluations approach approaches challenge challenges proposal proposals reviewer reviewers annotator annotators
    student students teacher teachers performance""".split()
)
"""Heads of phrases in lower case that name circumstances, not things ("language model users", "toy experiments")."""
BODIES = frozenset(
    """OpenAI Google DeepMind Microsoft Anthropic Meta Facebook Alibaba Tencent Baidu ByteDance Huawei Meituan Kuaishou Samsung Adobe Salesforce IBM IEEE ACM
    MIT CMU EPFL DARPA IARPA NASA ESA CERN OECD UNESCO NeurIPS NIPS ICLR ICML AAAI IJCAI EMNLP NAACL EACL COLING LREC CVPR ICCV ECCV WACV MICCAI INTERSPEECH
    Interspeech ICASSP SIGIR SIGGRAPH ICRA IROS US USA UK EU UN CEO PhD WWII INTRODUCTION BACKGROUND OBJECTIVE OBJECTIVES PURPOSE AIM AIMS METHODS METHODOLOGY
    RESULTS FINDINGS DISCUSSION CONCLUSION CONCLUSIONS LIMITATIONS IMPLICATIONS SIGNIFICANCE CITATION WARNING DISCLAIMER""".split()
)
"""Companies, universities, agencies, conferences, countries, and headings within an abstract: none of them is what a paper works with."""
VAGUE = frozenset(
    """massive external generalized generalised geometric modular common existing groundbreaking enhanced optimized tailored dedicated sophisticated alternative
    additional basic general automated automatic classical learned naive rich simulated theoretical conceptual practical integrated detailed holistic rigorous
    systematic principled flexible""".split()
)
KINDS_OF_WORK = frozenset(
    """model models method methods approach approaches framework frameworks system systems technique techniques algorithm algorithms dataset datasets solution
    solutions strategy strategies architecture architectures pipeline pipelines module modules component components mechanism mechanisms tool tools platform
    platforms monitor monitors""".split()
)
"""An adjective of `VAGUE` before one of these names no kind of it that other papers would name so ("massive dataset", "generalized model")."""
_YEAR = re.compile(r"(?:['’]s|[\s\-]?(?:19|20)\d\d)$")
UNITS = frozenset(
    "kPa MPa GPa Hz kHz MHz GHz THz nW mW kW MW kWh dB dBm ns µs μs ms mm cm km nm µm μm kg mg mL ml KB MB GB TB PB kbps Mbps Gbps Nm rpm eV keV MeV mAh".split()
)
FINITE = frozenset("is are was were be been has have had".split())
WORDS = re.compile(r"[^\s]+")
PROPER = re.compile(r"[A-Z].*[A-Z0-9]|\d.*[A-Za-z]|[a-z].*[A-Z]|[A-Za-z].*\d")
MARKUP = re.compile(
    r"[\\${}<>=^]|\*\*|[lr]dquo|^[^\W\d]_[A-Za-z]{1,3}$|https?:|\w@(?!(?:\d+|[kKnN])(?!\w))\w|[a-z]-\s(?!and\b|or\b|to\b)[a-z]|-/|[∞∈∀∂∇∑→≤≥≠≈]|[^\Ws][’”]\s"
)
IDENTIFIER = re.compile(r"[a-z]+(?:_[a-z]+)+|[a-z]+/[a-z]+ .*|.* [a-z]{4,}/[a-z]{4,}|[a-z]+(?:/[a-z]+){2,}|and/or|[a-z ]{6,}\.")
"""Of a program, or several names, or the end of a sentence."""
CLAUSE = re.compile(
    r"[a-z]+ (?:from|via|using|with|by) [A-Z]\S*(?: .*)?|(?!Wall Street).* (?:Journal|Proceedings)|(?:Content|Trigger) [Ww]arning"
    r"|(?!Modified)(?:[A-Z]\S* )*(?:Association|Institute|Council|Agency|University|Committee|Organi[sz]ation|Bureau|Ministry|Commission|Federation) (?:of|for|on) .*"
)
"""What is done with a name, periodicals, notices to the reader, bodies by their full name."""
FIGURE = re.compile(r"[\d.,]+\s?[a-zA-Z%]{0,2}")
DIMENSIONS = re.compile(r"[1-9]D")
SIZED = re.compile(r"\d+(?:\.\d+)?[BM]")
SIZE = re.compile(r"(?:\d+(?:\.\d+)?[bmkt]?(?:-\d+(?:\.\d+)?[bmkt])?[\s-]*)+(?:size|sized|scale|model|models|param\w*|tokens?|version|variants?|llms?)?", re.I)
TRAILING = " \t\n,;:.!?\"'“”‘’`*_|–—-/("
LEADING = " \t\n,;:!?\"'“”‘’`*_|–—-/)."


@lru_cache(maxsize=NAMES_KEPT)
def looks_proper(text: str) -> bool:
    """A name by its form: capitals or digits inside (`GPT-4`, `LLaVA`, `BLEU`), not merely a capital at the front.

    >>> looks_proper("GPT-4"), looks_proper("Attention"), looks_proper("vLLM")
    (True, False, True)
    """
    words = text.split(maxsplit=1)
    return bool(words) and PROPER.search(words[0]) is not None


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The tightest name inside `text[start:end]`; an empty span when nothing is left.

    >>> s = "our novel FooNet framework"; a, b = trim(s, 0, len(s)); s[a:b]
    'FooNet'
    >>> s = "the retrieval-augmented generation techniques"; a, b = trim(s, 0, len(s)); s[a:b]
    'retrieval-augmented generation'
    """
    lead = max(start - 2, 0)  # nothing farther off is looked at, so that a name is trimmed once wherever it stands
    first, last = _trim(text[lead:end], start - lead, end < len(text))
    return lead + first, lead + last


@lru_cache(maxsize=NAMES_KEPT)
def _trim(text: str, start: int, more: bool) -> tuple[int, int]:
    """`trim` of the end of a text, in which `more` may follow."""
    end = len(text)
    while True:
        while start < end and text[start] in LEADING and not (text[start] == "." and text[start + 1 : start + 3].isupper()):  # .NET
            start += 1
        while end > start and text[end - 1] in TRAILING:
            end -= 1
        while end > start and text[end - 1] == ")" and "(" not in text[start:end]:
            end -= 1
        tail = TAIL.search(text, start, end) if more or end < len(text) else None
        if tail and tail.end() == end:
            end = tail.start()
            continue
        if start > 1 and text[start - 1] == "-" and text[start - 2].isalnum() and " " in text[start:end] and text[start].islower():
            start = text.index(" ", start)  # the tagger began inside "x-style question answering"
            continue
        words = [m.span() for m in WORDS.finditer(text, start, end)]
        if not words:
            return start, start
        first, last = text[words[0][0] : words[0][1]], text[words[-1][0] : words[-1][1]]
        praised = first.islower() or len(words) == 1 or text[words[1][0]].islower() or first.lower() in DETERMINERS  # not "New York Times"
        if len(words) > 1 and SIZED.fullmatch(first) and text[words[1][0]].islower():  # "8B reward model"
            start = words[1][0]
            continue
        if first.lower() in LEFT and praised and not (first.isupper() and len(first) > 1):
            start = words[0][1]
            continue
        if len(words) > 1:
            rest = text[start : words[-1][0]].strip()
            if last.lower() in PREPOSITIONS or (last.endswith("ly") and last.islower() and last not in {"assembly", "anomaly", "family", "supply"}):
                end = words[-1][0]
                continue
            if last.lower() in RIGHT_ALWAYS and (len(words) > 2 or "-" in rest or looks_proper(rest)):
                end = words[-1][0]
                continue
            if last in {"level", "levels", "performance", "capability", "capabilities"} and looks_proper(rest):
                end = words[-1][0]
                continue
            if last in RIGHT_AFTER_NAME and len(words) == 2 and looks_proper(rest) and not rest.rstrip("s").isupper():
                end = words[-1][0]
                continue
            if last in RIGHT_AFTER_NAME and len(words) == 3 and text[slice(*words[1])] in PRAISE and looks_proper(first):  # "FooQA downstream tasks"
                end = words[0][1]
                continue
            if last == "+":
                end = words[-1][0]
                continue
        return start, end


@lru_cache(maxsize=NAMES_KEPT)
def is_noise(name: str) -> bool:
    """True for what no other paper could name: generic words, numbers, single letters, fragments, markup.

    >>> [n for n in ["model", "our framework", "12", "GPU", "F1", "x", "deep learning", "$\\\\alpha$", "toy experiments", "post-trained model"] if not is_noise(n)]
    ['GPU', 'F1', 'deep learning']
    """
    bare = name.strip()
    words = bare.lower().split()
    if len(bare) < 2 or not any(c.isalpha() for c in bare) or len(bare) > 90 or len(words) > 9:
        return True
    plain = bare.replace(" ", "").replace("-", "").isalnum() and "- " not in bare  # what most names are, and no markup is
    if (not plain and MARKUP.search(bare)) or bare.count("(") != bare.count(")"):
        return True
    if bare.islower() and (len(bare) == 2 or IDENTIFIER.fullmatch(bare)):  # a syllable, an identifier of a program, two names
        return True
    if (bare[0].isdecimal() or bare[0] in ".,") and ((FIGURE.fullmatch(bare) and not DIMENSIONS.fullmatch(bare)) or SIZE.fullmatch(bare)):
        return True
    if words[0] in FINITE and bare.islower():
        return True
    if len(words) == 1 and words[0] in NOTHING and not (bare.isupper() and len(bare) > 2 and bare != "AI"):
        return True
    if len(words) == 1 and (
        (bare.lower() in ADJECTIVES and not (bare.isupper() and len(bare) > 2))
        or AFFIXED.fullmatch(bare)
        or (DESCRIBING.fullmatch(bare) and not looks_proper(bare))
    ):
        return True
    if len(words) > 1 and CLAUSE.fullmatch(bare):
        return True
    if bare in UNITS or (bare[0].isupper() and _YEAR.sub("", bare) in BODIES):
        return True
    if looks_proper(bare):
        return False
    if len(words) > 1 and bare.islower() and words[-1] in CIRCUMSTANCES:
        return True
    if len(words) == 2 and bare.islower() and words[0] in VAGUE and words[1] in KINDS_OF_WORK:
        return True
    trained = words[-1] in ("model", "models")
    return words[-1] in NOTHING and all(w in LEFT or w in PRAISE or (trained and TRAINED.fullmatch(w)) for w in words[:-1])


VERSIONS = re.compile(
    r"^(?P<stem>[A-Za-z][\w.]*?(?:[A-Za-z\d]-?[A-Za-z]+)?[- ]?)(?P<first>[vV]?\d+(?:\.\d+)*[A-Za-z]?)(?P<more>(?:(?:\s?/\s?|, | and | & )[vV]?\d+(?:\.\d+)*[A-Za-z]?)+)$"
)
JOINING = ("/", ", ", " and ", " & ")
"""One of these stands between two versions."""


def version_members(name: str) -> list[tuple[str, int, int]]:
    """Members of a coordination of versions as `(name, start, end)` inside it; empty when it is none.

    >>> version_members("Llama-2/3")
    [('Llama-2', 0, 7), ('Llama-3', 8, 9)]
    >>> [m[0] for m in version_members("FooNet-V2/V3")]
    ['FooNet-V2', 'FooNet-V3']
    >>> [m[0] for m in version_members("GPT-3.5 and 4")]
    ['GPT-3.5', 'GPT-4']
    """
    match = VERSIONS.match(name) if any(sign in name for sign in JOINING) else None
    if not match:
        return []
    stem = match["stem"]
    if len(stem.strip("- ")) < 2:
        return []
    out = [(stem + match["first"], 0, match.end("first"))]
    for part in re.finditer(r"[vV]?\d+(?:\.\d+)*[A-Za-z]?", match["more"]):
        start = match.start("more") + part.start()
        out.append((stem + part.group(), start, match.start("more") + part.end()))
    return out
