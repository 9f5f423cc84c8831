"""Objects of a store that speaks S3, as inputs and releases name them: `s3://BUCKET/KEY`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EXPECTED = "s3://BUCKET/KEY, without an empty part, . or .. in the key"
"""The form, in words."""

_SCHEME = "s3:"
# One slash is what a path of this machine makes of two.
_ADDRESS = re.compile(r"s3:/{1,2}(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<key>[^\x00-\x1f\x7f\\]*))?")
_WILDCARDS = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class S3Address:
    """A bucket, and the beginning of keys in it; or a glob of keys."""

    bucket: str
    key: str
    """Without a slash at its ends; empty for the whole bucket."""

    def __str__(self) -> str:
        return f"{_SCHEME}//{self.bucket}/{self.key}" if self.key else f"{_SCHEME}//{self.bucket}"

    def __truediv__(self, part: str) -> "S3Address":
        return S3Address(self.bucket, f"{self.key}/{part}".lstrip("/"))

    @property
    def fixed(self) -> str:
        """What all keys begin with that a glob means."""
        return _WILDCARDS.split(self.key)[0]


def is_on_s3(place: object) -> bool:
    """Tell whether a place is meant to be in a bucket, however it is written."""
    return str(place).startswith(_SCHEME)


def s3_address(place: object) -> S3Address | None:
    """Return what a place means in a bucket; None where it is in none, or not written as it must be."""
    found = _ADDRESS.fullmatch(str(place))
    key = (found["key"] or "").rstrip("/") if found else ""
    if found is None or (key and any(part in ("", ".", "..") for part in key.split("/"))):
        return None
    return S3Address(found["bucket"], key)


def address_faults(files: str, captures: str | None) -> Iterator[tuple[str, str]]:
    """Yield key and detail of what is wrong with where an input's files and its list of captures are.

    Args:
        files: A glob, of this machine or of a bucket.
        captures: The list, if there is one.
    """
    there = s3_address(files)
    if is_on_s3(files) and (there is None or not there.key):
        yield "files", f"expected {EXPECTED}"
    if captures is None or not (there or is_on_s3(captures)):
        return
    listed = s3_address(captures)
    if there is None or listed is None or not listed.key or listed.bucket != there.bucket:
        yield (
            "captures",
            f"found {captures}, expected a list that is where the files are: in the same bucket, or in none",
        )
