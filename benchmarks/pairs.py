"""Are two names one thing? Labelled pairs from a build over 20,000 abstracts, and how well resolution and three baselines tell.

`python -m benchmarks.pairs draw FACTS.jsonl OUT.jsonl [SEED [names|papers]]` draws candidates (facts as JSON lines of `PaperFacts`); the verdicts were then
given by hand, reading the abstracts, by one rule:

* `same`: in their sentences both names stand for one thing, so that an expert would make one node of them. Number, spelling, misspelling, case,
  hyphens, word order, abbreviation, another form of a word, a head that says nothing new (Congested Clique model) and a name for it cut short by
  extraction make no other thing; nor does a word that does not narrow (RESTful Web API), nor the owner of a dataset.
* `variant`: one narrows the other (a modifier dropped, a version, a part, a year), or one is an activity and the other who does it, what comes of
  it or what it is done with (estimation, estimator; modelling, model; a task and its system).
* `different`: everything else, homonyms too. `variant` and `different` both count as not the same.

Pairs are drawn `by names`, every name as likely as any other, so that most are of names that few papers use; or `by papers`, every entity of every
paper as likely as any other, equal strings too, so that a name counts as often as papers use it.

`python -m benchmarks.pairs score [FILE]` prints precision and recall beside three baselines and each wrong pair, without FILE of all sets together
and then of each. Each set was labelled before its first score; rules were then made from its errors, from those of the last none.

| set | pairs | drawn by, seed | first precision, recall | now |
| --- | --- | --- | --- | --- |
| `pairs` | 480 | names | development | 0.970, 0.942 |
| `pairs_check` | 477 | names | | 0.990, 0.970 |
| `pairs_check2` | 472 | names | 0.965, 0.686 | 0.981, 0.937 |
| `pairs_check3` | 479 | names, 20263 | 0.932, 0.835 | 0.963, 0.913 |
| `pairs_check4` | 480 | names, 20264 | 0.922, 0.769 | 0.931, 0.880 |
| `pairs_check5` | 224 | names, 20265 | 0.956, 0.843 | 0.978, 0.882 |
| `pairs_check6` | 475 | names, 20267 | 0.866, 0.623 | 0.894, 0.737 |
| `pairs_check7` | 234 | names, 20268 | 0.963, 0.591 | 0.969, 0.705 |
| `pairs_check8` | 480 | papers, 20271 | 0.946, 0.959 | 0.952, 0.977 |
| `pairs_check9` | 238 | names, 20272 | 0.875, 0.712 | 0.889, 0.828 |
| `pairs_check10` | 480 | papers, 20275 | 0.933, 0.933 | 0.935, 0.964 |
| `pairs_check11` | 480 | papers, 20301 | 0.933, 0.956 | |

The readers of the sets from `pairs_check6` on are language-model assistants who saw no decision. Of `pairs_check8` to 11 each pair was read twice,
the 30 disagreements a third time; same or not was agreed on in 475 of 480, 239 of 240, 473 and 479 of 480 pairs, but readers alike are no independent
check. They part words of two senses, also where both papers write the same string: in the three sets drawn by papers equal strings are one thing in
95, 90 and 92 % of cases only, which bounds what can be had from names. The similarity of the abstracts (MiniLM) tells such pairs from others with an
AUC of 0.73.
A pair holds what resolution sees of its two entities, so scoring needs no build.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kgraph.canonical import identify
from kgraph.model import Entity, PaperFacts
from kgraph.senses import is_short_form, short_key

PAIRS = Path(__file__).parents[1] / "data" / "gold" / "pairs.jsonl"
SETS = tuple(PAIRS.with_name(f"pairs{part}.jsonl") for part in ("", "_check", *(f"_check{number}" for number in range(2, 12))))
"""In the order they were drawn in."""
EACH = 160
"""Pairs drawn in each of three ways."""
STOP = frozenset("of the for and in with a an on to from by based learning model models network networks data".split())


class Side(msgspec.Struct, frozen=True):
    """One entity as its paper names it, and the names of the paper's other entities."""

    paper: str
    entity: Entity
    company: tuple[str, ...]


class Pair(msgspec.Struct, frozen=True):
    """Two entities of two papers. `how` they came together: `token`, `abbreviation` or `edit distance`; `verdict`: `same`, `different`, `variant`."""

    left: Side
    right: Side
    how: str
    verdict: str = ""


def read(path: Path) -> list[Pair]:
    """The pairs of a file."""
    return [msgspec.json.decode(line, type=Pair) for line in path.read_bytes().splitlines() if line.strip()]


def initials(name: str) -> str:
    """First letters of the words of a name, in lower case."""
    return "".join(w[0] for w in re.findall(r"[^\W_]+", name) if w.lower() not in ("of", "the", "and", "for", "with", "to")).lower()


def candidates(names: list[str], rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Pairs of different strings: with a rare token in common, short form and matching initials, or a small edit distance."""
    from rapidfuzz import fuzz, process

    tokens: dict[str, list[str]] = defaultdict(list)
    full: dict[str, list[str]] = defaultdict(list)
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for token in set(re.findall(r"\w{3,}", name.lower())) - STOP:
            tokens[token].append(name)
        if len(initials(name)) > 1:
            full[initials(name)].append(name)
        blocks[re.sub(r"\W", "", name.lower())[:2]].append(name)
    shared = [t for t, found in sorted(tokens.items()) if 2 <= len(found) <= 60]
    for token in rng.sample(shared, min(4 * EACH, len(shared))):
        yield (*rng.sample(tokens[token], 2), "token")  # type: ignore[misc]
    shorts = sorted(n for n in names if is_short_form(n) and full.get(short_key(n).lower()))
    for short in rng.sample(shorts, min(4 * EACH, len(shorts))):
        yield short, rng.choice(full[short_key(short).lower()]), "abbreviation"
    for name in rng.sample(names, min(30 * EACH, len(names))):
        near = [n for n, _, _ in process.extract(name, blocks[re.sub(r"\W", "", name.lower())[:2]], scorer=fuzz.ratio, limit=6, score_cutoff=84) if n != name]
        if near:
            yield name, rng.choice(near), "edit distance"


Place = tuple[int, int]
"""One entity of one paper: the paper's number and the entity's."""


def met(places: dict[str, list[Place]], rng: random.Random) -> Iterator[tuple[Place, Place, str]]:
    """The same three ways, each entity of each paper as likely as any other, so that a name is drawn as often as papers use it.

    The second is any other that shares a word with the first, or whose initials are the short form, or whose string is near or the same.
    """
    from rapidfuzz import fuzz, process

    tokens: dict[str, list[Place]] = defaultdict(list)
    full: dict[str, list[Place]] = defaultdict(list)
    blocks: dict[str, list[str]] = defaultdict(list)
    words = {name: sorted(set(re.findall(r"\w{3,}", name.lower())) - STOP) for name in places}
    for name, found in places.items():
        for token in words[name]:
            tokens[token] += found
        if len(initials(name)) > 1:
            full[initials(name)] += found
        blocks[re.sub(r"\W", "", name.lower())[:2]].append(name)
    everything = [(name, place) for name, found in places.items() for place in found]
    for name, place in rng.sample(everything, min(8 * EACH, len(everything))):
        if words[name]:
            yield place, rng.choice(tokens[rng.choice(words[name])]), "token"
    shorts = [(name, place) for name, place in everything if is_short_form(name) and full.get(short_key(name).lower())]
    for name, place in rng.sample(shorts, min(8 * EACH, len(shorts))):
        yield place, rng.choice(full[short_key(name).lower()]), "abbreviation"
    for name, place in rng.sample(everything, min(8 * EACH, len(everything))):
        near = process.extract(name, blocks[re.sub(r"\W", "", name.lower())[:2]], scorer=fuzz.ratio, limit=None, score_cutoff=84)
        yield place, rng.choice([other for n, _, _ in near for other in places[n]]), "edit distance"


def draw(facts: Path, out: Path, seed: int, by: str) -> None:
    """Write `EACH` pairs of each sort, verdicts empty; by `names`, all as likely, or by `papers`, as often as these use them. No two names twice."""
    rng = random.Random(seed)
    papers = [msgspec.json.decode(line, type=PaperFacts) for line in facts.read_bytes().splitlines()]
    found: dict[str, list[Place]] = defaultdict(list)
    for number, paper in enumerate(papers):
        for index, entity in enumerate(paper.entities):
            found[entity.name].append((number, index))
    places = dict(sorted(found.items()))

    def side(place: Place) -> Side:
        entities = papers[place[0]].entities
        return Side(papers[place[0]].paper, entities[place[1]], tuple(e.name for i, e in enumerate(entities) if i != place[1]))

    def pairs() -> Iterator[tuple[Place, Place, str]]:
        if by == "papers":
            yield from met(places, rng)
            return
        for left, right, how in candidates(list(places), rng):
            if left != right:
                yield rng.choice(places[left]), rng.choice(places[right]), how

    drawn: dict[str, list[Pair]] = defaultdict(list)
    seen = {frozenset((p.left.entity.name, p.right.entity.name)) for path in sorted(PAIRS.parent.glob("pairs*.jsonl")) if path != out for p in read(path)}
    for left, right, how in pairs():
        pair = Pair(side(left), side(right), how)
        names = frozenset((pair.left.entity.name, pair.right.entity.name))
        if left != right and names not in seen and len(drawn[how]) < EACH:
            seen.add(names)
            drawn[how].append(pair)
    out.write_bytes(b"\n".join(msgspec.json.encode(p) for how in sorted(drawn) for p in drawn[how]) + b"\n")


def measure(pairs: list[Pair], says_same: Callable[[Pair], bool]) -> tuple[float, float, int, int, int]:
    """Precision and recall of "the same" over the pairs; right, said, and true ones."""
    said = [p for p in pairs if says_same(p)]
    right = sum(p.verdict == "same" for p in said)
    true = sum(p.verdict == "same" for p in pairs)
    return (right / len(said) if said else 1.0), (right / true if true else 1.0), right, len(said), true


def resolved(pair: Pair) -> bool:
    """Does resolution give both sides one node?"""
    left, right = (identify(s.entity, s.company) for s in (pair.left, pair.right))
    return left is not None and right is not None and left.id == right.id


def score(pairs: list[Pair]) -> list[tuple[str, float, float, int, int, int]]:
    """One row a method: name, precision, recall, right, said, true."""
    from rapidfuzz import fuzz

    def name(side: Side) -> str:
        return side.entity.name

    def f1(row: tuple[float, float, int, int, int]) -> float:
        return 2 * row[0] * row[1] / (row[0] + row[1]) if row[0] + row[1] else 0.0

    by_threshold = {t: measure(pairs, lambda p, t=t: fuzz.token_sort_ratio(name(p.left).lower(), name(p.right).lower()) >= t) for t in range(50, 101)}  # type: ignore[misc]
    best = max(by_threshold, key=lambda t: (f1(by_threshold[t]), t))
    return [
        ("kgraph", *measure(pairs, resolved)),
        ("exact string", *measure(pairs, lambda p: name(p.left) == name(p.right))),
        ("lower case", *measure(pairs, lambda p: name(p.left).lower() == name(p.right).lower())),
        (f"rapidfuzz token_sort_ratio >= {best} (its best)", *by_threshold[best]),
    ]


def main() -> None:
    """See the module's docstring."""
    if sys.argv[1] == "draw":
        draw(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1, sys.argv[5] if len(sys.argv) > 5 else "names")
        return
    files = [Path(name) for name in sys.argv[2:]] or SETS
    pairs = [pair for path in files for pair in read(path)]
    print(f"{len(pairs)} pairs: " + ", ".join(f"{sum(p.verdict == v for p in pairs)} {v}" for v in ("same", "different", "variant")))
    for method, precision, recall, right, said, true in score(pairs):
        print(f"{method:45} precision {precision:.3f} ({right}/{said})  recall {recall:.3f} ({right}/{true})")
    if len(files) > 1:
        for path in files:
            precision, recall, right, said, true = measure(read(path), resolved)
            print(f"kgraph, {path.name:37} precision {precision:.3f} ({right}/{said})  recall {recall:.3f} ({right}/{true})")
        return
    for pair in pairs:
        if resolved(pair) != (pair.verdict == "same"):
            print(f"  wrong: {pair.left.entity.name!r} ({pair.left.paper}) | {pair.right.entity.name!r} ({pair.right.paper}): {pair.verdict}, {pair.how}")


if __name__ == "__main__":
    main()
