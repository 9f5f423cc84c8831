"""Uploads a release, the manifest last.

A store has no rename. A version is a release once its manifest is there, and nothing before. No object is ever written
over another: whoever finds other bytes in its way stops. What an upload left that was cut off is taken up where it is
the same, and removed where it is not and nobody wrote there for a while.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pressmark.errors import OutputError, RemoteError
from pressmark.press.folder import SUMS
from pressmark.press.manifest import MANIFEST, digest_of
from pressmark.s3_address import S3Address
from pressmark.stores.home import digests_in, each_at_once

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Stored

QUIET = timedelta(hours=1)
"""For how long nobody may have written below a version without a manifest before it is taken for cut off."""

Marks = dict[str, str]
"""The store's marks of objects, by key."""


class Upload:
    """One release on its way into a bucket."""

    def __init__(self, bucket: "Bucket", address: S3Address, folder: Path) -> None:
        self.bucket = bucket
        self.address = address
        self.folder = folder
        self.prefix = f"{address.key}/"
        names = {**digests_in(folder / MANIFEST, str(folder)), SUMS: digest_of(folder / SUMS)}
        self.wanted = {f"{self.prefix}{path}": digest for path, digest in names.items()}
        self._own = digest_of(folder / MANIFEST)
        self.is_there = False
        self.marks: Marks = {}
        """Of all that is there and is what it has to be, the manifest last."""

    @property
    def manifest(self) -> str:
        """The key that makes it a release."""
        return f"{self.prefix}{MANIFEST}"

    def files(self) -> None:
        """Upload what is not there yet, but for the manifest.

        Raises:
            OutputError: other bytes are there.
        """
        listing = self.bucket.listed(self.prefix)
        there = {each.key: each for each in listing.objects}
        self.is_there = self.manifest in there
        if self.is_there:
            self._refuse_other(there[self.manifest])
        others = [key for key, same in self._compared(list(there.values())).items() if not same]
        if others:
            newest = max(each.changed for each in there.values())
            if self.is_there or listing.at - newest < QUIET:
                raise self._in_the_way(others)
            for key in others:
                self.bucket.remove(key)
        self.marks = {key: each.mark for key, each in there.items() if key not in {*others, self.manifest}}
        each_at_once(self._put, sorted(self.wanted.keys() - self.marks.keys()))

    def _compared(self, there: list["Stored"]) -> dict[str, bool]:
        """Return whether objects are what they have to be, by key."""
        asked = [each for each in there if each.key != self.manifest]
        return dict(zip([each.key for each in asked], each_at_once(self._is_same, asked), strict=True))

    def _is_same(self, stored: "Stored") -> bool:
        return stored.key in self.wanted and self.bucket.digest(stored) == self.wanted[stored.key]

    def _put(self, key: str) -> None:
        mark = self.bucket.put(key, self.folder / key.removeprefix(self.prefix), self.wanted[key])
        if mark is None:
            # Another build is uploading as well: fine while it is the same bytes, which is what builds are for.
            there = [each for each in self.bucket.listed(key).objects if each.key == key]
            if not there or not self._is_same(there[0]):
                raise self._in_the_way([key])
            mark = there[0].mark
        self.marks[key] = mark

    def seal(self) -> None:
        """Upload the manifest, which makes it a release, and look once more whether all is there.

        Raises:
            OutputError: another release is there.
            RemoteError: what was uploaded is not there any more.
        """
        self._refuse_changed("nothing was released")
        if not self.is_there:
            mark = self.bucket.put(self.manifest, self.folder / MANIFEST, self._own)
            for each in self.bucket.listed(self.manifest).objects if mark is None else ():
                if each.key == self.manifest:
                    self._refuse_other(each)
                    mark = each.mark
            self.marks[self.manifest] = mark or ""
        self._refuse_changed("it is damaged")

    def _refuse_changed(self, then: str) -> None:
        """Refuse to go on where anything is not what was written; the manifest does not count before it is."""
        listed = self.bucket.listed(self.prefix).objects
        found = {each.key: each.mark for each in listed if each.key in self.marks or each.key != self.manifest}
        if found != self.marks:
            differ = sorted({key for key, _ in found.items() ^ self.marks.items()})
            raise RemoteError(
                f"while {self.address} was uploaded, others wrote there: {', '.join(differ[:5])}; {then}",
                advice="let one build at a time upload a version, and run it again",
            )

    def _refuse_other(self, there: "Stored") -> None:
        if self.bucket.digest(there) != self._own:
            raise OutputError(
                f"{self.address} is there already and differs",
                advice="a version is one release for ever: give another --version or another --out",
            )

    def _in_the_way(self, keys: list[str]) -> OutputError:
        names = ", ".join(key.removeprefix(self.prefix) for key in sorted(keys)[:5])
        if self.is_there:
            return OutputError(
                f"{self.address} is a release, and other bytes lie in it: {names}",
                advice="`pressmark verify` says what differs; take away there what does not belong to it",
            )
        minutes = int(QUIET.total_seconds() // 60)
        return OutputError(
            f"another build is uploading to {self.address}, or was cut off there, with other bytes: {names}",
            advice="nothing was released. Wait for it; what is left of one that was cut off is removed once nobody "
            f"wrote there for {minutes} minutes, or take it away by hand",
        )
