"""The clients' newer way of sending files, with their own store: chunks that lie in a folder instead of at a service.

A client is told that the store is at `local://FOLDER`; the native library that comes with it cuts, compares and keeps
the chunks there by itself, as it would send them. What is read here is only which file is which.
"""

import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pressmark.hub.local.access import commit_at, repository
from pressmark.hub.local.blobs import blocks
from pressmark.hub.local.store import Store
from pressmark.hub.local.wire import Request, Response, as_json

_VALID_SECONDS = 3600
_HEADER, _RECORD = 48, 48
_END = b"\xff" * 32
_VERIFIED, _WITH_DIGEST = 0x80000000, 0x40000000


def write_token(store: Store, request: Request, name: str, revision: str) -> Response:
    """Say where files are to be sent."""
    return _token(store, request, name, revision, write=True)


def read_token(store: Store, request: Request, name: str, revision: str) -> Response:
    """Say where files are to be had."""
    return _token(store, request, name, revision, write=False)


def _token(store: Store, request: Request, name: str, revision: str, *, write: bool) -> Response:
    repo = repository(store, request, name, write=write, content=True)
    commit_at(store, name, repo, revision)
    place, until = f"local://{(store.folder / 'xet').resolve()}", int(time.time()) + _VALID_SECONDS
    headers = {"X-Xet-Cas-Url": place, "X-Xet-Access-Token": "local", "X-Xet-Token-Expiration": str(until)}
    return as_json({"casUrl": place, "accessToken": "local", "exp": until}, headers=headers)


def _index(store: Store) -> Path:
    """Return where the native library keeps shards (which file is which) and xorbs (the chunks)."""
    return (store.folder / "xet" / "xet" / "xorbs").resolve()


def sent(store: Store) -> dict[str, str]:
    """Return the store's own names of the files in it, by their SHA-256."""
    return {
        sha256: name
        for shard in sorted(_index(store).glob("shards/*.mdb"))
        for sha256, name in _files(shard.read_bytes())
    }


def _files(shard: bytes) -> Iterator[tuple[str, str]]:
    """Yield SHA-256 and name of each file that a shard describes.

    The layout is the one that the native library writes: records of 48 bytes, for each file a head (its name, flags,
    number of segments), the segments, where flagged as many records of verification, and where flagged its SHA-256.
    """
    at = _HEADER
    while shard[at : at + 32] != _END:
        name, flags, segments = shard[at : at + 32], *struct.unpack_from("<II", shard, at + 32)
        at += _RECORD * (1 + segments * (2 if flags & _VERIFIED else 1))
        if flags & _WITH_DIGEST:
            yield _digits(shard[at : at + 32]), _digits(name)
            at += _RECORD


def _digits(words: bytes) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", words))


def fetch(store: Store, sha256: str, size: int, name: str) -> None:
    """Bring a file out of the clients' store, so that it can be served in ranges; it is checked by its digest."""
    import hf_xet  # noqa: PLC0415 - native, and only those who send files this way need it

    session = hf_xet.XetSession()
    valid = {"token": "local", "token_expiry_unix_secs": int(time.time()) + _VALID_SECONDS}
    with tempfile.TemporaryDirectory(dir=store.folder / "uploads") as folder:
        place = Path(folder).resolve()
        _view(store, place)
        with session.new_file_download_group(endpoint=f"local://{place}", **valid) as group:
            group.start_download_file(hf_xet.XetFileInfo(name, size), str(place / sha256))
        with (place / sha256).open("rb") as stream:
            store.put(blocks(stream), expected=sha256)


def _view(store: Store, place: Path) -> None:
    """Lay out the clients' store once more, its index copied: one process at a time may open that, and they do."""
    for theirs in _index(store).iterdir():
        ours = place / "xet" / "xorbs" / theirs.name
        ours.parent.mkdir(parents=True, exist_ok=True)
        if theirs.is_dir():
            ours.symlink_to(theirs)
        else:
            shutil.copyfile(theirs, ours)
