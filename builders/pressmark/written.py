"""Shards of a release line as they were written. The digests of their rows lie in staging until all are there."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.press.manifest import Shard

_DIGEST = np.dtype("V32")
_SCHEMA = pa.schema([("id", pa.large_string()), ("digest", pa.binary(_DIGEST.itemsize))])
_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Written:
    """A shard, and what its rows say."""

    shard: Shard
    digests: Path
    """Where id and digest of each row lie."""

    emptied: Sequence[tuple[str, str]] = ()
    """Ids and fields that were emptied because they showed a withheld text."""

    made_of: str | None = None
    """What it is kept as, if it is."""

    @classmethod
    def of(cls, shard: Shard, digests: Sequence[tuple[str, bytes]], place: Path) -> Self:
        """Lay down the digests of the rows of a shard.

        Args:
            shard: The shard.
            digests: Id and digest of each row.
            place: The file for them.
        """
        columns = [[identity for identity, _ in digests], [digest for _, digest in digests]]
        # A task may run twice, and the first file may be read by then.
        unfinished = place.with_name(f"{place.name}-{os.getpid()}")
        with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
            writer.write_table(pa.table(columns, schema=_SCHEMA))
        unfinished.replace(place)
        return cls(shard, place)


def content_of(found: Sequence[Written]) -> str:
    """Return the digest of a split from those of the rows of its shards: as `content_digest`, of no tuples."""
    digest, ids = hashlib.sha256(), []
    with TemporaryFile(dir=found[0].digests.parent) as together:
        for each in found:
            with pa.OSFile(str(each.digests), "rb") as source:
                rows = pa.ipc.open_file(source).read_all()
            ids.append(rows["id"])
            together.write(b"".join(rows["digest"].to_pylist()))
        together.flush()
        # As UTF-8, which Arrow goes by, ids have the order that they have as strings.
        order = pc.sort_indices(pa.chunked_array([chunk for each in ids for chunk in each.chunks])).to_numpy()
        del ids
        digests = np.memmap(together, _DIGEST, "r")
        for start in range(0, len(order), _AT_ONCE):
            digest.update(digests[order[start : start + _AT_ONCE]].tobytes())
    return digest.hexdigest()
