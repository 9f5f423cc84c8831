"""Removes from a workshop in a bucket: entries that no build uses, or all, and what is withdrawn."""

import hashlib
import shutil
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from uuid import uuid4

from pressmark.cache import NOTE
from pressmark.stored_names import PURGED
from pressmark.stored_pieces import Pieces
from pressmark.workshop import STAGING


def entries_in(pieces: Pieces) -> tuple[int, int]:
    """Return how many entries a bucket has, and their bytes, also of such as are not whole."""
    found = [files for name, files in pieces.there().objects.items() if not name.is_record]
    return len(found), sum(each.size for files in found for each in files.values())


def clear(pieces: Pieces) -> None:
    """Remove all entries from the bucket."""
    there = pieces.there()
    pieces.remove([name for name in there.objects if not name.is_record], there)


def trim(pieces: Pieces, used: Collection[str]) -> None:
    """Remove entries from the bucket that are not the newest of a place in use, unless they may be being uploaded.

    Args:
        pieces: Those of the workshop.
        used: Places of entries that are in use.
    """
    there = pieces.there()
    newest = {name.place: name for name in there.whole() if name.place in used}
    entries = (name for name in there.objects if not name.is_record)
    pieces.remove([name for name in entries if newest.get(name.place) != name and there.is_quiet(name)], there)


def versions_recorded(pieces: Pieces) -> set[str]:
    """Return the versions of which a bucket has records."""
    return {name.version for name in pieces.there().whole() if name.is_record}


def purge_stored(pieces: Pieces, versions: Collection[str], holds: Callable[[Path], bool]) -> list[str]:
    """Remove all entries, and the records of versions that hold what is withdrawn; return what was removed.

    A mark is left first, and what is there is listed after it. So a build that began before either has uploaded by
    then, or finds the mark when it has, and removes what it uploaded.

    Args:
        pieces: Those of the workshop.
        versions: Those that are removed whatever is in their records.
        holds: Told the folder of a version with some of its records, whether they hold what is withdrawn.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with NamedTemporaryFile() as mark:
        mark.write(at.encode())
        mark.flush()
        key = f"{pieces.prefix}{PURGED}/{at}-{uuid4().hex}"
        pieces.bucket.put(key, Path(mark.name), hashlib.sha256(at.encode()).hexdigest())
    there = pieces.there()
    # Nobody can tell what is in a record that is not whole.
    gone = [name for name, files in there.objects.items() if not name.is_record or NOTE not in files]
    pieces.remove(gone, there)
    records, held = [name for name in there.whole() if name.is_record], {*versions}
    for name in records:
        if name.version not in held:
            folder = Path(mkdtemp(prefix=f"{STAGING}-", dir=pieces.folder))
            try:
                pieces.brought(name, there, folder)
                if holds(folder / name.version):
                    held.add(name.version)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    old = [name for name in records if name.version in held]
    pieces.remove(old, there)
    places = {"/".join(name.place.split("/")[: 2 if name.is_record else 1]) for name in [*gone, *old]}
    return [f"s3://{pieces.bucket.name}/{pieces.prefix}{place}" for place in sorted(places)]
