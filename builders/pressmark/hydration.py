"""Fills withheld texts from a reader's own lawful copies, on the reader's own machine.

The copies go through the same intake as a build's inputs. What comes out is held against the digests of the withheld
rows. Nothing is uploaded, and no connection is opened.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.contract import schema_bytes
from pressmark.article.identity import article_id
from pressmark.article.record import Record
from pressmark.errors import OutputError, PressmarkError, UsageError
from pressmark.holdings import Holding, holdings, readings
from pressmark.press.columns import arrow_schema, as_record, table
from pressmark.press.publications import FOLDER, Publication, read_publication
from pressmark.release.verify import verify
from pressmark.wanted import CHANGED, FILLED, FROM_COPY, MISSING, OUTCOMES, Wanted
from pressmark.workshop import sync_folder

_HYDRATED = pa.field("hydrated", pa.string(), nullable=False)
_BATCH = 500
_PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Hydration:
    """What was filled."""

    parquet: Path
    report: Path
    counts: dict[str, int]
    """Withheld rows by outcome."""

    coverage: dict[str, Any]
    """What the report says."""


@dataclass(frozen=True, slots=True)
class _Release:
    """A release that adds up."""

    folder: Path
    manifest: dict[str, Any]

    def rows(self, config: str, columns: list[str] | None = None) -> Iterator[Record]:
        """Yield the rows of a configuration, in the order of its files."""
        for entry in self.manifest["files"]:
            if entry.get("config") == config:
                file = pq.ParquetFile(self.folder / entry["path"])
                for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
                    yield from batch.to_pylist()


def hydrate(release: Path | str, files: Sequence[Path | str], out: Path | str) -> Hydration:
    """Fill withheld texts of a release from copies.

    Args:
        release: The release folder.
        files: Text pages (`.txt`) and records (`.jsonl`), or folders of them.
        out: A folder to make, for the owner's eyes alone: `hydrated.parquet` has the filled rows with the columns of
            the configuration `articles` and `hydrated` (`match` or `near`), `coverage.json` the account.

    Raises:
        UsageError: the release does not add up, a file is not there, or the folder holds something already.
        PressmarkError: the release withholds no text.
    """
    target = Path(out)
    held = list(holdings([Path(each) for each in files]))
    _refuse_place(target, Path(release))
    shown = _verified(Path(release))
    with _unfinished(target) as made, tempfile.TemporaryFile(dir=made) as spool:
        wanted = _wanted(shown, spool)
        account = _look(wanted, _publications(shown, wanted), held)
        _write_rows(made / "hydrated.parquet", shown, wanted)
        coverage = {**_about(shown), **_by_outcome(wanted), **account}
        report = json.dumps(coverage, ensure_ascii=False, indent=2) + "\n"
        (made / "coverage.json").write_text(report, encoding="utf-8")
    return Hydration(target / "hydrated.parquet", target / "coverage.json", coverage["rows"], coverage)


def _refuse_place(target: Path, release: Path) -> None:
    if target.resolve().is_relative_to(release.resolve()):
        raise OutputError(f"{target} lies in the release", advice="give another --out: a release is passed on")
    empty = target.is_dir() and not target.is_symlink() and not any(target.iterdir())
    if (target.exists() or target.is_symlink()) and not empty:
        raise OutputError(f"{target} is there already", advice="give another --out")


def _verified(folder: Path) -> _Release:
    findings = verify(folder)
    if findings:
        raise UsageError(f"{folder} does not add up: {findings[0]}", advice="get the release again")
    release = _Release(folder, json.loads((folder / "manifest.json").read_bytes()))
    if release.manifest["schema_sha256"] != hashlib.sha256(schema_bytes("article.schema.json")).hexdigest():
        writer = release.manifest["written_by"]["pressmark"]
        raise UsageError(f"{folder} has other columns than this version knows", advice=f"use pressmark {writer}")
    return release


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a private folder beside the target, and put it in its place at the end, whole or not at all."""
    parent = target.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=parent))
    try:
        yield made
        for path in made.iterdir():
            path.chmod(_PRIVATE_FILE)
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        made.rename(target)
        sync_folder(parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _wanted(release: _Release, spool: BinaryIO) -> Wanted:
    found = Wanted(spool)
    for row in release.rows("withheld", ["id", "source", "text_sha256", "letters_sha256"]):
        found.add(row)
    if not found.sources:
        raise PressmarkError("the release withholds no text", advice="there is nothing to fill in")
    found.published = {row["text_sha256"] for row in release.rows("articles", ["text_sha256"])}
    return found


def _publications(release: _Release, wanted: Wanted) -> list[Publication]:
    listed = {entry["path"] for entry in release.manifest["files"]}
    names = sorted(set(wanted.sources.values()))
    for name in names:
        if f"{FOLDER}/{name}.json" not in listed:
            raise UsageError(f"{release.folder} lists no {FOLDER}/{name}.json", advice="it cannot be filled in")
    return [read_publication(release.folder, name) for name in names]


def _look(wanted: Wanted, publications: Sequence[Publication], held: Sequence[Holding]) -> dict[str, Any]:
    """Read every copy, and return the account of those that fill nothing."""
    unused: list[str] = []
    unused_copies = 0
    refused = Counter[str]()
    for holding in held:
        copies: dict[int | None, bool] = {}
        codes: dict[int | None, str] = {}
        for reading in readings(holding, publications):
            if reading.rejection is not None:
                codes.setdefault(reading.line, reading.rejection.code)
            elif reading.article is not None:
                used = wanted.offer(reading.article, _names(reading.article, holding))
                copies[reading.line] = used or copies.get(reading.line, False)
        # What one publication cannot read, another can.
        refused.update(code for line, code in codes.items() if line not in copies)
        unused_copies += sum(not used for used in copies.values())
        if not any(copies.values()) and (copies or not codes):
            unused.append(holding.shown)
    return {"unused": unused, "unused_copies": unused_copies, "refused": dict(sorted(refused.items()))}


def _names(article: Record, holding: Holding) -> Iterator[str]:
    """Yield the ids that a copy may have had in the build, the likeliest first."""
    yield article["id"]
    if holding.format == "page":
        for path in holding.paths():
            yield str(article_id(article["source"], path=path))


def _write_rows(path: Path, release: _Release, wanted: Wanted) -> None:
    """Write the rows that copies fill, in the order of the release."""
    schema = arrow_schema("articles").append(_HYDRATED)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        batch: list[Record] = []
        for row in release.rows("withheld"):
            if wanted.outcome(row["id"]) in FILLED:
                batch.append(_filled(as_record(row), wanted))
            if len(batch) == _BATCH:
                writer.write_table(_table(batch, wanted))
                batch = []
        if batch:
            writer.write_table(_table(batch, wanted))


def _filled(row: Record, wanted: Wanted) -> Record:
    own = {key: value for key, value in row.items() if key not in ("withheld_because", *FROM_COPY)}
    return {**own, **wanted.filling(row["id"])}


def _table(rows: list[Record], wanted: Wanted) -> pa.Table:
    outcomes = pa.array([wanted.outcome(row["id"]) for row in rows], pa.string())
    return table(rows, "articles").append_column(_HYDRATED, outcomes)


def _about(release: _Release) -> dict[str, Any]:
    stated = {key: release.manifest[key] for key in ("corpus", "line", "version")}
    digest = hashlib.sha256((release.folder / "manifest.json").read_bytes()).hexdigest()
    return {**stated, "manifest_sha256": digest}


def _by_outcome(wanted: Wanted) -> dict[str, Any]:
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    ids: dict[str, list[str]] = {CHANGED: [], MISSING: []}
    for identity, source in wanted.sources.items():
        outcome = wanted.outcome(identity)
        by_source[source][outcome] += 1
        if outcome in ids:
            ids[outcome].append(identity)
    total = sum(by_source.values(), Counter[str]())
    return {
        "rows": {name: total[name] for name in OUTCOMES},
        "by_source": {name: {outcome: by_source[name][outcome] for outcome in OUTCOMES} for name in sorted(by_source)},
        **{name: sorted(found) for name, found in ids.items()},
    }
