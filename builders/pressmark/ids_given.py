"""Ids and addresses as a person gives them: in a list, with or without the source in front."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from pressmark.article.identity import canonical_address
from pressmark.errors import UsageError

_HEADERS = ("id", "url")


def read_ids(path: Path) -> list[str]:
    """Return the ids or addresses of a CSV file: of its column `id` or `url`, else of its first column.

    Raises:
        UsageError: it cannot be read, or holds none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row and any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}", advice="give a CSV file in UTF-8") from error
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((header.index(name) for name in _HEADERS if name in header), 0)
    found = [row[column].strip() for row in rows if len(row) > column][bool(set(header) & set(_HEADERS)) :]
    if not any(found):
        raise UsageError(f"{path} holds no id", advice="put one id or address into each line")
    return list(dict.fromkeys(filter(None, found)))


def known_ids(ids: Sequence[str], addresses: Mapping[str, str], files: Mapping[str, str]) -> list[str]:
    """Return whole ids for what a person wrote: ids with or without the source, addresses, or inputs.

    Args:
        ids: What was written.
        addresses: Of every article, by its id.
        files: Where each was read from, `FILE` or `FILE:LINE`, by its id.
    """
    meant: dict[str, set[str]] = defaultdict(set)
    for identity, address in addresses.items():
        for name in (identity, identity.partition(":")[2], address, files.get(identity, "")):
            meant[name].add(identity)
    found: list[str] = []
    unknown: list[str] = []
    for wanted in ids:
        matching = meant.get(wanted) or meant.get(_address(wanted)) or set()
        if len(matching) == 1:
            found += matching
        else:
            unknown.append(wanted)
    if unknown:
        shown = ", ".join(unknown[:5]) + (" and more" if len(unknown) > 5 else "")
        raise UsageError(
            f"{len(unknown)} of {len(ids)} ids are of no article, or of several: {shown}",
            advice="nothing was written; mend the list. `pressmark build` lists every id in its ledger",
        )
    return sorted(set(found))


def _address(wanted: str) -> str:
    try:
        return canonical_address(wanted)
    except ValueError:
        return wanted
