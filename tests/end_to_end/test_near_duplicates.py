"""Near copies end in one group and one split, and stay there: through whole builds, and as `verify` sees it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from near_cases import HANGUL, Press, near_pairs
from pressmark import RecipeError, UsageError, plan_withdrawal, record_withdrawal, restore, verify, why
from pressmark.findings import Finding
from support import AS_OF, JOURNAL, Corpus
from test_verify import seal

PRESS = Press(7)
TEXTS = [PRESS.article("hangul", 6) for _ in range(12)]


def near(text: str, times: int = 1) -> str:
    """Return a text with other words at its end: a near copy."""
    return f"{text}\n\n{' 다리' * times}"


def between(one: str, other: str) -> str:
    """Return a text that holds two others, each of which is near to it."""
    return f"{one}\n\n{other}"


def halves() -> tuple[str, str, str]:
    """Return two texts with a similarity of 0.71, and one that is near to both."""
    paragraphs = ["".join(PRESS.random.choices(HANGUL, k=60)) for _ in range(7)]
    return "\n\n".join(paragraphs[:6]), "\n\n".join(paragraphs[1:]), "\n\n".join(paragraphs)


def rows(corpus: Corpus, line: str = "open") -> dict[str, dict[str, Any]]:
    folder = corpus.results[-1].lines[line].folder
    found = {}
    for path in sorted([*folder.glob("data/*/*.parquet"), *folder.glob("withheld/*/*.parquet")]):
        for row in pq.read_table(path, partitioning=None).to_pylist():
            found[row["id"].removeprefix("journal:")] = {**row, "split": path.parent.name}
    return found


def recipe(corpus: Corpus, old: str, new: str) -> None:
    text = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    assert old in text
    corpus.write("corpus.toml", text.replace(old, new))


def sound(corpus: Corpus) -> list[Finding]:
    return [finding for made in corpus.results[-1].lines.values() for finding in verify(made.folder)]


def outcome(corpus: Corpus, name: str) -> dict[str, Any]:
    return next(row for row in corpus.ledger() if row.get("id") == f"journal:{name}")


def released_apart(corpus: Corpus, *texts: str) -> list[str]:
    """Release texts in splits that alternate between train and test, and return their ids in this order."""
    recipe(corpus, "[splits]", '[splits]\nfrom = "field"')
    names = [f"a{number}" for number in range(len(texts))]
    splits = ["train", "test"] * len(texts)
    corpus.records(
        *({"id": name, "text": text, "split": split} for name, text, split in zip(names, texts, splits, strict=False))
    )
    corpus.build("1.0.0")
    return names


def test_near_copies_share_group_and_split(corpus: Corpus) -> None:
    texts = [text for one in TEXTS for text in (one, near(one), near(one, 3))]
    corpus.records(*({"id": f"n{number:02}", "text": text} for number, text in enumerate(texts)))
    corpus.build()
    found = rows(corpus)
    for first in range(0, len(texts), 3):
        places = {
            (found[f"n{first + step:02}"]["group_id"], found[f"n{first + step:02}"]["split"]) for step in range(3)
        }
        assert len(places) == 1
    assert len({found[f"n{number:02}"]["group_id"] for number in range(len(texts))}) == len(TEXTS)
    assert len({row["split"] for row in found.values()}) == 2
    assert sound(corpus) == []


def test_near_copies_are_dropped_where_the_recipe_asks(corpus: Corpus) -> None:
    recipe(corpus, "[limits]", '[duplicates]\nnear = "drop"\n[limits]')
    corpus.records({"id": "b", "text": TEXTS[0]}, {"id": "a", "text": near(TEXTS[0])}, {"id": "c", "text": TEXTS[1]})
    corpus.build()
    assert {"a", "c"} <= set(rows(corpus))
    assert outcome(corpus, "b")["became"]["open"] == {"class": "duplicate", "code": "near-copy"}
    assert outcome(corpus, "b")["survivor"] == "journal:a"
    assert "Of near copies only one text is here." in card(corpus)
    assert sound(corpus) == []


def test_another_threshold_is_another_group(corpus: Corpus) -> None:
    one, other, _ = halves()
    corpus.records({"id": "a", "text": one}, {"id": "b", "text": other})
    corpus.build()
    assert rows(corpus)["a"]["group_id"] != rows(corpus)["b"]["group_id"]
    recipe(corpus, "[limits]", "[duplicates]\nthreshold = 0.7\n[limits]")
    corpus.out = corpus.out.with_name("other")
    corpus.build()
    assert rows(corpus)["a"]["group_id"] == rows(corpus)["b"]["group_id"]
    assert corpus.results[-1].lines["open"].manifest["duplicates"]["threshold"] == "7/10"


def test_exact_copies_stay_where_the_recipe_asks(corpus: Corpus) -> None:
    recipe(corpus, "[limits]", '[duplicates]\nexact = "keep"\n[limits]')
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[0]})
    corpus.build()
    found = rows(corpus)
    assert found["a"]["group_id"] == found["b"]["group_id"]
    assert sound(corpus) == []


def test_of_exact_copies_the_one_that_says_most_stays(corpus: Corpus) -> None:
    more = {"title": "Said", "url": "https://journal.example/1"}
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[0], **more})
    corpus.build()
    assert outcome(corpus, "a")["survivor"] == "journal:b"


def test_a_new_article_that_bridges_splits_is_left_out_and_names_both(corpus: Corpus) -> None:
    one, other, both = halves()
    released_apart(corpus, one, other)
    corpus.records({"id": "a0", "text": one}, {"id": "a1", "text": other}, {"id": "new", "text": both})
    corpus.build("1.0.1")
    assert {name: row["split"] for name, row in rows(corpus).items() if name in ("a0", "a1")} == {
        "a0": "train",
        "a1": "test",
    }
    told = outcome(corpus, "new")
    assert told["became"]["vault"] == {"class": "duplicate", "code": "bridges-splits"}
    assert {told["survivor"], told["also"]} == {"journal:a0", "journal:a1"}
    assert sound(corpus) == []


def test_a_change_that_brings_two_splits_together_takes_the_later_out(corpus: Corpus) -> None:
    released_apart(corpus, TEXTS[0], TEXTS[1])
    corpus.records({"id": "a0", "text": TEXTS[0]}, {"id": "a1", "text": near(TEXTS[0])})
    with pytest.raises(Exception, match="asks for MAJOR"):
        corpus.build("1.1.0")
    corpus.build("2.0.0")
    assert outcome(corpus, "a1")["became"]["open"]["code"] == "straddles-splits"
    assert "a1" not in rows(corpus)
    gone = (corpus.results[-1].lines["open"].folder / "departures.jsonl").read_text(encoding="utf-8")
    assert json.loads(gone) == {"id": "journal:a1", "because": "straddles-splits", "survivor": "journal:a0"}
    assert sound(corpus) == []


def test_who_leaves_because_of_an_article_under_embargo_leaves_without_naming_it(corpus: Corpus) -> None:
    names = released_apart(corpus, TEXTS[0], TEXTS[1], TEXTS[2])
    embargo = {"rights": {"embargoed_until": "2027-01-01"}}
    corpus.records(
        {"id": "a0", "text": TEXTS[0], **embargo},
        {"id": "a1", "text": near(TEXTS[0])},
        {"id": "a2", "text": TEXTS[2]},
    )
    corpus.build("2.0.0")
    assert outcome(corpus, "a1")["survivor"] == "journal:a0"
    told = {"id": "journal:a1", "because": "straddles-splits"}
    # The line on this machine alone has what is under embargo.
    for line, shown, survivor in (("open", {"a2"}, {}), ("vault", {"a0", "a2"}, {"survivor": "journal:a0"})):
        folder = corpus.results[-1].lines[line].folder
        assert {name for name in rows(corpus, line) if name[0] == "a"} == shown
        assert json.loads((folder / "departures.jsonl").read_text(encoding="utf-8")) == {**told, **survivor}
        naming = [path for path in folder.rglob("*.*") if path.is_file() and b"journal:a0" in path.read_bytes()]
        assert (naming != []) == (line == "vault")
    assert sound(corpus) == []
    # Once the embargo is over, both are what they would have been without it.
    corpus.records(*({"id": name, "text": text} for name, text in zip(names, (TEXTS[0], near(TEXTS[0])), strict=False)))
    corpus.build("auto", drop_vanished=True)
    assert rows(corpus)["a0"]["split"] == "train"
    assert outcome(corpus, "a1")["became"]["open"]["code"] == "straddles-splits"


def test_a_corpus_that_said_its_splits_is_told_where_near_copies_go(corpus: Corpus) -> None:
    released_apart(corpus, TEXTS[0], near(TEXTS[0]))
    assert rows(corpus)["a1"]["split"] == "train"
    assert outcome(corpus, "a1")["notes"] == [["split-stays", "/split", "found test, is in train"]]


def test_splits_since_a_day(corpus: Corpus) -> None:
    recipe(corpus, "train = 0.8\ntest = 0.2", 'train = 1.0\ntest = "since 2024-01-01"\nnewest = "since 2025-01-01"')
    days = {"a": "2023-12-31", "b": "2024-01-01", "c": "2025-03-03", "d": "2024-05-05"}
    texts = {"a": TEXTS[0], "b": TEXTS[1], "c": TEXTS[2], "d": near(TEXTS[0])}
    corpus.records(*({"id": name, "text": texts[name], "published_on": day} for name, day in days.items()))
    corpus.build()
    found = {name: row["split"] for name, row in rows(corpus).items() if name in days}
    assert found == {"a": "train", "b": "test", "c": "newest", "d": "train"}
    assert corpus.results[-1].lines["open"].manifest["splits"]["since"] == {
        "test": "2024-01-01",
        "newest": "2025-01-01",
    }
    assert "`test` has the groups whose first article was published on 2024-01-01 or later." in card(corpus)
    assert sound(corpus) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("test = 0.2", 'test = "since 2024-02-30"', "expected a day that exists"),
        ("test = 0.2", 'test = "from 2024-02-03"', "expected a form such as since 2026-01-31"),
        ("test = 0.2", 'a = "since 2024-02-03"\nb = "since 2024-02-03"', "two splits since the same day"),
        ("[limits]", "[duplicates]\nthreshold = 0.5\n[limits]", "threshold"),
        ("[limits]", '[duplicates]\nnear = "maybe"\n[limits]', "near"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(corpus: Corpus, old: str, new: str, said: str) -> None:
    recipe(corpus, old, new)
    with pytest.raises(RecipeError) as caught:
        corpus.build()
    assert any(said in str(fault) for fault in caught.value.faults)


CLOSED = JOURNAL.replace('"public_domain"', '"all_rights_reserved"').replace("The Journal", "The Closed Journal")


def with_closed_source(corpus: Corpus) -> None:
    recipe(corpus, "[splits]", '[[input]]\nfiles = "closed/*.jsonl"\nformat = "jsonl"\nsource = "closed"\n\n[splits]')
    corpus.write("sources/closed.toml", CLOSED)


def test_the_strictest_right_decides_for_near_copies(corpus: Corpus) -> None:
    with_closed_source(corpus)
    corpus.records({"id": "x", "text": TEXTS[0]}, path="closed/a.jsonl")
    corpus.records({"id": "a", "text": near(TEXTS[0])}, {"id": "b", "text": TEXTS[1]})
    corpus.build()
    assert outcome(corpus, "a")["became"]["open"] == {"class": "withheld", "code": "copy-is-closed"}
    assert outcome(corpus, "b")["became"]["open"] == {"class": "published"}
    assert sound(corpus) == []


def test_the_strictest_right_decides_also_where_the_closed_copy_is_set_aside(corpus: Corpus) -> None:
    with_closed_source(corpus)
    recipe(corpus, "[limits]", '[duplicates]\nnear = "drop"\n[limits]')
    corpus.records({"id": "x", "text": TEXTS[0]}, path="closed/a.jsonl")
    corpus.records({"id": "a", "text": near(TEXTS[0]), "title": "It says more"})
    corpus.build()
    assert outcome(corpus, "a")["became"]["open"] == {"class": "withheld", "code": "copy-is-closed"}


def test_why_names_the_near_copy_that_closes_a_text(corpus: Corpus) -> None:
    with_closed_source(corpus)
    corpus.records({"id": "x", "text": TEXTS[0]}, path="closed/a.jsonl")
    corpus.records({"id": "a", "text": near(TEXTS[0])}, {"id": "b", "text": TEXTS[1]})
    (found,) = why(corpus.folder, "journal:a")
    assert [(each.identity, each.alone["open"]) for each in found.copies] == [("closed:x", "status-closed")]


def withdrawn(corpus: Corpus, *names: str, reason: str = "rights_claim", source: str | None = None) -> list[str]:
    options: dict[str, Any] = {"reason": reason, "ref": "letter", "on": AS_OF, "out": corpus.out, "source": source}
    return record_withdrawal(plan_withdrawal(corpus.folder, [f"journal:{name}" for name in names], **options))


def test_a_near_copy_of_a_withdrawn_text_stays_closed(corpus: Corpus) -> None:
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]})
    corpus.build("1.0.0")
    withdrawn(corpus, "a")
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "c", "text": near(TEXTS[0])}, {"id": "b", "text": TEXTS[1]})
    corpus.build("2.0.0")
    assert outcome(corpus, "a")["became"]["open"]["class"] == "withdrawn"
    assert outcome(corpus, "c")["became"]["open"]["code"] == "copy-is-closed"


CLOSED_BY = {"class": "withheld", "code": "copy-is-closed"}


@pytest.mark.parametrize("reason", ["rights_claim", "privacy"])
def test_a_near_copy_of_a_withdrawn_text_stays_closed_when_that_leaves_the_inputs(corpus: Corpus, reason: str) -> None:
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]})
    corpus.build("1.0.0")
    [name] = withdrawn(corpus, "a", reason=reason)
    corpus.records({"id": "c", "text": near(TEXTS[0])}, {"id": "b", "text": TEXTS[1]})
    corpus.build("2.0.0")
    for line in ("open", "vault"):
        assert outcome(corpus, "c")["became"][line] == {**CLOSED_BY, "copy_of": name}
        assert outcome(corpus, "b")["became"][line] == {"class": "published"}
    # What is near to the near copy is closed with it, as while the text was there.
    corpus.records({"id": "c", "text": near(TEXTS[0])}, {"id": "d", "text": near(near(TEXTS[0]), 40)})
    corpus.build("3.0.0", drop_vanished=True)
    assert outcome(corpus, "d")["became"]["open"]["code"] == "copy-is-closed"
    assert sound(corpus) == []
    told = [copy for each in why(corpus.folder, "journal:c") for copy in each.copies if copy.identity == name]
    assert [(copy.status, copy.alone["open"]) for copy in told] == [("withdrawn", "withdrawn")]
    restore(corpus.folder, name, ref="settled", on=AS_OF)
    corpus.build("auto")
    assert outcome(corpus, "d")["became"]["open"] == {"class": "published"}


def test_near_copies_of_every_wording_and_of_whole_sources_stay_closed(corpus: Corpus) -> None:
    with_closed_source(corpus)
    corpus.records({"id": "x", "text": TEXTS[2]}, path="closed/a.jsonl")
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[3]})
    corpus.build("1.0.0")
    corpus.records({"id": "a", "text": TEXTS[1]}, {"id": "b", "text": TEXTS[3]})
    corpus.build("auto")
    withdrawn(corpus, "a")
    withdrawn(corpus, source="closed")
    corpus.records({"id": "y", "text": TEXTS[5]}, path="closed/a.jsonl")
    corpus.records(*({"id": f"n{number}", "text": near(TEXTS[number])} for number in range(5)))
    corpus.build("auto", drop_vanished=True)
    became = {number: outcome(corpus, f"n{number}")["became"]["open"].get("code") for number in range(5)}
    assert became == {0: "copy-is-closed", 1: "copy-is-closed", 2: "copy-is-closed", 3: None, 4: None}


def test_a_decision_that_names_a_near_copy_of_a_withdrawn_text_opens_it(corpus: Corpus) -> None:
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]})
    corpus.build("1.0.0")
    withdrawn(corpus, "a")
    corpus.write("sources/journal.toml", JOURNAL + NAMING.format("c"))
    corpus.records({"id": "c", "text": near(TEXTS[0])}, {"id": "d", "text": near(TEXTS[0], 2)})
    corpus.build("2.0.0", drop_vanished=True)
    assert outcome(corpus, "c")["became"]["open"] == {"class": "published"}
    assert outcome(corpus, "d")["became"]["open"]["code"] == "copy-is-closed"


NAMING = """
[[rights.decisions]]
status = "public_domain"
basis = "It was looked at by itself."
decided_by = "editor"
decided_on = 2025-01-02
scope = {{ ids = ["journal:{}"] }}
evidence = [{{ kind = "manual", scope = "text", where = "register" }}]
"""


def test_a_list_of_withdrawals_without_imprints_goes_on_working(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]})
    corpus.build("1.0.0")
    with monkeypatch.context() as patched:
        patched.setattr("pressmark.withdraw._enciphered", lambda *_: [])
        withdrawn(corpus, "a")
    assert "imprints" not in (corpus.folder / "private" / "withdrawals.jsonl").read_text(encoding="utf-8")
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "c", "text": near(TEXTS[0])}, {"id": "b", "text": TEXTS[1]})
    corpus.build("2.0.0")
    assert outcome(corpus, "a")["became"]["open"]["class"] == "withdrawn"
    assert outcome(corpus, "c")["became"]["open"] == CLOSED_BY


def card(corpus: Corpus) -> str:
    return (corpus.results[-1].lines["open"].folder / "README.md").read_text(encoding="utf-8")


def test_the_card_tells_how_articles_spread(corpus: Corpus) -> None:
    corpus.records(*({"id": f"n{number}", "text": text} for number, text in enumerate(TEXTS)))
    corpus.build()
    found = rows(corpus)
    counted = [sum(row["split"] == split for row in found.values()) for split in ("train", "test")]
    assert f"| all | articles | {counted[0]} | {counted[1]} |" in card(corpus)
    dated = [row["split"] for row in found.values() if row["published_on"].year == 2020]
    assert f"| year | 2020 | {dated.count('train')} | {dated.count('test')} |" in card(corpus)


def test_an_article_that_moved_since_the_release_beside_is_found(corpus: Corpus) -> None:
    corpus.records(*({"id": f"n{number}", "text": text} for number, text in enumerate(TEXTS)))
    corpus.build("1.0.0")
    kept = {name: row["split"] for name, row in rows(corpus).items()}
    # The same articles under another salt, as a build that knows of no release before would place them.
    recipe(corpus, 'name = "small"', 'name = "other"')
    corpus.build("1.0.0")
    corpus.build("1.0.1", previous=[corpus.out / "other" / "open" / "1.0.0"])
    moved = [name for name, row in rows(corpus).items() if row["split"] != kept[name]]
    assert moved
    beside = corpus.out / "other" / "open"
    shutil.rmtree(beside / "1.0.0")
    shutil.copytree(corpus.out / "small" / "open" / "1.0.0", beside / "1.0.0")
    manifest = (beside / "1.0.0" / "manifest.json").read_bytes()
    pretend(beside / "1.0.1", manifest)
    found = [finding for finding in verify(beside / "1.0.1") if finding.code == "article-moved"]
    assert sorted(finding.place for finding in found) == sorted(
        f"id journal:{name}" if name[0] == "n" else "" for name in moved
    )


def test_an_article_that_moved_since_any_earlier_release_is_found(corpus: Corpus) -> None:
    corpus.records(*({"id": f"n{number}", "text": text} for number, text in enumerate(TEXTS)))
    corpus.build("1.0.0")
    first = corpus.out / "small" / "open" / "1.0.0"
    kept = {name: row["split"] for name, row in rows(corpus).items()}
    corpus.records(*({"id": f"n{number}", "text": text} for number, text in enumerate(TEXTS[:6])))
    corpus.build("2.0.0", drop_vanished=True)
    # What left comes back to another split: the build did not have the release that it was in.
    recipe(corpus, "train = 0.8\ntest = 0.2", "train = 0.2\ntest = 0.8")
    elsewhere = corpus.out.with_name("elsewhere")
    shutil.copytree(corpus.out / "small" / "open" / "2.0.0", elsewhere / "2.0.0")
    corpus.out = corpus.out.with_name("again")
    corpus.records(*({"id": f"n{number}", "text": text} for number, text in enumerate(TEXTS)))
    corpus.build("2.1.0", line="open", previous=[elsewhere / "2.0.0"])
    release = corpus.results[-1].lines["open"].folder
    moved = {name for name, row in rows(corpus).items() if name in kept and row["split"] != kept[name]}
    assert moved
    assert verify(release) == verify(release, previous=[elsewhere / "2.0.0"]) == []
    for folder in (first, first.parents[1] / "vault" / "1.0.0"):
        found = verify(release, previous=[elsewhere / "2.0.0", folder])
        assert {finding.code for finding in found} == {"article-moved"}
        # The page has no id of the journal's.
        assert {finding.place for finding in found} >= {f"id journal:{name}" for name in moved if name[0] == "n"}
        assert len(found) == len(moved)
    command = [sys.executable, "-m", "pressmark", "verify", str(release), "--previous", str(first)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "article-moved" in ended.stdout + ended.stderr
    pretend(release, b"another", 1)
    assert [finding.code for finding in verify(release, previous=[elsewhere / "2.0.0"])] == ["history-differs"]


def test_what_is_given_to_verify_as_an_earlier_release_has_to_be_one(corpus: Corpus, tmp_path: Path) -> None:
    corpus.records({"id": "a", "text": TEXTS[0]})
    corpus.build("1.0.0")
    corpus.records({"id": "a", "text": TEXTS[0]}, {"id": "b", "text": TEXTS[1]})
    corpus.build("1.1.0")
    earlier, release = (corpus.out / "small" / "open" / version for version in ("1.0.0", "1.1.0"))
    for folder, said in ((release, "no earlier version than 1.1.0"), (tmp_path, "cannot be read: FileNotFoundError")):
        with pytest.raises(UsageError, match=said):
            verify(release, previous=[folder])
    shutil.copytree(earlier, tmp_path / "copy")
    next((tmp_path / "copy").glob("data/*/*.parquet")).unlink()
    with pytest.raises(UsageError, match="copy cannot be read: FileNotFoundError"):
        verify(release, previous=[tmp_path / "copy"])
    recipe(corpus, 'name = "small"', 'name = "other"')
    corpus.build("1.0.0")
    with pytest.raises(UsageError, match=r"is 1\.0\.0 of other, no earlier version than 1\.1\.0 of small"):
        verify(release, previous=[corpus.out / "other" / "open" / "1.0.0"])


def pretend(folder: Path, manifest: bytes, which: int = 0) -> None:
    """Let a release say that another one came before it."""
    path = folder / "versions.json"
    stated = json.loads(path.read_bytes())
    stated["versions"][which]["manifest_sha256"] = hashlib.sha256(manifest).hexdigest()
    path.write_text(json.dumps(stated, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    seal(folder)


def grow(corpus: Corpus, seed: int, releases: int, each: int) -> None:
    """Release a corpus again and again while it grows, changes and loses articles, and look at it from outside."""
    press = Press(seed)
    texts: dict[str, str] = {}
    places: dict[str, tuple[str, str]] = {}
    for number in range(1, releases + 1):
        for step in range(each):
            known = list(texts.values())
            again = known and press.random.random() < 0.4
            text = press.copy(press.random.choice(known)) if again else press.article()
            if len(known) > 1 and press.random.random() < 0.1:
                text = between(*press.random.sample(known, 2))
            texts[f"n{number:02}{step:03}"] = text
        for name in press.random.sample(sorted(texts), 2) if number > 1 else []:
            texts[name] = press.edited(press.random.choice(list(texts.values())))
        for name in press.random.sample(sorted(texts), 1) if number > 1 else []:
            del texts[name]
        corpus.records(*({"id": name, "text": text} for name, text in sorted(texts.items())))
        corpus.build("auto", drop_vanished=True)
        found = rows(corpus, "vault")
        for name, row in found.items():
            assert places.setdefault(name, (row["group_id"], row["split"])) == (row["group_id"], row["split"])
        gone = {
            row["id"].removeprefix("journal:")
            for row in corpus.ledger()
            if row["became"]["vault"]["class"] != "published"
        }
        places = {name: place for name, place in places.items() if name in found or name in gone}
        released = [(name, row) for name, row in found.items() if row["text"] is not None]
        for one, other in near_pairs([row["text"] for _, row in released]):
            assert released[one][1]["split"] == released[other][1]["split"]
        assert sound(corpus) == []


def test_groups_of_a_corpus_that_grew_are_those_of_a_build_from_scratch_but_for_bridges(corpus: Corpus) -> None:
    press = Press(21)
    texts: list[str] = []
    for number in range(1, 7):
        while len(texts) < number * 25:
            again = texts and press.random.random() < 0.5
            texts.append(press.copy(press.random.choice(texts)) if again else press.article())
        names = [f"n{at:03}" for at in range(len(texts))]
        corpus.records(*({"id": name, "text": text} for name, text in zip(names, texts, strict=True)))
        corpus.build("auto")
    grown = rows(corpus)
    corpus.out = corpus.out.with_name("scratch")
    corpus.build()
    scratch = rows(corpus)
    both = sorted(set(grown) & set(scratch))
    for one in both:
        for other in both:
            if grown[one]["group_id"] == grown[other]["group_id"]:
                assert scratch[one]["group_id"] == scratch[other]["group_id"]
    parts: dict[str, set[str]] = {}
    for name in both:
        parts.setdefault(scratch[name]["group_id"], set()).add(grown[name]["group_id"])
    # A family in several groups was brought together later: by who came after the first of each.
    for scratched, groups in parts.items():
        if len(groups) > 1:
            first = [
                min(grown[name]["added_in"] for name in both if grown[name]["group_id"] == group) for group in groups
            ]
            family = [name for name in scratch if scratch[name]["group_id"] == scratched]
            late = [grown[name]["added_in"] if name in grown else number + 1 for name in family]
            assert max(late) > sorted(first)[1]
    assert sum(len(groups) == 1 for groups in parts.values()) > 30


def test_nothing_moves_while_a_corpus_grows(corpus: Corpus) -> None:
    grow(corpus, 1, 5, 30)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 5))
def test_nothing_moves_in_twenty_releases(corpus: Corpus, seed: int) -> None:
    grow(corpus, seed, 20, 60)


def shown(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pressmark", "duplicates", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == (0 if "nobody" not in arguments else 2), done.stderr
    return done.stdout or done.stderr


def test_the_command_shows_a_group_side_by_side(corpus: Corpus) -> None:
    with_closed_source(corpus)
    corpus.records({"id": "x", "text": TEXTS[2]}, path="closed/a.jsonl")
    corpus.records(
        {"id": "a", "text": TEXTS[0], "title": "One"},
        {"id": "b", "text": near(TEXTS[0]), "title": "[bold]Other"},
        {"id": "c", "text": TEXTS[1]},
        {"id": "d", "text": near(TEXTS[2])},
    )
    corpus.build()
    folder = str(corpus.results[-1].lines["open"].folder)
    printed = shown(folder, "journal:b", "--words")
    assert printed.index("journal:b") < printed.index("journal:a")
    assert "100.0%" in printed
    assert "[bold]Other" in printed
    assert "journal:c" not in printed
    assert "[- 다리-]" in " ".join(printed.split()) or "[-다리-]" in printed
    assert "no near copy" in shown(folder, "journal:c")
    told = json.loads(shown(folder, "closed:x", "--json", "--words"))
    assert [(each["id"], each["similarity"]) for each in told] == [("closed:x", 1.0), ("journal:d", None)]
    assert told[1]["differences"] == ["text not here"]
    assert TEXTS[2][:30] not in printed + json.dumps(told, ensure_ascii=False)
    assert "has no article 'nobody'" in shown(folder, "nobody")


def test_who_left_for_a_near_copy_stays_out_in_the_next_build(corpus: Corpus) -> None:
    released_apart(corpus, TEXTS[0], TEXTS[1])
    corpus.records({"id": "a0", "text": TEXTS[0]}, {"id": "a1", "text": near(TEXTS[0])})
    corpus.build("2.0.0")
    again = corpus.build("auto")
    assert all(made.unchanged for made in again.lines.values())
    corpus.records({"id": "a0", "text": TEXTS[0]}, {"id": "a1", "text": TEXTS[2]})
    corpus.build("auto")
    assert {name: rows(corpus)[name]["split"] for name in ("a0", "a1")} == {"a0": "train", "a1": "test"}
    assert sound(corpus) == []


def test_who_vanished_comes_back_to_its_group_and_split(corpus: Corpus) -> None:
    records = [{"id": f"n{number:02}", "text": text} for number, text in enumerate(TEXTS)]
    records += [{"id": f"o{number:02}", "text": near(text)} for number, text in enumerate(TEXTS)]
    corpus.records(*records)
    corpus.build("1.0.0")
    before = {name: (row["group_id"], row["split"]) for name, row in rows(corpus).items()}
    corpus.records({"id": "other", "text": PRESS.article("han")})
    corpus.build("auto", drop_vanished=True)
    corpus.records({"id": "other", "text": PRESS.article("han")}, *records[len(TEXTS) :])
    corpus.build("auto", drop_vanished=True)
    found = rows(corpus)
    assert {f"o{number:02}" for number in range(len(TEXTS))} <= set(found)
    assert all((row["group_id"], row["split"]) == before[name] for name, row in found.items() if name in before)
    assert sound(corpus) == []


def test_since_with_an_embargo_and_a_copy_without_a_day_is_built(corpus: Corpus) -> None:
    recipe(corpus, "train = 0.8\ntest = 0.2", 'train = 1.0\ntest = "since 2024-01-01"')
    embargo = 'decided_by = "editor"\nembargoed_until = 2027-01-01'
    with_closed_source(corpus)
    corpus.write("sources/closed.toml", JOURNAL.replace('decided_by = "editor"', embargo))
    corpus.records({"id": "e", "text": TEXTS[0], "published_on": "2024-06-01"}, path="closed/a.jsonl")
    corpus.records({"id": "n", "text": near(TEXTS[0]), "published_on": None})
    corpus.build()
    assert outcome(corpus, "n")["split"] == "test"
    assert sound(corpus) == []


def test_exact_copies_that_are_kept_are_no_near_copies_to_drop(corpus: Corpus) -> None:
    recipe(corpus, "[limits]", '[duplicates]\nexact = "keep"\nnear = "drop"\n[limits]')
    corpus.records(
        *({"id": name, "text": text} for name, text in zip("abc", (TEXTS[0], TEXTS[0], near(TEXTS[0])), strict=True))
    )
    corpus.build()
    assert {"a", "b"} <= set(rows(corpus))
    assert outcome(corpus, "c")["became"]["open"]["code"] == "near-copy"
    assert sound(corpus) == []


def test_no_group_is_named_after_the_text_of_an_article_under_embargo(corpus: Corpus) -> None:
    with_closed_source(corpus)
    embargo = 'decided_by = "editor"\nembargoed_until = 2027-01-01'
    corpus.write("sources/closed.toml", JOURNAL.replace('decided_by = "editor"', embargo))
    corpus.records({"id": "e", "text": TEXTS[0]}, path="closed/a.jsonl")
    corpus.records({"id": "n", "text": near(TEXTS[0])})
    corpus.build()
    assert "closed:e" not in rows(corpus)
    assert rows(corpus)["n"]["group_id"] == rows(corpus)["n"]["text_sha256"][:16]
