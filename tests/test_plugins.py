"""A stranger's reader, exporter and component: one file with entry points, as in `tests/plugin_example`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent / "plugin_example"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the example lies as pip would install it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(EXAMPLE / "kgraph_example.py", folder)
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "kgraph_example-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()) for group, points in project["entry-points"].items()]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return folder


def python(folder: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT), str(ROOT / "tests")])}
    return subprocess.run([sys.executable, *words], env=env, cwd=cwd, capture_output=True, text=True, check=False)


def reads_and_writes(folder: Path, tmp_path: Path) -> None:
    """The example's reader recognises its file among others, and its exporter writes what was read."""
    (tmp_path / "papers.cards").write_text("%cards\nA Title\tWe present Fernwave, which beats Orchid.\nno tab here\n", encoding="utf-8")
    done = python(folder, "-m", "kgraph", "build", "papers.cards", "--to", "ttl,names", "--extractor", "fake_extractor:extract", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "papers.cards:3: no tab between title and abstract" in done.stderr
    assert "Fernwave\nOrchid\n" in (tmp_path / "output" / "graph.names").read_text(encoding="utf-8")


def test_an_installed_plug_in_reads_and_writes_and_is_listed(installed: Path, tmp_path: Path) -> None:
    reads_and_writes(installed, tmp_path)
    done = python(installed, "-m", "kgraph", "build", "papers.cards", "--to", "nams", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'names'?" in done.stderr


def test_a_component_of_a_stranger_is_added_to_a_pipeline_by_name(installed: Path, tmp_path: Path) -> None:
    program = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('example_shout'); print(nlp('GPUs and TPU v4').user_data['shouted'])"
    assert python(installed, "-c", program, cwd=tmp_path).stdout == "1\n"


def test_our_components_are_added_to_a_strangers_pipeline_by_name(tmp_path: Path) -> None:
    program = "import spacy; nlp = spacy.blank('en'); [nlp.add_pipe(n) for n in ('kgraph_sentences', 'kgraph_abbreviations')]; print(nlp.pipe_names)"
    done = python(tmp_path, "-c", program, cwd=tmp_path)
    assert done.stdout == "['kgraph_sentences', 'kgraph_abbreviations']\n", done.stderr


@pytest.mark.slow
def test_pip_installs_the_example(tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(EXAMPLE)], check=True)
    reads_and_writes(site, tmp_path)
