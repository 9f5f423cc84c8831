"""Documentation that fails when it lies: every block runs, every derived part is as the code says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pressmark.cli import main
from pressmark.findings import CATALOGUE
from pressmark.press.columns import described
from pressmark.recipe import read_recipe
from pressmark.sources import read_source
from support import ROOT, Corpus

README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = _BLOCK.findall(README)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Every page with a block that could be run is here: which test runs it, or why none does.
RUN = {
    "deciding.md": "test_the_how_to_of_decisions_opens_a_text",
    "python.md": "test_the_python_of_the_docs_runs_from_top_to_bottom",
    "reading.md": "tests/hub/test_reading.py, against a Hub",
    "reproducibility.md": "test_two_builds_are_the_same_bytes_as_the_docs_say",
    "tutorial.md": "test_the_tutorial_makes_a_corpus",
}
NOT_RUN = {
    "buckets.md": "needs a bucket; tests/end_to_end/test_s3.py does the same with one of a server that it starts",
    "cluster.md": "needs Ray, and a cluster; tests/ray does the same with what it starts",
    "embedded-hub.md": "serves until it is stopped; tests/hub/test_serve.py does so",
    "publishing.md": "needs an account of the Hub; tests/hub/test_publish.py publishes to the embedded one",
    "rights.md": "names a corpus and a letter that only its reader has; deciding.md does the same with ours",
    "reference/commands.md": "examples of every command's help; their words are held against the commands",
}


def blocks_of(name: str) -> list[tuple[str, str]]:
    """Return kind and content of each block of a page below docs/."""
    return _BLOCK.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))


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
    printed = [shell(block, checkout).stdout for kind, block in blocks_of("tutorial.md") if kind == "sh"]
    assert "10 of 10 looked at are articles" in printed[2]
    assert "could not be told" not in printed[2]
    assert "--rights" in printed[3]
    assert "The ferry makes its round number 1\n" in printed[4]
    assert "withheld: no-decision" in printed[5]
    assert "work/courier/1.0.0/report.html" in printed[6]
    assert "courier/open/1.1.0" in printed[8]
    assert "courier-paper:1 " in printed[9]
    assert "DatasetDict" in printed[10]
    assert "adds up" in printed[10]
    assert "every reader reads what was built" in printed[11]


def test_the_python_of_the_docs_runs_from_top_to_bottom(checkout: Path) -> None:
    blocks = [block for kind, block in blocks_of("python.md") if kind == "python"]
    # Threads that the Hub's client leaves behind can abort a process that ends in order, after all is read.
    program = "".join(blocks) + "import os, sys\nsys.stdout.flush()\nos._exit(0)\n"
    (checkout / "notebook.py").write_text(program, encoding="utf-8")
    printed = shell("python notebook.py", checkout).stdout.splitlines()
    assert printed[0].startswith("66 inputs looked at")
    assert "<Release three-papers, open 1.1.0: 44 published, 28 withheld>" in printed[1]
    assert printed[3] == "Counter({'released': 4})"
    assert "is no release" in printed[-1]


def test_the_how_to_of_decisions_opens_a_text(checkout: Path) -> None:
    # A corpus of its own: the decision would change what other pages build.
    place = checkout / "deciding"
    shutil.copytree(checkout / "corpus" / "three-papers", place / "corpus" / "three-papers")
    (place / ".venv").symlink_to(checkout / ".venv")
    printed = [shell(block, place).stdout for kind, block in blocks_of("deciding.md") if kind == "sh"]
    assert "original-not-covered" in printed[0]
    assert "no-decision" in printed[1]
    assert "published" in printed[2]
    assert [path.name for path in (place / "corpus" / "three-papers" / "rights").iterdir()] == ["letter.toml"]
    assert "published" in printed[3]


def test_two_builds_are_the_same_bytes_as_the_docs_say(checkout: Path) -> None:
    printed = [shell(block, checkout).stdout for kind, block in blocks_of("reproducibility.md") if kind == "sh"]
    assert printed[0].endswith("the same bytes\n")
    assert "adds up" in printed[1]


def test_every_block_is_run_or_says_why_not() -> None:
    with_blocks = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if any(kind in ("sh", "python") for kind, _ in _BLOCK.findall(path.read_text(encoding="utf-8")))
    }
    assert with_blocks == RUN.keys() | NOT_RUN.keys()
    here = Path(__file__).read_text(encoding="utf-8")
    for name in RUN.values():
        place = name.partition(",")[0]
        assert f"def {place}(" in here or (ROOT / place).is_file(), name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_blocks_are_commands(path: Path) -> None:
    for kind, block in _BLOCK.findall(path.read_text(encoding="utf-8")):
        if kind not in ("sh", "text"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True) if re.match(r"(\.venv/bin/)?pressmark [a-z]", line) else []
            command: click.Command = main
            context = click.Context(main, info_name="pressmark")
            words = words[1:]
            while isinstance(command, click.Group) and words:
                inner = command.get_command(context, words.pop(0))
                assert inner, line
                command = inner
                context = click.Context(command, parent=context, info_name=command.name)
            # Its options are known, and what they are given is of their kind; nothing is called.
            if words and "[OPTIONS]" not in words:
                command.make_parser(context).parse_args(words)


def test_recipes_and_sources_in_blocks_are_such(corpus: Corpus) -> None:
    paper = (corpus.folder / "sources" / "paper.toml").read_text(encoding="utf-8")
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    head = recipe.partition("[[input]]")[0]
    for page in ("duplicates.md", "formats.md", "rights.md"):
        for block in (block for kind, block in blocks_of(page) if kind == "toml"):
            keys = tomllib.loads(block).keys()
            if keys == {"decisions"}:
                corpus.write("rights/shown.toml", block.replace("the-paper:", "my-paper:"))
                assert read_recipe(corpus.folder).sources["my-paper"].rights.decisions
            elif keys <= {"html", "layout"}:
                corpus.write("sources/my-paper.toml", f"{paper.partition('[layout')[0]}\n{block}")
                assert not isinstance(read_source(corpus.folder, "my-paper"), list)
            else:
                corpus.write("sources/my-paper.toml", paper)
                inputs = "" if "input" in keys else '[[input]]\nfiles = "a"\nformat = "jsonl"\nsource = "my-paper"\n'
                corpus.write("corpus.toml", f"{head}\n{inputs}\n{block}")
                read_recipe(corpus.folder)


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
    commands = re.findall(r"^  (\w+)  ", help_.partition("\nBegin:")[2], flags=re.MULTILINE)
    assert sorted(commands) == [
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


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"\]\(([^)#]+\.md)\)", (ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    decisions = {page for page in pages if page.startswith("decisions/0")}  # the site lists them by their numbers
    assert sorted(listed) == sorted(pages - decisions - {"index.md"})
    assert decisions


def prose_of(path: Path) -> str:
    """Return a page without its blocks."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page, as they are made where it is read as Markdown and by the site."""
    found: Counter[str] = Counter()
    names = set()
    for heading in re.findall(r"^#+ (.+)$", prose_of(path), flags=re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_the_docs_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"`[^`]*`", "code", prose_of(path))
    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", prose)):
        if "://" not in target:
            aim = path.parent / target if target else path
            assert aim.exists(), f"{path.name} links to {target}"
            assert not anchor or anchor in anchors(aim), f"{path.name} links to {target}#{anchor}"


def test_anchors_are_those_that_readers_of_markdown_make(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A `--word`, and more\n\n```sh\n# no heading\n```\n\n## Twice\n\n## Twice\n", encoding="utf-8")
    assert anchors(page) == {"a---word-and-more", "twice", "twice-1"}


def test_what_is_wrong_with_a_site_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="top">A</h1><a href="a.html#top"></a><a href="a.html#gone"></a><a href="b.html"></a>'
        '<a href="https://example.org"></a><link rel="stylesheet" href="//fonts.example.org/x.css">',
        encoding="utf-8",
    )
    (tmp_path / "a.css").write_text("@font-face { src: url(https://fonts.example.org/y) }", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "check_site.py", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "a.html loads //fonts.example.org/x.css",
        "a.html links to a.html#gone, which has no such anchor",
        "a.html links to b.html, which is not there",
        "a.css loads url(https://fonts.example.org/y",
        "searchindex.js holds nothing to search",
    ]


def test_the_readme_and_ci_name_the_same_doors() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make lint" in ci
    assert "make test" in ci


def test_no_file_names_an_index() -> None:
    for name in ("requirements.lock", "docs/site.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in lock
        assert lock.count("==") > 30
        assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z])", lock.strip()))
