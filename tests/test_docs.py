"""Documentation that fails when it lies: every block runs, every derived part is as the code says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pressmark.cli import main
from pressmark.findings import CATALOGUE
from pressmark.press.columns import described
from pressmark.sources import read_source
from support import ROOT, Corpus

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    environment["PATH"] = f"{folder / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout with the environment that the tests run in, and the demo's output."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    return folder


def test_the_demo_prints_what_the_readme_shows_and_its_python_runs_on_that(checkout: Path) -> None:
    # What it installs is there already. One test, for the demo is made once for it.
    demo = shell("make --assume-old .venv/ready demo", checkout).stdout
    for shown in [block for kind, block in BLOCKS if kind == "text"]:
        # Tables are as wide as the terminal: words are compared, not columns.
        for word in shown.split():
            assert word in demo or any(word.startswith(part) for part in demo.split())
    assert "every reader reads what was built" in demo
    assert "✗" not in demo
    assert "Loaded by datasets.load_dataset" in demo
    assert demo.count("adds up") == 2
    for number, block in enumerate(block for kind, block in BLOCKS if kind == "python"):
        program = checkout / f"block{number}.py"
        program.write_text(block, encoding="utf-8")
        assert shell(f"python {program.name}", checkout).stdout.strip()


def test_shell_blocks_of_the_readme_make_a_first_corpus(checkout: Path) -> None:
    blocks = [block for kind, block in BLOCKS if kind == "sh"]
    assert blocks[:2] == ["make demo\n", "make test\n"]
    printed = [shell(block, checkout).stdout for block in blocks[2:]]
    assert "withheld: no-decision" in printed[0]
    assert "published" in printed[1]
    assert "withheld: no-decision" not in printed[1]
    assert "this asks for: MINOR" in printed[1]


def test_the_tutorial_makes_a_corpus(checkout: Path) -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    printed = [shell(block, checkout).stdout for block in blocks]
    assert "10 of 10 looked at are articles" in printed[2]
    assert "could not be told" not in printed[2]
    assert "--rights" in printed[3]
    assert "withheld: no-decision" in printed[4]
    assert "courier/open/1.1.0" in printed[6]
    assert "DatasetDict" in printed[7]
    assert "adds up" in printed[7]
    assert "every reader reads what was built" in printed[8]


def test_the_python_of_the_docs_runs_from_top_to_bottom(checkout: Path) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    # Threads that the Hub's client leaves behind can abort a process that ends in order, after all is read.
    program = "".join(blocks) + "import os, sys\nsys.stdout.flush()\nos._exit(0)\n"
    (checkout / "notebook.py").write_text(program, encoding="utf-8")
    printed = shell("python notebook.py", checkout).stdout.splitlines()
    assert printed[0].startswith("66 inputs looked at")
    assert "<Release three-papers, open 1.1.0: 44 published, 28 withheld>" in printed[1]
    assert printed[3] == "Counter({'released': 4})"
    assert "is no release" in printed[-1]


def test_derived_parts_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "derive.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_column_table_has_every_column() -> None:
    shown = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)
    assert shown == [name for name, _, _ in described("articles")]


def test_every_code_has_its_entry() -> None:
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (.+)$", page, flags=re.MULTILINE) == list(CATALOGUE)


def test_every_command_is_in_the_readme_and_ends_with_an_example() -> None:
    help_ = CliRunner().invoke(main, ["--help"]).stdout
    commands = re.findall(r"^  (\w+)  ", help_.partition("Commands:")[2], flags=re.MULTILINE)
    assert commands == [
        *("build", "cache", "card", "check", "decide", "diff", "duplicates", "explain", "fetch", "hub", "hydrate"),
        "init",
        *("publish", "rehearse", "report", "restore", "takedown", "verify", "why", "withdraw"),
    ]
    for command in commands:
        assert f"`pressmark {command}" in README
        assert "Example:" in CliRunner().invoke(main, [command, "--help"]).stdout


def test_the_page_layout_of_the_docs_is_a_source_file(corpus: Corpus) -> None:
    page = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    block = re.findall(r"^```toml\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)[0]
    corpus.write("sources/shown.toml", block)
    assert not isinstance(read_source(corpus.folder, "shown"), list)


def test_links_of_the_docs_lead_somewhere() -> None:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_readme_and_ci_name_the_same_doors() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make lint" in ci
    assert "make test" in ci


def test_no_file_names_an_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert lock.count("==") > 30
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z])", lock.strip()))
