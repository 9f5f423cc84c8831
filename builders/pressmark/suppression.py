"""Withdrawals as they lie in a corpus folder: what is public, and what only the publisher has.

`tombstones.jsonl` is kept with the corpus and goes into releases. `private/withdrawals.jsonl` has the keyed digests by
which an article is told again and the enciphered imprints by which its near copies are, `private/withdrawals.key` the
key. Without them a build would bring an article back, so it refuses.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from pressmark.article.contract import contract
from pressmark.curate.imprints import deciphered
from pressmark.curate.withdrawals import SECRET_REASONS, Suppression, keyed
from pressmark.errors import PressmarkError, UsageError
from pressmark.workshop import PRIVATE, PRIVATE_FILE, locked, write_durably

TOMBSTONES = "tombstones.jsonl"
PRIVATE_FOLDER = "private"
_RECORDS, _KEY = "withdrawals.jsonl", "withdrawals.key"
_KEY_BYTES = 32
_NAME_BYTES = 10


@dataclass(frozen=True, slots=True)
class Burial:
    """One withdrawal to write down."""

    public: dict[str, Any]
    """The tombstone by `schema/tombstone.schema.json`."""

    digests: Sequence[str]
    """Keyed digests by which the article is told again."""

    ref: str
    """What it rests on, for the publisher alone."""

    by: str = ""

    imprints: Sequence[str] = ()
    """Of its texts, enciphered, by which near copies are told."""


@dataclass(frozen=True, slots=True)
class Registry:
    """What lies in a corpus folder."""

    folder: Path
    tombstones: list[dict[str, Any]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    key: bytes = b""

    @property
    def standing(self) -> set[str]:
        """Names of the tombstones that are not lifted."""
        return {entry["tombstone"] for entry in self.tombstones if "restored_on" not in entry}

    @property
    def suppression(self) -> Suppression:
        """What a build leaves out."""
        standing = self.standing
        buried = {
            digest: record["tombstone"]
            for record in self.records
            if record["tombstone"] in standing
            for digest in record["digests"]
        }
        secret = {entry["tombstone"] for entry in self.tombstones if entry["reason"] in SECRET_REASONS}
        # A record of an earlier version of pressmark has none.
        imprints = [
            (record["tombstone"], deciphered(self.key, kept))
            for record in self.records
            if record["tombstone"] in standing
            for kept in record.get("imprints", ())
        ]
        return Suppression(self.key, buried, frozenset(secret & standing), imprints)


def new_name() -> str:
    """Return a name for a tombstone: random, so that it says nothing."""
    return f"t-{secrets.token_hex(_NAME_BYTES)}"


def read_registry(folder: Path) -> Registry:
    """Read the withdrawals of a corpus.

    The private records decide: a tombstone that was lost, or that is marked as lifted without a record of that, stands.

    Raises:
        UsageError: a file of them is damaged.
        PressmarkError: a tombstone stands whose private record, or the key, is not here.
    """
    public = _lines(folder / TOMBSTONES)
    private = folder / PRIVATE_FOLDER
    records = _lines(private / _RECORDS)
    key = (private / _KEY).read_bytes() if (private / _KEY).is_file() else b""
    told = [record["public"] for record in records if isinstance(record.get("public"), dict)]
    for path, entries in ((folder / TOMBSTONES, public), (private / _RECORDS, told)):
        for number, entry in enumerate(entries, 1):
            for fault in contract("tombstone").faults(entry)[:1]:
                raise _damaged(path, number, f"{fault.pointer or '/'}: expected {fault.expected}")
    unrecorded = {each["tombstone"] for each in public} - {each["tombstone"] for each in told}
    if unrecorded or (records and len(key) != _KEY_BYTES):
        raise PressmarkError(
            f"{folder / TOMBSTONES} names withdrawals whose private record is not here: "
            f"{len(unrecorded) or len(records)}, such as {min(unrecorded, default='the key')}",
            advice=f"bring {private} here from where they were recorded; a build would bring the articles back",
        )
    for number, record in enumerate(records, 1):
        if record.get("seal") != _seal(key, record):
            raise _damaged(private / _RECORDS, number, "the record was changed, or the key is another")
    # The last word on each tombstone counts; it keeps the place of the first.
    return Registry(folder, list({entry["tombstone"]: entry for entry in told}.values()), records, key)


def _seal(key: bytes, record: dict[str, Any]) -> str:
    rest = {name: value for name, value in record.items() if name != "seal"}
    return keyed(key, "record", orjson.dumps(rest, option=orjson.OPT_SORT_KEYS).decode())


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise _damaged(path, number, str(error)) from error
        if not isinstance(entry, dict):
            raise _damaged(path, number, "expected an object")
        found.append(entry)
    return found


def _damaged(path: Path, line: int, what: str) -> UsageError:
    return UsageError(
        f"{path}, line {line}: {what}",
        advice="bring the file back as it was; a build must not pass over a withdrawal",
    )


def private_folder(folder: Path) -> Path:
    """Return the private folder of a corpus, made where there is none: for its owner alone, and nothing for git."""
    private = folder / PRIVATE_FOLDER
    private.mkdir(mode=PRIVATE, exist_ok=True)
    private.chmod(PRIVATE)
    (private / ".gitignore").write_text("*\n", encoding="utf-8")
    return private


def made_key(folder: Path) -> bytes:
    """Return the key of a corpus, made where there is none."""
    path = private_folder(folder) / _KEY
    if not path.is_file():
        _write_private(path, secrets.token_bytes(_KEY_BYTES))
    return path.read_bytes()


def bury(folder: Path, burials: Sequence[Burial]) -> None:
    """Write withdrawals down."""
    with locked(folder / PRIVATE_FOLDER / ".lock"):
        found = read_registry(folder)
        records = [
            {
                "what": "withdraw",
                "tombstone": each.public["tombstone"],
                "ref": each.ref,
                **({"by": each.by} if each.by else {}),
                "public": each.public,
                "digests": sorted(each.digests),
                **({"imprints": list(each.imprints)} if each.imprints else {}),
            }
            for each in burials
        ]
        _write(found, records)


def lift(folder: Path, name: str, *, ref: str, on: str) -> None:
    """Mark a tombstone as lifted; it stays.

    Args:
        folder: The corpus folder.
        name: Name of the tombstone.
        ref: What that rests on, for the publisher alone.
        on: The day.

    Raises:
        UsageError: no such tombstone stands.
    """
    with locked(folder / PRIVATE_FOLDER / ".lock"):
        found = read_registry(folder)
        if name not in found.standing:
            raise UsageError(f"no tombstone {name} stands", advice=f"{folder / TOMBSTONES} lists them")
        public = next(each for each in found.tombstones if each["tombstone"] == name)
        lifted = {
            "what": "restore",
            "tombstone": name,
            "ref": ref,
            "public": {**public, "restored_on": on},
            "digests": [],
        }
        _write(found, [lifted])


def _write(found: Registry, records: Sequence[dict[str, Any]]) -> None:
    """Write further records, the private ones first: what they say holds if nothing else gets written."""
    sealed = [{**record, "seal": _seal(found.key, record)} for record in records]
    _write_private(found.folder / PRIVATE_FOLDER / _RECORDS, _bytes([*found.records, *sealed]))
    told = {entry["tombstone"]: entry for entry in (*found.tombstones, *(record["public"] for record in records))}
    write_durably(found.folder / TOMBSTONES, _bytes(list(told.values())))


def _bytes(entries: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()


def _write_private(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=PRIVATE, exist_ok=True)
    if not path.exists():
        path.touch(mode=PRIVATE_FILE)
    write_durably(path, data)
    path.chmod(PRIVATE_FILE)
