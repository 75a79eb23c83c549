"""Stage 1, read: from what the user named (files, folders, globs, `-`) to streams of characters, whatever the compression and encoding.

Memory is bounded: streams are decoded in blocks, a reader that needs a whole file gets at most `LONGEST_FILE` characters, and a
compressed file may not unpack to more than `MOST_EXPANSION` times its size (beyond the first `FREE_EXPANSION` bytes).
"""

from __future__ import annotations

import codecs
import glob
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

LONGEST_FILE = 256_000_000
LONGEST_LINE = 64_000_000
FREE_EXPANSION = 32_000_000
MOST_EXPANSION = 250
MOST_WINDOW = 1 << 27
"""Bytes of memory that a decompressor may ask for."""
HEAD = 65_536
"""Bytes of a file that are looked at to recognise it."""


class InputError(Exception):
    """Something is wrong with a file as a whole; the message says what."""


class Input(NamedTuple):
    """One file to read: its name in messages, its name in the graph, and where it is (None is standard input)."""

    shown: str
    label: str
    path: Path | None


def find_inputs(inputs: Sequence[str | Path]) -> Iterator[Input | tuple[str, str]]:
    """Yield the files that the inputs name, in order, and `(name, message)` for those that name none.

    Files in a folder are labelled relative to it, so that the place of the folder does not get into the graph. Hidden files of a
    folder are passed over; links that lead out of it are not followed.
    """
    for given in inputs:
        name = str(given)
        try:
            yield from _named(name)
        except (OSError, ValueError) as error:  # a name that is too long, holds a NUL, loops
            yield name.replace("\x00", "\\0")[:200], getattr(error, "strerror", None) or str(error)


def _named(name: str) -> Iterator[Input | tuple[str, str]]:
    path = Path(name)
    if name == "-":
        yield Input("-", "-", None)
    elif path.is_dir():
        found = False
        for file in sorted(path.rglob("*"), key=lambda file: file.relative_to(path).as_posix()):
            relative = file.relative_to(path)
            if file.is_file() and not any(part.startswith(".") for part in relative.parts):
                found = True
                yield Input(file.as_posix(), relative.as_posix(), file)
        if not found:
            yield path.as_posix(), "no files in this folder"
    elif path.exists():
        yield Input(path.as_posix(), path.as_posix(), path)
    elif glob.has_magic(name):
        matches = [match for match in sorted(glob.glob(name, recursive=True)) if Path(match).is_file()]  # noqa: PTH207 (absolute patterns, too)
        if not matches:
            yield name, "no file matches"
        for match in matches:
            yield Input(Path(match).as_posix(), Path(match).as_posix(), Path(match))
    else:
        yield name, "no such file or folder"


def open_text(source: Input) -> tuple[io.TextIOWrapper, str]:
    """Open an input as characters; return the stream and the head of it (to recognise the format by).

    Line ends and a byte order mark are left as they are, so that offsets are those of the decoded file. Raises InputError when the
    file is empty, binary, or its decompressor is missing, OSError when it cannot be read.
    """
    counted = _Counted(cast(BinaryIO, sys.stdin.buffer) if source.path is None else source.path.open("rb"))
    buffered: io.BufferedReader = io.BufferedReader(counted, HEAD)
    for _ in range(2):  # a packed file in a packed file happens, more is not meant for reading
        unpacker = next((unpack for magic, unpack in _UNPACKERS.items() if buffered.peek(HEAD).startswith(magic)), None)
        if unpacker is None:
            break
        unpacked: io.RawIOBase = _Bounded(unpacker(buffered), counted)
        buffered = io.BufferedReader(unpacked, HEAD)
    head = buffered.peek(HEAD)[:HEAD]
    if not head.strip():
        raise InputError("empty file")
    encoding = _encoding(head)
    text = io.TextIOWrapper(buffered, encoding=encoding, errors="kgraph-cp1252" if encoding == "utf-8" else "replace", newline="")
    return text, codecs.getincrementaldecoder(encoding)("replace").decode(head)


def read_whole(stream: io.TextIOBase) -> str:
    """Return the whole text of a stream; raises InputError when it is longer than LONGEST_FILE characters."""
    blocks, size = [], 0
    while block := stream.read(1_000_000):
        size += len(block)
        if size > LONGEST_FILE:
            raise InputError(f"longer than {LONGEST_FILE:,} characters, which this format cannot be read in")
        blocks.append(block)
    return "".join(blocks)


def read_lines(stream: io.TextIOBase) -> Iterator[tuple[int, int, str]]:
    """Yield (line number from 1, offset of its first character, line with its end); raises InputError for a line longer than LONGEST_LINE."""
    offset = 0
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise InputError(f"line {number} is longer than {LONGEST_LINE:,} characters")
        yield number, offset, line
        offset += len(line)


_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = {
    b"%PDF": "PDF: give its text",
    b"PK\x03\x04": "a zip archive or an office document: unpack it first",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"\x7fELF": "a program",
    b"SQLite format": "a database",
    b"Rar!": "an archive: unpack it first",
    b"7z\xbc\xaf": "an archive: unpack it first",
    b"\xd0\xcf\x11\xe0": "an office document",
}


def _encoding(head: bytes) -> str:
    """Return the encoding of a file that begins so; raises InputError for what is no text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise InputError(f"binary file ({what})")
    if head.count(0) > len(head) // 4:
        even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
        few, many = sorted((even, odd))
        if many > 10 * (few + 1):
            return "utf-16-be" if even > odd else "utf-16-le"
        raise InputError("binary file")
    control = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1b\x00")
    if control > max(len(head) // 20, 8):
        raise InputError("binary file")
    return "utf-8"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252: a file of mixed encodings stays readable, and one byte is one character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in wrong), error.end


codecs.register_error("kgraph-cp1252", _as_windows_1252)


class _Counted(io.RawIOBase):
    """A file (or standard input, which stays open) as raw stream that counts the bytes taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = self.stream.read(len(view))
        view[: len(data)] = data
        self.taken += len(data)
        return len(data)

    def close(self) -> None:
        if self.stream is not sys.stdin.buffer:
            self.stream.close()
        super().close()


class _Bounded(io.RawIOBase):
    """What a decompressor gives, as long as that stays in proportion to what it takes. Damaged data become an InputError."""

    def __init__(self, blocks: Iterator[bytes], counted: _Counted) -> None:
        self.blocks = blocks
        self.counted = counted
        self.rest = b""
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        if not self.rest:
            self.rest = next(self.blocks, b"")
        data, self.rest = self.rest[: len(view)], self.rest[len(view) :]
        self.size += len(data)
        if self.size > FREE_EXPANSION and self.size > MOST_EXPANSION * self.counted.taken:
            raise InputError(f"unpacks to more than {MOST_EXPANSION} times its size; refused")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.counted.close()
        super().close()


def _unzlib(packed: BinaryIO) -> Iterator[bytes]:
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=packed) as unpacked:
            while block := unpacked.read(HEAD):
                yield block
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"damaged gzip file: {error}") from error


def _unxz(packed: BinaryIO) -> Iterator[bytes]:
    import lzma

    try:
        decompressor = lzma.LZMADecompressor(memlimit=MOST_WINDOW)
        while True:
            block = b"" if not decompressor.needs_input else packed.read(HEAD)
            if not block and decompressor.needs_input:
                if not decompressor.eof:
                    raise InputError("damaged xz file: it ends too early")
                return
            if out := decompressor.decompress(block, HEAD):
                yield out
            if decompressor.eof:
                rest = decompressor.unused_data.lstrip(b"\0") or packed.read(HEAD).lstrip(b"\0")
                if not rest:
                    return
                decompressor = lzma.LZMADecompressor(memlimit=MOST_WINDOW)
                if out := decompressor.decompress(rest, HEAD):
                    yield out
    except lzma.LZMAError as error:
        raise InputError(f"damaged xz file: {error}") from error


def _unbz2(packed: BinaryIO) -> Iterator[bytes]:
    import bz2

    try:
        with bz2.BZ2File(packed) as unpacked:
            while block := unpacked.read(HEAD):
                yield block
    except (OSError, EOFError) as error:
        raise InputError(f"damaged bzip2 file: {error}") from error


def _unzstd(packed: BinaryIO) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError as error:
        raise InputError("a .zst file needs the extra: pip install 'kgraph[formats]'") from error
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(packed, read_across_frames=True, closefd=False)
        while block := reader.read(HEAD):
            yield block
    except zstandard.ZstdError as error:
        raise InputError(f"damaged zstd file: {error}") from error


_UNPACKERS: dict[bytes, Callable[[BinaryIO], Iterator[bytes]]] = {
    b"\x1f\x8b": _unzlib,
    b"\xfd7zXZ\x00": _unxz,
    b"BZh": _unbz2,
    b"\x28\xb5\x2f\xfd": _unzstd,
}
