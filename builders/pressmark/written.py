"""Shards of a release line as they were written, with the digests of their rows by columns until all are there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.press.manifest import Shard
from pressmark.pressing import Pressed

_DIGEST = np.dtype("V32")


@dataclass(frozen=True, slots=True)
class Written:
    """A shard, and what its rows say."""

    shard: Shard
    ids: pa.Array
    digests: bytes
    """One after the other, in the order of the ids."""

    made_of: str | None
    """What it is kept as, if it is."""

    @classmethod
    def of(cls, pressed: Pressed) -> Self:
        """Return a shard that was pressed."""
        ids = pa.array([identity for identity, _ in pressed.digests], pa.large_string())
        return cls(pressed.shard, ids, b"".join(digest for _, digest in pressed.digests), pressed.made_of)


def content_of(found: Sequence[Written]) -> str:
    """Return the digest of a split from those of the rows of its shards: as `content_digest`, of no tuples."""
    # As UTF-8, which Arrow goes by, ids have the order that they have as strings.
    order = pc.sort_indices(pa.concat_arrays([each.ids for each in found])).to_numpy()
    digests = np.frombuffer(b"".join(each.digests for each in found), _DIGEST)
    return hashlib.sha256(digests[order].tobytes()).hexdigest()
