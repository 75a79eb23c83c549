"""The more accurate, slower tagger of `--model accurate`: MiniLM-L6 with one head a label scheme, in int8, run by onnxruntime.

The encoder is that of Wang et al. 2020 (MiniLM), fine-tuned by `kgraph.train.teacher`, quantised and written by `kgraph.train.accurate`. It
finds and types the spans; the word vectors that the relation network reads are still those of the fast tagger, which it was trained on.
Needs the extra `kgraph[accurate]`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgraph.extract.ner import Span, Tagger, decode, softmax
from kgraph.extract.words import case_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PLACES = 512
"""Positions that the encoder knows."""
WORD_PIECES = 12
WINDOW_PIECES = PLACES - WORD_PIECES - 1
"""Longer texts are read in parts that overlap by a fifth."""


class Pieces:
    """Word pieces of words by a vocabulary (WordPiece, uncased), cached by word."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        ids = {piece: i for i, piece in enumerate(vocabulary)}
        self.tokenizer = Tokenizer(models.WordPiece(vocab=ids, unk_token="[UNK]"))
        self.tokenizer.normalizer = normalizers.BertNormalizer()
        self.tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self.begin, self.end, self.unknown = ids["[CLS]"], ids["[SEP]"], ids["[UNK]"]
        self.cache: dict[str, list[int]] = {}

    def of(self, word: str) -> list[int]:
        """At most `WORD_PIECES` ids of `word`; unknown writing systems give `[UNK]`."""
        if word not in self.cache:
            self.cache[word] = self.tokenizer.encode(word).ids[:WORD_PIECES] or [self.unknown]
        return self.cache[word]

    def windows(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Parts `(first, end)` of at most `WINDOW_PIECES` pieces; each begins in the last fifth of the one before."""
        out, first = [], 0
        sizes = [len(self.of(w)) for w in words]
        while first < len(words):
            end, total = first, 0
            while end < len(words) and total + sizes[end] <= WINDOW_PIECES:
                total += sizes[end]
                end += 1
            out.append((first, end))
            if end == len(words):
                break
            first = max(first + 1, end - (end - first) // 5)
        return out

    def batch(self, windows: Sequence[Sequence[str]]) -> dict[str, NDArray[np.int64]]:
        """What the network reads: `pieces` and `mask` (windows, pieces), and of each word `first`, `last` (its pieces) and `case` (windows, words)."""
        rows = []
        for words in windows:
            ids, first, last = [self.begin], [], []
            for word in words:
                pieces = self.of(word) if len(ids) + WORD_PIECES < PLACES else []  # never so in a window of `windows`
                first.append(min(len(ids), PLACES - 2))
                ids += pieces
                last.append(len(ids) - 1)
            rows.append(([*ids, self.end], first, last, [case_row(w) for w in words]))
        wide, long = max(len(r[0]) for r in rows), max((len(r[1]) for r in rows), default=1)

        def pad(column: int, size: int) -> NDArray[np.int64]:
            return np.array([r[column] + [0] * (size - len(r[column])) for r in rows], dtype=np.int64)

        mask = np.array([[1] * len(r[0]) + [0] * (wide - len(r[0])) for r in rows], dtype=np.int64)
        real = np.array([[1] * len(r[1]) + [0] * (long - len(r[1])) for r in rows], dtype=np.int64)
        return {"pieces": pad(0, wide), "mask": mask, "first": pad(1, long), "last": pad(2, long), "case": pad(3, long), "real": real}


class AccurateTagger:
    """The network behind the interface of `kgraph.extract.ner.Tagger`; `schemes` maps a label scheme to its tags, `O` first."""

    def __init__(self, folder: Path, fast: Tagger) -> None:
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("the model 'accurate' needs the extra: pip install 'kgraph[accurate]'") from error
        self.meta: dict[str, Any] = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
        self.schemes: dict[str, list[str]] = self.meta["schemes"]
        self.fast = fast
        self.pieces = Pieces(self.meta["pieces"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # one process a core is the way to more of them; also the same sums in the same order
        self.session = onnxruntime.InferenceSession((folder / "tagger.onnx").read_bytes(), options, providers=["CPUExecutionProvider"])

    def hidden(self, sequences: Sequence[Sequence[str]]) -> list[Floats]:
        """The fast tagger's hidden states, for the relation network."""
        return self.fast.hidden(sequences)

    def embed(self, words: Sequence[str]) -> Floats:
        """The fast tagger's word vectors, for the relation network."""
        return self.fast.embed(words)

    def logits(self, sequences: Sequence[Sequence[str]]) -> list[Floats]:
        """Logits of the tags of all schemes side by side, one array (words, tags) a sequence.

        A window is read by itself, so what a text gives does not depend on what was read beside it (the scale of int8 sums is taken over a batch).
        """
        width = sum(len(tags) for tags in self.schemes.values())
        out = [np.zeros((len(words), width), dtype=np.float32) for words in sequences]
        for at, words in enumerate(sequences):
            before = 0
            for first, end in self.pieces.windows(words):
                found = self.session.run(None, self.pieces.batch([words[first:end]]))[0][0]
                skip = (before - first) // 2 if before > first else 0  # of an overlap the first half is better seen from the window before
                out[at][first + skip : end] = found[skip : end - first]
                before = end
        return out

    def spans(self, sequences: Sequence[Sequence[str]], scheme: str = "kgraph", bias: float = 0.0) -> list[list[Span]]:
        """The spans of each sequence; a positive `bias` (log odds) finds more, at less precision."""
        places, at = {}, 0
        for name, tags in self.schemes.items():
            places[name] = slice(at, at + len(tags))
            at += len(tags)
        out = []
        for logits in self.logits(sequences):
            salience = softmax(logits[:, places["salience"]])[:, 1] if len(logits) else np.zeros(0, dtype=np.float32)
            out.append(decode(softmax(logits[:, places[scheme]]) if len(logits) else logits, self.schemes[scheme], salience, bias))
        return out

    def read(self, sequences: Sequence[Sequence[str]], bias: float = 0.0) -> tuple[list[Floats], list[list[Span]]]:
        """Hidden states and `kgraph` spans of each sequence."""
        return self.hidden(sequences), self.spans(sequences, bias=bias)
