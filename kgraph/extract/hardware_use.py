"""Extraction of facts, hardware use: which devices the work ran on, how many, with how much memory, how long and for what."""

from __future__ import annotations

import re
from decimal import Decimal

from kgraph.extract import polarity
from kgraph.extract.confidence import CONFIDENCE
from kgraph.extract.hardware import find_devices
from kgraph.extract.phrases import LOWER, NUMBER, RAISE, STOP, THING, WORD, Row, coordinated
from kgraph.extract.results import DURATIONS
from kgraph.extract.subjects import subject_or_main
from kgraph.model import HardwareUse

_TRAIN = re.compile(
    r"(?:pre-?|re|co-?)?train(?:s|ed|ing)?$|fine-?tun(?:e|es|ed|ing)$|(?:pre-?training|post-?training|fine-tuning|finetuning)$|tuning$"
    r"|backpropagation$|trainable$"
)
_INFER = re.compile(
    r"infer(?:s|ence|red|ring)?$|serv(?:e|es|ed|ing)$|deploy(?:s|ed|ing|ment|able)?$|decod(?:e|es|ed|ing)$|real-time$|fps$|prefill(?:ing)?$"
    r"|latency$|runs?$|running$|on-device$|execut(?:e|es|ed|ing|ion)$|real$|"
    r"predict(?:s|ion|ing)?$|processing$|generation$|embedded$|onboard$"
)
_HOURS = {
    "s": Decimal(1) / 3600,
    "minutes": Decimal(1) / 60,
    "hours": Decimal(1),
    "days": Decimal(24),
    "weeks": Decimal(168),
    "months": Decimal(720),
    "GPU hours": Decimal(1),
    "GPU days": Decimal(24),
}
_COUNT_WORDS = {"single": "1", "one": "1", "sole": "1", "dual": "2", "pair": "2", "quad": "4"}
_PLACES = frozenset(
    {
        "on",
        "using",
        "with",
        "via",
        "across",
        "by",
        "onto",
        "over",
        "within",
        "to",
        "for",
        "requiring",
        "requires",
        "require",
        "of",
        "than",
        "only",
        "merely",
        "as",
        "from",
        "integrates",
        "including",
        "in",
    }
)
_ABOUT = frozenset(  # nouns that make of a device an attribute: GPU memory, CPU offloading
    "memory utilization utilisation kernel kernels resource resources cost costs usage programming architecture architectures core cores time "
    "implementation acceleration code scheduling offloading offload "
    "budget budgets vendors vendor execution cache power energy performance efficiency computing computation communication design designs "
    "hardware software programs parallelism bandwidth consumption hour hours "
    "requirements constraints demand demands availability virtualization sharing operators operator workload workloads market failures failure errors temperature profiling compute ram vram capacity".split()
)
_WORK = re.compile(
    r"(?:experiment|evaluat|train|infer|deploy|run|ran|implement|test|measur|execut|achiev|demonstrat|fine-?tun|benchmark|serv|operat|require"
    r"|scal|profil|valid|prototyp|process|perform|reach|conduct|enabl|fit|collect|speed|accelerat|deliver|attain|optimi[sz]|synthesi[sz]"
    r"|built|build|integrat|leverag|support|us(?:e|es|ed|ing)$|simulat|host|verif|experiment|result|takes?|fps|latency|throughput|show|study"
    r"|conducted|comput|compar|spann|receiv|compris|realiz|platform|port|map)"
)
_AGAINST = frozenset(
    {"than", "over", "versus", "vs", "against", "compared", "relative", "beyond", "outperforms", "outperform", "outperforming", "surpassing", "unlike"}
)
_HYPOTHETIC = frozenset({"e", "such", "like", "g"})


def read_uses(row: Row) -> list[HardwareUse]:
    """The uses of devices told in one sentence; marks the counts, sizes and durations it took."""
    devices = [p for p in row.things(kinds=frozenset({"hardware"})) if not row.items[p].pronoun]
    if not devices:
        return []
    durations = [at for at in row.numbered if row.number(at).unit in _HOURS and _is_duration(row, at)]
    out: list[HardwareUse] = []
    accepted: set[int] = set()
    for position in devices:
        count, memory = _count(row, position), _memory(row, position)
        hours = ""
        if not _is_use(row, position, count is not None or memory is not None, accepted):
            continue
        accepted.add(position)
        taken = [at for at in (count, memory) if at is not None and at >= 0]
        if durations:
            nearest = min(devices, key=lambda d: abs(d - durations[0]))
            if nearest == position:
                number = row.number(durations[0])
                hours = _plain(Decimal(number.value) * _HOURS[number.unit])
                taken.append(durations[0])
        row.used.update(taken)
        item = row.items[position]
        state = polarity.of_clause(row, position)
        start, end = row.reading.field_span(item.start, item.end)
        out.append(
            HardwareUse(
                hardware=item.thing,
                start=start,
                end=end,
                sentence=row.index,
                confidence=CONFIDENCE["use.counted" if count is not None or memory is not None else "use.plain"],
                polarity="asserted" if state == "negated" else state,
                of=_subject(row, position),
                count=_count_value(row, position, count),
                memory_gb=_memory_value(row, position, memory),
                hours=hours,
                role=role_of(row, position),
            )
        )
    return out


def merged(uses: list[HardwareUse], row_texts: dict[int, str]) -> list[HardwareUse]:
    """One use for what is said twice: without details beside with details, and a bare class (`GPU`) beside its product."""
    out: list[HardwareUse] = []
    for use in sorted(uses, key=lambda u: (not u.count, not u.memory_gb, not u.hours, not u.role)):
        twin = next((i for i, o in enumerate(out) if o.hardware == use.hardware and _agrees(o, use)), None)
        if twin is None:
            out.append(use)
    named = {o.hardware for o in out if re.search(r"\d|[A-Z][a-z]", row_texts[o.hardware])}
    bare = re.compile(r"(?i)(?:gpu|accelerator|npu|device)s?$")
    out = [o for o in out if not (bare.match(row_texts[o.hardware]) and named and not (o.count or o.memory_gb))]
    out = [
        o
        for o in out
        if not (
            row_texts[o.hardware].islower()
            and not o.count
            and any(p.sentence == o.sentence and 0 < p.start - o.end <= 20 and not row_texts[p.hardware].islower() for p in out)
        )
    ]
    return sorted(out, key=lambda o: (o.sentence, o.start))


def _agrees(one: HardwareUse, two: HardwareUse) -> bool:
    return all(not b or a == b for a, b in ((one.count, two.count), (one.memory_gb, two.memory_gb), (one.hours, two.hours))) and (
        not two.role or not one.role or one.role == two.role or not (two.count or two.memory_gb)
    )


def _plain(value: Decimal) -> str:
    text = f"{round(value, 4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_duration(row: Row, at: int) -> bool:
    number = row.number(at)
    if number.unit == "s" or at in row.used:
        return False
    before = row.words(max(0, at - 4), at)
    if number.unit.startswith("GPU"):
        return True
    if number.unit in {"months", "years", "weeks"} and not any(_TRAIN.match(w) for w in row.words(max(0, at - 6), at + 6)):
        return False
    if set(row.words(max(0, at - 7), at)) & (LOWER | RAISE) or "latency" in before or number.joined:
        return False
    after = row.word(at + 1)
    if after in {"of", "long", "video", "videos", "audio"} and not any(_TRAIN.match(w) for w in row.words(at, at + 4)):
        return False
    return bool(
        set(before)
        & {
            "in",
            "within",
            "under",
            "takes",
            "take",
            "taking",
            "for",
            "only",
            "requires",
            "just",
            "of",
            "than",
            "after",
            "about",
            "approximately",
            "less",
            "budget",
            "to",
            "trained",
            "a",
            "roughly",
            "around",
        }
    ) or after in {"on", "of"}


def _count(row: Row, position: int) -> int | None:
    """The position of the number that counts the device; -1 for a word such as `single`; nothing."""
    span = row.reading.text[row.items[position].start - 14 : row.items[position].start].lower()
    for step in range(position - 1, max(position - 5, -1), -1):
        item = row.items[step]
        if item.kind == NUMBER:
            number = item.number
            assert number is not None
            if (
                (number.unit in {"", "count"} or (number.unit == "x" and step == position - 1))
                and "." not in number.value
                and not number.scaled.replace("K", "")
            ):
                return step if _countable(row, step) else None
            if number.unit in {"G", "GB"}:
                continue
            return None
        if item.kind == THING:
            return None
        if item.text in _COUNT_WORDS:
            return -1
        if not item.text.isalpha() and item.text not in {"-", "×", "x", "(", "*"}:
            return None
        if item.text in {"of", "on", "with", "and", "or", "in", "to", "by", "than", "for", "a", "an", "the", "per", "using", "from"}:
            if item.text in {"a", "an"} and row.word(step - 1) == "with" and "one" in row.words(step - 5, step - 1) and "node" in row.words(step - 5, step - 1):
                return -1
            return None
    return -1 if "single-" in span or _own_count(row, position) else None


def _own_count(row: Row, position: int) -> bool:
    """Does the name itself begin with `single` or `one`?"""
    return row.items[position].text.startswith(("single ", "one "))


def _countable(row: Row, at: int) -> bool:
    return row.word(at - 1) not in {"top", "section"} and Decimal(row.number(at).value) >= 1


def _count_value(row: Row, position: int, count: int | None) -> str:
    if count is None:
        return ""
    if count >= 0:
        return row.number(count).value
    words = row.words(max(0, position - 7), position)
    return next((_COUNT_WORDS[w] for w in reversed(words) if w in _COUNT_WORDS), "1")


_IN_NAME = re.compile(r"(\d{1,3}) ?-?G(?:i?B)?\b")


def _memory(row: Row, position: int) -> int | None:
    """The position of the number that gives the device's memory; -1 when it stands in the name itself; nothing."""
    for step in range(position - 1, max(position - 3, -1), -1):
        number = row.items[step].number
        if number is not None and number.unit in {"G", "GB"} and Decimal(number.value) <= 2048:
            return step
        if row.items[step].kind != WORD or row.items[step].text in {"on", "with", ",", "of"}:
            break
    if _IN_NAME.search(row.reading.text[row.items[position].start : row.items[position].end]):
        return -1
    for step in range(position + 1, min(position + 7, len(row.items))):
        number = row.items[step].number
        if number is not None:
            near = row.words(step + 1, step + 4)
            link = row.words(position + 1, step)
            tied = any(w in {"with", "of", "(", "each"} for w in link)
            return (
                step
                if number.unit in {"G", "GB"} and tied and (set(near) & {"memory", "vram", "ram", "hbm", ")"}) and not set(link) & {"using", "requires"}
                else None
            )
        if row.items[step].kind == THING:
            return None
    return None


def _memory_value(row: Row, position: int, memory: int | None) -> str:
    if memory is None:
        return ""
    if memory >= 0:
        return row.number(memory).value
    match = _IN_NAME.search(row.reading.text[row.items[position].start : row.items[position].end])
    return match[1] if match else ""


def _is_use(row: Row, position: int, sized: bool, accepted: set[int]) -> bool:
    item = row.items[position]
    after, before = row.word(position + 1), [row.word(position - i) for i in range(1, 6)]
    following = row.reading.text[item.end : item.end + 12]
    governed = next((w for w in before if w in _AGAINST or w in _PLACES or w in {",", "and", "or"}), "")
    if row.background and not (sized and _any_work(row)):
        return False
    if governed in _AGAINST and not (governed in {"than", "over"} and "more" in before and sized) and "using" not in before:
        return False
    if set(before[:3]) & {"per", "existing", "multi", "unlike", "non"} or row.word(position + 1) == "hours":
        return False
    if following.startswith("-"):
        return (
            bool(find_devices(item.text.upper()))
            and following.startswith(("-based", "-powered", "-equipped"))
            and not row.background
            and bool(row.reading.things)
            and _own_attribute(row, position)
        )
    if after in _ABOUT and not sized:
        return False
    specific = bool(find_devices(row.reading.text[item.start : item.end]))
    bare = re.fullmatch(r"(?:[cgtn]pu|fpga|accelerator)s?", item.text) is not None
    if not sized and (not specific or (bare and after.isalpha() and after not in STOP and after not in {"respectively", "clusters", "cluster"})):
        return False
    if any(w in {"e", "such", "like"} for w in before[:4]) and not sized:
        named = specific and not bare and bool({"on", "across", "onto"} & set(row.words(max(0, position - 8), position)))
        return named and _any_work(row)  # `runs on edge devices such as X`
    if sized:
        return not (after in _ABOUT and not _any_work(row))
    listed = any(0 < position - other <= 4 and row.word(position - 1) in {"(", "including", "as", "of", "like"} for other in accepted) or any(
        position in coordinated(row, other, frozenset({"hardware"})) for other in accepted
    )
    if listed:
        return True
    start, _ = row.reading.sentences[row.index]
    specific = not bare
    if start < row.reading.abstract_start:
        return specific and governed in {"on", "using", "with", "for", "via"}
    placed = next((w for w in before if w in _PLACES), "")
    if placed in {"on", "using", "via", "across", "with", "requiring", "requires", "onto", "including"}:
        return (_any_work(row) or specific) and not (placed == "with" and not specific)
    if placed in {"to", "for", "as", "in"}:
        return specific and _any_work(row) and not (placed in {"for", "in"} and not re.search(r"\d", item.text))
    return False


def _own_attribute(row: Row, position: int) -> bool:
    """`we propose X, an FPGA-based framework`: the device of what is introduced."""
    return any(row.reading.things[row.thing(p)].introduced for p in row.things(0, len(row.items)) if p != position)


def _any_work(row: Row) -> bool:
    return (
        any(i.kind == WORD and _WORK.match(i.text) for i in row.items)
        or any(row.kind(p) == "metric" for p in row.things())
        or any(n.number.unit in DURATIONS for n in row.items if n.number)
    )


def role_of(row: Row, position: int) -> str:
    """`training`, `inference` or nothing: `for training` behind the device first, then the nearest word of work."""
    for step in range(position + 1, min(position + 4, len(row.items) - 1)):
        if row.word(step) in {"for", "during", "when"}:
            words = row.words(step + 1, step + 5) + [i.text for i in row.items[step + 1 : step + 4] if i.kind == THING]
            for word in " ".join(words).split():
                if _TRAIN.match(word):
                    return "training"
                if _INFER.match(word):
                    return "inference"
            break
        if row.word(step) not in {"gpus", "gpu", "or", "and", "(", ")", "each", ""} and row.items[step].kind == WORD:
            break
    best: tuple[float, str] | None = None
    for at, item in enumerate(row.items):
        for word in item.text.split():
            role = "training" if _TRAIN.match(word) else "inference" if _INFER.match(word) else ""
            if role:
                distance = (
                    abs(at - position)
                    + (0.5 if at > position else 0.0)
                    + (6 if row.word(at - 1) in {"without", "no"} else 0)
                    + (4 if word in {"latency", "runs", "real", "generation", "embedded"} else 0)
                )
                if best is None or distance < best[0]:
                    best = (distance, role)
    if best is not None:
        return best[1]
    return ""


def _subject(row: Row, position: int) -> int | None:
    subject = subject_or_main(row, position, frozenset({"model", "method", "software"}))
    return subject if subject != row.items[position].thing else None
