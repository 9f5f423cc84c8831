"""Withdrawals as they lie in a corpus folder: what is public, and what only the publisher has.

`tombstones.jsonl` is kept with the corpus and goes into releases. `private/withdrawals.jsonl` has the keyed digests by
which an article is told again, `private/withdrawals.key` the key. Without them a build would bring an article back, so
it refuses.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from pressmark.article.contract import contract
from pressmark.curate.withdrawals import SECRET_REASONS, Suppression
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
        return Suppression(self.key, buried, frozenset(secret & standing))


def new_name() -> str:
    """Return a name for a tombstone: random, so that it says nothing."""
    return f"t-{secrets.token_hex(_NAME_BYTES)}"


def read_registry(folder: Path) -> Registry:
    """Read the withdrawals of a corpus.

    Raises:
        UsageError: a file of them is damaged.
        PressmarkError: a tombstone stands whose private record, or the key, is not here.
    """
    tombstones = _lines(folder / TOMBSTONES)
    for number, entry in enumerate(tombstones, 1):
        for fault in contract("tombstone").faults(entry)[:1]:
            raise _damaged(folder / TOMBSTONES, number, f"{fault.pointer or '/'}: expected {fault.expected}")
    private = folder / PRIVATE_FOLDER
    records = _lines(private / _RECORDS)
    for number, record in enumerate(records, 1):
        if not isinstance(record.get("digests"), list) or not isinstance(record.get("tombstone"), str):
            raise _damaged(private / _RECORDS, number, "expected tombstone and digests")
    key = (private / _KEY).read_bytes() if (private / _KEY).is_file() else b""
    found = Registry(folder, tombstones, records, key)
    missing = found.standing - {record["tombstone"] for record in records}
    if missing or (records and len(key) != _KEY_BYTES):
        raise PressmarkError(
            f"{folder / TOMBSTONES} names withdrawals whose private record is not here: "
            f"{len(missing) or len(records)}, such as {min(missing or found.standing or {'the key'})}",
            advice=f"bring {private} here from where they were recorded; a build would bring the articles back",
        )
    return found


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


def made_key(folder: Path) -> bytes:
    """Return the key of a corpus, made where there is none."""
    private = folder / PRIVATE_FOLDER
    private.mkdir(mode=PRIVATE, exist_ok=True)
    private.chmod(PRIVATE)
    (private / ".gitignore").write_text("*\n", encoding="utf-8")
    path = private / _KEY
    if not path.is_file():
        _write_private(path, secrets.token_bytes(_KEY_BYTES))
    return path.read_bytes()


def bury(folder: Path, burials: Sequence[Burial]) -> None:
    """Write withdrawals down: the private records first, so that no tombstone ever stands without one."""
    with locked(folder / PRIVATE_FOLDER / ".lock"):
        found = read_registry(folder)
        records = [
            {
                "tombstone": each.public["tombstone"],
                "what": "withdraw",
                "on": each.public["withdrawn_on"],
                "reason": each.public["reason"],
                "ref": each.ref,
                **({"by": each.by} if each.by else {}),
                "digests": sorted(each.digests),
            }
            for each in burials
        ]
        _write_private(folder / PRIVATE_FOLDER / _RECORDS, _bytes([*found.records, *records]))
        write_durably(folder / TOMBSTONES, _bytes([*found.tombstones, *(each.public for each in burials)]))


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
        record = {"tombstone": name, "what": "restore", "on": on, "ref": ref, "digests": []}
        _write_private(folder / PRIVATE_FOLDER / _RECORDS, _bytes([*found.records, record]))
        lifted = [{**each, "restored_on": on} if each["tombstone"] == name else each for each in found.tombstones]
        write_durably(folder / TOMBSTONES, _bytes(lifted))


def _bytes(entries: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()


def _write_private(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=PRIVATE, exist_ok=True)
    if not path.exists():
        path.touch(mode=PRIVATE_FILE)
    write_durably(path, data)
    path.chmod(PRIVATE_FILE)
