"""Every code of the catalogue is raised by something that a user could do, and the run goes on."""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark import PressmarkError, RecipeError, build, check, verify
from pressmark.findings import CATALOGUE, Kind
from support import Corpus
from test_rights_codes import RAISED
from warc_cases import arc, warc

Case = Callable[[Corpus, str], str]
"""Fills a corpus so that an input has the code; returns the name of that input in the ledger."""


def record(**fields: Any) -> Case:
    def fill(corpus: Corpus, page: str) -> str:
        corpus.records({}, {"text": "Another text.", **fields})
        return "records/a.jsonl:2"

    return fill


def line(data: bytes) -> Case:
    def fill(corpus: Corpus, page: str) -> str:
        corpus.write("records/a.jsonl", b'{"id":"x","text":"Fine."}\n' + data + b"\n")
        return "records/a.jsonl:2"

    return fill


def page_file(change: Callable[[str], str | bytes]) -> Case:
    def fill(corpus: Corpus, page: str) -> str:
        corpus.write("pages/2.txt", change(page))
        return "pages/2.txt"

    return fill


def captures(entry: dict[str, str] | None, name: str) -> Case:
    def fill(corpus: Corpus, page: str) -> str:
        recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
        declared = 'source = "paper"\ncaptures = "pages/captures.jsonl"'
        corpus.write("corpus.toml", recipe.replace('source = "paper"', declared))
        corpus.write("pages/captures.jsonl", json.dumps(entry) if entry else "{")
        return name

    return fill


def folder_like_a_file(corpus: Corpus, page: str) -> str:
    (corpus.folder / "pages" / "2.txt").mkdir()
    return "pages/2.txt"


def link_out(corpus: Corpus, page: str) -> str:
    outside = corpus.folder.parent / "outside.txt"
    outside.write_text(page, encoding="utf-8")
    (corpus.folder / "pages" / "2.txt").symlink_to(outside)
    return "pages/2.txt"


def declared_encoding(corpus: Corpus, page: str) -> str:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('format = "page"', 'format = "page"\nencoding = "cp949"'))
    corpus.write("pages/2.txt", page + "\N{GRINNING FACE}")
    return "pages/2.txt"


def one_id_twice(corpus: Corpus, page: str) -> str:
    corpus.records({"id": "same", "text": "One."}, {"id": "same", "text": "Other."})
    return "records/a.jsonl:2"


def two_captures(corpus: Corpus, page: str) -> str:
    early, late = ({"provenance": {"retrieved_at": f"2024-0{month}-01T00:00:00Z"}} for month in (1, 2))
    corpus.records({"id": "same", "text": "One.", **early}, {"id": "same", "text": "Other.", **late})
    return "records/a.jsonl:1"


def teaser(corpus: Corpus, page: str) -> str:
    early, late = ({"provenance": {"retrieved_at": f"2024-0{month}-01T00:00:00Z"}} for month in (1, 2))
    corpus.records({"id": "same", "text": "One.\n\nTwo. Three.", **early}, {"id": "same", "text": "One. ...", **late})
    return "records/a.jsonl:2"


def other_format(format_: str, name: str, data: bytes, place: str = "") -> Case:
    """Give the records another format."""

    def fill(corpus: Corpus, page: str) -> str:
        recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
        corpus.write("corpus.toml", recipe.replace("*.jsonl", name).replace('"jsonl"', f'"{format_}"'))
        corpus.write(f"records/{name}", data)
        return f"records/{name}{place}"

    return fill


def html(data: bytes) -> Case:
    return other_format("html", "a.html", data)


REJECTED: dict[str, Case] = {
    "missing-file": captures({"file": "gone.txt"}, "pages/gone.txt"),
    "bad-capture": captures(None, "pages/captures.jsonl"),
    "not-a-file": folder_like_a_file,
    "outside-corpus": link_out,
    "too-large": line(b'{"id":"big","text":"' + b"a" * 1_100_000 + b'"}'),
    "empty-input": page_file(lambda _: ""),
    "unknown-encoding": page_file(lambda page: page.encode()[:80] + b"\xff\x80\xfe" * 5 + page.encode()[80:]),
    "wrong-encoding": declared_encoding,
    "control-character": page_file(lambda page: page.replace("first", "fi\0rst")),
    "bad-json": line(b'{"id":"y","text":'),
    "bad-row": other_format("csv", "a.csv", b"id,text\nx,Fine.\ny\n", ":2"),
    "bad-record": other_format("warc", "a.warc", warc(2, packed=False) + b"no record" * 9, ":4"),
    "truncated-record": other_format("warc", "a.warc", warc(2, packed=False)[:-99], ":3"),
    "bad-length": other_format("warc", "a.arc", arc(2).replace(b"The river", b"The broad river", 1), ":2"),
    "bad-digest": other_format("warc", "a.warc", warc(2, packed=False).replace(b"of page 1", b"of page 7"), ":3"),
    "bad-parquet": other_format("parquet", "a.parquet", b"PAR1 and no more"),
    "bad-compression": other_format("jsonl", "a.jsonl.gz", gzip.compress(b'{"id":"x","text":"Fine."}\n')[:-4], ":2"),
    "html-limit": html(b"<html><body>" + b"<div>" * 5000 + b"words"),
    "duplicate-key": line(b'{"id":"y","text":"a","rights":{"notice":"b","notice":"c"}}'),
    "inexact-number": line(b'{"id":"y","text":"a","characters":12345678901234567890123}'),
    "unknown-field": record(headlin="x"),
    "computed-field": record(rights={"decided_by": "nobody", "basis": "none"}),
    "invalid-record": record(section="not a list"),
    "no-identity": line(b'{"text":"Nobody knows me."}'),
    "not-an-article": page_file(lambda page: page.split("\n\n")[0] + "\n\n· One\nlead\n· Two\nlead\n"),
    "layout-mismatch": page_file(lambda page: page.replace("THE PAPER", "ANOTHER PAPER")),
    "bad-date": record(published_on="2023-02-29"),
    "empty-text": page_file(lambda page: page.split("A deck")[0] + "Read on\n"),
    "id-conflict": one_id_twice,
}

SET_ASIDE: dict[str, Case] = {
    "exact-copy": record(text="Text number 1.", published_on="2021-01-01"),
    "later-capture": two_captures,
    "cut-capture": teaser,
}


def decision(changes: dict[str, str], **fields: Any) -> Case:
    """Change words of the journal's decision, and give a record these fields."""

    def fill(corpus: Corpus, page: str) -> str:
        source = (corpus.folder / "sources" / "journal.toml").read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in source
            source = source.replace(old, new)
        corpus.write("sources/journal.toml", source)
        corpus.records({"text": "A text of some rights.", **fields})
        return "records/a.jsonl:1"

    return fill


def permission(rest: str) -> dict[str, str]:
    return {'status = "public_domain"': f'status = "permission"\n{rest}'}


def license_(name: str) -> dict[str, str]:
    return {'status = "public_domain"': f'status = "open_license"\nlicense = "{name}"'}


def copy_of_a_closed_text(corpus: Corpus, page: str) -> str:
    text = page.split("A deck below it\n\n")[1].split("\n\nRead on", maxsplit=1)[0]
    corpus.records({"text": text.replace(".", "!"), "published_on": "2020-01-01"})
    return "records/a.jsonl:1"


def metadata_line(corpus: Corpus, page: str) -> str:
    recipe = (corpus.folder / "corpus.toml").read_text(encoding="utf-8")
    corpus.write("corpus.toml", recipe.replace('"public"', '"public"\nprofile = "metadata"'))
    return "records/a.jsonl:1"


def nothing(corpus: Corpus, page: str) -> str:
    return "pages/1.txt"


WITHHELD: dict[str, Case] = {
    "no-decision": nothing,
    "status-closed": decision({'status = "public_domain"': 'status = "all_rights_reserved"'}),
    "decision-not-yet": decision({"2025-01-01": "2026-02-01"}),
    "permission-expired": decision(permission('visibility = "public"\nexpires = 2026-01-30')),
    "permission-narrower": decision(permission('visibility = "gated"')),
    "licence-not-open": decision(license_("CC-BY-NC-4.0")),
    "attribution-missing": decision(license_("CC-BY-4.0")),
    "original-not-covered": decision({}, derivation="translation"),
    "rights-conflict": decision({}, rights={"notice": "All rights reserved."}),
    "copy-is-closed": copy_of_a_closed_text,
    "profile-metadata": metadata_line,
}


def idle_selector(corpus: Corpus, page: str) -> str:
    source = corpus.folder / "sources" / "journal.toml"
    source.write_text(source.read_text(encoding="utf-8") + '[html]\ntitle = ["//h5"]\n', encoding="utf-8")
    words = f"<p>{LONG}</p><p>{LONG[::-1]}</p>"
    return html(f"<html><head><title>A title</title></head><body><article>{words}</article></body></html>".encode())(
        corpus, page
    )


LONG = "The mayor of Quillmouth opened the new bridge over the river Thraske on a cold and windy morning in March."

NOTES: dict[str, Case] = {
    "compatibility-ideographs": record(text="A name with 廓\uf928 in it."),
    "notice-missing": page_file(
        lambda page: page.replace("All rights reserved by Paper House.\n", "").replace("first", "1st")
    ),
    "credit-in-text": page_file(lambda page: page.replace("\n\nThe second", "\n\nTranslated by Nobody\n\nThe second")),
    "text-after-end": page_file(lambda page: page.replace("Read on", f"Read on\n{LONG}").replace("first", "1st")),
    "unclear-time": page_file(
        lambda page: page.replace("2024-05-21 13:57", "1986-05-04 02:30").replace("first", "1st")
    ),
    "selector-found-nothing": idle_selector,
    "date-guessed": html(
        b"<html><head><title>A title</title></head><body><article><p>Published on 2024-05-21</p>"
        + f"<p>{LONG}</p><p>{LONG[::-1]}</p></article></body></html>".encode()
    ),
    "date-missing": html(
        f"<html><head><title>A title</title></head><body><article><p>{LONG}</p><p>{LONG[::-1]}</p></article>"
        "</body></html>".encode()
    ),
    "language-differs": html(
        b"<html lang='ko-KR'><head><title>A title</title></head><body><article>"
        + f"<p>{LONG}</p><p>{LONG[::-1]}</p></article></body></html>".encode()
    ),
    "unclear-date": html(
        b"<html><head><title>A title</title><meta name='date' content='05/06/2024'></head><body><article>"
        + f"<p>{LONG}</p><p>{LONG[::-1]}</p></article></body></html>".encode()
    ),
    "field-shows-text": decision({"2025-01-01": "2027-01-01"}, text=LONG, rights={"notice": LONG}),
}


@pytest.mark.parametrize("code", REJECTED | SET_ASIDE | WITHHELD)
def test_code_is_raised_and_the_run_goes_on(code: str, corpus: Corpus, page: str) -> None:
    name = (REJECTED | SET_ASIDE | WITHHELD)[code](corpus, page)
    result = corpus.build()
    assert corpus.codes()[name] == code
    counts = result.lines["open"].counts
    assert counts["by_code"][code] >= 1
    assert counts["inputs"] == sum(counts[key] for key in counts if key not in ("inputs", "by_code"))
    assert counts["inputs"] == len(corpus.ledger())
    assert verify(result.lines["open"].folder) == []


@pytest.mark.parametrize("code", NOTES)
def test_note_is_made_and_the_article_kept(code: str, corpus: Corpus, page: str) -> None:
    name = NOTES[code](corpus, page)
    corpus.build()
    notes = {
        f"{row['file']}:{row['line']}" if row["line"] else row["file"]: [note[0] for note in row.get("notes", [])]
        for row in corpus.ledger()
    }
    assert code in notes[name]
    assert corpus.codes("vault")[name] == "published"


def broken_recipe(path: str, old: str, new: str) -> Callable[[Corpus], None]:
    def fill(corpus: Corpus) -> None:
        text = (corpus.folder / path).read_text(encoding="utf-8")
        assert old in text
        corpus.write(path, text.replace(old, new))

    return fill


def changed_at_home(corpus: Corpus) -> None:
    commit = "0" * 40
    broken_recipe("corpus.toml", "pages/**", f"hf://datasets/org/name@{commit}/pages/**")(corpus)
    corpus.write(f"private/hub/org/name/{commit}.json", json.dumps({"pages/1.txt": f"sha256:{'0' * 64}"}))
    corpus.write(f"private/hub/org/name/{commit}/pages/1.txt", "Words that were changed.")


def bad_part(corpus: Corpus) -> None:
    corpus.write("card/about.txt", "Words that somebody meant to publish.")


RECIPE: dict[str, Callable[[Corpus], None]] = {
    "recipe-missing": broken_recipe("corpus.toml", 'source = "paper"', 'source = "papre"'),
    "recipe-syntax": broken_recipe("corpus.toml", "[splits]", "[splits"),
    "unknown-key": broken_recipe("corpus.toml", "contact =", "contakt ="),
    "missing-key": broken_recipe("sources/paper.toml", 'publisher = "Paper House"\n', ""),
    "bad-value": broken_recipe("corpus.toml", "train = 0.8", "train = 0.9"),
    "bad-pattern": broken_recipe("sources/paper.toml", "'Read on'", "'(?=Read on)'"),
    "no-inputs": broken_recipe("corpus.toml", "pages/**", "pgaes/**"),
    "not-fetched": broken_recipe("corpus.toml", "pages/**", "hf://datasets/org/name@v1/pages/**"),
    "fetched-differs": changed_at_home,
    "bad-card-part": bad_part,
}


@pytest.mark.parametrize("code", RECIPE)
def test_fault_of_a_recipe_stops_the_command(code: str, corpus: Corpus) -> None:
    RECIPE[code](corpus)
    # What is not at home is passed over by a look, which opens no connection.
    looking: list[Callable[[], object]] = [] if code == "not-fetched" else [lambda: check(corpus.folder)]
    for command in (*looking, corpus.build):
        with pytest.raises(RecipeError) as caught:
            command()
        assert code in [fault.code for fault in caught.value.faults]
    assert not corpus.out.exists() or not list(corpus.out.rglob("manifest.json"))


def test_a_file_that_the_system_does_not_give_is_refused(
    corpus: Corpus, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write("pages/2.txt", page)
    opened = os.open

    def refusing(path: Any, *arguments: Any, **options: Any) -> int:
        # Tests may run as root, to whom permissions say nothing.
        if str(path).endswith("pages/2.txt"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)
    corpus.build()
    assert corpus.codes()["pages/2.txt"] == "unreadable-file"


DECISION = """
[[decisions]]
status = "all_rights_reserved"
basis = "The desk looked."
decided_by = "rights desk"
decided_on = 2025-01-01
evidence = [{ kind = "manual", scope = "text", where = "letter.txt", sha256 = "%s" }]
scope = { %s }
"""


@pytest.mark.parametrize(
    ("scope", "detail"),
    [
        ('ids = ["nobody", "small"]', "found 1 of 2 ids that no article has, such as nobody"),
        ('ids = ["journal:nobody"]', "found 1 of 1 ids that no article has, such as journal:nobody"),
        ('sections = ["Sport"]', "its scope holds no article"),
        ('sources = ["journal"], from = 2030-01-01', "its scope holds no article"),
    ],
)
def test_decision_that_holds_no_article_is_a_finding(corpus: Corpus, scope: str, detail: str) -> None:
    corpus.records({"id": "small", "text": "Fine.", "section": ["Town"]})
    corpus.write("rights/desk.toml", DECISION % ("0" * 64, scope))
    corpus.build()
    found = corpus.results[-1].findings
    assert [(each.code, each.file, each.detail) for each in found] == [("decision-idle", "rights/desk.toml", detail)]
    assert found[0].place.startswith("line 2")


def test_decisions_that_hold_articles_are_no_finding(corpus: Corpus) -> None:
    # Decomposed, as some systems write names.
    corpus.records({"id": "small", "text": "Fine.", "section": ["Caf\u00e9"]})
    for number, scope in enumerate(('ids = ["small"]', 'ids = ["journal:small"]', 'sections = ["Cafe\u0301"]')):
        corpus.write(f"rights/desk-{number}.toml", DECISION % ("0" * 64, scope))
    corpus.build()
    assert corpus.results[-1].findings == []
    assert corpus.codes()["records/a.jsonl:1"] == "status-closed"


def test_document_that_was_changed_after_the_decision_is_a_finding(corpus: Corpus) -> None:
    corpus.records({"id": "small", "text": "Fine."})
    digest = hashlib.sha256(b"A letter.").hexdigest()
    corpus.write("rights/desk.toml", DECISION % (digest, 'ids = ["small"]'))
    assert check(corpus.folder).findings == []
    corpus.write("letter.txt", b"A letter.")
    assert check(corpus.folder).findings == []
    corpus.write("letter.txt", b"Another letter.")
    assert [found.code for found in check(corpus.folder).findings] == ["evidence-differs"]


def test_every_code_has_a_test() -> None:
    from_here = {*REJECTED, *SET_ASIDE, *WITHHELD, *NOTES, *RECIPE}
    # Withdrawals are raised in end_to_end/test_withdrawals.py.
    from_here |= {"unreadable-file", "decision-idle", "evidence-differs", "withdrawn"}
    # In end_to_end/test_near_duplicates.py.
    from_here |= {"near-copy", "bridges-splits", "straddles-splits"}
    # In end_to_end/test_first_look.py.
    from_here |= {"shared-headline", "shared-line", "unusual-split"}
    # In unit/test_guard.py, end_to_end/test_formats.py and end_to_end/test_stated_splits.py.
    from_here |= {"parser-failed", "records-passed-over", "unknown-split", "split-stays"}
    by_kind = {name for name, code in CATALOGUE.items() if code.kind is not Kind.RELEASE}
    assert from_here | set(RAISED) == by_kind
    raised = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    for name in set(CATALOGUE) - by_kind:
        assert f'"{name}"' in raised, f"no test raises {name}"


def test_a_pipe_among_the_inputs_does_not_hold_the_build_up(corpus: Corpus) -> None:
    os.mkfifo(corpus.folder / "pages" / "2.txt")
    corpus.build()
    assert corpus.codes()["pages/2.txt"] == "not-a-file"


def test_a_line_of_a_hundred_megabytes_costs_itself_only(corpus: Corpus) -> None:
    with (corpus.folder / "records" / "a.jsonl").open("wb") as stream:
        stream.write(b'{"id":"a","text":"Before."}\n{"id":"b","text":"')
        for _ in range(100):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n{"id":"c","text":"After."}\n')
    corpus.build()
    found = {name: code for name, code in corpus.codes().items() if name.startswith("records")}
    assert found == {
        "records/a.jsonl:1": "published",
        "records/a.jsonl:2": "too-large",
        "records/a.jsonl:3": "published",
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"id":"y","text":"a\\ud800"}', "bad-json"),
        (b'{"id":"y","text":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad-json"),
        (b'{"id":"y","text":"a","x":' + b"[" * 900 + b"]" * 900 + b"}", "bad-json"),
        (b'{"id":"y","text":"a","x":NaN}', "inexact-number"),
        (b'{"id":"y","text":"a\\u0000"}', "control-character"),
        (b'["a list"]', "bad-json"),
        (b'{"id":"y","text":"\xff\xff\xff"}', "unknown-encoding"),
        (b'{"id":"y","text":" \\n "}', "empty-text"),
        (b'{"id":"y","text":7}', "invalid-record"),
        (b'{"id":"y","text":"a","text_sha256":"b"}', "computed-field"),
        (b'{"id":"y","text":"a","rights":{"evidence":[]},"rights":{}}', "duplicate-key"),
        (b'{"id":"y","text":"a","rights":{"covers":["text","original"]}}', "computed-field"),
        (b'{"id":"y","text":"a","provenance":{"capture_sha256":"b"}}', "computed-field"),
        (b'{"id":7,"text":"a"}', "invalid-record"),
        (b'{"id":"y","text":"a","title":"two\\nlines"}', "control-character"),
        (b'{"id":"y","text":"a","published_at":"2024-01-01T10:00:60Z"}', "bad-date"),
        (b'{"id":"y","text":"a","published_at":"yesterday"}', "bad-date"),
        (b'{"id":"y","text":"a","url":"file:///etc/passwd"}', "invalid-record"),
        (b'{"id":"y","text":"a","url":"http://[::1"}', "invalid-record"),
        (b'{"id":"y","text":"a","rights":"all of them"}', "invalid-record"),
        (b'{"id":"y","text":"a","provenance":[1]}', "invalid-record"),
        (b'{"id":"y","text":"a","captions":["one"]}', "invalid-record"),
    ],
)
def test_hostile_record_is_refused_with_a_reason(data: bytes, code: str, corpus: Corpus, page: str) -> None:
    name = line(data)(corpus, page)
    corpus.build()
    assert corpus.codes()[name] == code


def test_no_finding_shows_words_of_a_text(corpus: Corpus) -> None:
    canary = "The canary sang at dawn."
    broken: list[dict[str, Any]] = [
        {"text": canary, "title": canary * 60},
        {"text": canary, "subtitles": canary},
        {"text": canary, "captions": canary},
        {"text": [canary]},
        {"text": canary + "\u0007"},
        {"text": canary, "contributors": [{"role": canary, "name": "x"}]},
    ]
    corpus.records(*broken)
    corpus.build()
    assert set(corpus.codes().values()) - {"no-decision"} <= {"invalid-record", "control-character"}
    assert "canary" not in corpus.results[-1].ledger.read_text(encoding="utf-8")


def test_build_without_a_cache_leaves_no_text_but_what_the_leak_scan_needs(corpus: Corpus) -> None:
    corpus.build(cache=False)
    left = {path.relative_to(corpus.work / "small").as_posix() for path in corpus.work.rglob("*") if path.is_file()}
    assert left == {".lock", "1.0.0/ledger.jsonl", "1.0.0/closed/open/000000.parquet"}
    assert b"first paragraph" not in (corpus.work / "small/1.0.0/ledger.jsonl").read_bytes()
    assert oct((corpus.work / "small/1.0.0/closed/open").stat().st_mode & 0o777) == oct(0o700)
    for private in (corpus.work / "small", corpus.out / "small" / "vault"):
        assert oct(private.stat().st_mode & 0o777) == oct(0o700)


def test_a_second_build_of_a_version_is_the_same_or_an_error(corpus: Corpus) -> None:
    assert corpus.build().lines["open"].unchanged is False
    assert corpus.build().lines["open"].unchanged is True
    corpus.records({"text": "Changed."})
    before = (corpus.out / "small" / "open" / "1.0.0" / "SHA256SUMS").read_bytes()
    with pytest.raises(Exception, match="is there already and differs"):
        corpus.build()
    assert (corpus.out / "small" / "open" / "1.0.0" / "SHA256SUMS").read_bytes() == before
    with pytest.raises(Exception, match="is newer than"):
        corpus.build("0.9.0")
    assert sorted(path.name for path in (corpus.out / "small" / "open").iterdir()) == ["1.0.0"]


def test_what_a_killed_build_left_is_cleared_away(corpus: Corpus) -> None:
    corpus.write("../dist/small/open/.building/data/half.parquet", b"half")
    corpus.write("../work/small/staging-x/read-000000.arrow", b"half")
    folder = corpus.build().lines["open"].folder
    assert verify(folder) == []
    assert sorted(path.name for path in folder.parent.iterdir()) == ["1.0.0"]


def test_a_corpus_without_an_article_is_no_release_but_has_a_ledger(corpus: Corpus) -> None:
    corpus.write("pages/1.txt", "")
    corpus.write("records/a.jsonl", "\n\n")
    with pytest.raises(PressmarkError, match="no input is an article"):
        corpus.build()
    ledger = (corpus.work / "small" / "1.0.0" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["became"]["open"]["code"] for line in ledger] == ["empty-input", "empty-input"]
    assert list(corpus.out.rglob("manifest.json")) == []


def test_a_failing_line_leaves_none_of_the_lines(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.build()
    shutil.rmtree(corpus.out / "small" / "vault")
    corpus.records({"text": "Changed."})
    with pytest.raises(Exception, match="differs"):
        build(corpus.folder, "1.0.0", out=corpus.out, work=corpus.work, workers=1)
    assert list((corpus.out / "small" / "vault").iterdir()) == []
