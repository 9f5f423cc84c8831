"""Content that the embedded Hub keeps: by its digest, whole or not at all."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from pressmark.hub.local.wire import Refused

_BLOCK = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


class Blobs:
    """A folder of content, `blobs/ab/abcd…`, and beside it `uploads/`, where content lies while it comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def blob(self, sha256: str) -> Path:
        """Return where content with a digest lies, or would lie."""
        return self.folder / "blobs" / sha256[:2] / sha256

    def holds(self, sha256: str) -> bool:
        """Tell whether content with a digest is here."""
        return bool(_SHA256.fullmatch(sha256)) and self.blob(sha256).is_file()

    def received(self, content: Iterator[bytes]) -> tuple[Path, str, int]:
        """Take content; return the file that it is in for now, its SHA-256 and its size in bytes."""
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder / "uploads", delete=False) as stream:
            place = Path(stream.name)
            try:
                for block in content:
                    digest.update(block)
                    size += len(block)
                    stream.write(block)
            except BaseException:
                place.unlink()
                raise
        return place, digest.hexdigest(), size

    def put(self, content: Iterator[bytes], expected: str | None = None) -> tuple[str, int]:
        """Keep content; return its SHA-256 and its size in bytes.

        Raises:
            Refused: the digest is not the expected one; nothing was kept.
        """
        place, sha256, size = self.received(content)
        if expected not in (None, sha256):
            place.unlink()
            raise Refused(HTTPStatus.BAD_REQUEST, "the content has another SHA-256")
        self.blob(sha256).parent.mkdir(exist_ok=True)
        place.replace(self.blob(sha256))
        return sha256, size


def blocks(stream: BinaryIO, size: int = -1) -> Iterator[bytes]:
    """Yield what a stream gives, in blocks, up to a number of bytes.

    Raises:
        ConnectionError: it ends before.
    """
    left = size
    while left and (block := stream.read(_BLOCK if left < 0 else min(_BLOCK, left))):
        left -= len(block) if left > 0 else 0
        yield block
    if left > 0:
        raise ConnectionError("the body ends early")
