"""Would a release still be allowed to show what it shows? Asked again on the day it goes out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.release.columns import read_contract
from pressmark.release.files import MANIFEST
from pressmark.release.rights import Rules, rules, too_open

_ROWS_AT_ONCE = 1024
_CODE = "rights-ended"


def closed_today(release: Path, today: date) -> list[Finding]:
    """Return a finding for each row that shows what its own rights close by now.

    Time only closes what a release shows: a permission ends. What it opens, the next build shows.

    Args:
        release: A release folder that adds up.
        today: The day; where it is before the release's own, that one counts.
    """
    manifest = json.loads((release / MANIFEST).read_bytes())
    held = rules(release, manifest, read_contract(release))
    held = replace(held, as_of=max(today, held.as_of))
    return [finding for entry in manifest["files"] if "config" in entry for finding in _file(release, entry, held)]


def _file(release: Path, entry: Mapping[str, Any], held: Rules) -> Iterator[Finding]:
    for batch in pq.ParquetFile(release / entry["path"]).iter_batches(batch_size=_ROWS_AT_ONCE):
        for row in batch.to_pylist():
            for found in too_open(row, entry["config"], entry["path"], held):
                ends = row["rights"]["expires"]
                detail = f"its permission ended on {ends}" if ends else found.detail
                yield Finding(_CODE, found.file, found.place, detail)
