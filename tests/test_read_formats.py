"""Every format: a small file of our own in it, read to the same papers; the real files beside the project, read to the counts that are known."""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.model import Paper, Problem
from kgraph.read import read_papers, readers, recognise
from kgraph.read.duplicates import merge_duplicates
from kgraph.read.report import file_reports, table

FIXTURES = Path(__file__).parent / "fixtures" / "formats"
SHARED = Path(__file__).parents[2] / "shared"
REAL = SHARED / "papers" / "formats"

TREES = (
    "We present a way to keep search trees sparse. It needs half of the memory that dense trees need, and it answers queries 2.5 times as fast on the five "
    "data sets that we tried. The code is at https://example.org/trees."
)
GRAPHS = (
    "Graphs that are made by hand are small but right. In this paper we ask how far the two can be brought together, and we find that a naïve merge of both "
    "loses 12% of the edges. We discuss what this means for readers & writers of such graphs."
)
NO_TEXT = "record without an abstract ('A Record Without Text')"

# file: format, ids and date of both papers
KNOWN = {
    "acl.xml": ("xml", "acl:2021.trees-main.1 2021", "acl:2021.trees-main.2 doi:10.1000/graphs.7 2021"),
    "alert.txt": ("arxiv-alert", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 doi:10.1000/graphs.7 2021-04-10"),
    "arxiv_api.xml": ("xml", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 doi:10.1000/graphs.7 2021-04-10"),
    "arxiv_oai.xml": ("xml", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 doi:10.1000/graphs.7 2021-04-10"),
    "blocks.txt": ("abstract-list", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "daily_papers.json": ("json", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 2021-04-10"),
    "entries.bib": ("bibtex", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "kaggle.jsonl": ("json", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 doi:10.1000/graphs.7 2021-04-10"),
    "notes.md": ("markdown", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "numbered.txt": ("numbered-list", "arXiv:2103.01234 2021", "doi:10.1000/graphs.7"),
    "openalex.json": ("json", "arXiv:2103.01234 openalex:W1 2021-03-04", "doi:10.1000/graphs.7 openalex:W2 2021-04-10"),
    "openreview.json": ("json", "openreview:AbCdEf1234 2021-03-04", "openreview:GhIjKl5678 2021-04-10"),
    "pubmed.nbib": ("tagged", "doi:10.1000/trees.1 pmid:30000001 2021-03-04", "doi:10.1000/graphs.7 pmid:30000002 2021-04-10"),
    "pubmed.xml": ("xml", "pmid:30000001 2021-03-04", "doi:10.1000/graphs.7 pmid:30000002 2021-04-10"),
    "python_literals.jsonl": ("json", "arXiv:2103.01234 2021-03-04", "arXiv:2104.05678 2021-04-10"),
    "records.ris": ("tagged", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "records.yaml": ("yaml", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "savedrecs.txt": ("tagged", "arXiv:2103.01234 2021", "doi:10.1000/graphs.7 2021"),
    "semantic_scholar.json": ("json", f"arXiv:2103.01234 corpusid:1 s2:{'a' * 40} 2021-03-04", f"doi:10.1000/graphs.7 s2:{'b' * 40} 2021-04-10"),
    "semicolons.csv": ("table", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "table.csv": ("table", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "table.md": ("markdown", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
    "table.tsv": ("table", "arXiv:2103.01234 2021-03-04", "doi:10.1000/graphs.7 2021-04-10"),
}
LONG = {"paper.txt": "long-text", "tei.xml": "xml"}
SILENT = {"notes.md", "numbered.txt"}  # without a text, their third item is a heading like any other, or is not there


def read_all(path: Path | str, **more: str) -> tuple[list[Paper], list[Problem]]:
    problems: list[Problem] = []
    return list(read_papers([path], on_problem=problems.append, format=more.get("format"))), problems


def assert_leads_back(paper: Paper, raw: str) -> None:
    source = paper.sources[0]
    for text, runs in ((paper.abstract, source.abstract_runs), (paper.title, source.title_runs)):
        for run in runs:
            assert text[run.start : run.start + run.length] == raw[run.origin : run.origin + run.length]


def test_every_fixture_is_tested() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {*KNOWN, *LONG}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_file_is_recognised_and_its_papers_are_whole(name: str) -> None:
    kind, *wanted = KNOWN[name]
    raw = (FIXTURES / name).read_bytes().decode("utf-8")
    reader = recognise(raw, "-")
    assert reader is not None
    assert reader.name == kind
    papers, problems = read_all(FIXTURES / name)
    assert [problem.message for problem in problems] == ([] if name in SILENT else [NO_TEXT])
    assert [" ".join([*paper.identifiers, paper.issued]).strip() for paper in papers] == wanted
    assert [paper.title for paper in papers] == ["Sparse Trees for Fast Search", "Graphs Made by Hand & Machine"]
    assert papers[0].abstract.startswith(TREES)
    assert papers[1].abstract == GRAPHS
    assert [paper.authors for paper in papers] == [("Ann Lee", "Bo Li"), ("Cy Oz",) if name == "savedrecs.txt" else ("Cy Öz",)]
    for paper in papers:
        assert_leads_back(paper, raw)
        mapped = sum(run.length for run in paper.sources[0].abstract_runs)
        assert mapped > (0.8 if name != "openalex.json" else -1) * len(paper.abstract)  # an index of words has no text to lead to


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_problem_names_the_line_of_its_record(name: str) -> None:
    _, problems = read_all(FIXTURES / name)
    lines = (FIXTURES / name).read_text(encoding="utf-8").split("\n")
    for problem in problems:
        assert "Record Without Text" in "\n".join(lines[problem.line - 1 : problem.line + 6]), problem


@pytest.mark.parametrize(("name", "kind"), LONG.items())
def test_a_longer_text_is_one_paper_without_its_references(name: str, kind: str) -> None:
    raw = (FIXTURES / name).read_bytes().decode("utf-8")
    papers, problems = read_all(FIXTURES / name)
    assert problems == []
    (paper,) = papers
    assert (paper.title, paper.identifiers) == ("Sparse Trees for Fast Search", ("arXiv:2103.01234",))
    assert paper.abstract.startswith(TREES)
    assert paper.abstract.endswith(GRAPHS)
    assert "8 devices for two hours" in paper.abstract
    assert "Nobody" not in paper.abstract
    assert_leads_back(paper, raw)


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text], ids=["CRLF", "BOM"])
def test_line_ends_and_byte_order_marks_change_no_paper(name: str, change: Callable[[str], str], tmp_path: Path) -> None:
    raw = change((FIXTURES / name).read_bytes().decode("utf-8"))
    (tmp_path / name).write_bytes(raw.encode("utf-8"))
    plain, _ = read_all(FIXTURES / name)
    changed, _ = read_all(tmp_path / name)
    assert [(paper.title, paper.abstract, paper.identifiers, paper.issued, paper.authors) for paper in changed] == [
        (paper.title, paper.abstract, paper.identifiers, paper.issued, paper.authors) for paper in plain
    ]
    for paper in changed:
        assert_leads_back(paper, raw)


def _zstd(data: bytes) -> bytes:
    compressed: bytes = pytest.importorskip("zstandard").compress(data)
    return compressed


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, _zstd], ids=["gz", "xz", "bz2", "zst"])
@pytest.mark.parametrize("name", ["records.ris", "kaggle.jsonl", "acl.xml", "table.csv", "entries.bib"])
def test_a_compressed_file_is_read_as_what_is_in_it(name: str, pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.write_bytes(pack((FIXTURES / name).read_bytes()))
    plain, _ = read_all(FIXTURES / name)
    assert [(paper.abstract, paper.sources[0].abstract_runs) for paper in read_all(packed)[0]] == [
        (paper.abstract, paper.sources[0].abstract_runs) for paper in plain
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"])
def test_other_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "records.ris").write_bytes((FIXTURES / "records.ris").read_bytes().decode("utf-8").encode(encoding))
    papers, _ = read_all(tmp_path / "records.ris")
    assert [(paper.abstract, paper.authors) for paper in papers] == [(TREES, ("Ann Lee", "Bo Li")), (GRAPHS, ("Cy Öz",))]


def test_a_format_can_be_named_and_a_wrong_name_lists_the_choices() -> None:
    assert len(read_all(FIXTURES / "table.csv", format="table")[0]) == 2
    with pytest.raises(ValueError, match="'csv' is not one of the formats: abstract-list, arxiv-alert"):
        read_all(FIXTURES / "table.csv", format="csv")


def test_standard_input_is_read_like_a_file() -> None:
    program = "from kgraph.read import read_papers\nfor paper in read_papers(['-'], on_problem=lambda problem: None): print(paper.sources[0].path, paper.title)"
    done = subprocess.run([sys.executable, "-c", program], input=(FIXTURES / "records.ris").read_bytes(), capture_output=True, check=True)
    assert done.stdout.decode("utf-8").splitlines() == ["- Sparse Trees for Fast Search", "- Graphs Made by Hand & Machine"]


def test_folders_and_globs_are_read_in_order_with_labels_that_do_not_depend_on_their_place(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place / "sub").mkdir(parents=True)
        shutil.copy(FIXTURES / "records.ris", tmp_path / place / "sub" / "b.ris")
        shutil.copy(FIXTURES / "table.csv", tmp_path / place / "a.csv")
        (tmp_path / place / ".hidden").write_text("x", encoding="utf-8")
    one, two = ([paper.sources[0].path for paper in read_all(tmp_path / place)[0]] for place in ("one", "two"))
    assert one == two == ["a.csv", "a.csv", "sub/b.ris", "sub/b.ris"]
    assert len(read_all(f"{tmp_path}/one/**/*.ris")[0]) == 2
    assert read_all(f"{tmp_path}/*.nothing")[1][0].message == "no file matches"


def test_all_fixtures_together_are_two_papers_and_their_longer_forms() -> None:
    merged = merge_duplicates(read_all(FIXTURES)[0])
    assert sorted(len(paper.sources) for paper in merged) == [len(KNOWN), len(KNOWN) + len(LONG)]


def test_every_reader_is_installed_as_a_plug_in() -> None:
    expected = {kind for kind, *_ in KNOWN.values()} | set(LONG.values()) | {"web-page", "arxiv-list"}
    assert expected <= set(readers())
    assert all(reader.name == name for name, reader in readers().items())


def test_the_report_says_what_was_found_and_kept() -> None:
    (row,) = file_reports([FIXTURES / "records.ris"])
    assert (row.format, row.found, row.kept, row.distinct, row.reasons) == ("tagged", 3, 2, 2, {"record without an abstract": 1})
    assert table([row]).endswith("| tagged | 3 | 2 | 2 | 1 record without an abstract |")


def counts() -> dict[str, tuple[str, int, int]]:
    return {Path(row.path).relative_to(REAL).as_posix(): (row.format, row.found, row.kept) for row in file_reports([REAL])}


def test_the_real_files_are_read_to_the_last_record() -> None:
    if not REAL.is_dir():
        pytest.skip("the real files are not beside this checkout")
    found = counts()
    assert sum(number for _, number, _ in found.values()) == 2479
    assert sum(kept for _, _, kept in found.values()) == 1466
    assert found["arxiv-api-atom/q_testing_s0_m100_cfe7536492ca.xml"] == ("xml", 100, 100)
    assert found["acl-xml/2020.aacl.xml"] == ("xml", 123, 123)
    assert found["bibtex/corl23.bib"] == ("bibtex", 199, 199)
    assert found["semanticscholar/test_search_paper_bulk_retrieval.vcr.yaml"] == ("yaml", 1000, 0)  # asked for titles only
    assert found["ris/example_wos.ris"] == ("tagged", 2, 2)


def test_tables_agree_with_the_csv_module() -> None:
    if not REAL.is_dir():
        pytest.skip("the real files are not beside this checkout")
    for path, delimiter in ((REAL / "arxiv-archive-tsv" / "cs.MA.head300.tsv", "\t"), (REAL / "dair-csv" / "ml-potw-10232023.head160.csv", ",")):
        with path.open(newline="", encoding="utf-8") as lines:
            rows = [{name.lower(): value for name, value in row.items()} for row in csv.DictReader(lines, delimiter=delimiter)]
        papers, _ = read_all(path)
        assert len(papers) == len([row for row in rows if row["abstract"]])
        raw = path.read_bytes().decode("utf-8")
        for paper in papers:
            assert_leads_back(paper, raw)


def test_tagged_lines_agree_with_rispy() -> None:
    rispy = pytest.importorskip("rispy")
    if not REAL.is_dir():
        pytest.skip("the real files are not beside this checkout")
    for path in sorted((REAL / "ris").glob("example_*.ris")):
        if path.stem in ("example_wos", "example_extraneous_data"):
            continue  # another dialect; lines between records, which rispy takes only with an option
        wanted = [
            " ".join(entry[name].split())
            for entry in rispy.loads(path.read_text(encoding="utf-8-sig"))
            for name in ("abstract", "notes_abstract")
            if entry.get(name)
        ]
        assert [" ".join(paper.abstract.split()) for paper in read_all(path)[0]] == wanted, path.name


def test_bibtex_agrees_with_pybtex() -> None:
    pybtex = pytest.importorskip("pybtex.database")
    if not REAL.is_dir():
        pytest.skip("the real files are not beside this checkout")
    for path in sorted((REAL / "bibtex").glob("*.bib")):
        entries = pybtex.parse_file(str(path)).entries.values()
        wanted = [len(entry.persons["author"]) for entry in entries if "abstract" in entry.fields]
        assert [len(paper.authors) for paper in read_all(path)[0]] == wanted
