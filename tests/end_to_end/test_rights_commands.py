"""Rights on the command line: what may appear and why, decisions that are shown before they are written, the search."""

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from conftest import Run
from pressmark import BuildResult
from pressmark.article.contract import contract
from pressmark.cli_rights import _of_an_option, decide_command
from pressmark.findings import CATALOGUE, Finding
from support import AS_OF, ROOT, Corpus

DAY = AS_OF.isoformat()
EXAMPLE = ROOT / "corpus" / "three-papers"

LETTER = ("--basis", "Letter of the Paper House", "--by", "rights desk", "--on", "2026-01-02", "--as-of", DAY)
PERMISSION = ("--status", "permission", "--visibility", "public", *LETTER)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"You may.")
    return path


def test_check_rights_counts_every_cell_and_says_what_would_open_it(pressmark: Run, example: BuildResult) -> None:
    result = pressmark("check", EXAMPLE, "--rights", "--as-of", DAY)
    assert result.returncode == 0
    assert "open: 72 articles for a destination that is public" in result.stdout
    assert "all_rights_reserved   withheld: no-decision            17" in result.stdout
    assert "permission            withheld: decision-not-yet       4" in result.stdout
    assert CATALOGUE["original-not-covered"].advice.split(",")[0] in " ".join(result.stdout.split())

    data = json.loads(pressmark("check", EXAMPLE, "--rights", "--as-of", DAY, "--json").stdout)
    counts = example.lines["open"].counts
    cells = data["lines"]["open"]["cells"]
    assert sum(cell["articles"] for cell in cells if cell["outcome"] == "published") == counts["published"]
    assert sum(cell["articles"] for cell in cells if cell["outcome"] != "published") == counts["withheld"]
    report = json.loads((example.lines["open"].folder / "rights/report.json").read_text())
    assert report["cells"] == cells


def test_check_rights_leaves_nothing_behind(pressmark: Run, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    assert pressmark("check", EXAMPLE, "--rights", env={"TMPDIR": str(temporary)}).returncode == 0
    assert list(temporary.iterdir()) == []


def test_why_follows_an_article_from_evidence_to_outcome(pressmark: Run, example: BuildResult) -> None:
    rows = pq.read_table(example.lines["open"].folder / "withheld/train/2023.parquet").to_pylist()
    translated = next(row for row in rows if row["withheld_because"] == "original-not-covered")
    result = pressmark("why", EXAMPLE, translated["id"], "--as-of", DAY)
    assert result.returncode == 0
    out = " ".join(result.stdout.split())
    for part in (
        "1. Evidence",
        "版权所有 榆浦日报社",
        "private/letter-2024-07-01.pdf",
        "needs rights in: text, original",
        "covered: text",
        "2. Decisions whose scope holds it",
        "sources/yupo-sinmun-ko.toml, line",
        "3. Its rights are: permission",
        "4. Outcome",
        "withheld: original-not-covered",
        CATALOGUE["original-not-covered"].advice,
    ):
        assert part in out, part
    by_address = pressmark("why", EXAMPLE, translated["url"], "--as-of", DAY)
    assert by_address.stdout == result.stdout


def test_why_shows_copies_and_gives_json_without_the_text(pressmark: Run) -> None:
    result = pressmark("why", EXAMPLE, "lanhe-zaobao-zh:lh-2024-0007", "--as-of", DAY, "--json")
    (found,) = json.loads(result.stdout)
    assert found["rights_status"] == "unknown"
    assert [copy["id"] for copy in found["copies"]] == ["lanhe-zaobao-zh:lh-2024-9001"]
    assert found["copies"][0]["alone"]["open"] == "published"
    assert {each["line"]: each["outcome"] for each in found["outcomes"]} == {
        "open": "no-decision",
        "vault": "published",
    }
    assert "text" not in found


def test_why_of_what_is_not_there_says_so(pressmark: Run) -> None:
    result = pressmark("why", EXAMPLE, "lanhe-zaobao-zh:none")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no article has the id or the address" in result.stderr


def test_decide_shows_asks_writes_and_opens(pressmark: Run, corpus: Corpus, letter: Path) -> None:
    ids = corpus.folder.parent / "ids.csv"
    ids.write_text("\ufeffid,title\npaper:1,whatever\n", encoding="utf-8")
    corpus.build("1.0.0", out=corpus.out / "before")
    assert corpus.codes()["pages/1.txt"] == "no-decision"

    arguments = ("decide", corpus.folder, "--ids", ids, *PERMISSION, "--scope", "text,original", "--evidence", letter)
    refused = pressmark(*arguments, input="n\n")
    assert refused.returncode == 1
    assert "The decision speaks of 1 article;" in refused.stdout
    assert "withheld: no-decision   published" in refused.stdout
    assert "nothing was written" in refused.stdout
    assert not (corpus.folder / "rights").exists()

    dry = pressmark(*arguments, "--dry-run")
    assert (dry.returncode, (corpus.folder / "private").exists()) == (0, False)

    done = pressmark(*arguments, input="y\n")
    assert done.returncode == 0, done.stderr
    written = corpus.folder / "rights/2026-01-02-permission.toml"
    kept = corpus.folder / "private/letter.pdf"
    assert f"written: {written}" in done.stdout
    assert kept.read_bytes() == b"You may."
    assert [stat.S_IMODE(path.stat().st_mode) for path in (kept, kept.parent)] == [0o600, 0o700]

    corpus.build("1.0.0", out=corpus.out / "after")
    assert corpus.codes()["pages/1.txt"] == "published"
    (row,) = [
        row
        for path in (corpus.out / "after/small/open/1.0.0/data").rglob("*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["id"] == "paper:1"
    ]
    rights = row["rights"]
    assert (rights["decided_by"], rights["decided_for"], rights["basis"]) == (
        "rights desk",
        "article",
        "Letter of the Paper House",
    )
    assert [entry["where"] for entry in rights["evidence"] if entry["kind"] == "contract"] == ["private/letter.pdf"]

    again = pressmark(*arguments, "--yes")
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_faults_of_a_decision_are_told_of_the_options_that_gave_them(
    pressmark: Run, corpus: Corpus, letter: Path
) -> None:
    public = ("--source", "paper", "--visibility", "public")
    scope = "--source, --ids, --section, --from, --until or --pattern"
    for arguments, told in (
        (
            ("--source", "papr", *public[2:]),
            "--source: bad-value: found 'papr', expected one of journal, paper; did",
        ),
        (("--source", "zzz", *public[2:]), "--source: bad-value: found 'zzz', expected one of journal, paper\n"),
        ((*public, "--scope", "txt,original"), "--scope: bad-value: found 'txt', expected one of text, original, "),
        ((*public, "--outputs", "nam"), "--outputs: bad-value: found 'nam', expected one of text, headline, name; did"),
        (public[:2], "--visibility: missing-key: the decision needs it\n"),
        (public[2:], f"{scope}: missing-key: expected one of them: which articles the decision speaks of\n"),
        ((*public[2:], "--pattern", "(a"), "--pattern: bad-pattern: "),
        ((*public, "--from", "2021-02-01", "--until", "2021-01-01"), "--from and --until: bad-value: found a first"),
    ):
        options = ("--status", "permission", *arguments, *LETTER, "--evidence", letter)
        done = pressmark("decide", corpus.folder, *options, "--dry-run")
        assert done.returncode == 2, arguments
        assert done.stderr.startswith(told), done.stderr
        assert "error: the decision has 1 fault; nothing was written\n" in done.stderr
        assert "rights/" not in done.stderr
    neither = pressmark("decide", corpus.folder, "--source", "paper", *LETTER, "--evidence", letter)
    assert neither.stderr.startswith("--status, --privacy or --embargoed-until: bad-value: ")


def test_each_key_of_a_decision_that_an_option_gives_has_the_name_of_the_option() -> None:
    options = {name for each in decide_command.params for name in each.opts}
    entry = contract("decision").schema["properties"]
    scope = entry["scope"]["properties"].keys() - {"license"}
    for key in (*(entry.keys() - {"legal_flags"}), *(f"scope.{name}" for name in scope)):
        named = _of_an_option(Finding("bad-value", key)).file
        assert set(re.findall("--[a-z-]+", named)) <= options, key


def test_decide_finds_articles_by_bare_id_and_by_address(pressmark: Run, corpus: Corpus, letter: Path) -> None:
    corpus.records({"id": "r1", "url": "https://journal.example/1"}, {"id": "r2"}, {"id": "r3"})
    ids = corpus.folder.parent / "ids.csv"
    ids.write_text("r2\nhttps://JOURNAL.example/1?utm_source=x\n", encoding="utf-8")
    arguments = ("decide", corpus.folder, "--ids", ids, "--status", "unknown", *LETTER, "--evidence", letter, "--json")
    result = json.loads(pressmark(*arguments, "--dry-run").stdout)
    assert result["decision"]["scope"] == {"ids": ["journal:r1", "journal:r2"]}
    assert [(change["id"], change["before"], change["after"]) for change in result["changes"]] == [
        ("journal:r1", "published", "status-closed"),
        ("journal:r2", "published", "status-closed"),
    ]
    assert result["written"] is False


WRONG: dict[str, tuple[list[str], str, int]] = {
    "an id of nothing": (["--ids", "IDS"], "1 of 2 ids are of no article", 2),
    "a scope of nothing": (["--pattern", "nothing.*"], "speaks of no article", 2),
    "no scope": ([], "which articles the decision speaks of", 2),
    "an unknown source": (["--source", "nowhere"], "found 'nowhere'", 2),
    "a pattern that is none": (["--pattern", "("], "not an RE2 pattern", 2),
    "a licence that is none": (
        ["--source", "paper", "--status", "open_license", "--license", "CC BY"],
        "expected an SPDX licence expression",
        2,
    ),
    "a name that leads elsewhere": (["--source", "paper", "--name", "../x"], "found the name '../x'", 2),
    "no document": (["--source", "paper", "--evidence", "none.pdf"], "is no file", 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_decide_refuses_and_writes_nothing(pressmark: Run, corpus: Corpus, letter: Path, name: str) -> None:
    options, words, code = WRONG[name]
    ids = corpus.folder.parent / "ids.csv"
    ids.write_text("id\npaper:1\npaper:9\n", encoding="utf-8")
    given = [str(ids) if option == "IDS" else option for option in options]
    result = pressmark("decide", corpus.folder, *PERMISSION, "--evidence", letter, *given, "--yes")
    assert result.returncode == code, result.stdout
    assert words in " ".join(result.stderr.split())
    assert not (corpus.folder / "rights").exists()
    assert not (corpus.folder / "private").exists()


def test_decide_writes_what_only_takes_away(pressmark: Run, corpus: Corpus, letter: Path) -> None:
    arguments = ("--source", "journal", *LETTER, "--evidence", letter, "--privacy", "minor", "--yes")
    result = pressmark("decide", corpus.folder, *arguments, "--embargoed-until", "2026-06-01")
    assert result.returncode == 0, result.stderr
    corpus.build()
    assert corpus.codes()["records/a.jsonl:1"] == "embargoed"
    assert corpus.results[-1].lines["open"].counts["embargoed"] == 1


def test_verify_rights_searches_with_the_workshop(pressmark: Run, corpus: Corpus) -> None:
    corpus.build()
    release, workshop = corpus.out / "small/open/1.0.0", corpus.work / "small"
    assert pressmark("verify", release, "--rights", workshop).returncode == 0
    other = pressmark("verify", release, "--rights", corpus.work)
    assert other.returncode == 2
    assert "keeps no withheld texts of open 1.0.0" in other.stderr


def test_build_exits_with_the_gates_code_where_a_text_would_leak(pressmark: Run, corpus: Corpus) -> None:
    words = "The first paragraph of the page tells what happened, where, and to whom it happened."
    recipe = (corpus.folder / "corpus.toml").read_text()
    corpus.write("corpus.toml", recipe.replace("[corpus]", f'[corpus]\ndescription = "{words}"'))
    arguments = ("build", corpus.folder, "--version", "1.0.0", "--out", corpus.out, "--work", corpus.work)
    result = pressmark(*arguments, "--as-of", DAY)
    assert result.returncode == 3
    assert "README.md: leak: holds 70 characters of the withheld article paper:1" in result.stderr
    assert "first paragraph" not in result.stderr + result.stdout
    assert not list(corpus.out.rglob("manifest.json"))
    data = json.loads(pressmark(*arguments, "--as-of", DAY, "--json").stdout)
    # Each file that has the description.
    found = {(finding["code"], finding["file"]) for finding in data["findings"]}
    assert found == {("leak", "README.md"), ("leak", "croissant.json"), ("leak", "CITATION.cff")}


def rights_files(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (folder / "rights").glob("*.jsonl")
    }


def test_the_rights_files_of_a_release_add_up(example: BuildResult) -> None:
    line = example.lines["open"]
    files = rights_files(line.folder)
    counts = line.counts
    assert sum(entry["texts"] for entry in files["licenses"]) == counts["published"]
    assert sum(entry["articles"] for entry in files["domains"]) == counts["published"] + counts["withheld"]
    assert sum(entry["withheld"] for entry in files["domains"]) == counts["withheld"]
    shown = {
        row["id"]: row for path in (line.folder / "data").rglob("*.parquet") for row in pq.read_table(path).to_pylist()
    }
    assert {entry["id"] for entry in files["attribution"]} == {key for key, row in shown.items() if row["attribution"]}
    assert all(entry["attribution"] == shown[entry["id"]]["attribution"] for entry in files["attribution"])


def test_a_corpus_with_a_public_a_gated_and_a_private_line_builds_all_three_from_one_curation(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text()
    lines = '[releases.some]\ndestination = "gated"\n\n[releases.own]\ndestination = "private"\n\n[releases.bare]\n'
    lines += 'destination = "public"\nprofile = "metadata"\n\n[[input]]'
    corpus.write("corpus.toml", recipe.replace("[[input]]", lines, 1))
    decision = '[[decisions]]\nstatus = "permission"\nbasis = "b"\ndecided_by = "d"\ndecided_on = 2025-01-01\n'
    decision += 'scope = { ids = ["%s"] }\nvisibility = "%s"\n'
    decision += 'evidence = [{ kind = "contract", scope = "text", where = "x" }]\n'
    reach = ("public", "gated", "private", "local")
    corpus.records(*[{"text": f"Text {place}."} for place in reach])
    text = "".join(decision % (f"r{number}", place) for number, place in enumerate(reach, 1))
    corpus.write("rights/letters.toml", text)
    corpus.build()
    found = {
        line: [corpus.codes(line)[f"records/a.jsonl:{number}"] == "published" for number in range(1, 5)]
        for line in ("open", "some", "own", "vault", "bare")
    }
    assert found == {
        "open": [True, False, False, False],
        "some": [True, True, False, False],
        "own": [True, True, True, False],
        "vault": [True] * 4,
        "bare": [False] * 4,
    }


def test_a_line_where_nothing_may_be_mentioned_is_no_release(pressmark: Run, corpus: Corpus) -> None:
    shutil.rmtree(corpus.folder / "pages")
    corpus.write("pages/1.txt", b"")
    corpus.records({"rights": {"embargoed_until": "2027-01-01"}})
    result = pressmark(
        "build", corpus.folder, "--version", "1.0.0", "--out", corpus.out, "--work", corpus.work, "--as-of", DAY
    )
    assert result.returncode == 1
    assert "nothing may be mentioned" in result.stderr
    assert not list(corpus.out.rglob("manifest.json"))
