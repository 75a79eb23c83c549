from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from test_incremental import build, many

from kgraph import manifest
from kgraph.manifest import JUST_NOW, Request, facts_version, package_files, program_version, same, see, see_code, see_inputs


def test_the_manifest_says_what_went_in_what_came_out_and_with_what(tmp_path: Path) -> None:
    many(tmp_path / "in", 8)
    build([str(tmp_path / "in")], tmp_path / "out")
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert set(said) == {"kgraph", "program", "model", "extractor", "input_hash", "inputs", "problems", "counts", "papers_with", "outputs"}
    assert [i["file"] for i in said["inputs"]] == [f"part{i}.jsonl" for i in range(4)]
    data = (tmp_path / "out" / "graph.ttl").read_bytes()
    assert said["outputs"] == [{"file": "graph.ttl", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    assert str(tmp_path) not in json.dumps(said)


def test_a_file_is_hashed_again_only_when_it_may_have_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("one")
    seen = see(file, "file")
    hashed: list[Path] = []
    monkeypatch.setattr(manifest, "hash_file", lambda path: hashed.append(path) or hashlib.sha256(path.read_bytes()).hexdigest())
    long_after = time.time_ns() + 2 * JUST_NOW
    assert same(seen, file, long_after)
    assert not hashed
    assert same(seen, file, time.time_ns())  # seen so soon after it was written that it could have changed without a trace
    os.utime(file, ns=(0, 0))
    assert same(seen, file, long_after)
    assert len(hashed) == 2
    file.write_text("two")
    assert not same(seen, file, long_after)
    file.write_text("three")
    assert not same(seen, file, long_after)
    assert len(hashed) == 3, "another length needs no hash"
    file.unlink()
    assert not same(seen, file, long_after)


def test_inputs_tables_and_aliases_are_all_looked_at(tmp_path: Path) -> None:
    many(tmp_path / "in", 4)
    (tmp_path / "known.csv").write_text("a,b\n")
    (tmp_path / "aliases.toml").write_text("")
    request = Request((str(tmp_path / "in"),), join=(str(tmp_path / "known.csv"),), aliases=str(tmp_path / "aliases.toml"))
    seen = see_inputs(request)
    assert seen is not None
    assert [s.label for s in seen] == ["aliases: aliases.toml", "join: known.csv", *(f"part{i}.jsonl" for i in range(4))]
    assert see_inputs(Request(("-",))) is None


def test_the_program_is_its_code_and_data_without_the_training() -> None:
    names = {p.relative_to(manifest.PACKAGE).as_posix() for p in package_files()}
    assert {"build.py", "extract/pipeline.py", "graph.py", "model.py"} <= names
    assert not [n for n in names if n.startswith("train/") or n.endswith(".pyc")]
    code = see_code()
    assert program_version(code) == program_version(tuple(reversed(code)))
    assert program_version(code) != program_version(code[1:])


def test_the_version_of_facts_names_the_model_and_the_extractor() -> None:
    fake = facts_version("fast", "fake_extractor:extract")
    assert fake.startswith("fast/")
    assert fake == facts_version("fast", "fake_extractor:extract")
    assert fake != facts_version("fast", "fake_extractor:slow")
    assert fake != facts_version("other", "fake_extractor:extract")
    with pytest.raises(ValueError, match="no module named 'nowhere'"):
        facts_version("fast", "nowhere:extract")


def test_the_version_of_facts_counts_every_module_that_the_extractor_imports() -> None:
    behind = {p.relative_to(manifest.PACKAGE).as_posix() for p in manifest.modules_behind("kgraph.extract.pipeline", "kgraph.extract.things")}
    assert {"extract/pipeline.py", "extract/tokenizer.py", "extract/things.py", "model.py", "names.py", "lexicon/__init__.py"} <= behind
    assert not {"build.py", "resolve.py", "cli.py", "viewer/page.py"} & behind


def test_the_hash_of_a_model_covers_tagger_and_relations_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = {p.name for p in (manifest.PACKAGE / "models" / "fast").iterdir()}
    assert {"tagger.npz", "tagger.json", "relations.npz", "relations.json"} <= shipped
    files = tmp_path / "models" / "own"
    files.mkdir(parents=True)
    monkeypatch.setattr(manifest, "PACKAGE", tmp_path)
    hashes = [manifest.model_hash("own")]
    for name in ("tagger.npz", "relations.npz"):
        (files / name).write_bytes(b"weights")
        hashes.append(manifest.model_hash("own"))
    assert len(set(hashes)) == 3
    assert manifest.model_hash("own") == hashes[-1]
    assert len(hashes[-1]) == 16


def test_a_state_of_another_time_counts_as_none(tmp_path: Path) -> None:
    assert manifest.read_state(tmp_path) is None
    for wrong in (b"", b"{}", b"\xff", b'{"request": 1}'):
        (tmp_path / manifest.STATE).write_bytes(wrong)
        assert manifest.read_state(tmp_path) is None
