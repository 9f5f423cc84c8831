"""What a user sees first: the command line on the example corpus, and the releases in the readers' own tools."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from pressmark import BuildResult, verify
from support import ROOT, Corpus

EXAMPLE = ROOT / "corpus" / "three-papers"
INPUTS = 82


def consumer(program: str, *arguments: str | Path, home: Path) -> Any:
    """Run a reader's program in a process of its own, with an empty cache, and return the JSON that it prints."""
    environment = {
        **os.environ,
        "HF_HOME": str(home),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=home, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_build_prints_what_became_of_every_input(pressmark: Run, tmp_path: Path) -> None:
    done = pressmark("build", EXAMPLE, "--version", "1.0.0", "--as-of", "2026-01-31")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for code in ("exact-copy", "not-an-article", "empty-input", "unknown-encoding", "bad-json", "rights-conflict"):
        assert code in done.stdout
    assert f"What became of all {INPUTS} inputs" in done.stdout
    assert verify(tmp_path / "dist" / "three-papers" / "open" / "1.0.0") == []
    assert verify(tmp_path / "dist" / "three-papers" / "vault" / "1.0.0") == []


def test_json_says_the_same_as_the_manifest(pressmark: Run, tmp_path: Path) -> None:
    done = pressmark("build", EXAMPLE, "--version", "1.0.0", "--as-of", "2026-01-31", "--json", "--line", "open")
    result = json.loads(done.stdout)
    folder = tmp_path / result["releases"]["open"]["folder"]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert result["releases"]["open"]["counts"] == manifest["counts"]
    assert set(result["releases"]) == {"open"}
    assert not (tmp_path / "dist" / "three-papers" / "vault").exists()


def test_verify_loads_every_split_with_the_real_client(pressmark: Run, example: BuildResult) -> None:
    done = pressmark("verify", example.lines["open"].folder, "--load", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["findings"] == []
    rows = Counter[str]()
    for each in result["loaded"]:
        rows[each["config"]] += each["rows"]
    counts = example.lines["open"].counts
    assert rows == {"articles": counts["published"], "withheld": counts["withheld"]}
    assert {each["split"] for each in result["loaded"]} == {"train", "validation", "test"}


def test_verify_says_where_the_client_reads_other_rows(pressmark: Run, example: BuildResult, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in example.lines["open"].folder.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(example.lines["open"].folder)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(example.lines["open"].folder)).write_bytes(path.read_bytes())
    from pressmark.hub.consume import load_back  # noqa: PLC0415 - what it tests

    manifest = json.loads((copy / "manifest.json").read_bytes())
    manifest["configs"]["articles"]["splits"]["train"]["rows"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    _, findings = load_back(copy)
    assert [(finding.code, finding.place) for finding in findings] == [("load-differs", "train")]


def test_load_dataset_gives_typed_columns(example: BuildResult, tmp_path: Path) -> None:
    program = """
import json, sys
from datasets import load_dataset
rows = load_dataset(sys.argv[1], split="train")
row = next(row for row in rows if row["id"] == "lanhe-zaobao-zh:lh-2024-0001")
streamed = [row["id"] for row in load_dataset(sys.argv[1], split="train", streaming=True)]
print(json.dumps({
    "at": row["published_at"].isoformat(), "on": row["published_on"].isoformat(), "section": row["section"],
    "license": row["license"], "who": row["contributors"][0]["role"], "same": streamed == rows["id"],
}))
"""
    assert consumer(program, example.lines["open"].folder, home=tmp_path) == {
        "at": "2024-01-05T23:30:00+00:00",
        "on": "2024-01-06",
        "section": ["本地", "天气"],
        "license": "CC-BY-4.0",
        "who": "aut",
        "same": True,
    }


@pytest.mark.parametrize(
    "program",
    [
        "import pandas; rows = len(pandas.read_parquet(sys.argv[1]))",
        "import polars; rows = polars.scan_parquet(sys.argv[1] + '/**/*.parquet').collect().height",
        "import duckdb; rows = duckdb.sql(f\"select count(*) from '{sys.argv[1]}/**/*.parquet'\").fetchall()[0][0]",
        "import pyarrow.dataset; rows = pyarrow.dataset.dataset(sys.argv[1]).count_rows()",
    ],
    ids=["pandas", "polars", "duckdb", "pyarrow"],
)
def test_other_readers_see_the_same_rows(program: str, example: BuildResult, tmp_path: Path) -> None:
    data = example.lines["open"].folder / "data"
    rows = consumer(f"import json, sys\n{program}\nprint(json.dumps(rows))", data, home=tmp_path)
    assert rows == example.lines["open"].counts["published"]


def test_counts_of_the_example_close_in_both_lines(example: BuildResult) -> None:
    for line in example.lines.values():
        counts = line.counts
        assert counts["inputs"] == INPUTS
        assert counts["inputs"] == sum(value for key, value in counts.items() if key not in ("inputs", "by_code"))
    assert example.lines["vault"].counts["withheld"] == 0


def test_every_class_of_outcome_shows_in_the_example(example: BuildResult) -> None:
    counts = example.lines["open"].counts
    assert {name for name in ("published", "withheld", "duplicate", "rejected") if counts[name]} == {
        "published",
        "withheld",
        "duplicate",
        "rejected",
    }
    assert set(counts["by_code"]) >= {"no-decision", "original-not-covered", "rights-conflict", "exact-copy"}


def windows(text: str, length: int) -> set[str]:
    dense = "".join(text.split())
    return {dense[start : start + length] for start in range(len(dense) - length + 1)}


def everything_in(folder: Path, home: Path) -> str:
    """Return every value of every file of a release, without spaces: cells, footers and plain files."""
    program = """
import json, sys
from pathlib import Path
import pyarrow.parquet as pq
words = []
def leaves(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            leaves(inner)
    else:
        words.append(str(value))
for path in Path(sys.argv[1]).rglob("*"):
    if path.suffix == ".parquet":
        file = pq.ParquetFile(path)
        leaves(file.read().to_pylist())
        words.append(str(file.metadata.metadata))
        for group in range(file.num_row_groups):
            for column in range(file.metadata.num_columns):
                words.append(str(file.metadata.row_group(group).column(column).statistics))
    elif path.is_file():
        words.append(path.read_text(encoding="utf-8"))
print(json.dumps("".join("".join(words).split())))
"""
    found: str = consumer(program, folder, home=home)
    return found


def test_no_run_of_a_withheld_text_is_in_the_public_release(example: BuildResult, tmp_path: Path) -> None:
    program = """
import json, sys
import pyarrow.dataset as ds
def read(folder, columns): return ds.dataset(folder).to_table(columns=columns).to_pylist()
closed = {row["id"] for row in read(sys.argv[1] + "/withheld", ["id"])}
rows = read(sys.argv[2] + "/data", ["id", "text", "captions", "subtitles"])
print(json.dumps([row for row in rows if row["id"] in closed]))
"""
    open_, vault = example.lines["open"].folder, example.lines["vault"].folder
    rows = consumer(program, open_, vault, home=tmp_path)
    public = everything_in(open_, tmp_path)
    assert len(rows) == example.lines["open"].counts["withheld"]
    hits = []
    for row in rows:
        closed = [row["text"], *(row["subtitles"] or []), *(each["text"] for each in row["captions"] or [])]
        length = 60 if row["id"].startswith("quillmouth") else 24
        hits += [(row["id"], run) for text in closed for run in windows(text, length) if run in public]
    assert hits == []
    # The same look finds what is there: a published text.
    shown = consumer(
        "import json, sys, pyarrow.dataset as ds\n"
        "print(json.dumps(ds.dataset(sys.argv[1] + '/data').to_table(columns=['text']).to_pylist()))",
        open_,
        home=tmp_path,
    )
    assert all(run in public for row in shown for run in windows(row["text"], 24))


def test_check_looks_and_writes_nothing(pressmark: Run, tmp_path: Path, corpus: Corpus) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = pressmark("check", corpus.folder)
    assert done.returncode == 0, done.stderr
    assert "next: pressmark build" in done.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_check_names_every_fault_of_a_recipe_at_once(pressmark: Run, corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    recipe = (
        recipe.replace("contact =", "contakt =").replace('"local"', '"lokal"').replace("\ntitle =", "\n# title =", 1)
    )
    corpus.write("corpus.toml", recipe)
    source = (corpus.folder / "sources" / "paper.toml").read_text(encoding="utf-8")
    corpus.write("sources/paper.toml", source.replace('role = "image"', 'role = "picture"'))
    done = pressmark("check", corpus.folder)
    assert done.returncode == 2
    assert "did you mean contact?" in done.stderr
    assert "line 6, corpus.contakt" in done.stderr
    assert "line 12, releases.vault.destination: bad-value: found 'lokal'" in done.stderr
    assert "sources/paper.toml, line 27, layout.anchors[3].role: bad-value: found 'picture'" in done.stderr
    assert "corpus.title: missing-key: expected the key title" in done.stderr
    assert "the recipe has 4 faults" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["build", "nowhere", "--version", "1.0.0"], 2, "there is no folder nowhere"),
        (["check", str(EXAMPLE.parent / "tree-papers")], 2, f"did you mean {EXAMPLE}?"),
        (["check", str(EXAMPLE.parent)], 2, "recipe-missing"),
        (["build", str(EXAMPLE), "--version", "1.0"], 2, "three numbers"),
        (["build", str(EXAMPLE), "--version", "1.0.0", "--line", "shut"], 2, "it has: open, vault"),
        (["verify", "nowhere"], 2, "is no folder"),
        (["verify", "."], 1, "not-a-release"),
        (["verify", str(EXAMPLE)], 2, f"{EXAMPLE} is no release, but a corpus"),
        (["biuld", "corpus"], 2, "No such command 'biuld'. Did you mean build?"),
        (["vrfy"], 2, "No such command 'vrfy'. Did you mean verify?"),
        (["qqqqq"], 2, "No such command 'qqqqq'.\n"),
        (["--verion"], 2, "No such option"),
        (["explain", "exact-cpy"], 2, "did you mean exact-copy?"),
        (["explain", "exact-copy"], 0, "What to do"),
        (["explain"], 0, "wrong-encoding"),
        (["--help"], 0, "Example"),
    ],
)
def test_exit_codes_and_words(arguments: list[str], code: int, word: str, pressmark: Run) -> None:
    done = pressmark(*arguments)
    assert done.returncode == code
    assert word in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_more_refusals_than_the_recipe_allows_exit_1_with_a_release(
    pressmark: Run, tmp_path: Path, corpus: Corpus
) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('rejected = "100 %"\n', ""))
    corpus.write("pages/2.txt", "")
    done = pressmark("build", corpus.folder, "--version", "1.0.0")
    assert done.returncode == 1
    assert "1 of 3 inputs were refused, 33.33 %; without [limits] rejected in" in done.stderr
    assert f"{corpus.folder / 'corpus.toml'} the default allows 1 %: " in done.stderr
    assert '[limits] rejected = "34 %"' in done.stderr
    assert verify(tmp_path / "dist" / "small" / "open" / "1.0.0") == []
    looked = pressmark("check", corpus.folder)
    assert looked.returncode == 1
    assert "1 of 3 inputs were refused, 33.33 %; without [limits] rejected in" in looked.stderr
    corpus.write("corpus.toml", recipe.replace('rejected = "100 %"', 'rejected = "2.5 %"'))
    stated = pressmark("build", corpus.folder, "--version", "1.0.0", "--out", "again", "--json")
    assert stated.returncode == 1
    assert json.loads(stated.stdout)["allowed"] == 0.025
    looked = pressmark("check", corpus.folder)
    assert f"; [limits] rejected in {corpus.folder / 'corpus.toml'} allows 2.5 %: " in looked.stderr
    corpus.write("corpus.toml", recipe.replace('rejected = "100 %"', 'rejected = "34 %"'))
    assert "inputs were refused" not in pressmark("check", corpus.folder).stderr
    assert pressmark("build", corpus.folder, "--version", "1.0.0", "--out", "last").returncode == 0


def test_a_corpus_with_nothing_open_has_withheld_as_its_default(corpus: Corpus) -> None:
    (corpus.folder / "records" / "a.jsonl").unlink()
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    head, _, tail = recipe.partition('[[input]]\nfiles = "records')
    corpus.write("corpus.toml", head + tail[tail.index("[splits]") :])
    line = corpus.build().lines["open"]
    assert line.manifest["configs"].keys() == {"withheld"}
    assert line.manifest["configs"]["withheld"]["default"] is True
    assert "license_name: metadata-only" in (line.folder / "README.md").read_text(encoding="utf-8")
    assert verify(line.folder) == []


def test_a_build_waits_for_no_other_build_of_its_output(pressmark: Run, corpus: Corpus, tmp_path: Path) -> None:
    from filelock import FileLock  # noqa: PLC0415 - the lock of another process

    (tmp_path / "dist" / "small").mkdir(parents=True)
    with FileLock(tmp_path / "dist" / "small" / ".lock"):
        done = pressmark("build", corpus.folder, "--version", "1.0.0")
    assert done.returncode == 2
    assert "another build is at work" in done.stderr
    assert not (tmp_path / "dist" / "small" / "open").exists()


def test_a_full_disk_is_an_error_in_words(pressmark: Run, corpus: Corpus, tmp_path: Path) -> None:
    # A file where a folder has to be is refused by the system as a full disk is, and to root too.
    (tmp_path / "dist").write_text("", encoding="utf-8")
    done = pressmark("build", corpus.folder, "--version", "1.0.0")
    assert done.returncode == 2
    assert "the system says" in done.stderr
    assert "Traceback" not in done.stderr


def test_titles_of_a_recipe_stay_words_in_the_card(corpus: Corpus) -> None:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    hostile = "<script>alert(1)</script> [x](javascript:y) | `z`\\n---\\nlicense: mit"
    corpus.write("corpus.toml", recipe.replace('title = "A small corpus"', f'title = "{hostile}"'))
    folder = corpus.build().lines["open"].folder
    card = (folder / "README.md").read_text(encoding="utf-8")
    body = card.split("---\n", 2)[2]
    assert "<script>" not in body
    assert "[x](" not in body
    assert verify(folder) == []
