"""The leak scan: a run of a withheld text is found wherever it stands in a release, and nothing else is."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressmark.article.contract import schema_bytes
from pressmark.errors import GateRefusedError, OutputError
from pressmark.release.leaks import scan
from pressmark.release.meetings import Copy, Scan
from pressmark.release.pieces import RUN_CJK, RUN_OTHER, dense
from pressmark.search import verify_rights
from strategies import checked
from support import JOURNAL, RECIPE, Corpus

HANGUL = "".join(chr(0xAC00 + 28 * number) for number in range(300))
HAN = "".join(chr(0x4E00 + number) for number in range(300))
LATIN = "".join(f"{number:03x}-" for number in range(0x100, 0x200))
RARE = "".join(chr(0x20000 + number) for number in range(300))
TEXTS = {"hangul": (HANGUL, RUN_CJK), "han": (HAN, RUN_CJK), "latin": (LATIN, RUN_OTHER), "rare": (RARE, RUN_CJK)}
TEXT_IDS = list(TEXTS)


class Release:
    """A small release folder with what its build kept closed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.closed, self.scratch = folder / "release", folder / "closed", folder / "scratch"
        self.write("schema/article.schema.json", schema_bytes("article.schema.json"))
        self.closed.mkdir()

    def write(self, path: str, data: bytes) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def rows(self, *rows: dict[str, Any], path: str = "data/train/2024.parquet", **options: Any) -> None:
        columns = dict.fromkeys(column for row in rows for column in row)
        whole = [
            {"id": f"r{number}", **columns, "rights": {"decided_for": "source"}, **row}
            for number, row in enumerate(rows)
        ]
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(whole), place, **options)

    def keep_closed(self, *closed: str, allowed: str = "", name: str = "000000") -> None:
        rows = [{"id": f"w{number}", "closed": value, "allowed": allowed} for number, value in enumerate(closed)]
        pq.write_table(pa.Table.from_pylist(rows), self.closed / f"{name}.parquet")

    def scan(self) -> Scan:
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        return scan(self.folder, self.closed, self.scratch, map)

    def leaks(self) -> list[str]:
        return [f"{leak.file} {leak.place}".strip() for leak in self.scan().leaks]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return Release(tmp_path)


SHARD = "data/train/2024.parquet"


def filtered_dictionary(words: str) -> pa.Table:
    """Return a table that lost the row with the words, but not its dictionary."""
    values = pa.array(["plain", words, "plain"]).dictionary_encode()
    rights = pa.array([{"decided_for": "source"}] * 3)
    whole = pa.table({"id": ["a", "b", "c"], "rights": rights, "section": values})
    return whole.filter(pa.array([True, False, True]))


PLACES: dict[str, tuple[Callable[[Release, str], None], str]] = {
    "column": (lambda to, words: to.rows({"publisher": f"by {words}."}), f"{SHARD} publisher"),
    "list": (lambda to, words: to.rows({"section": ["Town", words]}), f"{SHARD} section"),
    "struct": (lambda to, words: to.rows({"provenance": {"published_raw": words}}), f"{SHARD} provenance"),
    "entries of a list": (
        lambda to, words: to.rows({"section": ["Town", words[:20], words[20:]]}),
        f"{SHARD} section",
    ),
    "entries of a list of structs": (
        lambda to, words: to.rows({"provenance": {"steps": [{"step": words[:20]}, {}, {"step": words[20:]}]}}),
        f"{SHARD} provenance",
    ),
    "list of structs": (
        lambda to, words: to.rows({"provenance": {"steps": [{"step": "x"}, {"step": words}]}}),
        f"{SHARD} provenance",
    ),
    "an unused value of a dictionary": (
        lambda to, words: pq.write_table(filtered_dictionary(words), made(to.folder / SHARD)),
        f"{SHARD} section",
    ),
    "key-value metadata": (
        lambda to, words: pq.write_table(
            pa.table({"id": ["a"], "rights": [{"decided_for": "source"}]}).replace_schema_metadata({"note": words}),
            made(to.folder / SHARD),
        ),
        f"{SHARD} footer",
    ),
    "a column without dictionary": (
        lambda to, words: to.rows({"publisher": words}, use_dictionary=False, compression="snappy"),
        f"{SHARD} publisher",
    ),
    "markdown": (lambda to, words: to.write("README.md", f"# A title\n\n{words}\n".encode()), "README.md"),
    "escaped markdown": (
        lambda to, words: to.write("README.md", "".join(f"\\{c}" if c == "-" else c for c in words).encode()),
        "README.md",
    ),
    "entities": (
        lambda to, words: to.write("README.md", "".join(f"&#{ord(c)};" for c in words).encode()),
        "README.md",
    ),
    "json": (
        lambda to, words: to.write("rights/report.json", json.dumps({"a": [words]}).encode()),
        "rights/report.json",
    ),
    "json lines": (
        lambda to, words: to.write("rights/a.jsonl", json.dumps({"a": words}, ensure_ascii=False).encode()),
        "rights/a.jsonl",
    ),
    "utf-16": (lambda to, words: to.write("notes.txt", words.encode("utf-16-le")), "notes.txt"),
    "between bytes that are no text": (
        lambda to, words: to.write("figures/a.png", b"\x89PNG\x00\xff" + words.encode() + b"\x00\xfe"),
        "figures/a.png",
    ),
    "spaced": (lambda to, words: to.write("a.txt", " \n".join(words).encode()), "a.txt"),
    "with marks that nobody sees": (lambda to, words: to.write("a.txt", "\u200b".join(words).encode()), "a.txt"),
}


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("name", TEXT_IDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_run_is_found_wherever_it_stands_and_one_shorter_is_none(release: Release, place: str, name: str) -> None:
    text, length = TEXTS[name]
    plant, shown = PLACES[place]
    release.keep_closed(text)
    release.rows({"publisher": "Reed House"})
    for start in (0, 7, len(text) - length):
        plant(release, text[start : start + length])
        assert release.leaks() == [shown], start
        plant(release, text[start : start + length - 1])
        assert release.leaks() == [], start


def test_a_full_width_printing_is_found(release: Release) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in LATIN[:RUN_OTHER])
    release.keep_closed(LATIN)
    release.write("README.md", wide.encode())
    assert release.leaks() == ["README.md"]


def test_the_name_of_a_file_counts(release: Release) -> None:
    release.keep_closed(HANGUL)
    release.write(f"figures/{HANGUL[5:40]}.txt", b"")
    assert release.leaks() == [f"figures/{HANGUL[5:40]}.txt"]


def test_a_leak_names_file_place_and_article_and_quotes_nothing(release: Release) -> None:
    release.keep_closed(HAN, HANGUL)
    release.rows({"publisher": "x"}, {"publisher": HANGUL[10:50]})
    (leak,) = release.scan().leaks
    assert (leak.code, leak.file, leak.place) == ("leak", SHARD, "publisher")
    assert leak.detail == "holds 40 characters of the withheld article w1"


@pytest.mark.parametrize("field", ["text", "title", "subtitles"])
@pytest.mark.parametrize(("share", "copied"), [(0.3, False), (0.45, False), (0.55, True), (1.0, True)])
def test_what_an_article_shows_of_itself_may_quote_less_than_half(
    release: Release,
    field: str,
    share: float,
    copied: bool,  # noqa: FBT001
) -> None:
    words = HANGUL[: int(len(HANGUL) * share)]
    release.keep_closed(HANGUL)
    release.rows({"text": "Short."}, {field: [words] if field == "subtitles" else words})
    assert release.scan() == Scan([], [Copy("w0", "r1")] if copied else [])


def test_half_in_many_pieces_counts_as_half(release: Release) -> None:
    pieces = " / ".join(HANGUL[start : start + 55] for start in range(0, 300, 60))
    release.keep_closed(HANGUL)
    release.rows({"text": pieces})
    assert release.scan().copies == [Copy("w0", "r0")]


def test_a_decision_that_names_the_article_settles_it(release: Release) -> None:
    release.keep_closed(HANGUL)
    release.rows({"text": HANGUL, "rights": {"decided_for": "article"}})
    assert release.scan() == Scan([], [])
    release.rows({"text": HANGUL, "rights": {"decided_for": "article"}}, {"text": HANGUL})
    assert release.scan() == Scan([], [Copy("w0", "r1")])


def test_statistics_of_a_text_that_may_be_shown_are_no_leak(release: Release) -> None:
    release.keep_closed(HANGUL)
    release.rows({"text": f"{HANGUL[:60]} and much that is another's"}, {"text": "zzz"})
    assert b"much that is another" in (release.folder / SHARD).read_bytes()[-3000:]
    assert release.leaks() == []


def test_a_value_of_the_article_that_may_appear_may_appear_elsewhere(release: Release) -> None:
    notice = HANGUL[:40]
    release.keep_closed(HANGUL, allowed=f"https://reeds.example/1\0{notice}")
    release.rows({"publisher": notice})
    assert release.leaks() == []
    release.rows({"publisher": HANGUL[20:60]})
    assert release.leaks() == [f"{SHARD} publisher"]


def test_a_text_in_the_wrong_field_of_its_record_excuses_nothing(release: Release) -> None:
    release.keep_closed(HANGUL, allowed=HANGUL)
    release.rows({"publisher": HANGUL[:40]})
    assert release.leaks() == [f"{SHARD} publisher"]


def test_a_text_that_hundreds_of_withheld_articles_share_is_found_all_the_same(release: Release) -> None:
    for number in range(4):
        release.keep_closed(*[f"{HANGUL}{number}{other}" for other in range(60)], name=f"{number:06d}")
    release.rows({"text": HANGUL})
    assert {copy.published for copy in release.scan().copies} == {"r0"}


def test_a_copy_of_one_among_many_that_begin_alike_is_found(release: Release) -> None:
    release.keep_closed(*[f"{HANGUL[:130]}{chr(0x3400 + other) * 30}" for other in range(80)], HANGUL[:230])
    release.rows({"text": HANGUL[:229]})
    assert Copy("w80", "r0") in release.scan().copies


def test_a_run_of_one_among_many_that_begin_alike_is_found(release: Release) -> None:
    shared = HANGUL[:12]
    release.keep_closed(*[f"{shared}{HAN[other : other + 90]}" for other in range(80)], f"{shared}{HANGUL[100:200]}")
    release.rows({"publisher": f"{shared}{HANGUL[100:112]}"})
    assert [leak.detail for leak in release.scan().leaks] == ["holds 24 characters of the withheld article w80"]


def test_a_brief_that_is_shorter_than_a_run_closes_nobody(release: Release) -> None:
    release.keep_closed(HANGUL[:15], HANGUL[20:43])
    release.rows({"text": HANGUL})
    assert release.scan() == Scan([], [])


def test_a_sentence_below_every_text_is_no_copy_and_no_leak(release: Release) -> None:
    foot = HAN[:60]
    release.keep_closed(*[f"{HANGUL[other : other + 100]}{foot}" for other in range(150)])
    rows = [{"text": f"{chr(0x3400 + other) * 99}{foot}"} for other in range(150)]
    release.rows(*rows)
    assert release.scan() == Scan([], [])
    release.rows(*rows, {"text": "x", "publisher": foot})
    assert release.leaks() == []


@pytest.mark.parametrize(
    "written",
    [
        HANGUL[:30].replace("", "\U000e0101"),
        HANGUL[:30].replace("", "\u061c"),
        HANGUL[:30].replace("", "\u3164"),
        quote(HANGUL[:30]),
        f"https://reeds.example/{quote(HANGUL[:30])}.html",
    ],
    ids=["variation selectors", "direction marks", "fillers", "percent signs", "an address"],
)
def test_other_ways_to_write_a_run_are_seen(release: Release, written: str) -> None:
    release.keep_closed(HANGUL)
    for column in ("publisher", "url"):
        release.rows({column: written})
        assert release.leaks() == [f"{SHARD} {column}"]


def test_capitals_do_not_hide_a_run(release: Release) -> None:
    release.keep_closed(LATIN)
    release.rows({"publisher": LATIN[:RUN_OTHER].upper()})
    assert release.leaks() == [f"{SHARD} publisher"]


def test_parts_of_the_index_change_nothing(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressmark.release.leaks._PART", 3)
    monkeypatch.setattr("pressmark.release.leaks._ROWS", 1)
    monkeypatch.setattr("pressmark.release.leaks._BATCH", 10)
    release.keep_closed(HAN, LATIN, HANGUL)
    release.rows({"publisher": HANGUL[100:130], "text": HAN}, {"publisher": LATIN[99:160], "text": "x"})
    found = release.scan()
    assert [leak.detail.split()[-1] for leak in found.leaks] == ["w1", "w2"]
    assert found.copies == [Copy("w0", "r0")]


def brute(text: str, value: str) -> bool:
    """Tell whether a value holds a run of a text, by looking at every window."""
    text, value = dense(text), dense(value)
    cjk = any(
        text[start : start + RUN_CJK] in value and any(ord(c) > 0x1100 for c in text[start : start + RUN_CJK])
        for start in range(len(text) - RUN_CJK + 1)
    )
    return cjk or any(text[start : start + RUN_OTHER] in value for start in range(len(text) - RUN_OTHER + 1))


letters = st.sampled_from("ab가나")
plain = st.sampled_from("ab")


@checked(60)
@given(
    st.lists(st.text(letters | plain, min_size=20, max_size=90), min_size=1, max_size=4),
    st.integers(0, 60),
    st.integers(10, 70),
    st.text(plain, max_size=40),
)
@example(["a" * 40 + "가" + "b" * 40], 20, 24, "")
@example(["ab" * 40], 3, 60, "가")
def test_the_scan_finds_what_looking_at_every_window_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], start: int, length: int, around: str
) -> None:
    release = Release(tmp_path_factory.mktemp("scan"))
    release.keep_closed(*texts)
    values = [around + text[start : start + length] + around[::-1] for text in texts]
    release.rows(*[{"publisher": value} for value in values])
    expected = sum(any(brute(text, value) for text in texts) for value in set(values))
    found = {leak.detail for leak in release.scan().leaks if leak.place == "publisher"}
    assert bool(found) is bool(expected)


# In a build


def words(seed: str, count: int = 60) -> str:
    """Return a text of made-up words that no other seed gives."""
    return " ".join(f"{seed}{number:03d}lantern" for number in range(count))


def closed_and_open(corpus: Corpus, closed: str, open_: str, **fields: Any) -> None:
    """Fill a corpus with a source that stays closed and one that is open."""
    corpus.write("sources/closed.toml", 'title = "Closed"\npublisher = "C"\nlanguage = "en"\nderivation = "original"\n')
    recipe = RECIPE.replace(
        "[splits]", '[[input]]\nfiles = "closed/*.jsonl"\nformat = "jsonl"\nsource = "closed"\n\n[splits]'
    )
    corpus.write(
        "corpus.toml",
        recipe.replace("pages/**/*.txt", "records/**/*.jsonl")
        .replace('"page"', '"jsonl"')
        .replace('"paper"', '"journal"', 1),
    )
    corpus.write("sources/journal.toml", JOURNAL)
    corpus.records({"text": closed}, path="closed/a.jsonl")
    corpus.records({"text": open_, **fields}, {"text": words("other")})


def test_a_build_that_would_leak_releases_nothing_and_says_where(corpus: Corpus) -> None:
    closed_and_open(corpus, words("closed"), words("open"))
    recipe = (corpus.folder / "corpus.toml").read_text()
    corpus.write("corpus.toml", recipe.replace("[corpus]", f'[corpus]\ndescription = "{words("closed", 12)}"'))
    with pytest.raises(GateRefusedError) as caught:
        corpus.build()
    assert caught.value.exit_code == 3
    says_so = ("README.md", "croissant.json", "CITATION.cff")
    assert {(leak.code, leak.file) for leak in caught.value.faults} == {("leak", name) for name in says_so}
    assert not list(corpus.out.rglob("*.parquet"))


@pytest.mark.parametrize(("count", "outcome"), [(25, "published"), (40, "copy-is-closed")])
def test_a_text_that_holds_half_of_a_withheld_one_is_withheld_too(corpus: Corpus, count: int, outcome: str) -> None:
    closed_and_open(corpus, words("closed"), f"{words('open')} {words('closed', count)}")
    corpus.build()
    assert corpus.codes()["records/a.jsonl:1"] == outcome
    assert corpus.codes()["records/a.jsonl:2"] == "published"
    assert corpus.codes("vault")["records/a.jsonl:1"] == "published"
    assert verify_rights(corpus.out / "small/open/1.0.0", corpus.work / "small") == []


def test_what_is_withheld_for_a_copy_withholds_its_own_copies(corpus: Corpus) -> None:
    closed_and_open(corpus, words("closed"), f"{words('closed', 40)} {words('second', 60)}")
    corpus.records(
        {"text": f"{words('closed', 40)} {words('second', 60)}"},
        {"text": f"{words('second', 55)} {words('third', 60)}"},
        {"text": words("other")},
    )
    corpus.build()
    codes = corpus.codes()
    assert [codes[f"records/a.jsonl:{line}"] for line in (1, 2, 3)] == ["copy-is-closed", "copy-is-closed", "published"]


def test_a_build_that_is_refused_leaves_what_the_workshop_keeps_of_the_release(corpus: Corpus) -> None:
    closed_and_open(corpus, words("closed"), words("open"))
    corpus.build()
    kept = corpus.work / "small/1.0.0/closed"
    before = {path: path.read_bytes() for path in kept.rglob("*.parquet")}
    closed_and_open(corpus, words("changed"), words("open"))
    with pytest.raises(OutputError):
        corpus.build()
    assert {path: path.read_bytes() for path in kept.rglob("*.parquet")} == before
    assert verify_rights(corpus.out / "small/open/1.0.0", corpus.work / "small") == []


def test_what_clients_leave_in_a_copy_is_not_searched(corpus: Corpus, tmp_path: Path) -> None:
    closed_and_open(corpus, words("closed"), words("open"))
    corpus.build()
    copy, workshop = tmp_path / "clone", corpus.work / "small"
    shutil.copytree(corpus.out / "small/open/1.0.0", copy)
    (copy / ".git").mkdir()
    (copy / ".git" / "HEAD").write_text(words("closed"), encoding="utf-8")
    assert verify_rights(copy, workshop) == []
    (copy / "notes.txt").write_text(words("closed"), encoding="utf-8")
    assert [finding.file for finding in verify_rights(copy, workshop)] == ["notes.txt"]


def test_the_workshop_of_another_build_is_told(corpus: Corpus, tmp_path: Path) -> None:
    closed_and_open(corpus, words("closed"), words("open"))
    corpus.build()
    kept = corpus.work / "small/1.0.0/closed/open"
    for path in kept.glob("*.parquet"):
        path.unlink()
    (finding,) = verify_rights(corpus.out / "small/open/1.0.0", corpus.work / "small")
    assert finding.code == "workshop-differs"
