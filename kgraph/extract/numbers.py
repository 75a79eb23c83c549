"""Extraction, numbers: every printed number of a text with its unit, before anything is said about what it measures.

One pass of one pattern finds digits, number words and words that are numbers by themselves (`halves`, `twofold`, `two orders of
magnitude`). What only looks like a number (years, versions, list markers, parts of names) is left out here; what a number *means* is
decided by `results`, `quantities` and `hardware_use`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Number:
    """A number printed at `text[start:end]`, its unit included. `value` is a decimal as text, in base units when `scaled` (2.4B)."""

    start: int
    end: int
    value: str
    unit: str = ""
    digits_end: int = 0  # where the unit, if any, begins
    scaled: str = ""  # K, M, B or T when the text scales the number
    word: bool = False  # written in letters
    direction: str = ""  # what the word itself says: `halves` is a reduction
    joined: bool = False  # to the next number: the lower end of a range
    signed: str = ""
    bound: str = ""  # more than / up to / about, when printed before it


_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_WORDS: dict[str, int] = {word: value for value, word in enumerate(_SMALL.split())}
_WORDS |= dict(zip("thirty forty fifty sixty seventy eighty ninety".split(), range(30, 100, 10), strict=True))
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "mn": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "trillion": 12, "hundred": 2}
_SCALE_LETTER = {3: "K", 6: "M", 9: "B", 12: "T", 2: "H"}
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

# Words that are a value and a direction by themselves.
_WHOLE = {
    "halves": ("2", "x", "reduction"), "halved": ("2", "x", "reduction"), "halving": ("2", "x", "reduction"), "in half": ("2", "x", "reduction"),
    "by half": ("2", "x", "reduction"), "doubles": ("2", "x", "increase"), "doubled": ("2", "x", "increase"), "doubling": ("2", "x", "increase"),
    "triples": ("3", "x", "increase"), "tripled": ("3", "x", "increase"), "tripling": ("3", "x", "increase"), "twice": ("2", "x", ""),
    "thrice": ("3", "x", ""), "quadruples": ("4", "x", "increase"), "quadrupling": ("4", "x", "increase"), "double the": ("2", "x", "increase"),
    "triple the": ("3", "x", "increase"), "half the": ("2", "x", "reduction"),
}  # fmt: skip

# Unit as printed (lower case) -> as kept. Order does not matter; the pattern tries the longest first.
_UNITS: dict[str, str] = {
    "%": "%", "percent": "%", "per cent": "%", "percents": "%", "‰": "‰",
    "percentage points": "points", "percentage point": "points", "percent points": "points", "% points": "points", "% point": "points", "%p": "points",
    "pp": "points", "p.p.": "points", "points": "points", "point": "points", "pts": "points", "pt": "points", "-point": "points",
    "percentage-point": "points", "absolute points": "points",
    "x": "x", "×": "x", "times": "x", "fold": "x", "-fold": "x", "folds": "x",
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms", "μs": "μs", "µs": "μs", "us": "μs", "microseconds": "μs", "ns": "ns", "nanoseconds": "ns",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "minutes", "mins": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hr": "hours", "hrs": "hours", "hour": "hours", "hours": "hours", "day": "days", "days": "days", "week": "weeks", "weeks": "weeks",
    "month": "months", "months": "months", "year": "years", "years": "years", "gpu hours": "GPU hours", "gpu-hours": "GPU hours", "gpu days": "GPU days",
    "gpu-days": "GPU days", "gpu hour": "GPU hours", "gpu day": "GPU days", "a100 hours": "GPU hours", "h100 hours": "GPU hours",
    "gb": "GB", "gib": "GB", "gigabytes": "GB", "gigabyte": "GB", "mb": "MB", "mib": "MB", "megabytes": "MB", "kb": "KB", "kib": "KB", "tb": "TB",
    "tib": "TB", "terabytes": "TB", "pb": "PB", "g": "G",
    "tokens/s": "tokens/s", "token/s": "tokens/s", "tokens/sec": "tokens/s", "tokens/second": "tokens/s", "tokens per second": "tokens/s",
    "tps": "tokens/s", "toks/s": "tokens/s", "tok/s": "tokens/s", "fps": "FPS", "frames per second": "FPS", "frames/s": "FPS", "frames/sec": "FPS",
    "frame per second": "FPS", "images/s": "images/s", "images/sec": "images/s", "images per second": "images/s", "img/s": "images/s",
    "samples/s": "samples/s", "samples per second": "samples/s", "queries per second": "queries/s", "qps": "queries/s", "requests/s": "requests/s",
    "hz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz", "gb/s": "GB/s", "tb/s": "TB/s", "gbps": "Gbps", "mbps": "Mbps", "kbps": "kbps", "bps": "bps",
    "flops": "FLOPs", "gflops": "GFLOPs", "mflops": "MFLOPs", "tflops": "TFLOPS", "pflops": "PFLOPS", "tflop/s": "TFLOP/s", "pflop/s": "petaFLOP/s",
    "petaflop/s": "petaFLOP/s", "petaflops": "petaFLOP/s", "teraflop/s": "TFLOP/s", "teraflops": "TFLOP/s", "exaflops": "exaFLOP/s", "eflops": "exaFLOP/s",
    "exaflop/s": "exaFLOP/s", "gflop/s": "GFLOP/s", "tops": "TOPS", "tops/w": "TOPS/W", "gops": "GOPS", "gops/w": "GOPS/W", "gmacs": "GMACs", "macs": "MACs",
    "w": "W", "mw": "mW", "kw": "kW", "kwh": "kWh", "wh": "Wh", "mwh": "MWh", "watts": "W", "watt": "W", "j": "J", "mj": "mJ", "μj": "μJ", "uj": "μJ",
    "joules": "J", "pj": "pJ", "nj": "nJ", "kj": "kJ", "db": "dB", "dbm": "dBm", "mm": "mm", "cm": "cm", "km": "km", "m": "m", "nm": "nm", "μm": "μm",
    "meters": "m", "meter": "m", "metres": "m", "m/s": "m/s", "km/h": "km/h", "°": "°", "degrees": "°", "degree": "°", "px": "pixels", "pixel": "pixels",
    "pixels": "pixels", "bits": "bits", "bpp": "bpp", "bit/s": "bps", "mm²": "mm²", "mm2": "mm²", "mm^2": "mm²", "kg": "kg", "tco2e": "tCO2e", "kgco2e": "kgCO2e",
    "elo": "Elo", "usd": "$", "dollars": "$", "cents": "cents", "bleu points": "points", "megapixels": "megapixels", "orders of magnitude": "oom",
    "order of magnitude": "oom",
}  # fmt: skip
_CASED = {"MB": "MB", "Mb": "Mb", "mW": "mW", "MW": "MW", "mJ": "mJ", "MJ": "MJ", "MWh": "MWh", "mWh": "mWh", "GFLOPS": "GFLOPS"}
_ATTACHED_ONLY = {"s", "g", "m", "w", "j", "h", "k", "b", "t"}  # one letter, so glued to the digits or before no word

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+"
_SCALE = (
    r"(?:\s?(?:hundred thousand|hundred million|hundred billion|thousand|million|billion|trillion|hundred|bn|mn)\b|[KkMBTb](?![A-Za-z/])"
    r"|\s[KMBT](?![\w-]))"
)
_POWER = r"(?:\s?[×x*]\s?10\s?(?:\^\s?\{?\s?[-−]?\d+\}?|[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE][-+]?\d+(?!\w))"
_TEN = r"10\s?\^\s?\{?\s?[-−]?\d+\}?|10[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_NUMBER_WORD = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
_UNIT = "|".join(sorted((re.escape(u).replace(r"\ ", r"[ -]") for u in _UNITS), key=len, reverse=True))
# The cheap tests in front (a digit or dot ahead; the begin of a word, its first two letters) are what most places fail; an article counts in "an order of
# magnitude" alone.
_PATTERN = re.compile(
    rf"(?-i:(?=[\d.]))(?:(?P<ten>(?<![\w.]){_TEN})|(?P<digits>{_DIGITS})(?P<power>{_POWER})?(?P<plus>\+)?(?P<scale>{_SCALE})?(?P<plus2>\+(?![\d]))?)"
    r"|(?-i:(?<![\w-])(?=[zotfsenhibdqaZOTFSENHIBDQA]))(?=z|on|t[whre]|f[oi]|s[ie]|e[il]|ni|ha|in |by |do|qu|an?[\s-])"
    rf"(?:(?P<word>{_NUMBER_WORD}|(?:an|a)(?=[\w\s-]{{0,14}}?[\s-]order))(?P<fold>-?fold)?\b(?P<wscale>\s(?:hundred|thousand|million|billion|trillion)\b)?"
    rf"|(?P<whole>{'|'.join(_WHOLE)})(?![\w-]))",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(rf"(?P<gap>[\s -]?)(?P<unit>{_UNIT})(?![\w²])(?!-(?!(?:level|wise|higher|faster|lower)\b)[a-z])", re.IGNORECASE)
_MAGNITUDE = re.compile(r"[\s-]orders?[\s-]of[\s-]magnitude")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:[Ss]ections?|[Ss]ec\.|[Ff]ig(?:ure|s|\.)?|[Tt]ables?|[Tt]ab\.|[Ee]q(?:uation|\.)?|[Cc]hapters?|[Aa]ppendix|[Vv]ersions?"
    r"|[Vv]er\.|[Ss]teps?|[Ss]tages?|[Pp]hases?|[Pp]arts?"
    r"|[Tt]asks?|SubTask|[Tt]ypes?|[Ll]evels?|[Tt]racks?|[Tt]heorem|[Ll]emma|[Aa]lgorithms?|[Rr]ound|No\.|[Nn]umber|RQ|SemEval|Python|CUDA"
    r"|[Cc]lause|[Ii]ndustry|[Ww]eb|[Rr]ank(?:ed|s|ing)?|[Pp]lace"
    r"|[Cc]ase|[Ll]ines?|[Pp]ages?|pp\.|[Vv]olume|[Ii]ssue|ISO|RFC|IEEE|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|[Ss]ubtask|Task|COVID|[Cc]hallenge) ?[#(]?"
    r"|[#@_^]|\b[A-Z][a-z]+[- ]?v)$"
)
_BOUND = re.compile(
    r"(?:\b(?P<over>more than|over|at least|exceed(?:s|ing)|greater than|above|beyond|no fewer than|upwards of)|\b(?P<upto>up to|as (?:much"
    r"|many|high|low|few|little) as|at most|less than|fewer than|"
    r"under|below|within|a maximum of|only|just|merely|even)|(?P<about>\b(?:about|approximately|around|roughly|nearly|almost|some|approx\."
    r"|circa|an average of|on average)|[~∼≈±])|(?P<sym>[<>≤≥]=?))"
    r"\s?(?:the |a |an )?$",
    re.IGNORECASE,
)
_CONNECT = re.compile(
    r"(?P<range>\s?[-–—−~∼]{1,2}\s?|\s?to\s)(?:over |nearly |about )?|(?P<list>\s?(?:and|or|&|/)\s|,\s?(?:and\s|or\s)?|/)(?:up to |over |about "
    r"|nearly |approximately )?"
)
_LIST_MARK = re.compile(r"(?:^|[\s:;,.])\(?$")
_COMPOUND_AFTER = re.compile(
    r"-?(?:shot|bit|layer|way|dimensional|dim|hop|step|stage|class|head|head(?:ed)?|gram|best|norm|th|st|nd|rd|D|year-old|round|turn|nearest"
    r"|agent|player|fold cross|wise|stream|stage|view|ary|"
    r"tier|bits?)\b",
)


def _decimal(digits: str, power: int = 0) -> str:
    value = Decimal(digits.replace(",", ""))
    if power:
        value = value.scaleb(power)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if power and "." in text else text


def _power_of(text: str) -> int:
    exponent = re.search(r"(?:\^\s?\{?\s?|[eE])([-+−]?\d+)\}?$|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$", text)
    assert exponent is not None
    return int((exponent[1] or exponent[2].translate(_SUPERSCRIPT)).replace("−", "-"))


def _scale_of(text: str) -> int:
    return sum(_SCALES[part] for part in text.lower().split())


def _unit_at(text: str, position: int, scaled: bool) -> tuple[str, int]:
    """The unit printed at `position` and where it ends; `""` and `position` when there is none."""
    match = _UNIT_AFTER.match(text, position)
    if match is None:
        return "", position
    printed = re.sub(r"[\s-]+", " ", match["unit"]) if " " in match["unit"] or "-" in match["unit"].strip("-") else match["unit"]
    lower = printed.lower()
    decimal = "." in text[max(0, position - 5) : position]
    if (
        lower in _ATTACHED_ONLY
        and not (decimal and match["gap"] == " ")
        and (match["gap"] == "-" or (match["gap"] and re.match(r"\s[a-z]", text[match.end() : match.end() + 2])))
    ):
        return "", position
    if lower in {"x", "times", "×"} and scaled:
        return "", position
    if printed in {"US", "Min", "Second", "Pixel", "Point", "Elo points", "us", "M", "TOPS"} and match["gap"]:
        return ("TOPS", match.end()) if printed == "TOPS" else ("", position)
    if lower in {"x", "×"} and re.match(
        r"\s?(?:\d|[A-Z]\d|NVIDIA|Nvidia|RTX|GTX|Tesla|TPU|GPU|Jetson|Ascend|[Uu]p-?s|[Ss]uper|[Dd]own-?s|SR\b|smaller-)", text[match.end() :]
    ):
        return ("count" if not text[match.end() :].lstrip()[:1].isdigit() else "dimension"), match.end()
    return _CASED.get(printed, _UNITS.get(lower, _UNITS.get(lower.replace(" ", "-"), lower))), match.end()


def find_numbers(text: str) -> list[Number]:
    """The numbers of `text` in order, each with its unit; a range or a list shares the unit printed once.

    >>> [(n.value, n.unit) for n in find_numbers("reaches 90-95% with 2.4B weights, 1.9x and 2.8x faster")]
    [('90', '%'), ('95', '%'), ('2400000000', ''), ('1.9', 'x'), ('2.8', 'x')]
    """
    found: list[Number] = []
    for match in _PATTERN.finditer(text):
        previous_end = found[-1].end if found else -1
        number = _of_digits(text, match, previous_end) if match["digits"] or match["ten"] else _of_words(text, match)
        if number is not None:
            found.append(number)
    return _share_units(text, found)


def _of_digits(text: str, match: re.Match[str], previous_end: int) -> Number | None:
    start, end = match.span()
    before = text[max(0, start - 24) : start]
    last, last2 = before[-1:], before[-2:-1]
    if last and (last.isalpha() or last in "_@#^\\") and not (last in "xX×" and (last2.isdigit() or last2 in " ")):
        return None
    if last == "." and last2.isalnum():
        return None
    signed = ""
    if last and last in "-–−" and previous_end != start - 1:
        if (last2.isalnum() or (last2 and last2 in ")]")) and not ("." in (match["digits"] or "") and text[end : end + 1] == "%"):
            return None  # GPT-4, CIFAR-10
        signed = "-"
    elif last == "+":
        signed = "+"
    if last == "±":
        return None  # the spread of the value before it
    if last == "/" and last2.strip() and last2 != "%":
        return None  # what stands before it is the value, this only the whole it is out of
    if match["ten"]:
        value, scale = _decimal("1", _power_of(match["ten"])), 0
    else:
        printed_scale = match["scale"] or ""
        scale = _scale_of(printed_scale) if printed_scale else 0
        power = _power_of(match["power"]) if match["power"] else 0
        value = _decimal(match["digits"], scale + power)
    scaled = _SCALE_LETTER.get(scale, "K" if scale else "")
    unit, unit_end = _unit_at(text, end, bool(scale))
    after = text[unit_end : unit_end + 24]
    if not unit and after[:1].isalpha():
        return None  # 3D, 4bit, 2nd
    if unit == "dimension" or (last in "xX×" and last2.isdigit()):
        return None
    digits = match["digits"] or ""
    if not unit and not scaled and _is_label(text, start, end, digits, before, after):
        return None
    if _COMPOUND_AFTER.match(after) and after.startswith("-"):
        return None
    if last == "$" and not unit:
        unit, start = "$", start - 1
    return Number(start, unit_end, value, unit, end, scaled, signed=signed, bound=_bound(text, start - bool(signed)))


def _is_label(text: str, start: int, end: int, digits: str, before: str, after: str) -> bool:
    """Is this bare number a year, a list marker, or the number of a section, version or task?"""
    if _YEAR.fullmatch(digits) and not re.match(
        r"\s(?:[a-z]+\s)?(?:samples|images|tasks|questions|examples|GPUs|instances|problems|pairs|videos|nodes|cores)", after
    ):
        return True
    if _LABEL_BEFORE.search(before):
        return True
    if after[:1] == ")" and before[-1:] == "(" and len(digits) < 3:
        return True
    if after[:1] and after[0] in ").:" and after[1:2] in {"", " "} and len(digits) < 3 and re.search(r"(?:^|[:;.,]\s|\band\s)$", before) and "." not in digits:
        return after[:1] == ")" or bool(re.search(r"(?:^|[:;.,]\s)$", before))
    if after[:1] == "/" and after[1:2].isdigit() and digits == "24":
        return True
    if re.match(r"\.\d|-[A-Z]|:\d", after):
        return True
    return bool(re.search(r"\b(?:p|alpha|α|λ|k|K|n|seed)\s?[<>=≤≥]+\s?$", before)) and not re.search(r"\b[nN]\s?=\s?$", before)


def _of_words(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["whole"]:
        value, unit, direction = _WHOLE[re.sub(r"\s+", " ", match["whole"].lower())]
        if re.match(r"\s(?:approximately |about |roughly )?every\b", text[end : end + 24]):
            return None  # what is measured is the period
        return Number(start, end, value, unit, end, word=True, direction=direction, bound=_bound(text, start))
    word = match["word"].lower()
    if word in {"an", "a", "one"}:
        oom = _MAGNITUDE.match(text, end)
        if oom:
            return Number(start, end + oom.end(), "10", "x", end, word=True, bound=_bound(text, start))
        return None
    tens, _, ones = word.partition("-")
    amount = _WORDS[tens] + (_WORDS[ones] if ones else 0)
    scale = _SCALES[match["wscale"].strip().lower()] if match["wscale"] else 0
    value = _decimal(str(amount), scale)
    if match["fold"]:
        return Number(start, end, value, "x", end, word=True, bound=_bound(text, start))
    unit, unit_end = _unit_at(text, end, bool(scale))
    if unit == "oom":
        return Number(start, unit_end, _decimal("1", amount), "x", end, word=True, bound=_bound(text, start))
    if not unit and (text[end : end + 1] == "-" or text[end : end + 1].isalpha()):
        return None
    if unit and unit_end - end <= 2 and unit not in {"%"}:
        unit, unit_end = "", end
    return Number(start, unit_end, value, unit, end, _SCALE_LETTER.get(scale, ""), word=True, bound=_bound(text, start))


def _bound(text: str, start: int) -> str:
    match = _BOUND.search(text, max(0, start - 24), start)
    if match is None:
        return ""
    return next(name for name, value in (("over", match["over"]), ("upto", match["upto"]), ("about", match["about"]), ("sym", match["sym"])) if value)


def _share_units(text: str, numbers: list[Number]) -> list[Number]:
    """`90-95%`, `1 to 3 billion`, `10, 20 and 30%`: what is printed once holds for all."""
    for index in range(len(numbers) - 2, -1, -1):
        one, two = numbers[index], numbers[index + 1]
        between = text[one.end : two.start - (1 if two.signed == "-" and text[two.start - 1] == "-" else 0)]
        if len(between) > 22 or not (connector := _CONNECT.fullmatch(text[one.end : two.start])):
            continue
        joined = bool(connector["range"]) or (bool(connector["list"]) and "and" in between and re.search(r"(?i)\bbetween $", text[: one.start]) is not None)
        if not one.unit and two.unit and (not one.scaled or two.scaled) and (joined or not two.word) and two.unit not in {"count"}:
            one = replace(one, unit=two.unit)
        if joined and two.scaled and not one.scaled and not one.word and Decimal(one.value) < 1000 and two.scaled != "H":
            power = {"K": 3, "M": 6, "B": 9, "T": 12}[two.scaled]
            one = replace(one, value=_decimal(one.value, power), scaled=two.scaled)
        numbers[index] = replace(one, joined=joined)
    return numbers
