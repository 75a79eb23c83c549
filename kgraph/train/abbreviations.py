"""How abbreviations.tsv is made: which abbreviations AI papers define, for what, and among which other names.

`mine` reads "long form (SHORT)" and "SHORT (long form)" out of texts by the algorithm of Schwartz and Hearst (2003), with a first-letter test.
`python -m kgraph.train.abbreviations PAPERS.jsonl.gz [PAPERS]` rewrites the table; the lexicon must have been built before.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import islice
from math import log
from pathlib import Path

from kgraph.lexicon import Lexicon, load
from kgraph.names import fold, is_common_word, shared_start, singular, version_key
from kgraph.normal import normal
from kgraph.senses import OTHER_WORDS

TABLE = Path(__file__).parents[1] / "lexicon" / "abbreviations.tsv"
_SMALL = frozenset("of the and for with to in on a an by via from".split())
_JOINING = _SMALL | {"plus", "&", "\\&"}
WITNESSES = 16
"""So many papers a hand-kept abbreviation counts for."""
_BRACKET = re.compile(r"(?<=[\w'’\-])\s?\(([A-Za-zα-ωΑ-Ω0-9&/+\-*@.]{2,12})\)")
_REVERSED = re.compile(r"(?<![\w\-])([A-Za-z0-9\-]{2,10})\s\(([a-z][\w'’ \-/]{6,70})\)")
_COMMAND = re.compile(r"\\[A-Za-z]+\s?\{([^{}]*)\}")
_BRACES = re.compile(r"[{}$]")
_WORD = re.compile(r"[\w'’]+(?:-[\w'’]+)*")


def long_form(short: str, before: str) -> str:
    """The words at the end of `before` that `short` stands for, or `""`.

    >>> long_form("WSD", "a study of word sense disambiguation"), long_form("CNNs", "deep convolutional neural networks")
    ('word sense disambiguation', 'convolutional neural networks')
    >>> long_form("RRG", "we study radiology report generation"), long_form("SRCC", "the Spearman's rank correlation coefficient")
    ('radiology report generation', "Spearman's rank correlation coefficient")
    """
    letters = re.sub(r"[^a-z0-9]", "", (short[:-1] if short.endswith("s") and short[:-1].isupper() else short).lower())
    if not letters:
        return ""
    spelled = [m for m in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", before) if m.group().lower() not in _SMALL][-len(letters) :]
    if len(letters) > 2 and "".join(m.group()[0] for m in spelled).lower() == letters:
        found = before[spelled[0].start() :].strip()
        if not re.search(r"[.;:()\[\]]", found):
            return found  # "radiology report generation (RRG)": letter by letter from the end it would be "report generation"
    at = len(before) - 1
    for position in range(len(letters) - 1, -1, -1):
        letter = letters[position]
        while at >= 0 and (before[at].lower() != letter or (position == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    found = before[at + 1 :].strip()
    words = found.split()
    if not words or len(found) < len(short) + 3 or len(words) > min(len(letters) + 5, len(letters) * 2) or re.search(r"[.;:()\[\]]", found):
        return ""
    return found


def mine(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) pairs that a text defines."""
    for match in _BRACKET.finditer(text):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2 and not (short[0].isupper() and any(c.isdigit() for c in short)):
            continue
        before = text[max(0, match.start() - 110) : match.start() + 1].rstrip(" (")
        before = re.split(r"(?<=[a-z)])[.;:!?]\s|\s\(|\)\s|, ", before)[-1]
        found = long_form(short, before)
        if found and fold(found) != fold(short):
            yield short, " ".join(found.split())
    for match in _REVERSED.finditer(text):
        short, inside = match.groups()
        if sum(c.isupper() for c in short) >= 2:
            found = long_form(short, inside)
            if found and len(found) >= len(inside) - 3:
                yield short, " ".join(found.split())


def texts(path: Path) -> Iterator[str]:
    """Title and abstract of every record, without the commands that LaTeX sets letters in bold with (`\\textbf{R}etrieval`)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield _BRACES.sub("", _COMMAND.sub(r"\1", f"{record.get('title') or ''}. {record.get('abstract') or ''}"))


def short_key(short: str) -> str:
    """An abbreviation without its plural and hyphens; case counts (CoT, COT)."""
    short = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    return re.sub(r"[-/& ]", "", short)


_MAKING = re.compile(r"\b(?:propos|introduc|present|develop|design|call|nam|term|dubb|creat|build|built|releas|construct|our|we)\w*\b", re.IGNORECASE)


def makes(text: str, short: str) -> bool:
    """Does a paper seem to have made what it abbreviates: is the short form in its title, or a verb of making before it in its sentence?

    >>> makes("Better maps. We present Quiet Owl Logic (QOL).", "QOL"), makes("Better maps. On quiet owl logic (QOL) much is known.", "QOL")
    (True, False)
    """
    title, _, abstract = text.partition(". ")
    word = re.compile(rf"(?<!\w){re.escape(short)}(?!\w)")
    if word.search(title):
        return True
    found = word.search(abstract)
    return found is None or _MAKING.search(re.split(r"[.;:]\s", abstract[: found.start()])[-1]) is not None


def tabulate(corpus: Iterable[str]) -> dict[str, Counter[str]]:
    """For each abbreviation the number of papers that define it as each (folded) long form."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for text in corpus:
        for short, found in set(mine(text)):
            table[short_key(short)][fold(found)] += 1
    return table


def context_words(text: str) -> set[str]:
    """The words of a text that may say which of several things an abbreviation stands for: singular, lower case, five letters or more."""
    return {singular(w.lower()) for w in re.findall(r"[^\W\d_]{5,}", text)}


def whole(label: str, sure: Mapping[str, str]) -> str:
    """A long form without small words, the abbreviations inside it spelled out, folded.

    >>> whole("AI-generated content", {"AI": "artificial intelligence"}), whole("signal-to-noise-plus-hum ratio", {})
    ('artificialintelligencegeneratedcontent', 'signalnoisehumratio')
    """
    spelled = re.sub(r"\b[A-Z]{2,6}\b", lambda m: sure.get(m[0], m[0]), label)
    return fold(normal(" ".join(w for w in re.split(r"[\s\-]+", spelled) if w.lower() not in _JOINING)))


def surely(table: Mapping[str, Counter[str]], surfaces: Mapping[str, Counter[str]]) -> dict[str, str]:
    """The abbreviations that 20 papers or more define, 95 % of them alike, with their long form."""
    tops = {short: senses.most_common(1)[0] for short, senses in table.items() if sum(senses.values()) >= 20}
    return {short: min(surfaces[key], key=lambda s: (-surfaces[key][s], s)) for short, (key, n) in tops.items() if n >= 0.95 * sum(table[short].values())}


def words_alike(left: str, right: str) -> bool:
    """Could each word of a long form be another form or a misspelling of the other's: do they begin and end alike for half of their letters?

    >>> words_alike("automatic target recognition", "automatic text recognition"), words_alike("gated recurrent unit", "Gate Recurent Unit")
    (False, True)
    >>> words_alike("region extraction", "relation extraction"), words_alike("multi-object search", "multi-objective search")
    (False, False)
    """
    words = [[w for w in re.findall(r"[^\W\d_]+", name.lower()) if w not in _JOINING] for name in (left, right)]
    if len(words[0]) != len(words[1]):
        return {*words[0]} ^ {*words[1]} != {"agents"}  # who does it is another thing
    return all(map(_word_alike, *words))


_LIKE = frozenset(map(frozenset, (("dataset", "database"), ("model", "module"))))
"""Words that papers take for each other in the full form of one abbreviation."""


def _word_alike(left: str, right: str) -> bool:
    if (both := frozenset((left, right))) in OTHER_WORDS or both in _LIKE:
        return both in _LIKE
    stems = [re.sub(r"(?:ing|ed|es|e|s)$", "", w) for w in (left, right)]
    if stems[0].startswith(stems[1]) or stems[1].startswith(stems[0]):
        return True
    shortest, longest = sorted((len(left), len(right)))
    if left[0] == right[0] and left[-1] == right[-1] and (set(left) <= set(right) or set(right) <= set(left)):  # radial bias function
        return True
    begins = shared_start(left, right)
    if is_common_word(left) and is_common_word(right):  # no misspelling: two words (region, relation) or two forms of one
        return begins >= max(4, 0.55 * longest)
    ends = min(shared_start(left[::-1], right[::-1]), shortest - begins)
    return begins + ends >= longest / 2


def group_senses(senses: Counter[str], surfaces: dict[str, Counter[str]], lexicon: Lexicon, sure: Mapping[str, str]) -> list[tuple[str, list[str], int]]:
    """Join long forms that name one thing: (label, all folds, papers), most papers first.

    Long forms of one lexicon entry are one; so are two with the same numbers whose letters agree to 88 % (misspellings, "network" and "net")
    of which no word is another one (`words_alike`), and two that are equal by `whole`, `sure` being what abbreviations in them stand for.
    """
    groups: list[tuple[str, list[str], int]] = []
    for sense, papers in sorted(senses.items(), key=lambda item: (-item[1], item[0])):
        label = max(sorted(surfaces[sense]), key=lambda s: surfaces[sense][s])
        entry = lexicon.lookup(label)
        label = entry.name if entry else label
        for index, (other, folds, count) in enumerate(groups):
            alike = version_key(label) == version_key(other) and SequenceMatcher(None, sense, folds[0], autojunk=False).ratio() >= 0.88
            alike = alike and words_alike(label, other)
            if label == other or whole(label, sure) == whole(other, sure) or (alike and not (entry and lexicon.lookup(other))):
                groups[index] = (entry.name if entry else other, [*folds, sense], count + papers)
                break
        else:
            groups.append((label, [sense], papers))
    return sorted(groups, key=lambda g: (-g[2], g[0]))


def known_senses() -> dict[str, str]:
    """The hand-kept abbreviations with one usual meaning in the field (`known/abbreviations.txt`, lines of `SHORT full form`)."""
    lines = (Path(__file__).parent / "known" / "abbreviations.txt").read_text("utf-8").splitlines()
    return {short_key(short): long for short, _, long in (line.partition(" ") for line in lines if line and not line.startswith("#"))}


def main(path: Path, papers_read: int | None = None) -> None:
    """Rewrite the table: abbreviations that at least two papers define, each sense with the words that tell it from the field at large.

    `papers_read` papers from the front of the file are read, all if not said; to measure resolution on papers that the table was not made
    from, read 40,000.
    """
    lexicon = load()
    corpus = list(islice(texts(path), papers_read))
    table: dict[str, Counter[str]] = defaultdict(Counter)
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    papers: dict[tuple[str, str], list[int]] = defaultdict(list)
    made: Counter[str] = Counter()
    for number, text in enumerate(corpus):
        for written, found in sorted(set(mine(text))):
            short, key = short_key(written), fold(found)
            made[short] += makes(text, written)
            table[short][key] += 1
            surfaces[key][found] += 1
            papers[short, key].append(number)
    for short, long in known_senses().items():
        table[short][fold(long)] += WITNESSES
        surfaces[fold(long)].setdefault(long, 1)
    sure = surely(table, surfaces)
    background: Counter[str] = Counter()
    for text in corpus:
        background.update(context_words(text))
    rows = ["short\tlong\tpapers\tof\tvariants\tcontext"]
    for short in sorted(table):
        if sum(table[short].values()) < 2 and (len(short) < 5 or made[short]):
            continue
        groups = [g for g in group_senses(table[short], surfaces, lexicon, sure) if g[2] >= 2 or lexicon.lookup(g[0]) or len(short) >= 5]
        for label, folds, count in groups:
            own = context_words(label)
            words: Counter[str] = Counter()
            for key in folds:
                for number in papers[short, key][:400]:
                    words.update(context_words(corpus[number]) - own)
            seen = max(1, min(count, 400))
            odds = {
                w: log((n + 0.3) / (seen + 1) / ((background[w] + 1) / len(corpus))) for w, n in words.items() if n >= 2 or (seen < 4 and background[w] > 30)
            }
            best = sorted(odds, key=lambda w: (-odds[w] * words[w] ** 0.7, w))[: 14 if count > 1 else 6] if len(table[short]) > 1 or count < 3 else []
            context = " ".join(f"{w}:{min(odds[w], 4.0):.1f}" for w in sorted(best) if odds[w] > 0.8)
            rows.append("\t".join((short, label, str(count), str(sum(table[short].values())), "|".join(folds), context)))
    TABLE.write_text("\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows) - 1} senses", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
