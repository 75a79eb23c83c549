"""Input made to break the readers: every file is a right reading or a message with file and line; never a traceback, a hang, or memory without bounds."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import lzma
import os
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.model import Paper, Problem
from kgraph.read import files, read_papers, readers
from kgraph.read.files import InputError

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "formats").iterdir())
SEEDS = sorted((Path(__file__).parents[1] / "data" / "papers").glob("*.txt"))
TEXTS = [path.read_bytes().decode("utf-8") for path in (*FIXTURES, *SEEDS)]
FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "600")) / 2  # for each of the two long ones
PROSE = "We show that the method is fast. It needs half of the time of the one before, and it is as right as that one on all of the data sets."


def read(path: Path) -> tuple[list[Paper], list[Problem]]:
    problems: list[Problem] = []
    return list(read_papers([path], on_problem=problems.append)), problems


def read_bytes(data: bytes, folder: Path, name: str = "input") -> tuple[list[Paper], list[Problem]]:
    (folder / name).write_bytes(data)
    papers, problems = read(folder / name)
    for problem in problems:
        assert problem.path == (folder / name).as_posix()
        assert problem.line >= 1
    return papers, problems


def check(papers: list[Paper], raw: str) -> None:
    for paper in papers:
        source = paper.sources[0]
        assert paper.abstract.strip()
        assert 1 <= source.line <= raw.count("\n") + raw.count("\r") + 1
        assert not any(character in text for text in (paper.abstract, paper.title, *paper.authors, *paper.identifiers) for character in "\x00\n\ud800")
        for text, runs in ((paper.abstract, source.abstract_runs), (paper.title, source.title_runs)):
            for run in runs:
                assert text[run.start : run.start + run.length] == raw[run.origin : run.origin + run.length]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A file of a known format with stretches taken out, doubled, moved or overwritten."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 200)))
        text = draw(
            st.sampled_from(
                [
                    text[:start] + text[end:],
                    text[:end] + text[start:end] * draw(st.integers(1, 30)) + text[end:],
                    text[:start] + draw(st.text(max_size=20)) + text[end:],
                    text[:start]
                    + draw(
                        st.sampled_from(['"', "{", "}", "<", "]]>", "\\", "\x00", "\ufeff", "@article{", "\n\n", "TY  - ", "Abstract:", "$", "''", "&", "|"])
                    )
                    + text[start:],
                    text[:start],
                    text[start:] + text[:start],
                ]
            )
        )
    return text


@pytest.mark.parametrize("name", sorted(readers()))
@given(text=st.one_of(mutated(), st.text(max_size=300), st.text('{}[]<>"\\,:@=ab1\n-| #*', max_size=200)))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_reader_breaks_on_a_text_of_another_or_of_no_format(name: str, text: str) -> None:
    problems: list[Problem] = []
    try:
        papers = list(readers()[name].read(io.StringIO(text, newline=""), "x", problems.append))
    except InputError:
        papers = []
    check(papers, text)
    assert all(problem.path == "x" and problem.line >= 1 for problem in problems)


@given(text=mutated())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_recognised_as_something_or_reported(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = text.encode("utf-8", "surrogatepass")
    papers, problems = read_bytes(data, tmp_path_factory.getbasetemp())
    assert papers or problems
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" not in data:
        check(papers, data.decode("utf-8", "kgraph-cp1252"))


@pytest.mark.slow
def test_the_readers_are_fuzzed_for_minutes(tmp_path: Path) -> None:
    """Damaged bytes, for one half of `FUZZ_SECONDS` (600)."""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    stop = time.monotonic() + FUZZ_SECONDS
    while time.monotonic() < stop:
        data = bytearray(chance.choice(TEXTS).encode("utf-8"))
        for _ in range(chance.randint(1, 30)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(4):
                case 0:
                    data[at : at + chance.randint(1, 50)] = b""
                case 1:
                    data[at:at] = bytes(chance.choices(b'{}[]<>"\\,:@=-|#*$\x00\xff\xc3\n', k=chance.randint(1, 5)))
                case 2:
                    data[at:at] = data[at : at + chance.randint(1, 300)] * chance.randint(1, 20)
                case _:
                    data[at : at + 1] = bytes([chance.randrange(256)])
        begin = time.process_time()
        try:
            read_bytes(bytes(data), tmp_path)
        except Exception:
            print(f"seed {seed}: {bytes(data)!r}"[:5000])
            raise
        assert time.process_time() - begin < 10, bytes(data)[:2000]


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed (it has no wheels for every Python and platform)")
def test_the_readers_are_fuzzed_for_minutes_with_coverage_as_guide(tmp_path: Path) -> None:
    """`fuzz_readers.py`, for the other half of `FUZZ_SECONDS`."""
    root = Path(__file__).parents[1]
    command = [sys.executable, str(root / "tests" / "fuzz_readers.py"), f"-max_total_time={max(1, round(FUZZ_SECONDS))}", "-print_final_stats=1"]
    environment = os.environ | {"PYTHONPATH": str(root), "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=FUZZ_SECONDS + 180)
    log = done.stderr.decode("utf-8", "replace")
    kinds = ("crash-", "timeout-", "oom-", "leak-")
    findings = [path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(kinds)]
    assert done.returncode == 0, f"{findings!r}\n{done.stdout.decode('utf-8', 'replace')[-4000:]}\n{log[-4000:]}"
    assert findings == []
    runs = re.search(r"stat::number_of_executed_units: (\d+)", log)
    assert runs is not None, log[-4000:]
    assert int(runs[1]) > 2 * len(FIXTURES), "no more than the seeds was tried"


def test_missing_empty_binary_and_unknown_files_are_reported(tmp_path: Path) -> None:
    wanted = {"missing": "no such file or folder", "empty": "empty file", "blank": "empty file", "image": "binary file (an image)", "zip": "binary file (a zip archive", "folder": "no files",
              "noise": "binary file", "words": "no known format"}  # fmt: skip
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "blank").write_bytes(b" \n\n\t")
    (tmp_path / "image").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "folder").mkdir()
    (tmp_path / "noise").write_bytes(random.Random(1).randbytes(5000))
    (tmp_path / "words").write_bytes(b"nothing but words")
    for name, message in wanted.items():
        papers, (problem,) = read(tmp_path / name)
        assert papers == []
        assert (problem.path, problem.line) == ((tmp_path / name).as_posix(), 1)
        assert problem.message.startswith(message), problem


def test_the_rest_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "b.jsonl").write_text(f'{{"title": "One", "abstract": "{PROSE}"}}\n{{"broken": \n{{"title": "Two", "abstract": "{PROSE}"}}\n')
    papers, problems = read(tmp_path)
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert [(Path(problem.path).name, problem.line) for problem in problems] == [("a.bin", 1), ("b.jsonl", 2)]


@pytest.mark.parametrize(
    "cut", ['{"id": "x", "title": 3', '{"title": "Half of a ti', '{"title": "Half", "abstract": "cut here"', '{"title":', '{"title": "Half",', '{"tags": [']
)
def test_a_first_line_that_is_cut_short_costs_only_itself(cut: str, tmp_path: Path) -> None:
    whole = "".join(f'{{"title": "{title}", "abstract": "{PROSE}"}}\n' for title in ("One", "Two"))
    papers, problems = read_bytes(f"\n{cut}\n\n{whole}".encode(), tmp_path, "cut.jsonl")
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert [problem.line for problem in problems] == [2]


def test_a_document_over_several_lines_is_still_one(tmp_path: Path) -> None:
    records = [{"title": title, "abstract": PROSE} for title in ("One", "Two")]
    lines = ",\n".join(map(json.dumps, records))
    for text in (
        json.dumps(records[0], indent=1),
        json.dumps({"results": records}, indent=1),
        f'{{"results": [\n{lines}\n]}}',
        f"[{lines}]",
        json.dumps(records),
    ):
        papers, problems = read_bytes(text.encode(), tmp_path, "document.json")
        assert [paper.title for paper in papers] == [r["title"] for r in records][: len(papers)]
        assert (len(papers), problems) == (text.count("abstract"), [])


@pytest.mark.parametrize("tail", ["", "<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;"])
def test_xml_bombs_are_refused(tail: str, tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "ha">{entities}{tail}]><feed><entry><title>T</title><summary>&l11;</summary></entry></feed>'
    papers, problems = read_bytes(bomb.encode(), tmp_path)
    assert papers == []
    assert "XML with entity declarations is refused" in [problem.message for problem in problems]


def test_external_entities_are_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret", encoding="utf-8")
    xml = f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]><feed><entry><title>T</title><summary>{PROSE} &x;</summary></entry></feed>'
    papers, problems = read_bytes(xml.encode(), tmp_path)
    assert papers == []
    assert problems[0].message == "XML with entity declarations is refused"
    outside = f'<!DOCTYPE feed SYSTEM "{(tmp_path / "secret").as_uri()}"><feed><entry><title>T</title><summary>{PROSE} &amp; so on</summary></entry></feed>'
    papers, _ = read_bytes(outside.encode(), tmp_path)
    assert [paper.abstract for paper in papers] == [f"{PROSE} & so on"]


def test_yaml_with_tags_and_with_aliases_of_aliases_does_nothing(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    levels = "\n".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 12))
    papers, _ = read_bytes(
        f"l0: &l0 [x]\n{levels}\npapers:\n- title: T\n  abstract: {PROSE}\n- !!python/object/apply:os.system ['exit 1']\n".encode(), tmp_path, "a.yaml"
    )
    assert [paper.title for paper in papers] == ["T"]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_decompression_is_bounded(pack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FREE_EXPANSION", 1_000_000)
    line = json.dumps({"title": "T", "abstract": PROSE}) + "\n"
    papers, problems = read_bytes(pack((line + " " * 20_000_000).encode()), tmp_path)  # type: ignore[operator]
    assert len(papers) <= 1
    assert [problem.message for problem in problems] == ["unpacks to more than 250 times its size; refused"]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_a_cut_or_damaged_compressed_file_is_reported_after_what_could_be_read(pack: object, tmp_path: Path) -> None:
    chance = random.Random(3)
    lines = [json.dumps({"title": f"T{number}", "abstract": f"{PROSE} {chance.random()}"}) + "\n" for number in range(4000)]
    packed = pack("".join(lines).encode())  # type: ignore[operator]
    papers, problems = read_bytes(packed[: len(packed) * 2 // 3], tmp_path)
    assert 500 < len(papers) < 4000
    assert problems[-1].message.startswith("damaged ")
    assert problems[-1].line > 500


DEEP = 200_000


@pytest.mark.parametrize(
    "text",
    ["[" * DEEP, '{"a":' * DEEP, '{"paper":' * DEEP + "1" + "}" * DEEP, "{'a': " * 3000 + "1" + "}" * 3000, "<feed>" * DEEP, "<feed><entry>" + "<summary>" * DEEP,
     "@article{a, title = " + "{" * DEEP, "@article{a," * 20_000, "TY  - JOUR\n" * 50_000, "Abstract:" * 50_000, "Abstract:\n" * 50_000, "# a\n" * 50_000, "a,abstract\n" + '"' * DEEP,
     "title\tabstract\n" + '"\n' * 20_000, "arXiv:2401.00001" * 20_000, "1. a\n" * 50_000, "- " * DEEP, "title: " * 50_000, "|" * DEEP, "| title | abstract |\n|--|--|\n" + "|" * DEEP,
     "\\\\\narXiv:2401.00001\n" * 20_000, "[a](" * 50_000, "**" * 100_000, "a. B " * 50_000, "\n\n\n" * 100_000, "Introduction\n" * 50_000, "PMID- 1\n" * 50_000, "\\" * DEEP, "&" * DEEP,
     "**a " * 50_000, "<entry " * 50_000, "- title: a\n  b: " + "[" * 50_000, "---\ntitle: a\nabstract: " + "{" * 5_000],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_depth_and_repetition_are_read_or_reported_in_time(text: str, tmp_path: Path) -> None:
    begin = time.process_time()
    papers, problems = read_bytes(text.encode(), tmp_path)
    assert papers or problems
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    ("abstract", "wanted"),
    [
        (PROSE.replace("fast", "fa\x00st"), PROSE),
        (PROSE + " \ud83d\ude00", PROSE + " \U0001f600"),
        (PROSE + " \ud83d.", PROSE + " \ufffd."),
        ("\u202e" + PROSE + "\u202c", PROSE),
        (PROSE + " النموذج سريع.", PROSE + " النموذج سريع."),
        (PROSE + " " + "w" * 50_000, PROSE + " " + "w" * 50_000),
        (PROSE + "\r\n\x0b\u2028 End.", PROSE + " End."),
    ],
    ids=["NUL", "surrogate pair", "lone surrogate", "bidi control", "right to left", "long word", "line ends"],
)
def test_odd_characters_are_cleaned_in_every_format(abstract: str, wanted: str, tmp_path: Path) -> None:
    papers, _ = read_bytes(json.dumps({"title": "T", "abstract": abstract}).encode(), tmp_path)
    assert [paper.abstract for paper in papers] == [wanted]
    if "\ud83d" not in abstract:
        papers, _ = read_bytes(f"Abstract: {abstract}\n".encode(), tmp_path)
        assert [paper.abstract for paper in papers] == [wanted]


def test_lines_of_other_encodings_in_one_file_are_read(tmp_path: Path) -> None:
    data = f"Abstract: {PROSE} Naïve.\n".encode() + f"Abstract: {PROSE} Café “quoted”.\n".encode("cp1252")
    papers, _ = read_bytes(data, tmp_path)
    assert [paper.abstract[len(PROSE) :] for paper in papers] == [" Naïve.", " Café “quoted”."]


def test_names_of_inputs_do_no_harm(tmp_path: Path) -> None:
    problems: list[Problem] = []
    odd = ["", "\x00", "[", "**", "~", "a" * 5000, "../" * 2000, str(tmp_path / "no[t")]
    assert list(read_papers([name for name in odd if name not in ("", "**", "~")], on_problem=problems.append)) == []
    assert len(problems) == len(odd) - 3


def test_links_in_a_folder_are_not_followed_round(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "sub" / "gone").symlink_to(tmp_path / "nothing")
    (tmp_path / "a.txt").write_text(f"Abstract: {PROSE}\n", encoding="utf-8")
    assert len(read(tmp_path)[0]) == 1


MEMORY = """
import resource, sys
from kgraph.read import read_papers
problems = []
papers = sum(1 for _ in read_papers(sys.argv[1:], on_problem=problems.append))
print(papers, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, [problem.message for problem in problems])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "begin",
    [
        "Abstract: ",
        '{"title": "T", "abstract": "',
        "<feed><entry><summary>",
        "@article{a, abstract = {",
        "TY  - JOUR\nAB  - ",
        "title,abstract\nT,",
        "",
        "# T\n\n",
    ],
)
def test_a_line_of_100_megabytes_is_a_message_in_bounded_memory_and_time(begin: str, tmp_path: Path) -> None:
    path = tmp_path / "long"
    with path.open("w", encoding="utf-8") as out:
        out.write(begin)
        for _ in range(1000):
            out.write("the long line of words and more of it. " * 2564)
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True, timeout=300)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start.ru_utime
    papers, megabytes, messages = done.stdout.split(" ", 2)
    assert papers == "0"
    assert "longer than" in messages or "no known format" in messages or "not well-formed" in messages or "not end well" in messages or "no records" in messages
    assert int(megabytes) < 1500
    assert used < 120
