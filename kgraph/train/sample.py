"""Draw the records to be annotated by hand, seeded and disjoint: `python -m kgraph.train.sample OUT`.

Two draws from `../shared/papers`: `facts` (full gold in the format of `../shared/gold/GUIDE.md`, half for development, half held out) and
`spans` (entity mentions only, for training). Both mix abstracts that name accelerators, abstracts with measured results and plain ones,
because hardware and results are too rare in a uniform draw to be learned or measured.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PAPERS = Path("../shared/papers")
RECENT = 2023
LANGUAGE_MODEL = re.compile(r"\b(LLMs?|language models?|transformers?|multimodal|foundation models?|diffusion|agents?|fine-tun\w+|pre-?train\w+)\b", re.I)
RESULT = re.compile(r"\d\s?(?:%|\\%|x\b|×|\\times|points?\b|percent)")


def records(path: Path) -> Iterator[dict]:
    """Yield the JSON records of a (gzipped) JSONL file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def draw(papers: Path = PAPERS, seed: int = 20) -> dict[str, list[dict]]:
    """Return the draws by name: `dev` and `heldout` (32 records each) and `spans0` to `spans4` (100 each)."""
    rng = random.Random(seed)
    usable = [r for r in records(papers / "abstracts-60k.jsonl.gz") if (r.get("year") or 0) >= RECENT and 500 <= len(r["abstract"]) <= 2200]
    hardware = [r for r in records(papers / "hardware.jsonl") if 500 <= len(r["abstract"]) <= 2400 and (r.get("year") or 0) >= 2020]
    models = [r for r in usable if LANGUAGE_MODEL.search(r["abstract"])]
    results = [r for r in models if RESULT.search(r["abstract"])]
    taken: set[str] = set()

    def take(pool: list[dict], n: int) -> list[dict]:
        fresh = sorted((r for r in pool if r["id"] not in taken), key=lambda r: r["id"])
        chosen = rng.sample(fresh, n)
        taken.update(r["id"] for r in chosen)
        return chosen

    draws = {name: take(hardware, 10) + take(results, 12) + take(models, 7) + take(usable, 3) for name in ("dev", "heldout")}
    draws |= {f"spans{i}": take(hardware, 35) + take(results, 25) + take(models, 25) + take(usable, 15) for i in range(5)}
    return draws


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in draw().items():
        text = "".join(json.dumps({k: r[k] for k in ("id", "title", "abstract")}, ensure_ascii=False) + "\n" for r in rows)
        (out / f"{name}.jsonl").write_text(text, encoding="utf-8")
