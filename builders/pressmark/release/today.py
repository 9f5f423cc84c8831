"""Does a release still show today only what its rights allow? Asked again before it is published.

A release that adds up was right on the day that its manifest names. Permissions expire in the meantime.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.errors import refuse_used_up
from pressmark.findings import Finding
from pressmark.release.columns import read_contract
from pressmark.release.manifest import read_manifest
from pressmark.release.rights import Row, Rules, rules, too_open

_ROWS_AT_ONCE = 1024
_NEEDED = ("id", "rights_status", "license", "attribution", "rights")


def closed_today(release: Path, today: date) -> list[Finding]:
    """Return a finding for everything that a release shows and that its rights do not allow any more.

    Args:
        release: A release folder that `verify` has nothing against.
        today: The day that counts. Where it is before the manifest's own, that one counts.
    """
    manifest, findings = read_manifest(release)
    if manifest is None:
        return findings
    then = rules(release, manifest, read_contract(release))
    now = replace(then, as_of=max(then.as_of, today))
    shards = [entry for entry in manifest["files"] if "config" in entry]
    return [finding for entry in shards for finding in _shard(release, entry, then, now)]


def _shard(release: Path, entry: Mapping[str, Any], then: Rules, now: Rules) -> Iterator[Finding]:
    path, config = entry["path"], entry["config"]
    try:
        shard = pq.ParquetFile(release / path)
        # In `articles` the whole row stands or falls with its text, which is long and need not be read.
        shown = [name for name, kind in now.classes.items() if kind not in ("metadata", "digest")]
        wanted = {*_NEEDED, *(shown if config == "withheld" else ())}
        columns = [name for name in shard.schema_arrow.names if name in wanted]
        for batch in shard.iter_batches(batch_size=_ROWS_AT_ONCE, columns=columns):
            for row in batch.to_pylist():
                yield from _row(row, entry, then, now)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as error:
        refuse_used_up(error)
        yield Finding("file-unreadable", path, "", type(error).__name__)


def _row(row: Row, entry: Mapping[str, Any], then: Rules, now: Rules) -> Iterator[Finding]:
    found = list(too_open(row, entry["config"], entry["path"], now))
    before = set(too_open(row, entry["config"], entry["path"], then)) if found else set()
    for finding in found:
        if finding in before:
            yield finding
        else:
            detail = f"found an expiry on {row['rights']['expires']}, expected one on {now.as_of} or later"
            yield replace(finding, code="expired-since", detail=f"{detail}: {finding.detail}")
