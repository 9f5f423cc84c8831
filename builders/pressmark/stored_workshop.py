"""A workshop that is kept in a bucket: a build works on a copy here, and what it keeps is uploaded."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pressmark.errors import PressmarkError, RemoteError, UsageError
from pressmark.s3_address import EXPECTED, S3Address, is_on_s3, s3_address
from pressmark.stored_entries import FOLDERS, Entries, Held, Name, Progress
from pressmark.stored_records import Digests, Records, State, written
from pressmark.stores.opened import opened
from pressmark.stores.releases import copy_of
from pressmark.workshop import PRIVATE, Workshop, workshop, write_durably

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket

SECONDS = 60.0
"""How often what a build has kept so far is uploaded while it is at work."""

_SEEN = ".bucket.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the workshop of a corpus is."""

    folder: Path
    copies: Path
    """The folder for copies of what is in buckets."""

    address: S3Address | None = None
    """`s3://BUCKET/PREFIX/CORPUS`: the folder is a copy of what is there."""

    @contextmanager
    def open(self, progress: Progress | None = None) -> Iterator[tuple[Workshop, Progress | None]]:
        """Open the workshop for one build, with what `at_home` does; gives both.

        Raises:
            OutputError: another build is at work in it, or was meanwhile.
            RemoteError: the store does not give or take something.
        """
        with workshop(self.folder) as shop, self.at_home(progress) as heard:
            yield shop, heard

    @contextmanager
    def at_home(self, progress: Progress | None = None) -> Iterator[Progress | None]:
        """Make the folder the same as the bucket, and upload what is new at the end, also of what fails.

        The folder has to be locked for as long as this lasts. Gives what is told instead of `progress`.

        Raises:
            OutputError: here and there are different records of one version, or another build wrote some meanwhile.
            RemoteError: the store does not give or take something.
        """
        if self.address is None:
            yield progress
            return
        copy = _Copy(opened(self.address.bucket), self.address, self.folder, progress)
        copy.bring()
        try:
            yield copy.told
        except BaseException as error:
            try:
                copy.send()
            except (PressmarkError, OSError) as other:
                said = f"what was kept of it was not uploaded: {other}"
                if isinstance(error, PressmarkError):
                    error.advice = "; ".join(filter(None, (error.advice, said)))
                error.add_note(said)
            raise
        copy.send()


def kept_in(work: Path | str, copies: Path | str, corpus: str) -> Kept:
    """Return where the workshop of a corpus is.

    Args:
        work: A folder, or `s3://BUCKET/PREFIX`.
        copies: The folder for copies of what is in buckets, where that one is in a bucket.
        corpus: Its name.

    Raises:
        UsageError: it is no address.
    """
    if not is_on_s3(work):
        return Kept(Path(work) / corpus, Path(work))
    address = s3_address(work)
    if address is None:
        raise UsageError(f"found {work} for the workshop", advice=f"expected a folder, or {EXPECTED}")
    return Kept(copy_of(address, copies) / corpus, Path(copies), address / corpus)


class _Copy:
    """A folder, and what a bucket has of it."""

    def __init__(self, bucket: "Bucket", address: S3Address, folder: Path, progress: Progress | None) -> None:
        self.folder, self._progress = folder, progress
        self._bucket, self._prefix = bucket, f"{address.key}/"
        self._entries, self._records = Entries(bucket, self._prefix, folder), Records(bucket, address, folder)
        self._held, self._state = Held(), State()
        """What was there when it was brought."""
        self._sent: set[Name] = set()
        self._last = time.monotonic()

    def bring(self) -> None:
        """Make the folder the same as the bucket, but for what is new here."""
        digests, names = self._seen()
        for folder in FOLDERS:
            (self.folder / folder).mkdir(exist_ok=True, mode=PRIVATE)
        self._held, self._state = self._look()
        self._entries.bring(self._held.whole, names, self._progress)
        self._records.bring(self._state, digests)
        self._sent = set(self._held.whole)
        self._see(self._state.digests, self._sent)

    def told(self, stage: str, done: int, of: int) -> None:
        """Pass on how far a build is, and upload at times what it has kept so far."""
        if self._progress:
            self._progress(stage, done, of)
        if time.monotonic() - self._last >= SECONDS:
            new = self._entries.here() - self._sent
            with suppress(RemoteError):  # what cannot be uploaded at the end either is told then
                self._entries.send(new)
                self._sent |= new
            self._last = time.monotonic()

    def send(self) -> None:
        """Upload what is new here, and remove what is here no more.

        Raises:
            OutputError: another build wrote records meanwhile.
            RemoteError: the store does not take something.
        """
        (held, state), here = self._look(), self._entries.here()
        self._entries.send(here - held.whole.keys(), self._progress)
        state = self._records.send(self._state, state)
        self._entries.remove(self._held.whole.keys() - here, held)
        self._see(state.digests, here)

    def _look(self) -> tuple[Held, State]:
        listing = self._bucket.listed(self._prefix)
        return self._entries.held(listing), self._records.state(listing)

    def _seen(self) -> tuple[Digests, set[Name]]:
        """Return the records and entries that were the same here and there the last time."""
        try:
            told = json.loads((self.folder / _SEEN).read_bytes())
        except FileNotFoundError:
            return {}, set()
        return told["records"], {(where, key, digest) for where, key, digest in told["entries"]}

    def _see(self, digests: Digests, names: set[Name]) -> None:
        write_durably(self.folder / _SEEN, written({"records": digests, "entries": sorted(names)}))
