"""Builds that end in the midst: killed, interrupted, out of space, two at once. What is in the output folder stays whole, old or new."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_incremental import EXTRACTOR, bytes_of, many

from kgraph.build import run_build

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
CHANGED = {i: f"We present Other{i}. Other{i} beats Abc." for i in range(0, 30, 3)}
OPTIONS = f"formats=('ttl', 'html'), extractor={EXTRACTOR!r}"
# says "ready" once all is imported, then builds in turn from the folders a and b, for ever
LOOP = f"""
import sys
from pathlib import Path
from kgraph.build import run_build
run_build(['a'], Path('warm'), {OPTIONS})
print('ready', flush=True)
while True:
    for folder in 'ab':
        run_build([folder], Path('out'), {OPTIONS})
        print('built', flush=True)
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}


def start(script: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def corpora(folder: Path) -> list[dict[str, bytes]]:
    """Two inputs of the same names, and what clean builds of each write."""
    many(folder / "a", 30)
    many(folder / "b", 30, CHANGED)
    clean = []
    for name in "ab":
        run_build([folder / name], folder / f"clean-{name}", formats=("ttl", "html"), extractor=EXTRACTOR)
        clean.append(bytes_of(folder / f"clean-{name}"))
    assert clean[0]["graph.ttl"] != clean[1]["graph.ttl"]
    return clean


@pytest.mark.parametrize("kills", [6, pytest.param(50, marks=pytest.mark.slow)])
def test_a_build_killed_at_a_random_moment_leaves_every_output_whole(tmp_path: Path, kills: int) -> None:
    clean = corpora(tmp_path)
    moments = random.Random(kills)
    for _ in range(kills):
        child = start(LOOP, tmp_path)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 1.2))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        found = bytes_of(tmp_path / "out") if (tmp_path / "out").exists() else {}
        for name, content in found.items():
            assert content in (clean[0][name], clean[1][name]), f"{name} is neither the old nor the new file"
    for name, expected in zip("ab", clean, strict=True):
        run_build([tmp_path / name], tmp_path / "out", formats=("ttl", "html"), extractor=EXTRACTOR)
        assert bytes_of(tmp_path / "out") == expected
    assert not list((tmp_path / "out").glob(".build-*")), "folders of killed builds are removed by the next one"


def test_ctrl_c_ends_a_build_at_once_with_the_old_files_whole_and_its_facts_kept(tmp_path: Path) -> None:
    clean = corpora(tmp_path)
    run_build([tmp_path / "a"], tmp_path / "out", formats=("ttl", "html"), extractor=EXTRACTOR)
    script = (
        "from pathlib import Path; from kgraph.build import run_build\n"
        "def say(step):\n    if step.stage == 'extract' and step.done: print(step.done, flush=True)\n"
        "run_build(['c'], Path('out'), formats=('ttl', 'html'), extractor='fake_extractor:slow', jobs=2, full=True, on_progress=say)"
    )
    many(tmp_path / "c", 300)
    child = start(script, tmp_path)
    assert child.stdout is not None
    child.stdout.readline()
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert time.monotonic() - began < 10
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert bytes_of(tmp_path / "out") == clean[0]
    assert not list((tmp_path / "out").glob(".build-*"))
    report = run_build([tmp_path / "c"], tmp_path / "out", formats=("ttl",), extractor="fake_extractor:slow")
    assert report.reused > 0


def test_a_full_disk_leaves_the_old_files_whole(tmp_path: Path) -> None:
    clean = corpora(tmp_path)
    run_build([tmp_path / "a"], tmp_path / "out", formats=("ttl", "html"), extractor=EXTRACTOR)
    # a limit on the size of files stands for the end of the disk: the page does not fit any more
    script = (
        "import resource; from pathlib import Path; from kgraph.build import run_build\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        f"try:\n    run_build(['b'], Path('out'), {OPTIONS})\nexcept OSError as error:\n    print('OSError', error.errno)"
    )
    child = start(script, tmp_path)
    output, errors = child.communicate(timeout=120)
    assert output.startswith("OSError"), errors
    assert bytes_of(tmp_path / "out") == clean[0]
    assert not list((tmp_path / "out").glob(".build-*"))
    run_build([tmp_path / "b"], tmp_path / "out", formats=("ttl", "html"), extractor=EXTRACTOR)
    assert bytes_of(tmp_path / "out") == clean[1]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    many(tmp_path / "a", 3)
    (tmp_path / "out").touch()
    with pytest.raises(OSError, match=r"exists|directory"):
        run_build([tmp_path / "a"], tmp_path / "out", formats=("ttl",), extractor=EXTRACTOR)


def test_two_builds_into_one_folder_at_once_are_both_right(tmp_path: Path) -> None:
    clean = corpora(tmp_path)
    head = "import sys; from pathlib import Path; from kgraph.build import run_build"
    script = f"{head}\nfor full in (False, True): run_build([sys.argv[1]], Path('out'), {OPTIONS}, full=full)"
    children = [subprocess.Popen([sys.executable, "-c", script, name], cwd=tmp_path, env=environment()) for name in "aba"]
    assert [child.wait(timeout=300) for child in children] == [0, 0, 0]
    assert bytes_of(tmp_path / "out") in clean
