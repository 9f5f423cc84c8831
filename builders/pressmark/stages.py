"""What an engine runs of a build once everything is read: a function for each stage, and the tasks that it takes.

The first stage is `pressmark.reading`. Between the stages lie files in the workshop's staging.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.record import Record, fields_of_class, strings
from pressmark.article.reservations import reserves
from pressmark.curate.withheld import without_text
from pressmark.press.columns import as_record, rows_of
from pressmark.staging import rows_at
from pressmark.workshop import PRIVATE_FILE

_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class ClosingJob:
    """Keep what a release line does not show of the articles of one reading task."""

    staging: Path
    task: int
    path: Path
    classes: tuple[tuple[str, ...], ...]
    """Classes of fields that may appear, each choice once."""

    rows: npt.NDArray[np.int32]
    shown: npt.NDArray[np.int16]
    """For each row, the number of its choice."""


def close_stage(job: ClosingJob) -> int:
    """Write the values that may not appear, and those of the same article that may, for the leak scan."""
    found = rows_of(rows_at(job.staging, job.task, job.rows))
    kept = [_parted(as_record(row), job.classes[which]) for row, which in zip(found, job.shown.tolist(), strict=True)]
    schema = pa.schema([(name, pa.string()) for name in ("id", "text_sha256", "closed", "allowed")])
    pq.write_table(pa.Table.from_pylist(kept, schema=schema), job.path, compression="zstd")
    job.path.chmod(PRIVATE_FILE)
    return len(kept)


def _parted(article: Record, shown: tuple[str, ...]) -> dict[str, str]:
    words = fields_of_class("text", "headline") - fields_of_class(*shown)
    # What is emptied because it shows the text is not shown elsewhere either.
    parts = {
        "closed": {name: value for name, value in article.items() if name in words},
        "allowed": without_text(article, "", shown)[0] if shown else {},
    }
    found = {name: [value for _, value in strings(part)] for name, part in parts.items()}
    # A notice in the midst of a text is the site's, and stands on its other pages too.
    found["allowed"] += filter(reserves, article["text"].split("\n"))
    digest = {"text_sha256": article["text_sha256"]}
    return {"id": article["id"], **digest, **{name: _BETWEEN.join(values) for name, values in found.items()}}
