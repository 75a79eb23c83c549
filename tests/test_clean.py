"""Decoding keeps what is meant and every offset."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.model import Run
from kgraph.read.clean import clean, compose, cut, decode, join, origin_of

CASES = [
    (r"\textbf{fast} models", "fast models"),
    (r"{\em fast} models", "fast models"),
    (r"0.05\% of $2\times$ the cost", "0.05% of 2× the cost"),
    (r"$\sim 10^{-3}$", "∼ 10⁻³"),
    (r"Nystr\"om, Erd\H{o}s, na\"{\i}ve, \L{}\'od\'z", "Nyström, Erdős, naïve, Łódź"),
    ("``quoted''", "“quoted”"),
    ("Fig.~1 and ~50 GPUs", "Fig. 1 and ~50 GPUs"),
    (r"$O(n\log n)$ on $\mathbb{R}^d$", "O(n log n) on ℝ^d"),
    (r"$x_{i,j}^2$ and $\frac{a}{b+1}$", "x_(i,j)² and a/(b+1)"),
    ("from $5 to $10", "from $5 to $10"),
    (r"12{,}288 tokens", "12{,}288 tokens"),
    (r"$12{,}288$ tokens", "12,288 tokens"),
    (r"\href{https://example.org/a\_b}{here}", "here (https://example.org/a_b)"),
    (r"\href{https://example.org/ab}{https://example.org/ab}", "https://example.org/ab"),
    (r"\url{https://example.org/~ann}", "https://example.org/~ann"),
    ("https://example.org/~ann/a_b--c%20d", "https://example.org/~ann/a_b--c%20d"),
    (r"as shown~\cite{lee2020, li} .", "as shown."),
    (r"the rule\footnote{found late} holds", "the rule (found late) holds"),
    ("<p>One <b>two</b></p><p>three &amp; four</p>", "One two three & four"),
    ('see <a href="https://example.org/x">this</a>', "see this (https://example.org/x)"),
    ("H<sub>2</sub>O, &lt;p&gt;x &amp;lt; y", "H₂O, x < y"),
    ("the <think> token and a<b>c", "the <think> token and ac"),
    ("a<b and c>d", "a<b and c>d"),
    ("eﬃcient ﬂow", "efficient flow"),
    ("an ar(cid:173) gument, over(cid:173)\nfitting, a(cid:12)b", "an argument, overfitting, ab"),
    ("dis\u00adcover \x00nul\x0b", "discover nul"),
    ("a hard\nline  break\r\n here", "a hard line break here"),
    ("exam-\nple", "example"),
    ("state-of-the-\nart and self-\nattention", "state-of-the-art and self-attention"),
    ("it\u00e2\u20ac\u2122s caf\u00c3\u00a9", "it’s café"),
    ("90--95 and a---b", "90–95 and a—b"),
    ("use --fast", "use --fast"),
    ("lone \ud800 half", "lone \ufffd half"),
    ("available at this https URL.", "available at this https URL."),
    (r"first line\nSecond line", "first line Second line"),
    ("{kept} braces", "{kept} braces"),
    ("plain text, nothing to do: ½ × 2 = 1", "plain text, nothing to do: ½ × 2 = 1"),
    ("מודל שפה \u200fגדול", "מודל שפה \u200fגדול"),
]


@pytest.mark.parametrize(("raw", "wanted"), CASES, ids=[wanted[:30] for _, wanted in CASES])
def test_markup_is_decoded(raw: str, wanted: str) -> None:
    assert decode(raw)[0] == wanted
    assert_runs(raw)


def assert_runs(raw: str) -> None:
    text, runs = decode(raw)
    end = origin = 0
    for run in runs:
        assert run.length > 0
        assert run.start >= end
        assert run.origin >= origin
        end, origin = run.start + run.length, run.origin + run.length
        assert text[run.start : end] == raw[run.origin : origin]
    assert end <= len(text)


ATOMS = st.sampled_from(
    [
        "{",
        "}",
        "$",
        "\\",
        "\\textbf{",
        "\\frac{",
        "\\cite{",
        "\\href{u}{",
        "^{",
        "_",
        "``",
        "''",
        "<b>",
        "</b>",
        "&amp;",
        "&lt;p&gt;",
        "\n",
        "-\n",
        " ",
        "~",
        "--",
        "a",
        "Bc",
        "é",
        "ﬁ",
        "\x00",
        "\u00ad",
        '\\"o',
        "https://a.b/c",
        "\\(",
        "\\)",
        "\ud800",
        "10",
    ]
)
LATEX = st.recursive(
    st.text("ab 1é%\n", max_size=4),
    lambda inner: st.one_of(
        st.builds("\\textbf{{{}}}".format, inner),
        st.builds("\\frac{{{}}}{{{}}}".format, inner, inner),
        st.builds("${}^{{{}}}$".format, inner, inner),
        st.builds("{{\\em {}}}".format, inner),
        st.builds("\\href{{http://a.b/{}}}{{{}}}".format, inner, inner),
        st.builds("{} {}".format, inner, inner),
    ),
    max_leaves=20,
)


@given(st.one_of(st.lists(ATOMS, max_size=60).map("".join), LATEX, st.text(max_size=80)))
@settings(max_examples=400, deadline=None)
def test_every_unchanged_stretch_stands_in_the_raw_text(raw: str) -> None:
    assert_runs(raw)
    text, runs = decode(raw)
    assert not any(character in text for character in "\n\x00\ud800")
    assert "  " not in text
    assert text == text.strip(" ")
    for position in range(len(text)):
        assert 0 <= origin_of(runs, position) <= len(raw)


@given(LATEX, st.integers(0, 40), st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_runs_of_pieces_lead_to_the_file(raw: str, shift: int, base: int) -> None:
    file = "#" * base + raw
    start = min(shift, len(raw))
    piece = join([cut(raw, 0, start, base), cut(raw, start, len(raw), base)], " ")
    found = clean(piece)
    for run in found.runs:
        assert found.text[run.start : run.start + run.length] == file[run.origin : run.origin + run.length]


def test_runs_of_runs_are_cut_at_both_borders() -> None:
    assert compose((Run(0, 2, 6),), (Run(0, 10, 4), Run(5, 20, 9))) == (Run(0, 12, 2), Run(3, 20, 3))


def test_a_position_in_replaced_text_leads_to_the_nearest_run_before_it() -> None:
    text, runs = decode("ab \\alpha cd")
    assert text == "ab α cd"
    assert [origin_of(runs, at) for at in range(len(text))] == [0, 1, 2, 3, 9, 10, 11]


ENDLESS = [part * 40_000 for part in (
    "{", "}", "$", "\\", "\\textbf{", "\\frac{", "^{", "\\frac{a}{", "<a ", "<b x=", "&", "&amp;", "a-\n", "-", " ", "é", "\u00c3", "wwwwwwwwwwww",
    "\\href{u}{", "<!--", "``", "\x00", "https://", "$ x ", "<sup>", "-\n", "\\cite[", "<a href='", "\\item ", "~", "\ud800", "\u00ad\n", "_{", "$$",
)] + ["\\frac{a}{" * 30_000 + "}" * 30_000, "{\\em " * 30_000 + "}" * 30_000, "<b>" * 30_000 + "</b>" * 30_000]  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    ENDLESS,
    ids=lambda raw: repr(raw[:12]),
)
def test_deep_unbalanced_and_endless_markup_takes_linear_time(raw: str) -> None:
    begin = time.process_time()
    assert_runs(raw)
    assert time.process_time() - begin < 5
