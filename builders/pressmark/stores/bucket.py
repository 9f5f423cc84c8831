"""A bucket of a store that speaks S3, through its usual client: few requests, each whole or not at all.

Credentials, endpoint and region come from where that client looks for them, and are never looked at here.
"""

import base64
import hashlib
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from pressmark.stores.trouble import CUT, GoneError, code_of, told

ATTEMPTS = 3
"""How often an object is read whose connection is cut. The client itself tries a request again that has no answer."""

_THREADS = 8
_CONFIG = {"retries": {"mode": "standard"}, "connect_timeout": 10, "read_timeout": 60, "max_pool_connections": _THREADS}
_BLOCK = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_UNKNOWN_HEADER = "NotImplemented"

Result = TypeVar("Result")


class _Sink(Protocol):
    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """An object, as the list of a bucket has it."""

    key: str
    size: int
    """Bytes."""

    mark: str
    """The store's own mark of these bytes, its ETag."""

    changed: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies below a prefix at one moment."""

    objects: list[Stored]
    at: datetime
    """By the clock of the store, where it says so."""


class Bucket:
    """A bucket. Several threads may use it at once.

    Raises:
        UsageError: the client is told to use credentials that are not there.
        RemoteError: its address cannot be used.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        with told(name, f"opening s3://{name}"):
            self._client = boto3.session.Session().client("s3", config=Config(**_CONFIG))

    def listed(self, prefix: str) -> Listing:
        """Return the objects whose keys begin so, in the order of their keys.

        Raises:
            RemoteError: the store does not list them.
        """
        found: list[Stored] = []
        at: datetime | None = None
        more: dict[str, str] = {}
        while True:
            ask = partial(self._client.list_objects_v2, Bucket=self.name, Prefix=prefix, **more)
            answer = self._asked(f"listing s3://{self.name}/{prefix}", ask)
            at = at or _date(answer)
            found += [
                Stored(each["Key"], int(each["Size"]), str(each["ETag"]), each["LastModified"])
                for each in answer.get("Contents", ())
            ]
            if not answer.get("IsTruncated"):
                return Listing(found, at)
            more = {"ContinuationToken": answer["NextContinuationToken"]}

    def folders(self, prefix: str) -> list[str]:
        """Return what stands between a prefix that ends with a slash and the next slash of a key, each once.

        Raises:
            RemoteError: the store does not list them.
        """
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            ask = partial(self._client.list_objects_v2, Bucket=self.name, Prefix=prefix, Delimiter="/", **more)
            answer = self._asked(f"listing s3://{self.name}/{prefix}", ask)
            found += [each["Prefix"][len(prefix) : -1] for each in answer.get("CommonPrefixes", ())]
            if not answer.get("IsTruncated"):
                return found
            more = {"ContinuationToken": answer["NextContinuationToken"]}

    def bring(self, stored: Stored, place: Path) -> str:
        """Bring an object home, as it was when it was listed, and return its SHA-256.

        Args:
            stored: The object.
            place: A file of that name is made, for the owner's eyes alone; it is gone where this fails.

        Raises:
            RemoteError: the store does not give it, or it is another by now.
        """
        unfinished = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            digest = self._read(stored, unfinished)
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
        return digest

    def _read(self, stored: Stored, place: Path) -> str:
        what = f"reading s3://{self.name}/{stored.key}"
        with told(self.name, what):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    found = self._client.get_object(Bucket=self.name, Key=stored.key, IfMatch=stored.mark)
                    with os.fdopen(os.open(place, _NEW, 0o600), "wb") as sink:
                        size, digest = _copied(found["Body"], sink)
                except CUT:
                    if attempt == ATTEMPTS:
                        raise
                except ClientError as error:
                    if code_of(error)[1] not in (404, 412):
                        raise
                    raise _changed(what) from error
                else:
                    if size != stored.size:
                        raise _changed(what)
                    return digest
        raise AssertionError("one attempt returns or raises")

    def put(self, key: str, path: Path, sha256: str) -> str | None:
        """Write an object where there is none yet.

        Returns:
            Its mark; None where there is one already. A store that does not know the condition writes all the same.

        Raises:
            RemoteError: the store does not take it.
        """
        # The store works out the digest as well, and refuses bytes that do not have it.
        stated = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": base64.b64encode(bytes.fromhex(sha256)).decode()}
        with told(self.name, f"writing s3://{self.name}/{key}"), path.open("rb") as body:
            write = partial(self._client.put_object, Bucket=self.name, Key=key, Body=body, **stated)
            try:
                return str(write(IfNoneMatch="*")["ETag"])
            except ClientError as error:
                code = code_of(error)[0]
                if code in _TAKEN:
                    return None
                if code != _UNKNOWN_HEADER:
                    raise
            body.seek(0)
            return str(write()["ETag"])

    def digest(self, stored: Stored) -> str:
        """Return the SHA-256 of an object: what the store worked out when it was written, else by reading it.

        Raises:
            RemoteError: the store does not tell.
        """
        ask = partial(self._client.head_object, Bucket=self.name, Key=stored.key, ChecksumMode="ENABLED")
        found = self._asked(f"looking at s3://{self.name}/{stored.key}", ask)
        known = str(found.get("ChecksumSHA256", ""))
        if known and "-" not in known and found["ETag"] == stored.mark:  # with a hyphen: of parts, each by itself
            return base64.b64decode(known).hex()
        return self._read(stored, Path(os.devnull))

    def remove(self, key: str) -> None:
        """Remove an object.

        Raises:
            RemoteError: the store does not.
        """
        self._asked(f"removing s3://{self.name}/{key}", partial(self._client.delete_object, Bucket=self.name, Key=key))

    def _asked(self, what: str, call: Callable[[], Any]) -> Any:
        with told(self.name, what):
            return call()


def _copied(body: Any, sink: _Sink) -> tuple[int, str]:
    """Copy a stream; return how many bytes it had, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    with closing(body):
        while block := body.read(_BLOCK):
            sink.write(block)
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def _changed(what: str) -> GoneError:
    return GoneError(f"{what}: it was changed or removed meanwhile", advice="run it again once nobody writes there")


def _date(answer: Any) -> datetime:
    told_ = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(told_).astimezone(UTC)
    except ValueError:  # a store that does not tell the time
        return datetime.now(UTC)
