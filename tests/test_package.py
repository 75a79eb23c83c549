"""The wheel and the source distribution: complete, installable alone, and able to do the main job."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIMIT = 25_000_000
"""Bytes of a wheel."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(wheel, sdist); the wheel is built from the sdist, so the sdist is known to be complete."""
    pytest.importorskip("build", reason="the package `build` makes distributions (extra `test`)")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def test_the_wheel_holds_all_of_the_package_and_nothing_else(distributions: tuple[Path, Path]) -> None:
    wheel, sdist = distributions
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", "kgraph", "queries"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {name.replace("queries/", "kgraph/_queries/") if name.startswith("queries/") else name for name in tracked} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"kgraph"}
    assert not [name for name in names if name.endswith((".pyc", ".so")) or "__pycache__" in name]
    assert wheel.stat().st_size <= LIMIT
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "LICENSE", "pyproject.toml", "tests/test_package.py", "data/papers/trending-page.txt", ".ci/run"} <= inside


def test_the_wheel_alone_does_the_main_job_in_a_fresh_environment(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    bin_ = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(bin_ / "pip"), "install", "-q", str(distributions[0])], check=True)
    shutil.copytree(ROOT / "data" / "papers", tmp_path / "papers")
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def kgraph(*words: str) -> str:
        done = subprocess.run([str(bin_ / "kgraph"), *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "24 papers" in kgraph("build", "papers", "-o", "output")
    assert {"graph.ttl", "graph.html", "manifest.json"} <= {path.name for path in (tmp_path / "output").iterdir()}
    assert "of 24 papers state hardware" in kgraph("ask", "hardware")
    kgraph("validate", "output")
