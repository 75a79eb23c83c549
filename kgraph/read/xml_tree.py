"""Stage 1, read: a small XML tree whose elements know where their content stands in the file (on expat, which gives byte positions).

Entity declarations are refused and nothing external is ever fetched, so a bomb of entities or a reference to a local file is a
message. The nesting of elements costs no stack.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from xml.parsers import expat

from kgraph.read.files import InputError
from kgraph.read.pieces import Piece, cut

_DEEPEST = 1_000
_BLOCK = 1 << 20
_CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""


class Element:
    """An element: local name, attributes by local name, children, and where its content begins and ends in the text (code points)."""

    __slots__ = ("attributes", "begin", "children", "context", "end", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], begin: int, text: str) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.begin = begin
        self.end = begin
        self.text = text
        self.context = ""

    def content(self) -> Piece:
        """Return the source of the content, markup and entities included, as a piece of the file."""
        return cut(self.text, self.begin, self.end)

    def walk(self, skipped: frozenset[str] = frozenset()) -> Iterator[Element]:
        """Yield the elements below this one in order, those of the `skipped` names with all that is in them left out."""
        stack = list(reversed(self.children))
        while stack:
            element = stack.pop()
            if element.tag not in skipped:
                yield element
                stack.extend(reversed(element.children))


class BadXMLError(Exception):
    """The text is not well-formed XML from offset `at` on, or is refused."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def elements(text: str, wanted: Callable[[str, tuple[str, ...]], bool], passed: Callable[[Element, tuple[str, ...]], str]) -> Iterator[Element]:
    """Yield every element for which `wanted(name, names of the elements around it)` holds, as soon as it has ended, with all that is below it.

    `passed` is called for every other element that has no wanted one around it, when it ends; what it last returned becomes the
    `context` of the wanted elements that follow.
    Raises BadXMLError, after the elements before the fault have been yielded.
    """
    data = text.encode("utf-8", "replace")
    place = _Places(text, data)
    parser = expat.ParserCreate("utf-8", "|")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    stack: list[Element] = []
    done: list[Element] = []
    inside = 0
    context = ""

    def refuse(*_: object) -> None:
        raise InputError("XML with entity declarations is refused")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if len(stack) > _DEEPEST:
            raise InputError(f"XML that is nested more than {_DEEPEST} deep is refused")
        tag = name.rpartition("|")[2]
        at = data.find(b">", parser.CurrentByteIndex)
        # an attribute value may hold a `>`; the end of the tag is the first one outside of quotes
        at = _tag_end(data, parser.CurrentByteIndex) if attributes else at
        element = Element(tag, {key.rpartition("|")[2]: value for key, value in attributes.items()}, place.of(at + 1), text)
        if stack and inside:
            stack[-1].children.append(element)
        stack.append(element)
        if inside or wanted(tag, tuple(above.tag for above in stack[:-1])):
            inside += 1

    def end(name: str) -> None:
        nonlocal inside, context
        element = stack.pop()
        element.end = max(place.of(parser.CurrentByteIndex), element.begin)
        if inside:
            inside -= 1
            if not inside:
                element.context = context
                done.append(element)
        else:
            context = passed(element, tuple(above.tag for above in stack))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    try:
        for at in range(0, len(data), _BLOCK):
            parser.Parse(data[at : at + _BLOCK], False)
            yield from done
            done.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from done
        raise BadXMLError(f"not well-formed XML: {expat.errors.messages[error.code]}", error.lineno) from None
    except InputError as error:
        yield from done
        raise BadXMLError(str(error), parser.CurrentLineNumber) from None
    yield from done


def _tag_end(data: bytes, at: int) -> int:
    """Return the offset of the `>` that ends the tag at `at`."""
    while True:
        end = data.find(b">", at)
        double, single = data.find(b'"', at, end), data.find(b"'", at, end)
        opening = min((found for found in (double, single) if found >= 0), default=-1)
        if end < 0 or opening < 0:
            return end
        closing = data.find(data[opening : opening + 1], opening + 1)
        if closing < 0:
            return end
        at = closing + 1


class _Places:
    """Byte offsets to code point offsets, by the counts at every 4,096th byte."""

    def __init__(self, text: str, data: bytes) -> None:
        self.data = data
        self.same = len(text) == len(data)
        self.marks: list[int] = []
        self.counts: list[int] = []
        if not self.same:
            count = 0
            for at in range(0, len(data), 4_096):
                self.marks.append(at)
                self.counts.append(count)
                count += len(data[at : at + 4_096].translate(None, _CONTINUATION))

    def of(self, at: int) -> int:
        """Return the number of code points before byte `at`."""
        if self.same or at <= 0:
            return max(at, 0)
        mark = bisect_right(self.marks, at) - 1
        return self.counts[mark] + len(self.data[self.marks[mark] : at].translate(None, _CONTINUATION))
