"""What rows say, column by column, as it is counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pressmark.release.canonical import Column


@dataclass(frozen=True, slots=True)
class Columns:
    """Some rows of a file."""

    batch: pa.RecordBatch
    json: Column
    """The same as canonical JSON."""

    _known: dict[str, list[Any]] = field(default_factory=dict)

    def plain(self, name: str) -> list[Any]:
        """Return the values of a column of strings or numbers; None where there are none."""
        if name not in self._known:
            there = name in self.json.members
            self._known[name] = self.batch.column(name).to_pylist() if there else [None] * len(self)
        return self._known[name]

    def days(self) -> list[str | None]:
        """Return the day on which each was published, as JSON has it."""
        if "published_on" not in self.json.members:
            return [None] * len(self)
        return list(self.json.members["published_on"].inner.to_pylist())

    def years(self) -> Iterator[str]:
        """Yield the year in which each was published."""
        return (day[:4] if day else "undated" for day in self.days())

    def beneath(self) -> tuple[list[str | None], list[str | None]]:
        """Return what read the capture of each, and the notice of its page."""
        return self._within("provenance", "extractor"), self._within("rights", "notice")

    def origins(self) -> pa.Array | None:
        """Return what was asked for the capture of each; nothing where that is said of none."""
        if "captured_from" not in self.json.members["provenance"].members:
            return None
        return pc.struct_field(self.batch.column("provenance"), "captured_from")

    def holders(self) -> list[tuple[str, ...]]:
        """Return who holds the rights in each."""
        return [tuple(names or ()) for names in self._within("rights", "holders")]

    def _within(self, name: str, member: str) -> list[Any]:
        if member not in self.json.members[name].members:
            return [None] * len(self)
        return list(pc.struct_field(self.batch.column(name), member).to_pylist())

    def __len__(self) -> int:
        return int(self.batch.num_rows)
