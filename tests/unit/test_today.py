"""What a release shows is looked at again with the day on which it is published."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pressmark import verify
from pressmark.release.rights import too_open
from pressmark.release.today import closed_today
from support import AS_OF, JOURNAL, Corpus

EXPIRY = AS_OF + timedelta(days=30)
PERMISSION = f'status = "permission"\nvisibility = "public"\nexpires = {EXPIRY}'


def permitted(corpus: Corpus, rest: str = "") -> Path:
    """Build a release whose journal may be shown until a day."""
    corpus.write("sources/journal.toml", JOURNAL.replace('status = "public_domain"', f"{PERMISSION}\n{rest}"))
    corpus.records(
        {"title": "One", "text": "The first text."},
        {"title": "Two", "text": "The second text.", "published_on": "2021-02-02"},
    )
    return corpus.build().lines["open"].folder


def codes(release: Path, day: date) -> list[tuple[str, str, str]]:
    return [(each.code, each.file, each.place) for each in closed_today(release, day)]


def test_a_text_closes_on_the_day_after_its_permission_expires(corpus: Corpus) -> None:
    release = permitted(corpus)
    for day in (date(1999, 1, 1), AS_OF, EXPIRY):
        assert codes(release, day) == []
    expected = [
        ("expired-since", each["path"], place)
        for each in json.loads((release / "manifest.json").read_bytes())["files"]
        if each.get("config") == "articles"
        for place in [f"id {row}" for row in pq.read_table(release / each["path"], partitioning=None)["id"].to_pylist()]
    ]
    assert len(expected) == 2
    found = closed_today(release, EXPIRY + timedelta(days=1))
    assert [(each.code, each.file, each.place) for each in found] == expected
    assert f"found an expiry on {EXPIRY}" in found[0].detail
    assert "first text" not in "".join(map(str, found))
    assert verify(release) == []


def test_the_headline_of_a_withheld_article_closes_too(corpus: Corpus) -> None:
    release = permitted(corpus, 'outputs = ["headline"]')
    assert codes(release, EXPIRY) == []
    found = closed_today(release, EXPIRY + timedelta(days=1))
    assert {(each.code, each.file.partition("/")[0]) for each in found} == {("expired-since", "withheld")}
    assert all(each.detail.endswith("shows its title, which its rights close") for each in found)
    assert len(found) == 2


def test_what_never_expires_stays_open(corpus: Corpus) -> None:
    release = corpus.build().lines["open"].folder
    assert codes(release, date(9999, 12, 31)) == []


def test_on_the_machine_of_the_owner_nothing_closes(corpus: Corpus) -> None:
    permitted(corpus)
    assert codes(corpus.results[-1].lines["vault"].folder, date(9999, 12, 31)) == []


def test_a_day_before_the_release_makes_nothing_laxer(corpus: Corpus) -> None:
    release = permitted(corpus)
    manifest = json.loads((release / "manifest.json").read_bytes())
    later = EXPIRY + timedelta(days=1)
    (release / "manifest.json").write_text(json.dumps({**manifest, "as_of": f"{later}"}), encoding="utf-8")
    # It was too open on its own day already, and that is another finding.
    assert {code for code, _, _ in codes(release, AS_OF)} == {"rights-differ"}
    assert {code for code, _, _ in codes(release, later + timedelta(days=1))} == {"rights-differ"}


def test_rows_are_read_in_batches_and_without_texts(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def looked(row: Any, *rest: Any) -> Any:
        seen.append(row)
        return too_open(row, *rest)

    release = permitted(corpus)
    monkeypatch.setattr("pressmark.release.today.too_open", looked)
    monkeypatch.setattr("pressmark.release.today._ROWS_AT_ONCE", 1)
    assert codes(release, AS_OF) == []
    assert len(seen) == 3
    assert [row for row in seen if row.keys() & {"text", "captions", "subtitles", "url"}] == []


@pytest.mark.parametrize("broken", [b"", b"PAR1 and no more PAR1"])
def test_a_shard_that_cannot_be_read_is_a_finding(broken: bytes, corpus: Corpus) -> None:
    release = permitted(corpus)
    shards = sorted((release / "data").rglob("*.parquet"))
    shards[0].write_bytes(broken)
    assert ("file-unreadable", shards[0].relative_to(release).as_posix(), "") in codes(release, AS_OF)


def test_a_shard_without_rights_is_a_finding(corpus: Corpus) -> None:
    release = permitted(corpus)
    shard = min((release / "data").rglob("*.parquet"))
    pq.write_table(pa.table({"id": ["x"]}), shard)
    assert ("file-unreadable", shard.relative_to(release).as_posix(), "") in codes(release, AS_OF)


def no_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def another_manifest(release: Path) -> None:
    (release / "manifest.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "code"),
    [(no_manifest, "not-a-release"), (another_manifest, "manifest-invalid")],
    ids=["none", "another"],
)
def test_what_is_no_release_is_a_finding(
    change: Callable[[Path], None], code: str, corpus: Corpus, tmp_path: Path
) -> None:
    release = Path(shutil.copytree(corpus.build().lines["open"].folder, tmp_path / "copy"))
    change(release)
    assert {found for found, _, _ in codes(release, AS_OF)} == {code}
