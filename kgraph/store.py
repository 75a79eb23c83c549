"""Stage 2's memory: the facts of every text read so far, by content, so that a text is read once.

An entry's name is a hash of title, abstract and the extractor's version, so it can be missing or damaged but never stale. The entries are
rows of one SQLite file: a crash leaves it whole, and two builds may use it at once. Each carries a checksum of name and content;
what does not match it counts as missing.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from kgraph.model import PaperFacts

FILE = "facts.db"
CHECKSUM = 8
WAIT_SECONDS = 60.0
"""Another build's transaction is waited for this long; one writes a batch, not a build."""
_ASKED_AT_ONCE = 500
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(PaperFacts)


class CacheError(Exception):
    """The cache cannot be read or written (no space, no permission, locked); the message says why. Work can go on without it."""


def facts_key(title: str, abstract: str, version: str) -> bytes:
    """The name of the facts of a text: 20 bytes."""
    digest = hashlib.blake2b(digest_size=20)
    for part in (version, title, abstract):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()


def pack(facts: PaperFacts) -> bytes:
    """Facts as deflated MessagePack, without the paper's key: equal texts of two papers have equal packs."""
    return zlib.compress(_encoder.encode(msgspec.structs.replace(facts, paper="")), 1)


def unpack(packed: bytes, paper: str) -> PaperFacts:
    """The facts of the paper with key `paper`; raises ValueError for anything that `pack` did not write."""
    try:
        return msgspec.structs.replace(_decoder.decode(zlib.decompress(packed)), paper=paper)
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(f"no packed facts: {error}") from error


class PackedFacts(Mapping[str, PaperFacts]):
    """Facts by paper key, kept packed (about a tenth of their size in memory) and unpacked whenever they are asked for."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self.packed = packed

    def __getitem__(self, key: str) -> PaperFacts:
        return unpack(self.packed[key], key)

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


class Found(NamedTuple):
    """What a look-up found: packed facts by key, and how many entries were damaged."""

    packed: dict[bytes, bytes]
    damaged: int


class FactsCache:
    """The cache in a folder (made if missing), for facts of one extractor version. Raises CacheError from every method.

    A file that is no database any more is put away and begun anew.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self.path = Path(folder) / FILE
        self.version = version
        self.damaged_files = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._open()
        except OSError as error:
            raise CacheError(error.strerror or str(error)) from error

    def _open(self) -> None:
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            self._renew(error)

    def _connect(self) -> None:
        self.db = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=NORMAL")
            self.db.execute("CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, version TEXT, entry BLOB)")
        except BaseException:
            self.db.close()
            raise

    def _renew(self, error: sqlite3.DatabaseError) -> None:
        """Put a damaged file away and begin a new one; anything else than damage is CacheError."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise CacheError(str(error)) from error
        self.damaged_files += 1
        self.db.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        try:
            self._connect()
        except sqlite3.DatabaseError as again:
            raise CacheError(str(again)) from again

    def find(self, keys: Sequence[bytes]) -> Found:
        """The entries of those keys that are there and whole."""
        packed: dict[bytes, bytes] = {}
        damaged = 0
        try:
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                some = keys[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(some))
                for key, entry in self.db.execute(f"SELECT key, entry FROM facts WHERE key IN ({marks})", some):
                    if isinstance(entry, bytes) and entry[:CHECKSUM] == _checksum(key, entry[CHECKSUM:]):
                        packed[key] = entry[CHECKSUM:]
                    else:
                        damaged += 1
        except sqlite3.DatabaseError as error:
            self._renew(error)
            damaged += 1
        return Found(packed, damaged)

    def add(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Write packed facts by key, all or none; an entry that is there already is replaced."""
        rows = [(key, self.version, _checksum(key, packed) + packed) for key, packed in entries]
        try:
            self._write(rows)
        except sqlite3.DatabaseError as error:
            self._renew(error)
            self._write_once_more(rows)

    def _write(self, rows: list[tuple[bytes, str, bytes]]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def _write_once_more(self, rows: list[tuple[bytes, str, bytes]]) -> None:
        try:
            self._write(rows)
        except sqlite3.DatabaseError as error:
            raise CacheError(str(error)) from error

    def forget_other_versions(self) -> int:
        """Drop what other versions of the same model's extractor have read (versions are `MODEL/HASH`); returns how many entries."""
        model = self.version.partition("/")[0] + "/"
        try:
            return self.db.execute("DELETE FROM facts WHERE version != ? AND substr(version, 1, ?) = ?", (self.version, len(model), model)).rowcount
        except sqlite3.DatabaseError as error:
            raise CacheError(str(error)) from error

    def close(self) -> None:
        """Release the file."""
        self.db.close()


def _checksum(key: bytes, packed: bytes) -> bytes:
    return hashlib.blake2b(key + packed, digest_size=CHECKSUM).digest()
