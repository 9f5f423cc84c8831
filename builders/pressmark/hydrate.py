"""Fills withheld texts from a reader's own lawful copies, on the reader's own machine.

The copies go through the same intake as a build's inputs. What comes out is held against the digests of the withheld
rows. Nothing is uploaded, and no connection is opened.
"""

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.record import Record
from pressmark.errors import OutputError, PressmarkError, UsageError
from pressmark.intake.files import find
from pressmark.intake.read import Reading, ReadTask, read
from pressmark.press.columns import arrow_schema, as_record, table
from pressmark.press.publications import FOLDER, ways
from pressmark.recipe import Input
from pressmark.release.verify import verify
from pressmark.sources import Source, source_from
from pressmark.workshop import PRIVATE

MATCH, NEAR, CHANGED, MISSING = "match", "near", "changed", "missing"
"""The same text; the same letters; another text of the same id; no copy."""

_OUTCOMES = (MATCH, NEAR, CHANGED, MISSING)
_FILLED = (MATCH, NEAR)
_FROM_COPY = ("text", "title", "subtitles", "captions", "contributors")
_INPUT_BYTES = 16 * 10**6
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


@dataclass(slots=True)
class _Wanted:
    """The withheld rows of a release, by what a copy can be told by."""

    rows: dict[str, str]
    """Source of each id."""

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    best: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By id, how good the best copy is, and the digest of its bytes."""

    def offer(self, article: Record) -> list[str]:
        """Take note of a copy, and return the ids that it says something about."""
        copy = article["provenance"]["capture_sha256"]
        found: list[str] = []
        told = (
            self.texts.get(article["text_sha256"], []),
            self.letters.get(article["letters_sha256"], []),
            [article["id"]] if article["id"] in self.rows else [],
        )
        for quality, ids in enumerate(told):
            for identity in ids:
                self.best[identity] = min((quality, copy), self.best.get(identity, (len(told), "")))
            found += ids
        return found

    def outcome(self, identity: str) -> str:
        """Return what became of a row."""
        return _OUTCOMES[self.best[identity][0]] if identity in self.best else MISSING


def hydrate(release: Path | str, files: Sequence[Path | str], out: Path | str) -> Hydration:
    """Fill withheld texts of a release from copies.

    Args:
        release: The release folder.
        files: Text pages (`.txt`) and records (`.jsonl`), or folders of them.
        out: A folder to make, for the owner's eyes alone: `hydrated.parquet` has the filled rows with the columns of
            the configuration `articles` and `hydrated` (`match` or `near`), `coverage.json` the account.

    Raises:
        UsageError: the release does not add up, a file is not there, or the folder is there already.
    """
    folder, target = Path(release), Path(out)
    findings = verify(folder)
    if findings:
        raise UsageError(f"{folder} does not add up: {findings[0]}", advice="get the release again")
    if target.exists():
        raise OutputError(f"{target} is there already", advice="give another --out")
    wanted = _wanted(folder)
    sources = _sources(folder, set(wanted.rows.values()))
    unused, refused = _look(wanted, sources, files)
    made = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True, mode=PRIVATE)
    try:
        _write_rows(made / "hydrated.parquet", folder, wanted, sources, files)
        coverage = _coverage(folder, wanted, unused, refused)
        report = made / "coverage.json"
        report.write_text(json.dumps(coverage, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for path in made.iterdir():
            path.chmod(_PRIVATE_FILE)
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Hydration(target / "hydrated.parquet", target / "coverage.json", coverage["rows"], coverage)


def _withheld(folder: Path, columns: list[str] | None = None) -> Iterator[Record]:
    for path in sorted((folder / "withheld").rglob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_BATCH, columns=columns):
            yield from batch.to_pylist()


def _wanted(folder: Path) -> _Wanted:
    found = _Wanted({})
    for row in _withheld(folder, ["id", "source", "text_sha256", "letters_sha256"]):
        found.rows[row["id"]] = row["source"]
        found.texts[row["text_sha256"]].append(row["id"])
        found.letters[row["letters_sha256"]].append(row["id"])
    if not found.rows:
        raise PressmarkError("the release withholds no text", advice="there is nothing to fill in")
    return found


def _sources(folder: Path, names: set[str]) -> list[tuple[Source, list[Input]]]:
    sources = []
    for name in sorted(names):
        path = folder / FOLDER / f"{name}.json"
        try:
            described = json.loads(path.read_bytes())
            sources.append((source_from(name, described["source"]), ways(described["inputs"], name)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path} does not say how to read copies: {type(error).__name__}",
                advice="get the release again; releases of older versions cannot be filled in",
            ) from error
    return sources


def _readings(sources: list[tuple[Source, list[Input]]], files: Sequence[Path | str]) -> Iterator[Reading]:
    """Yield what each source makes of each file, in the order of their names."""
    for given in sorted(map(Path, files)):
        if not given.exists():
            raise UsageError(f"{given} is not there", advice="give files or folders as --from")
        folder = given if given.is_dir() else given.parent
        for source, inputs in sources:
            for way in inputs:
                found = tuple(find(folder, [way.files] if given.is_dir() else [given.name]))
                chosen = tuple(file for file in found if file.shown.endswith(way.files.rpartition("*")[2]))
                yield from read(ReadTask(0, folder, way, source, chosen, _INPUT_BYTES))


def _look(
    wanted: _Wanted, sources: list[tuple[Source, list[Input]]], files: Sequence[Path | str]
) -> tuple[list[str], Counter[str]]:
    """Read every copy once; return those that say nothing about any row, and codes of those that no source reads."""
    used: dict[str, bool] = {}
    codes: dict[str, str] = {}
    for reading in _readings(sources, files):
        shown = f"{reading.file}:{reading.line}" if reading.line else reading.file
        if reading.article is not None:
            used[shown] = bool(wanted.offer(reading.article)) or used.get(shown, False)
        elif reading.rejection is not None:
            codes.setdefault(shown, reading.rejection.code)
    unused = sorted(shown for shown, is_used in used.items() if not is_used)
    return unused, Counter(code for shown, code in codes.items() if shown not in used)


def _write_rows(
    path: Path,
    folder: Path,
    wanted: _Wanted,
    sources: list[tuple[Source, list[Input]]],
    files: Sequence[Path | str],
) -> None:
    """Read the copies again and write the rows that they fill, in the order of the release."""
    best = {copy for identity, (_, copy) in wanted.best.items() if wanted.outcome(identity) in _FILLED}
    copies: dict[str, Record] = {}
    for reading in _readings(sources, files):
        if reading.article is not None and reading.article["provenance"]["capture_sha256"] in best:
            _keep(copies, reading.article)
    schema = arrow_schema("articles").append(pa.field("hydrated", pa.string(), nullable=False))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        batch: list[Record] = []
        for row in _withheld(folder):
            if wanted.outcome(row["id"]) in _FILLED:
                batch.append(_filled(as_record(row), copies, wanted))
            if len(batch) == _BATCH:
                writer.write_table(_table(batch, wanted))
                batch = []
        if batch:
            writer.write_table(_table(batch, wanted))


def _keep(copies: dict[str, Record], article: Record) -> None:
    kept = {name: article[name] for name in _FROM_COPY if name in article}
    for digest in (article["text_sha256"], article["letters_sha256"]):
        copies.setdefault(f"{article['provenance']['capture_sha256']} {digest}", kept)


def _filled(row: Record, copies: dict[str, Record], wanted: _Wanted) -> Record:
    quality, copy = wanted.best[row["id"]]
    digest = row["text_sha256"] if _OUTCOMES[quality] == MATCH else row["letters_sha256"]
    rest = {key: value for key, value in row.items() if key not in ("withheld_because", *_FROM_COPY)}
    return {**rest, **copies[f"{copy} {digest}"]}


def _table(rows: list[Record], wanted: _Wanted) -> pa.Table:
    outcomes = [wanted.outcome(row["id"]) for row in rows]
    column = pa.field("hydrated", pa.string(), nullable=False)
    return table(rows, "articles").append_column(column, pa.array(outcomes, pa.string()))


def _coverage(folder: Path, wanted: _Wanted, unused: list[str], refused: Counter[str]) -> dict[str, Any]:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    outcomes = {identity: wanted.outcome(identity) for identity in wanted.rows}
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    for identity, outcome in outcomes.items():
        by_source[wanted.rows[identity]][outcome] += 1
    total = Counter(outcomes.values())
    return {
        **{key: manifest[key] for key in ("corpus", "line", "version")},
        "manifest_sha256": hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest(),
        "rows": {name: total[name] for name in _OUTCOMES},
        "by_source": {name: {outcome: by_source[name][outcome] for outcome in _OUTCOMES} for name in sorted(by_source)},
        CHANGED: sorted(identity for identity, outcome in outcomes.items() if outcome == CHANGED),
        MISSING: sorted(identity for identity, outcome in outcomes.items() if outcome == MISSING),
        "unused": unused,
        "refused": dict(sorted(refused.items())),
    }
