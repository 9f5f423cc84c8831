"""What the reading of a file of rows came to, for a build that has the same file again.

A file is known by its bytes and by what it was held against; only readings without a finding are kept. What follows
from the day of a release is asked again of all that decides it: rights that expire, embargoes that end. What is kept is
no part of a release: `pressmark verify` and everybody who gives no memory reads everything.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson
import pyarrow as pa

from pressmark.release.again import KEYS
from pressmark.release.amounts import Amounts
from pressmark.release.row import Held, verdict
from pressmark.release.tally import Digests, Part, Publication, Tally, Terms

_ABOUT = ("corpus", "schema_sha256", "policy_sha256", "destination", "profile", "accepts", "written_by")
"""What a file is held against beside its bytes, as the manifest says it."""

_ROWS, _DIGEST = "rows", 32
_SAID = ("rights_status", "license", "withheld_because", "attribution")


class Store(Protocol):
    """Keeps files and a note by a key, and gives them back where they are whole."""

    def take(self, key: str, places: Mapping[str, Path]) -> dict[str, Any] | None:
        """Bring files to their places, and return the note."""

    def keep(self, key: str, places: Mapping[str, Path], note: Mapping[str, Any]) -> None:
        """Keep files and a note."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a build keeps readings."""

    store: Store
    code: str
    """Digest of the code that reads."""

    scratch: Path
    """A folder for files on their way."""

    used: list[str] = field(default_factory=list)
    """What the readings of a release are kept as, once they were gathered."""

    def key(self, entry: Mapping[str, Any], manifest: Mapping[str, Any], likely: str) -> str:
        """Return what the reading of a file is kept as.

        Args:
            entry: What the manifest says of the file.
            manifest: What it says of the release.
            likely: See `Sketches.below`; nothing where near copies cannot straddle.
        """
        told = [self.code, *(entry[name] for name in ("path", "config", "split", "rows", "sha256"))]
        return hashlib.sha256(orjson.dumps([*told, *(manifest[name] for name in _ABOUT), likely])).hexdigest()

    def take(self, key: str, places: Mapping[str, Path]) -> tuple[dict[str, Any], pa.Table] | None:
        """Bring files to their places, and return the note and the rows."""
        path = self._place(key)
        try:
            note = self.store.take(key, {**places, _ROWS: path})
            if note is None:
                return None
            with pa.OSFile(str(path), "rb") as source:
                return note, pa.ipc.open_file(source).read_all()
        except OSError:
            return None
        finally:
            path.unlink(missing_ok=True)

    def keep(self, key: str, places: Mapping[str, Path], note: Mapping[str, Any], rows: pa.Table) -> None:
        """Keep files, a note and rows; where the system refuses, nothing is kept."""
        path = self._place(key)
        with suppress(OSError):
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
                writer.write_table(rows)
            self.store.keep(key, {**places, _ROWS: path}, note)
        path.unlink(missing_ok=True)

    def _place(self, key: str) -> Path:
        return self.scratch / f"rows-{key}-{os.getpid()}.arrow"


def judged(held: Held) -> list[list[Any]]:
    """Return all different things that rows said of their rights, as JSON has it."""
    return [[rights.decode(), *said, list(shown)] for rights, *said, shown in held.verdicts]


def is_fine_now(held: Held, told: list[list[Any]]) -> bool:
    """Tell whether nothing is wrong with rights that were judged before, as of the day of another release."""
    for rights, *said, shown in told:
        row = {name: value for name, value in zip(_SAID, said, strict=True) if value is not None}
        # Of what is shown it counts only that it is.
        row |= {"id": "", "rights": orjson.loads(rights), **{name: row.get(name, "shown") for name in shown}}
        if verdict(held, row):
            return False
    return True


def rows_table(keys: list[pa.RecordBatch], tally: Tally, part: Part) -> pa.Table:
    """Return what is kept of each row: its keys, its digest, and that of its credit if it has one."""
    table = pa.Table.from_batches(keys).select(KEYS)
    # Both in the order of the rows, of which not all have a credit.
    left = list(zip(_ids(tally.credits), _parted(tally.credits), strict=True))[::-1]
    ids = table["id"].to_pylist()
    credits_ = [left.pop()[1] if left and left[-1][0] == identity else None for identity in ids]
    table = table.append_column("digest", pa.array(_parted(tally.rows[part]), pa.binary(_DIGEST)))
    return table.append_column("credit", pa.array(credits_, pa.binary(_DIGEST)))


def _ids(found: Digests) -> list[str]:
    return [identity for each in found.ids for identity in each.to_pylist()]


def _parted(found: Digests) -> list[bytes]:
    digests = b"".join(found.digests)
    return [digests[start : start + _DIGEST] for start in range(0, len(digests), _DIGEST)]


def told_of(tally: Tally, part: Part) -> dict[str, Any]:
    """Return what the rows of one file add up to, as JSON has it, but for what `rows_table` has."""
    return {
        "sizes": tally.sizes[part],
        "terms": [[*key, each.texts, sorted(each.sources), sorted(each.holders)] for key, each in tally.terms.items()],
        "cells": list(tally.cells.items()),
        "domains": {host: dict(counts) for host, counts in tally.domains.items()},
        "notices": dict(tally.notices),
        "sources": {name: [sorted(each.names), sorted(each.formats)] for name, each in tally.sources.items()},
        "months": {split: list(counts.items()) for split, counts in tally.months.items()},
        "scripts": list(tally.scripts.items()),
        "lengths": list(tally.lengths.items()),
        "amounts": tally.amounts.told(),
        "strata": [[*key, dict(counts)] for key, counts in tally.strata.items()],
    }


def tally_of(told: Mapping[str, Any], rows: pa.Table, part: Part) -> Tally:
    """Return what `told_of` and `rows_table` were given."""
    low, high = told["sizes"]
    credited = rows.filter(rows["credit"].is_valid())
    return Tally(
        rows={part: _digests(rows, "digest")},
        sizes={part: (low, high)},
        terms={(status, name): Terms(count, {*of}, {*by}) for status, name, count, of, by in told["terms"]},
        cells=_counted(told["cells"]),
        domains={host: Counter(counts) for host, counts in told["domains"].items()},
        notices=Counter(told["notices"]),
        credits=_digests(credited, "credit"),
        sources={
            name: Publication({(publisher, edition) for publisher, edition in names}, {*formats})
            for name, (names, formats) in told["sources"].items()
        },
        months={split: _counted(counts) for split, counts in told["months"].items()},
        scripts=_counted(told["scripts"]),
        lengths=Counter(dict(told["lengths"])),
        amounts=Amounts.of(told["amounts"]),
        strata={(kind, value): Counter(counts) for kind, value, counts in told["strata"]},
    )


def _counted(told: list[Any]) -> Counter[tuple[str, str]]:
    return Counter({(one, other): count for (one, other), count in told})


def _digests(rows: pa.Table, name: str) -> Digests:
    found = Digests()
    if len(rows):
        found.add(rows["id"].to_pylist(), rows[name].to_pylist())
    return found
