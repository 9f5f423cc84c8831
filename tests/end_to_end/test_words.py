"""What the command line says: its help in the order of the work, and after each step what to do next."""

from pathlib import Path

import click
from click.testing import CliRunner

from conftest import Run
from pressmark.cli import main
from pressmark.cli_order import SECTIONS
from support import Corpus


def test_each_command_is_in_one_section_in_a_line_that_fits() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        found = main.get_command(context, name)
        assert found
        assert found.name == name
    assert main.get_command(context, "biuld") is None
    told = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    lines = told.partition("Begin:")[2].splitlines()
    assert all(len(line) <= 80 for line in lines)
    for section in SECTIONS.values():
        for name, words in section.items():
            assert any(line.split()[:1] == [name] and line.endswith(words) for line in lines), name


def test_days_are_shown_as_people_write_them(corpus: Corpus) -> None:
    for name in ("check", "decide", "withdraw"):
        told = CliRunner().invoke(main, [name, "--help"]).output
        assert "YYYY-MM-DD" in told
        assert "such as 2026-01-31" in " ".join(told.split())
        assert "%Y" not in told
    for value, why in (
        ("2026-13-02", "; there is no month 13"),
        ("2026-02-30", "; 2026-02 has no day 30"),
        ("2.1.2026", ""),
    ):
        refused = CliRunner().invoke(main, ["check", "corpus", "--as-of", value])
        assert refused.exit_code == 2
        assert f"'--as-of': found '{value}', expected a day such as 2026-01-31{why}\n" in refused.output
    assert CliRunner().invoke(main, ["check", str(corpus.folder), "--as-of", "2026-02-28"]).exit_code == 0


def test_a_misspelt_key_is_told_once(corpus: Corpus, pressmark: Run) -> None:
    text = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", text.replace("\ntitle =", "\ntitel =", 1))
    done = pressmark("check", corpus.folder)
    assert done.returncode == 2
    assert "did you mean title?" in done.stderr
    assert "the recipe has 1 fault\n" in done.stderr
    corpus.write("corpus.toml", text.replace("\ntitle =", "\nheading =", 1))
    assert "the recipe has 2 faults" in pressmark("check", corpus.folder).stderr


def test_a_build_says_what_to_do_next(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    options = ("--version", "1.0.0", "--as-of", "2026-01-31")
    done = pressmark("build", corpus.folder, *options)
    assert done.returncode == 0, done.stderr
    (step,) = [line.removeprefix("next: ") for line in done.stdout.splitlines() if line.startswith("next: ")]
    command, verb, place = step.split()
    assert (command, verb) == ("pressmark", "rehearse")
    assert (tmp_path / place / "manifest.json").is_file()
    corpus.write("records/bad.jsonl", b'{"id": "1", "text": "Words.",\n' * 9)
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('rejected = "100 %"', 'rejected = "1 %"'))
    refused = pressmark("build", corpus.folder, *options, "--out", "again", "--work", "again/work")
    assert refused.returncode == 1, refused.stderr
    steps = [line.split() for line in refused.stdout.splitlines() if line.startswith("next: ")]
    assert [step[2] for step in steps] == ["report", "rehearse"]
    assert pressmark("report", steps[0][3]).returncode == 0


def test_where_the_hub_was_looked_for_is_said(corpus: Corpus, pressmark: Run, tmp_path: Path) -> None:
    folder = corpus.build().lines["open"].folder
    account = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_TOKEN": "hf_none", "HF_HOME": str(tmp_path / "home")}
    done = pressmark("publish", folder, "my-org/paper", env=account)
    assert done.returncode == 4
    assert "the connection to http://127.0.0.1:9 broke" in done.stderr
    assert "HF_ENDPOINT" in done.stderr


def test_no_colour_and_no_bar_is_piped(corpus: Corpus, pressmark: Run) -> None:
    for env in ({"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}):
        done = pressmark("check", corpus.folder, env=env)
        assert "\x1b" not in done.stdout + done.stderr
