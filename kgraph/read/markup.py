"""Stage 1, read: what `clean` looks for in raw text, as regular expressions (every repetition bounded or possessive, so they take linear time)."""

from __future__ import annotations

import re

from kgraph.read.symbols import BLOCK_TAGS, INLINE_TAGS

SPACE = "\t\n\x0b\x0c\r\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NOISE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
_TAGS = "|".join(re.escape(tag) for tag in sorted(BLOCK_TAGS | INLINE_TAGS, key=lambda tag: (-len(tag), tag)))
_ATTRIBUTES = r"(?:\s{1,9}[\w:.-]{1,40}\s{0,9}=\s{0,9}(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'<>=]{1,500})){0,20}+"
_CP1252_HIGH = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xC0))

# Where anything may have to be done; everything between two such places is copied as it is.
SPECIAL = re.compile(
    rf"[\\$~{{}}{NOISE}\ufb00-\ufb06\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    r"|<[/a-zA-Z!]|&[#a-zA-Z]|[_^]|``|''|--|  |https?://|\(cid:\d|[\xc2-\xf4][\x80-\xbf" + re.escape(_CP1252_HIGH) + "]",
)
# Texts with none of these need nothing at all.
DIRTY = re.compile(
    rf"[\\$~{NOISE}\ufb00-\ufb06\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
    r"|<[/a-zA-Z!]|&[#a-zA-Z]|[_^]\{|``|''|--|  |\A | \Z|\(cid:\d|[\xc2-\xf4][\x80-\xbf" + re.escape(_CP1252_HIGH) + "]",
)
TOKEN = re.compile(
    rf"""(?P<url>https?://[^\s<>"{{}}$\\^`|{NOISE}]*+(?:\\[_%&\#~$][^\s<>"{{}}$\\^`|{NOISE}]*+)*+)
    |(?P<script><su(?P<which>[bp])>(?P<inner>[^<>]{{1,20}})</su(?P=which)>)
    |(?P<tag>(?:<|&lt;)(?P<slash>/?)(?P<name>{_TAGS}){_ATTRIBUTES}\s{{0,9}}/?(?:>|&gt;))
    |(?P<comment><!--.{{0,2000}}?-->)
    |(?P<entity>&(?:amp;){{0,3}}(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
    |(?P<accent>\\(?:(?P<mark>["'`^~=.])|(?P<letter>[uvHcdbkrt])(?=[ {{]))[ ]?
        (?:\{{[ ]?(?P<braced>\\[ij]|[^\W\d_])[ ]?\}}|(?P<bare>\\[ij](?![a-zA-Z])|[^\W\d_])))
    |(?P<command>\\(?P<word>[a-zA-Z]+)\*?)
    |(?P<escape>\\(?P<char>[^a-zA-Z]))
    |(?P<dollar>\$\$?)
    |(?P<open>\{{)|(?P<close>\}})
    |(?P<raised>[\^_])
    |(?P<tie>~)
    |(?P<quote>``|'')
    |(?P<dash>-{{2,}})
    |(?P<ligature>[\ufb00-\ufb06])
    |\(cid:(?P<glyph>\d{{1,5}})\)
    |(?P<space>[{SPACE}]+)
    |(?P<mojibake>[\xc2-\xf4][\x80-\xbf{re.escape(_CP1252_HIGH)}]{{1,3}})
    |(?P<noise>[{NOISE}]+)""",
    re.VERBOSE | re.DOTALL,
)
