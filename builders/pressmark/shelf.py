"""What need not be done again: files of rows to press that a release has already, and pairs of texts to compare.

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
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pressmark.cache import Cache
from pressmark.likeness_judged import Judged
from pressmark.press.manifest import digest_of
from pressmark.release.remembered import Memory
from pressmark.shard_rows import Before, Rows, by_task
from pressmark.staging import DIGEST, prints_at
from pressmark.standings import RECALLED, whole

Prints = npt.NDArray[np.void]
"""Digests of articles, 32 bytes each."""

ROWS = pa.schema([*RECALLED, pa.field("digest", pa.binary(32))])
"""What is noted of each row, in the order of the file: what a next build asks of it, and its digest."""

_ORDERED = np.dtype("S32")
_ROWS, _PRINTS = "rows", "prints"


@dataclass(frozen=True, slots=True)
class Known:
    """What is noted of a file of rows."""

    sha256: str
    note: Mapping[str, Any]
    rows: pa.Table
    prints: Prints
    """Of the articles that its rows are made of, in their order."""

    def is_as_of(self, release: int, prints: Prints, before: Before | None) -> bool:
        """Tell whether a release that is made of the same has the same numbers of releases in each row.

        Args:
            release: Its number within its line.
            prints: Of its articles, each once.
            before: What the same were in the release before.
        """
        places = np.empty(prints.size, np.int64)
        places[np.argsort(self.prints.view(_ORDERED))] = np.argsort(prints.view(_ORDERED))
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
        return Memory(self.cache, self.code)

    def judged(self, threshold: Fraction) -> Judged:
        """Return what earlier builds found of pairs of texts, with a threshold."""
        return Judged(self.cache, self.judged_key(threshold), self.staging / "judged")

    def rows(self, sha256: str) -> pa.Table | None:
        """Return what is noted of the rows of a file, by the schema `ROWS`; None where nothing is."""
        path = self._place(sha256)
        try:
            if self.cache.take(self.key(sha256), {_ROWS: path}) is None:
                return None
            with pa.OSFile(str(path), "rb") as source:
                return pa.ipc.open_file(source).read_all()
        except OSError:
            return None
        finally:
            path.unlink(missing_ok=True)

    def take(self, made_of: str) -> Known | None:
        """Return what is noted of a file of rows, known by what it is made of."""
        path = self._place(made_of)
        try:
            note = self.cache.take(made_of, {_PRINTS: path})
            prints = np.fromfile(path, DIGEST) if note else None
        except OSError:
            return None
        finally:
            path.unlink(missing_ok=True)
        rows = self.rows(note["sha256"]) if note else None
        if note is None or rows is None or prints is None or len(rows) != prints.size:
            return None
        return Known(note["sha256"], note, rows, prints)

    def keep(self, made_of: str, sha256: str, rows: pa.Table, prints: Prints, note: Mapping[str, Any]) -> None:
        """Note a file of rows; where the system refuses, nothing is noted.

        Args:
            made_of: What it is made of.
            sha256: Its digest.
            rows: By the schema `ROWS`.
            prints: Of the articles that they are made of.
            note: What else there is to say of it.
        """
        places = (self._place(sha256), self._place(made_of))
        try:
            with pa.OSFile(str(places[0]), "wb") as sink, pa.ipc.new_file(sink, ROWS) as writer:
                writer.write_table(rows)
            prints.tofile(places[1])
            self.cache.keep(self.key(sha256), {_ROWS: places[0]}, {})
            # What a file is made of does not follow from its bytes: fields that are closed do not stand in it.
            self.cache.keep(made_of, {_PRINTS: places[1]}, {**note, "sha256": sha256})
        except OSError:
            return
        finally:
            for place in places:
                place.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self.staging / f"known-{name}-{os.getpid()}"

    def key(self, sha256: str) -> str:
        """Return what a file of rows with a digest is kept as."""
        return hashlib.sha256(f"{self.code} rows {sha256}".encode()).hexdigest()

    def judged_key(self, threshold: Fraction) -> str:
        """Return what pairs of texts are kept as that were compared with a threshold."""
        return hashlib.sha256(f"{self.code} judged {threshold}".encode()).hexdigest()

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
    new = folder / path
    unfinished = new.with_name(f".{new.name}.{os.getpid()}")
    for release in releases:
        old = release / path
        try:
            if old.is_symlink() or not old.is_file() or digest_of(old) != sha256:
                continue
            new.parent.mkdir(parents=True, exist_ok=True)
            # Whatever a task that ran before left goes first: a file that is linked is never written into.
            new.unlink(missing_ok=True)
            try:
                unfinished.hardlink_to(old)
            except OSError:  # another file system, or one that knows no links
                shutil.copyfile(old, unfinished)
            unfinished.replace(new)
        except OSError:
            unfinished.unlink(missing_ok=True)
            continue
        return True
    return False
