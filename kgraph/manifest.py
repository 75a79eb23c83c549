"""What a build was made from: `manifest.json` for people and tools, and the state by which the next build knows that nothing changed.

The manifest depends on the contents of inputs and program alone: no clock time, no place, so equal builds write equal bytes. The state
(`.last.json`) also says what was asked and how each file looked on this disk; it is a memory that may be lost. Importing this
module loads nothing heavy, since a build that has nothing to do should take no time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import kgraph
from kgraph.model import PaperFacts, Problem, Value

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph

MANIFEST = "manifest.json"
STATE = ".last.json"
PACKAGE = Path(__file__).parent
ENGINE_PARTS = ("spacy", "numpy")
"""Distributions beside kgraph that facts depend on."""
BUILD_PARTS = ("msgspec", "networkx", "numpy", "pyoxigraph", "pyvis", "spacy")
"""Distributions beside kgraph that output files depend on."""
JUST_NOW = 2_000_000_000
"""Nanoseconds. A file changed so shortly before it was looked at could change again without looking different (FAT counts in two seconds)."""


class BuildReport(Value, frozen=True):
    """What a build did. `counts` are numbers of things in the graph, `coverage` the number of papers that say at least one of each kind of fact.

    `reused` papers had their facts in the cache, `extracted` ones were read anew, `failed` ones could not be (each is a problem), `damaged`
    cache entries were found and redone. `timings` are seconds a stage. `unchanged`: nothing had to be done at all; problems, counts and
    coverage are those of the last build.
    """

    output: str
    outputs: tuple[str, ...]
    counts: dict[str, int]
    coverage: dict[str, int]
    problems: tuple[Problem, ...] = ()
    timings: dict[str, float] = msgspec.field(default_factory=dict)
    reused: int = 0
    extracted: int = 0
    failed: int = 0
    damaged: int = 0
    unchanged: bool = False


class Request(Value, frozen=True):
    """What was asked of a build: all that its result depends on, beside the contents of the files. `folder` is what relative paths start from."""

    inputs: tuple[str, ...]
    formats: tuple[str, ...] = ("ttl", "html")
    model: str = "fast"
    input_format: str | None = None
    join: tuple[str, ...] = ()
    aliases: str | None = None
    folder: str = ""
    extractor: str = ""


class Seen(Value, frozen=True):
    """A file as it was found: `look` is (size, time of change, time of status change, inode), in bytes and nanoseconds."""

    path: str
    look: tuple[int, int, int, int]
    sha256: str
    label: str = ""


class State(Value, frozen=True):
    """The last finished build into an output folder. `at` is the time (ns) at which the files were looked at; `certain` says that they
    could be and that every paper was read, so that doing it again would change nothing."""

    request: Request
    program: str
    at: int
    inputs: tuple[Seen, ...]
    outputs: tuple[Seen, ...]
    code: tuple[Seen, ...]
    report: BuildReport
    certain: bool = True


def look_of(path: Path) -> tuple[int, int, int, int]:
    """What the file system says of a file without opening it."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def see(path: Path, name: str, label: str = "") -> Seen:
    """Look at a file and hash it; looked at first, so that a change while it is hashed shows the next time."""
    look = look_of(path)
    return Seen(name, look, hash_file(path), label)


def same(seen: Seen, path: Path, at: int) -> bool:
    """Whether a file is still what was `seen`; hashed only when it looks different, or had changed just before it was seen at time `at`."""
    try:
        look = look_of(path)
        if look == seen.look and max(look[1], look[2]) < at - JUST_NOW:
            return True
        return look[0] == seen.look[0] and hash_file(path) == seen.sha256
    except OSError:
        return False


def input_files(request: Request) -> list[tuple[Path, str, str]] | None:
    """All files that are read for a request as (path, name for the user, label in the graph), sorted; None with standard input among them."""
    from kgraph.read.files import Input, find_inputs

    files = []
    for found in find_inputs(request.inputs):
        if isinstance(found, Input):
            if found.path is None:
                return None
            files.append((found.path, found.shown, found.label))
    tables = [("join", name) for name in request.join] + [("aliases", request.aliases)] * bool(request.aliases)
    files += [(Path(name), name, f"{role}: {Path(name).name}") for role, name in tables if name]
    return sorted(files, key=lambda f: (f[2], f[1]))


def see_inputs(request: Request) -> tuple[Seen, ...] | None:
    """The input files as they are now; None when there is no telling (standard input), or one cannot be read."""
    files = input_files(request)
    try:
        return None if files is None else tuple(see(path, shown, label) for path, shown, label in files)
    except OSError:
        return None


def package_files() -> list[Path]:
    """All files of the package that can have a part in a build: code, lexicon, models, page, not the training."""
    aside = {"__pycache__", "train"}
    return sorted(p for p in PACKAGE.rglob("*") if p.is_file() and not aside.intersection(p.relative_to(PACKAGE).parts) and p.suffix != ".pyc")


def _in_package(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def see_code() -> tuple[Seen, ...]:
    """The package's files as they are now."""
    return tuple(see(path, _in_package(path)) for path in package_files())


def program_version(code: Iterable[Seen]) -> str:
    """16 hexadecimal digits over the package's files, the libraries that write the output, and the plug-ins of others."""
    digest = hashlib.sha256()
    for seen in sorted(code, key=lambda s: s.path):
        digest.update(f"{seen.path} {seen.sha256}\n".encode())
    for line in (*_versions(BUILD_PARTS), *_plugins()):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()[:16]


def _versions(names: Iterable[str]) -> list[str]:
    return [f"{name} {metadata.version(name)}" for name in names]


def _plugins() -> list[str]:
    """Readers and exporters of other packages, each with the hash of its module where that is one file."""
    from importlib.util import find_spec

    lines = []
    for group in ("kgraph.readers", "kgraph.exporters"):
        for point in metadata.entry_points(group=group):
            if point.module.startswith("kgraph."):
                continue
            top = find_spec(point.module.partition(".")[0])
            origin = Path(top.origin) if top is not None and top.origin else None
            code = hash_file(origin) if origin is not None and origin.is_file() else ""
            lines.append(f"{group} {point.name} {point.value} {point.dist.version if point.dist else ''} {code}")
    return sorted(lines)


def facts_version(model: str, extractor: str) -> str:
    """The version under which facts are kept, `MODEL/HASH`: it changes with anything that could change a fact.

    That is the extractor's module and the components, with all modules of kgraph that they import, directly or not, the lexicon, the model, and
    the libraries below.
    """
    from importlib.util import find_spec

    digest = hashlib.sha256(f"{extractor}\n".encode())
    module = extractor.partition(":")[0]
    if module.partition(".")[0] == "kgraph":
        # components are found by spaCy's registry, not imported by the module that puts them together
        components = (p.relative_to(PACKAGE.parent).with_suffix("") for p in (PACKAGE / "extract").rglob("*.py"))
        files = modules_behind(module, *(".".join(c.parts) for c in components))
    else:
        spec = find_spec(module)
        if spec is None or spec.origin is None:
            raise ValueError(f"no extractor {extractor!r}: no module named {module!r}")
        digest.update(Path(spec.origin).read_bytes())
        files = modules_behind("kgraph.model")
    folders = (PACKAGE / "lexicon", PACKAGE / "models" / model)
    data = [p for folder in folders for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    for path in sorted({*files, *data, *(p for p in (PACKAGE / "models").glob("*") if p.is_file())}):
        digest.update(f"{_in_package(path)}\n".encode() + path.read_bytes())
    for line in _versions(ENGINE_PARTS):
        digest.update(f"{line}\n".encode())
    return f"{model}/{digest.hexdigest()[:16]}"


def modules_behind(*modules: str) -> set[Path]:
    """The files of modules of kgraph and of all modules of kgraph that they import, also inside functions, as far as import statements say."""
    import ast

    found: set[Path] = set()
    todo = list(modules)
    while todo:
        path = PACKAGE.joinpath(*todo.pop().split(".")[1:])
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
            todo += [name for name in names if name.startswith("kgraph.")]
    return found


def models() -> list[str]:
    """Names of the models that the package has."""
    return sorted(p.name for p in (PACKAGE / "models").glob("*") if p.is_dir() and p.name != "__pycache__")


def model_hash(model: str) -> str:
    """16 hexadecimal digits of the SHA-256 over the files of a model, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted((PACKAGE / "models" / model).glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def write_state(output: Path, state: State) -> None:
    """Remember a finished build."""
    from kgraph.export.files import atomic_write

    with atomic_write(Path(output) / STATE) as file:
        file.write(msgspec.json.encode(state))


def read_state(output: Path) -> State | None:
    """The last finished build into a folder; None when there was none, or one of a kgraph that remembered other things."""
    try:
        return msgspec.json.decode((Path(output) / STATE).read_bytes(), type=State)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def unchanged(output: Path, request: Request) -> BuildReport | None:
    """The last report when the same was asked before of the same program and files and its outputs are still there; None when there is work."""
    state = read_state(output)
    if state is None or not state.certain or state.request != request:
        return None
    files = input_files(request)
    code = package_files()
    if files is None or [(s.path, s.label) for s in state.inputs] != [f[1:] for f in files]:
        return None
    if [s.path for s in state.code] != [_in_package(p) for p in code]:
        return None
    if not all(same(seen, path, state.at) for seen, path in zip(state.code, code, strict=True)) or program_version(state.code) != state.program:
        return None
    if not all(same(seen, path, state.at) for seen, (path, _, _) in zip(state.inputs, files, strict=True)):
        return None
    # our own outputs are always new when they are seen, but nobody edits them within a tick of the clock
    if not all(same(seen, Path(output) / seen.path, state.at + 2 * JUST_NOW) for seen in state.outputs):
        return None
    known = state.report.reused + state.report.extracted
    return msgspec.structs.replace(state.report, unchanged=True, timings={}, reused=known, extracted=0, damaged=0)


def manifest(state: State, model: str, facts: str, input_hash: str) -> bytes:
    """The bytes of `manifest.json`: versions, hashes of what went in and came out, and what is in the graph."""
    report = state.report
    content: dict[str, Any] = {
        "kgraph": kgraph.__version__,
        "program": state.program,
        "model": model,
        "extractor": facts,
        "input_hash": input_hash,
        "inputs": [{"file": s.label, "bytes": s.look[0], "sha256": s.sha256} for s in state.inputs],
        "problems": len(report.problems),
        "counts": report.counts,
        "papers_with": report.coverage,
        "outputs": [{"file": s.path, "bytes": s.look[0], "sha256": s.sha256} for s in state.outputs if not s.path.startswith(".")],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


_KINDS = {
    "Model": "models", "Method": "methods", "Software": "software", "Dataset": "datasets",
    "Benchmark": "benchmarks", "Metric": "metrics", "Task": "tasks", "Hardware": "hardware",
}  # fmt: skip
_FACTS = {"Claim": "claims", "Result": "results", "Quantity": "quantities", "HardwareUse": "hardware uses"}
COVERAGE: dict[str, Callable[[PaperFacts], bool]] = {
    "introduced names": lambda said: any(e.introduced for e in said.entities),
    "claims": lambda said: bool(said.claims),
    "results": lambda said: bool(said.results),
    "quantities": lambda said: bool(said.quantities),
    "hardware uses": lambda said: bool(said.uses),
    "code links": lambda said: bool(said.code),
}
"""Kinds of facts, and whether a paper states any: few abstracts state hardware, and every answer about it rests on those that do."""


def class_counts(graph: KnowledgeGraph) -> Counter[str]:
    """How many things of each class a graph has."""
    types = Counter(cls for _, cls in graph.nodes(data="type"))
    types["Claim"] = len({key for _, _, key, data in graph.edges(keys=True, data=True) if "claim" in data})
    return types


def counts(types: Mapping[str, int]) -> dict[str, int]:
    """How many papers, concepts (and of each kind), sentences, claims and other facts there are, named for people."""
    kinds = {_KINDS[cls]: types.get(cls, 0) for cls in _KINDS}
    facts = {name: types.get(cls, 0) for cls, name in _FACTS.items()}
    return {"papers": types.get("Paper", 0), "concepts": sum(kinds.values()), **kinds, "sentences": types.get("Sentence", 0), **facts}
