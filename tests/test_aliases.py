"""aliases.toml: the user's word, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from kgraph.aliases import NO_ALIASES, read_aliases, without_ignored
from kgraph.model import Claim, Entity, HardwareUse, Mention, PaperFacts, Quantity, Result, Sentence
from kgraph.names import fold

GOOD = """
same = [["MoE", "mixture of experts"]]
different = [["Gemini", "Google Gemini"]]
ignore = ["our toolkit"]

[rename]
"large language model" = "LLM"

[type]
"OpenCompass" = "benchmark"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "aliases.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_rule_is_read_and_knows_where_it_stands(tmp_path: Path) -> None:
    aliases, problems = read_aliases(write(tmp_path, GOOD))
    assert problems == []
    assert aliases.same[fold("Mixture-of-Experts")] == "MoE"
    assert aliases.apart(fold("Google Gemini"), fold("Gemini"))
    assert fold("Our toolkits") in aliases.ignore
    assert aliases.rename[fold("Large language models")] == "LLM"
    assert aliases.kind[fold("opencompass")] == "benchmark"
    assert aliases.place[fold("MoE")].endswith("aliases.toml:2")


def test_what_cannot_be_understood_is_told_with_its_line_and_the_rest_counts(tmp_path: Path) -> None:
    text = 'same = [["a b", "c d"], ["only one"]]\nmerge = []\n[type]\n"x y" = "thing"\n"u v" = "metric"\n'
    aliases, problems = read_aliases(write(tmp_path, text))
    assert aliases.same == {"ab": "a b", "cd": "a b"}
    assert aliases.kind == {"uv": "metric"}
    messages = [p.message for p in problems]
    assert any("'merge' is not one of the tables: same, different" in m for m in messages)
    assert any("'thing' is not one of the types: model, method" in m for m in messages)
    assert any(m.startswith("same is a list of groups") for m in messages)


def test_broken_toml_is_one_problem_with_its_line(tmp_path: Path) -> None:
    aliases, problems = read_aliases(write(tmp_path, 'same = [\n["a", \n'))
    assert aliases == NO_ALIASES
    assert len(problems) == 1 and "not TOML" in problems[0].message


def test_a_missing_file_is_a_problem_not_an_exception(tmp_path: Path) -> None:
    assert "cannot be read" in read_aliases(tmp_path / "none.toml")[1][0].message


def test_the_same_and_different_at_once_is_kept_apart_and_told(tmp_path: Path) -> None:
    aliases, problems = read_aliases(write(tmp_path, 'same = [["a b", "c d"]]\ndifferent = [["c d", "a b"]]\n'))
    assert aliases.same == {} and aliases.apart("ab", "cd")
    assert any("at once" in p.message for p in problems)


def test_an_ignored_entity_leaves_no_fact_that_names_it_behind(tmp_path: Path) -> None:
    aliases, _ = read_aliases(write(tmp_path, 'ignore = ["Noise", "old card"]\n'))
    facts = PaperFacts(
        "p",
        entities=tuple(Entity(n, k, (n,)) for n, k in (("noise", "task"), ("Zorbly", "model"), ("GLUE", "benchmark"), ("old card", "hardware"))),  # type: ignore[arg-type]
        sentences=(Sentence("abstract", 0, 9),),
        mentions=(Mention(0, 0, 0, 1), Mention(1, 0, 2, 3), Mention(2, 0, 4, 5)),
        claims=(Claim(1, "addresses", 0, 0, 0.5), Claim(1, "evaluatedOn", 2, 0, 0.5)),
        results=(Result("1", "1", 0, 1, 0, 0.5, of=1, task=0, benchmark=2),),
        quantities=(Quantity("parameters", "7", "7", 0, 1, 0, 0.5, of=0),),
        uses=(HardwareUse(3, 0, 1, 0, 0.5),),
    )
    left = without_ignored(facts, aliases)
    assert [e.name for e in left.entities] == ["Zorbly", "GLUE"]
    assert [m.entity for m in left.mentions] == [0, 1]
    assert left.claims == (Claim(0, "evaluatedOn", 1, 0, 0.5),)
    assert (left.results[0].of, left.results[0].task, left.results[0].benchmark) == (0, None, 1)
    assert left.quantities[0].of is None and left.uses == ()
    assert without_ignored(facts, NO_ALIASES) is facts
