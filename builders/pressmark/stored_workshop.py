"""A workshop that is kept in a bucket: a build works on a copy here, brings what that lacks, and uploads what is new.

Nothing is removed by that, neither here nor there; for it there are `cache --trim`, `--clear` and `withdraw --purge`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pressmark.cache import NOTE
from pressmark.errors import OutputError, PressmarkError, SystemRefusedError, UsageError, refused_by_system
from pressmark.results import BuildResult
from pressmark.s3_address import EXPECTED, S3Address, is_on_s3, s3_address
from pressmark.stored_names import RECORDS, Name, There
from pressmark.stored_pieces import Pieces, Progress
from pressmark.stores.home import each_told
from pressmark.stores.opened import opened
from pressmark.stores.releases import copy_of
from pressmark.workshop import Workshop, workshop, write_durably

BEGUN = ".begun.json"
"""What lay here when the first build began of which not all that is new is uploaded, and the purges that there were."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the workshop of a corpus is."""

    folder: Path
    copies: Path
    """The folder for copies of what is in buckets."""

    address: S3Address | None = None
    """`s3://BUCKET/PREFIX/CORPUS`: the folder is a copy of what is there."""

    @contextmanager
    def open(
        self, progress: Progress | None = None, *, entries: bool = True
    ) -> Iterator[tuple[Workshop, list[BuildResult]]]:
        """Open the workshop for one build, and upload what is new at its end, also where it fails.

        Args:
            progress: Told how far the bringing and uploading is.
            entries: Bring entries of the caches, too.

        Returns:
            The workshop, and a list to which to add what was made, once it is in its place.

        Raises:
            OutputError: another build is at work in it, or the bucket has other records, or was purged meanwhile.
            RemoteError: the store does not give or take something.
        """
        made: list[BuildResult] = []
        with workshop(self.folder) as shop:
            if self.address is None:
                yield shop, made
                return
            copy = _Copy(self.pieces(), self.address)
            copy.bring(progress, entries=entries)
            try:
                yield shop, made
            except BaseException as error:
                try:
                    copy.send(made)
                except (PressmarkError, OSError, MemoryError, RuntimeError) as other:
                    error.add_note(f"what the build has kept was not uploaded to {self.address}: {other}")
                raise
            with _telling(made, self.folder):
                copy.send(made, progress)

    def pieces(self) -> Pieces:
        """Return what a workshop in a bucket has of pieces."""
        assert self.address is not None
        return Pieces(opened(self.address.bucket), f"{self.address.key}/", self.folder)


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


@dataclass(slots=True)
class _Copy:
    """The folder of a workshop while a build is at work, and what is new in it."""

    pieces: Pieces
    address: S3Address
    _before: Mapping[str, str] = field(default_factory=dict)
    """What lay here when the build began, or an earlier one whose own was not all uploaded."""

    _purges: frozenset[str] = frozenset()

    def bring(self, progress: Progress | None, *, entries: bool) -> None:
        """Bring what is not here, and note what is."""
        there = self.pieces.there()
        self.pieces.bring(there, progress, entries=entries)
        self._before, self._purges = self.pieces.here(), there.purges
        place = self.pieces.folder / BEGUN
        # One that cannot be read counts for none: then less is uploaded.
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            told = json.loads(place.read_bytes())
            if frozenset(told["purges"]) == there.purges:
                self._before = dict(told["before"])
        write_durably(place, json.dumps({"purges": sorted(there.purges), "before": {**self._before}}).encode())

    def send(self, made: list[BuildResult], progress: Progress | None = None) -> None:
        """Upload entries that are new here, and the records of what is in its place.

        Raises:
            OutputError: the bucket has other records, or was purged since the build began.
            RemoteError: the store does not take something.
        """
        here, there = self.pieces.here(), self.pieces.there()
        self._refuse_purged(there)
        new = [Name(place, "") for place, sign in here.items() if self._before.get(place) != sign]
        # What a line does not show is kept once its release is in its place, also by builds that were killed then.
        versions = {result.ledger.parent.name for result in made} | {each.version for each in new if each.is_closed}
        entries = [each.place for each in new if not each.is_record]
        records, begun = [each.place for each in new if each.is_record and each.version in versions], set[Name]()
        try:
            each_told("upload workshop", lambda place: self.pieces.sent(place, there, begun), entries, progress)
            sent = [self.pieces.sent(place, there, begun) for place in records]
        finally:
            after = self.pieces.there()
            self._refuse_purged(after, begun)
        (self.pieces.folder / BEGUN).unlink(missing_ok=True)
        self._refuse_others([name for name in sent if name], after)

    def _refuse_purged(self, there: There, begun: set[Name] | None = None) -> None:
        if there.purges == self._purges:
            return
        self.pieces.remove(begun or (), there)
        (self.pieces.folder / BEGUN).unlink(missing_ok=True)
        raise OutputError(
            f"the workshop at {self.address} was purged of what is withdrawn while this build was at work; nothing of "
            "it was uploaded there, for it may hold some",
            advice="bring the corpus folder up to date, say `withdraw --purge` here too, and build again",
        )

    def _refuse_others(self, sent: list[Name], after: There) -> None:
        """Refuse to go on as if nothing were where a line of one version has other texts that it does not show."""
        at = {name: after.objects[name][NOTE].changed for name in after.whole() if name.is_closed}
        for name in filter(lambda each: each.is_closed, sent):
            others = [each for each in at if each.place == name.place and each != name]
            if any(name not in at or at[each] <= at[name] for each in others):
                raise OutputError(
                    f"{self.address}/{name.place.removeprefix(f'{RECORDS}/')} is there already and differs; it stays",
                    advice=f"what this build has is in {self.pieces.folder} alone: another build made this version of "
                    "other inputs; give each a --work of its own",
                )


@contextmanager
def _telling(made: list[BuildResult], folder: Path) -> Iterator[None]:
    """Let what fails after a build say which releases are in their places nevertheless."""
    places = [line.address or str(line.folder) for result in made for line in result.lines.values()]
    try:
        yield
    except Exception as error:
        refused = refused_by_system(error)
        told = SystemRefusedError(refused, places=[folder]) if refused else error
        if places and isinstance(told, PressmarkError):
            again = "" if isinstance(told, OutputError) else "; run the same again, which uploads what is missing"
            told.advice = f"{', '.join(places)}: in place and whole{again}. {told.advice}"
        if told is error:
            raise
        raise told from error
