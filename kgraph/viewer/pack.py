"""Viewer: integers and texts as short ASCII strings, so that a page can hold every fact and every abstract.

Deflate would be smaller by a little, but its bytes depend on the zlib build and the browser would have to inflate it asynchronously.
Here a text is the list of its words, a word is its rank by frequency, and an integer is one to four printable characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

# Printable ASCII without the characters that JSON or HTML would have to escape. The first half ends a number, the second half goes on.
ALPHABET = "".join(chr(c) for c in range(33, 127) if chr(c) not in "\"'&<>\\")
BASE = len(ALPHABET) // 2


class _Codes(dict[int, str]):
    """Memo of the code of an integer; a page writes the same small ones a million times."""

    def __missing__(self, number: int) -> str:
        if number < 0:
            raise ValueError(f"only natural numbers can be packed, not {number}")
        rest, out = number, ""
        while rest >= BASE:
            out += ALPHABET[BASE + rest % BASE]
            rest //= BASE
        code = self[number] = out + ALPHABET[rest]
        return code


_CODES = _Codes()


def pack_ints(numbers: Iterable[int]) -> str:
    """Natural numbers as base-44 digits, least first, the last digit of each from the alphabet's first half.

    >>> pack_ints([0, 1, 43, 44, 5000])
    '!#QR#ol$'

    Raises ValueError on a negative number.
    """
    return "".join(map(_CODES.__getitem__, numbers))


def unpack_ints(packed: str) -> list[int]:
    """The numbers of a packed string; the page's script does the same.

    >>> unpack_ints(pack_ints([7, 0, 123456789]))
    [7, 0, 123456789]
    """
    numbers, value, scale = [], 0, 1
    for character in packed:
        digit = ALPHABET.index(character)
        value += digit % BASE * scale
        if digit < BASE:
            numbers.append(value)
            value, scale = 0, 1
        else:
            scale *= BASE
    return numbers


def pack_texts(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Texts as ranks of words: the words, most frequent first and joined by blanks, and each text as a packed string.

    A word is whatever stands between two blanks, so joining the words of a text by blanks gives exactly the text.

    >>> pack_texts(["to be or not to be", "to  be"])
    ('be to  not or', ['#!(%#!', '#$!'])
    """
    split = [text.split(" ") for text in texts]
    counts = Counter(chain.from_iterable(split))
    order = sorted(counts, key=lambda word: (-counts[word], word))
    code = {word: _CODES[rank] for rank, word in enumerate(order)}.__getitem__
    return " ".join(order), ["".join(map(code, words)) for words in split]


def unpack_text(words: str, packed: str) -> str:
    """One text back from its packed form.

    >>> words, (text,) = pack_texts(["a  b\\ta a"])
    >>> unpack_text(words, text)
    'a  b\\ta a'
    """
    table = words.split(" ")
    return " ".join(table[rank] for rank in unpack_ints(packed))
