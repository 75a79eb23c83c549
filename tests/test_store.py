from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from fake_extractor import facts_of

from kgraph.model import Paper
from kgraph.store import FILE, CacheError, FactsCache, PackedFacts, facts_key, pack, unpack

PAPER = Paper("k", "We present Abc. Abc beats Def by 12%.", "Title")
FACTS = facts_of(PAPER)
V = "fast/1"


def keys(n: int) -> list[bytes]:
    return [facts_key("", str(i), V) for i in range(n)]


def test_facts_come_back_for_the_paper_that_asks() -> None:
    assert unpack(pack(FACTS), "k") == FACTS
    assert unpack(pack(FACTS), "other").paper == "other"
    assert PackedFacts({"k": pack(FACTS)})["k"] == FACTS


def test_what_is_no_packed_facts_is_refused() -> None:
    for wrong in (b"", b"nonsense", pack(FACTS)[:-9]):
        with pytest.raises(ValueError, match="no packed facts"):
            unpack(wrong, "k")


def test_a_key_tells_title_abstract_and_version_apart() -> None:
    assert len({facts_key(*parts) for parts in [("a", "b", "c"), ("ab", "", "c"), ("", "ab", "c"), ("a", "b", "d"), ("b", "a", "c")]}) == 5


def test_entries_are_found_again_by_another_process(tmp_path: Path) -> None:
    first, second = FactsCache(tmp_path, V), FactsCache(tmp_path, V)
    first.add((key, pack(FACTS)) for key in keys(1200))
    found = second.find(keys(1300))
    assert len(found.packed) == 1200
    assert found.damaged == 0
    assert unpack(found.packed[keys(1)[0]], "k") == FACTS
    first.close()
    second.close()


def test_a_damaged_entry_counts_as_missing(tmp_path: Path) -> None:
    cache = FactsCache(tmp_path, V)
    cache.add((key, pack(FACTS)) for key in keys(4))
    one, two, three, _ = keys(4)
    cache.db.execute("UPDATE facts SET entry = substr(entry, 1, 40) WHERE key = ?", (one,))
    cache.db.execute("UPDATE facts SET entry = 7 WHERE key = ?", (two,))
    cache.db.execute("UPDATE facts SET entry = (SELECT entry FROM facts WHERE key = ?) WHERE key = ?", (two, three))
    found = cache.find(keys(4))
    assert list(found.packed) == keys(4)[3:]
    assert found.damaged == 3
    cache.close()


@pytest.mark.parametrize("damage", ["no database", "half", "a hole"])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, damage: str) -> None:
    cache = FactsCache(tmp_path, V)
    cache.add((key, pack(FACTS)) for key in keys(2000))
    cache.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cache.close()
    path = tmp_path / FILE
    data = path.read_bytes()
    path.write_bytes({"no database": b"x" * len(data), "half": data[: len(data) // 2], "a hole": data[:4096] + b"\xff" * (len(data) - 4096)}[damage])
    cache = FactsCache(tmp_path, V)
    found = cache.find(keys(2000))
    assert cache.damaged_files + found.damaged > 0
    cache.add((key, pack(FACTS)) for key in keys(2000))
    assert len(cache.find(keys(2000)).packed) == 2000
    cache.close()


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match=r"exists|directory"):
        FactsCache(tmp_path / "file", V)
    cache = FactsCache(tmp_path / "small", V)
    cache.db.execute("PRAGMA max_page_count = 20")  # as on a full disk
    with pytest.raises(CacheError, match="full"):
        cache.add((key, pack(FACTS)) for key in keys(5000))
    assert cache.find(keys(5000)) == ({}, 0)
    cache.close()


def test_two_builds_write_at_once(tmp_path: Path) -> None:
    def write(start: int) -> None:
        cache = FactsCache(tmp_path, V)
        for i in range(start, 400, 2):
            cache.add([(keys(400)[i], pack(FACTS))])
        cache.close()

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache = FactsCache(tmp_path, V)
    assert len(cache.find(keys(400)).packed) == 400
    cache.close()


def test_only_other_versions_of_the_same_model_are_forgotten(tmp_path: Path) -> None:
    for version, key in (("fast/1", b"a"), ("fast/2", b"b"), ("small/1", b"c")):
        cache = FactsCache(tmp_path, version)
        cache.add([(key, pack(FACTS))])
        cache.close()
    cache = FactsCache(tmp_path, "fast/2")
    assert cache.forget_other_versions() == 1
    assert set(cache.find([b"a", b"b", b"c"]).packed) == {b"b", b"c"}
    cache.close()


def test_a_transaction_that_was_cut_off_leaves_no_trace(tmp_path: Path) -> None:
    cache = FactsCache(tmp_path, V)
    cache.add([(b"a", pack(FACTS))])
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO facts VALUES (?, ?, ?)", (b"b", V, b"half"))
    other.close()
    assert set(cache.find([b"a", b"b"]).packed) == {b"a"}
    cache.close()
