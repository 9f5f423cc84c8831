"""Releases in a bucket: a build works on a copy of them in a private folder, and what it made is uploaded."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pressmark.errors import UsageError
from pressmark.press.manifest import MANIFEST, digest_of
from pressmark.recipe import Line, Recipe
from pressmark.release.version import VERSION
from pressmark.s3_address import EXPECTED, S3Address, is_on_s3, s3_address
from pressmark.stores.home import bring_release, digests_in
from pressmark.stores.opened import opened
from pressmark.stores.upload import Upload
from pressmark.workshop import PRIVATE

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Stored

COPIES = ".s3"
"""Folder in which copies of releases and workshops in buckets lie."""

_FETCHING, _LOCAL = ".fetching-", "local"


@dataclass(frozen=True)
class Target:
    """Where the releases of a corpus go."""

    place: Path
    """The folder in which a build works."""

    address: S3Address | None = None
    """`s3://BUCKET/PREFIX/CORPUS`: the folder is a copy of the releases there, and has no others. None where they stay
    in the folder."""

    @cached_property
    def _bucket(self) -> "Bucket":
        assert self.address is not None
        return opened(self.address.bucket)

    def address_of(self, line: str, version: str) -> str:
        """Return the address of a release in a bucket; nothing where it is a folder."""
        return str(self.address / line / version) if self.address else ""

    def bring(self, lines: Iterable[Line]) -> None:
        """Make the copy have the releases that the bucket has, and no other.

        Raises:
            RemoteError: one cannot be read.
            OutputError: one is not what its manifest says.
        """
        if self.address is None:
            return
        known: dict[str, Path] = {}
        for line in (each.name for each in lines if each.destination != _LOCAL):
            place, address = self.place / line, self.address / line
            place.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            for left in place.glob(f"{_FETCHING}*"):
                shutil.rmtree(left)
            there = self._manifests(address)
            for version in sorted(path.name for path in place.iterdir() if VERSION.fullmatch(path.name)):
                if version not in there or digest_of(place / version / MANIFEST) != self._bucket.digest(there[version]):
                    shutil.rmtree(place / version)
                else:
                    known |= _files_of(place / version)
            for version in there.keys() - {path.name for path in place.iterdir()}:
                unfinished = Path(mkdtemp(prefix=_FETCHING, dir=place))
                bring_release(self._bucket, address / version, unfinished, checked=True, known=known)
                unfinished.rename(place / version)
                known |= _files_of(place / version)

    def _manifests(self, line: S3Address) -> dict[str, "Stored"]:
        """Return the manifests of a line, by version."""
        found: dict[str, Stored] = {}
        for version in filter(VERSION.fullmatch, self._bucket.folders(f"{line.key}/")):
            key = (line / version / MANIFEST).key
            there = [each for each in self._bucket.listed(key).objects if each.key == key]
            if there:
                found[version] = there[0]
        return found

    def publish(self, version: str, lines: Iterable[str]) -> None:
        """Upload releases, where they go into a bucket: the files of all lines, and then the manifests.

        Raises:
            OutputError: other bytes are there.
            RemoteError: the store does not take them.
        """
        if self.address is None:
            return
        uploads = [Upload(self._bucket, self.address / line / version, self.place / line / version) for line in lines]
        for upload in uploads:
            upload.files()
        for upload in uploads:
            upload.seal()


def copy_of(address: S3Address, copies: Path | str) -> Path:
    """Return the folder for a copy of what lies at an address, below a folder for the owner's eyes alone.

    Args:
        address: In a bucket.
        copies: The folder for all of them.
    """
    place = Path(copies) / COPIES
    place.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    place.chmod(PRIVATE)
    return place / address.bucket / address.key


def target_of(out: Path | str, copies: Path | str, recipe: Recipe, lines: Iterable[Line]) -> Target:
    """Return where the releases of a corpus go.

    Args:
        out: A folder, or `s3://BUCKET/PREFIX`.
        copies: The folder for copies of releases in buckets.
        recipe: Of the corpus.
        lines: Those that are built.

    Raises:
        UsageError: one of them is not to be used so.
    """
    if not is_on_s3(out):
        return Target(Path(out) / recipe.name)
    address = s3_address(out)
    if address is None:
        raise UsageError(f"found {out} for releases", advice=f"expected a folder, or {EXPECTED}")
    for line in lines:
        if line.destination == _LOCAL:
            raise UsageError(
                f"the release line {line.name} is for this machine alone, and would be uploaded to {address}",
                advice='build another --line there, and this one into a folder; or give it the destination "private"',
            )
    return Target(copy_of(address, copies) / recipe.name, address / recipe.name)


def _files_of(release: Path) -> dict[str, Path]:
    stated = digests_in(release / MANIFEST, str(release))
    return {digest: release / path for path, digest in stated.items()}
