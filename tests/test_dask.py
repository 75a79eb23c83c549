"""The engine `dask` on a cluster of this machine: the same bytes as the local build, whatever dies in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_incremental import EXTRACTOR, bytes_of, many

from kgraph import cluster, shards
from kgraph.build import run_build
from kgraph.manifest import BuildReport
from kgraph.progress import Step, silent

pytest.importorskip("distributed", reason="the extra kgraph[dask] is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Dask's own warnings are not ours
SLOW = "fake_extractor:slow"
FORMATS = ("ttl", "shards")
SIZE = 16


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cluster.connect(None, 2) as client:
        yield client.scheduler.address


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "TEXTS_PER_SHARD", SIZE)
    monkeypatch.setattr(shards, "PAPERS_PER_SHARD", SIZE)


def files_of(output: Path) -> dict[str, bytes]:
    return {**bytes_of(output), **{f"shards/{p.name}": p.read_bytes() for p in sorted((output / "shards").iterdir())}}


def on_dask(folder: Path, address: str, **options: object) -> BuildReport:
    options = {"formats": FORMATS, "extractor": EXTRACTOR, "engine": "dask", "scheduler": address, **options}
    return run_build([folder / "in"], folder / "out", **options)  # type: ignore[arg-type]


def locally(folder: Path, extractor: str = EXTRACTOR) -> dict[str, bytes]:
    run_build([folder / "in"], folder / "local", formats=FORMATS, extractor=extractor)
    return files_of(folder / "local")


def worker_pids(address: str) -> dict[str, int]:
    from distributed import Client

    with Client(address) as client:
        return client.run(os.getpid)  # type: ignore[no-any-return]


def test_a_cluster_gives_the_bytes_of_the_local_build(tmp_path: Path, address: str) -> None:
    many(tmp_path / "in", 100)
    steps: list[Step] = []
    report = on_dask(tmp_path, address, on_progress=steps.append)
    assert files_of(tmp_path / "out") == locally(tmp_path)
    assert (report.extracted, report.reused, report.failed) == (100, 0, 0)
    assert len(list((tmp_path / "out/shards").glob("papers-*.nt"))) == 8
    assert [s for s in steps if s.stage == "extract"][-1] == Step("extract", 100, 100)
    kept = {p.name.partition("-")[0] for p in (tmp_path / "out/.cache/shards").iterdir()}
    assert kept == {"texts"}, "only facts are kept after a finished build"
    many(tmp_path / "in", 100, {7: "We present Other."})
    again = on_dask(tmp_path, address)
    assert 0 < again.extracted < 40
    assert files_of(tmp_path / "out") == locally(tmp_path)


def test_a_worker_killed_in_the_midst_loses_nothing(tmp_path: Path, address: str) -> None:
    many(tmp_path / "in", 120)
    killed = threading.Event()
    before = worker_pids(address)

    def kill(step: Step) -> None:
        if step.stage == "extract" and step.done and not killed.is_set():
            killed.set()
            os.kill(sorted(before.values())[0], signal.SIGKILL)

    report = on_dask(tmp_path, address, extractor=SLOW, on_progress=kill)
    assert killed.is_set()
    assert report.extracted == 120
    assert sorted(worker_pids(address).values()) != sorted(before.values())
    assert files_of(tmp_path / "out") == locally(tmp_path, SLOW)


def test_a_run_killed_as_a_whole_skips_its_finished_shards_when_started_again(tmp_path: Path, address: str) -> None:
    many(tmp_path / "in", 150)
    script = (
        "import sys; from pathlib import Path; from kgraph import cluster, shards; from kgraph.build import run_build\n"
        f"cluster.TEXTS_PER_SHARD = shards.PAPERS_PER_SHARD = {SIZE}\n"
        "def say(step):\n    if step.stage == 'extract' and step.done: print(step.done, flush=True)\n"
        f"run_build([Path('in')], Path('out'), formats={FORMATS!r}, extractor={SLOW!r}, engine='dask', scheduler={address!r}, on_progress=say)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    child = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    finished = max(int(child.stdout.readline()) for _ in range(3))
    child.kill()
    child.communicate()
    assert not (tmp_path / "out" / "graph.ttl").exists()
    report = run_build([tmp_path / "in"], tmp_path / "out", formats=FORMATS, extractor=SLOW, engine="dask", scheduler=address)
    assert finished <= report.reused < 150
    assert report.reused + report.extracted == 150
    assert files_of(tmp_path / "out") == locally(tmp_path, SLOW)


def test_poisoned_records_are_reported_and_cost_no_other(tmp_path: Path, address: str) -> None:
    many(tmp_path / "in", 40, {5: "POISON here", 30: "SEGFAULT here"})
    report = on_dask(tmp_path, address)
    assert (report.failed, report.extracted) == (2, 38)
    assert sorted(p.message.partition(": ")[2].partition(":")[0] for p in report.problems) == ["ZeroDivisionError", "the extractor's process died on it"]
    assert files_of(tmp_path / "out") == locally(tmp_path)


def test_damaged_shards_are_noticed_and_redone(tmp_path: Path, address: str) -> None:
    many(tmp_path / "in", 60)
    on_dask(tmp_path, address)
    before = files_of(tmp_path / "out")
    kept = sorted((tmp_path / "out/.cache/shards").iterdir())
    kept[0].write_bytes(kept[0].read_bytes()[:-3])
    (tmp_path / "out" / "graph.ttl").unlink()
    report = on_dask(tmp_path, address)
    assert 0 < report.extracted < 60
    assert files_of(tmp_path / "out") == before


def test_nobody_at_the_address_is_an_error_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path / "in", 4)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(OSError, match=r"127\.0\.0\.1:1"):
        run_build([tmp_path / "in"], tmp_path / "out", extractor=EXTRACTOR, engine="dask", scheduler="tcp://127.0.0.1:1", on_progress=silent)
