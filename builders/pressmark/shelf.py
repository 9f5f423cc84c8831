"""Files of rows that need not be pressed again, because a release has them already.

A file is known by what it is made of: its articles as they were read, their groups, and what may appear of them. Noted
are its digest, its rows, and what they show. Which releases added and changed a row is no part of what it is made of,
for it follows from the release before; it is compared before a file is taken. The files themselves lie in releases, and
are held against their digests there.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.cache import Cache
from pressmark.press.manifest import digest_of
from pressmark.release.remembered import Memory
from pressmark.shard_rows import Before, Rows, by_task
from pressmark.staging import DIGEST, prints_at
from pressmark.standings import RECALLED, whole

Prints = npt.NDArray[np.void]
"""Digests of articles, 32 bytes each."""

ROWS = pa.schema([*RECALLED, pa.field("print", pa.binary(32)), pa.field("digest", pa.binary(32))])
"""What is noted of each row, in the order of the file: what a next build asks of it, the digest of the article that it
is made of, and its own."""

_ORDERED = np.dtype("S32")
_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Known:
    """What is noted of a file of rows."""

    sha256: str
    note: Mapping[str, Any]
    rows: pa.Table

    def is_as_of(self, release: int, prints: Prints, before: Before | None) -> bool:
        """Tell whether a release that is made of the same has the same numbers of releases in each row.

        Args:
            release: Its number within its line.
            prints: Of its articles, each once.
            before: What the same were in the release before.
        """
        own = np.frombuffer(b"".join(self.rows["print"].to_pylist()), _ORDERED)
        places = np.empty(own.size, np.int64)
        places[np.argsort(own)] = np.argsort(prints.view(_ORDERED))
        added, changed = (self.rows[name].to_numpy() for name in ("added_in", "changed_in"))
        if before is None:
            return bool((added == release).all() and (changed == release).all())
        lasting = before.lasting.take(pa.array(places))
        is_there = lasting.is_valid().to_numpy(zero_copy_only=False)
        same = pc.fill_null(pc.equal(lasting, whole(self.rows["lasting"])), fill_value=False)
        is_same = same.to_numpy(zero_copy_only=False)
        expected = (
            np.where(is_there, before.added_in[places], release),
            np.where(is_same, before.changed_in[places], release),
        )
        return bool((added == expected[0]).all() and (changed == expected[1]).all())


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a build finds what earlier ones noted."""

    cache: Cache
    staging: Path
    code: str
    """Digest of the code that presses."""

    def memory(self) -> Memory:
        """Return where the check of a release finds what earlier readings of its files came to."""
        return Memory(self.cache, self.code, self.staging)

    def take(self, sha256: str) -> Known | None:
        """Return what is noted of a file of rows, known by its digest."""
        path = self.staging / f"known-{sha256}-{os.getpid()}.arrow"
        note = self.cache.take(self.key(sha256), {_ROWS: path})
        if note is None:
            return None
        with pa.OSFile(str(path), "rb") as source:
            rows = pa.ipc.open_file(source).read_all()
        path.unlink()
        return Known(sha256, note, rows)

    def take_made_of(self, made_of: str) -> Known | None:
        """Return what is noted of a file of rows, known by what it is made of."""
        note = self.cache.take(made_of, {})
        return self.take(note["sha256"]) if note else None

    def keep(self, made_of: str, sha256: str, rows: pa.Table, note: Mapping[str, Any]) -> None:
        """Note a file of rows.

        Args:
            made_of: What it is made of.
            sha256: Its digest.
            rows: By the schema `ROWS`.
            note: What else there is to say of it.
        """
        path = self.staging / f"known-{sha256}-{os.getpid()}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, ROWS) as writer:
            writer.write_table(rows)
        self.cache.keep(self.key(sha256), {_ROWS: path}, note)
        self.cache.keep(made_of, {}, {"sha256": sha256})
        path.unlink()

    def key(self, sha256: str) -> str:
        """Return what a file of rows with a digest is kept as."""
        return hashlib.sha256(f"{self.code} rows {sha256}".encode()).hexdigest()

    def made_of(self, told: Sequence[str], rows: Rows, prints: Prints) -> str:
        """Return a digest of all that a file of rows follows from but for the numbers of releases.

        Args:
            told: Names that stand in it or in its path.
            rows: Its rows.
            prints: Of their articles.
        """
        order = np.argsort(prints.view(_ORDERED))
        written = [orjson.dumps([each.text, each.because, each.also]) for each in rows.different_outcomes]
        outcomes = np.array([hashlib.sha256(each).digest() for each in written], DIGEST)
        digest = hashlib.sha256(orjson.dumps([self.code, *told]))
        for column in (prints, rows.groups, outcomes[rows.outcomes]):
            digest.update(column[order].tobytes())
        return digest.hexdigest()


def prints_of(staging: Path, rows: Rows) -> Prints:
    """Return the digests of the articles of a file."""
    parts = [prints_at(staging, task, rows.rows[those]) for task, those in by_task(rows, np.arange(len(rows)))]
    return np.concatenate(parts)


def brought(path: str, sha256: str, releases: Sequence[Path], folder: Path) -> bool:
    """Bring a file of rows from a release that has it; return whether one did.

    Args:
        path: Of the file, below a release folder.
        sha256: Its digest.
        releases: Release folders.
        folder: The one that it is brought to.
    """
    for release in releases:
        old, new = release / path, folder / path
        if old.is_file() and not old.is_symlink() and digest_of(old) == sha256:
            new.parent.mkdir(parents=True, exist_ok=True)
            try:
                new.hardlink_to(old)
            except OSError:  # another file system, or one that knows no links
                shutil.copyfile(old, new)
            return True
    return False
