"""What the reading of a file of rows came to, for a build that has the same file again.

A file is known by its bytes and by what it was held against; only readings without a finding are kept. What follows
from the day of a release is asked again of all that decides it: rights that expire, embargoes that end. What is kept is
no part of a release: `pressmark verify` and everybody who gives no memory reads everything.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

from pressmark.release.amounts import Amounts
from pressmark.release.row import Held, verdict
from pressmark.release.tally import Part, Publication, Tally, Terms

_ABOUT = ("corpus", "schema_sha256", "policy_sha256", "destination", "profile", "accepts", "written_by")
"""What a file is held against beside its bytes, as the manifest says it."""

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

    def take(self, key: str, places: Mapping[str, Path]) -> dict[str, Any] | None:
        """Bring files to their places, and return the note."""
        try:
            return self.store.take(key, places)
        except OSError:
            return None

    def keep(self, key: str, places: Mapping[str, Path], note: Mapping[str, Any]) -> None:
        """Keep files and a note; where the system refuses, nothing is kept."""
        with suppress(OSError):
            self.store.keep(key, places, note)


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


def told_of(tally: Tally, part: Part) -> dict[str, Any]:
    """Return what the rows of one file add up to, as JSON has it."""
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


def tally_of(told: Mapping[str, Any], part: Part) -> Tally:
    """Return what `told_of` was given."""
    low, high = told["sizes"]
    return Tally(
        sizes={part: (low, high)},
        terms={(status, name): Terms(count, {*of}, {*by}) for status, name, count, of, by in told["terms"]},
        cells=_counted(told["cells"]),
        domains={host: Counter(counts) for host, counts in told["domains"].items()},
        notices=Counter(told["notices"]),
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
