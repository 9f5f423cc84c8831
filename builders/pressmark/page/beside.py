"""Files of a release beside its rows, as far as the page shows them."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import orjson

from pressmark.errors import UsageError
from pressmark.release.copies import plain_bytes

Taken = TypeVar("Taken")

License = tuple[str, str, int, list[str], list[str]]
"""Rights status, licence, how many texts, sources, holders."""

Version = tuple[str, str, str, int, int, str]
"""Version, the day that it is as of, status, articles with text and without, what changed."""

_VERSIONS, _REPORT, _LICENSES = "versions.json", "rights/report.json", "rights/licenses.jsonl"
_GONE = ("departures.jsonl", "rights/tombstones.jsonl")


def cells(folder: Path) -> Counter[tuple[str, str]]:
    """Return how many articles have each rights status, by what becomes of them."""

    def taken(data: bytes) -> Counter[tuple[str, str]]:
        told = orjson.loads(data)["cells"]
        return Counter({(str(each["rights_status"]), str(each["outcome"])): int(each["articles"]) for each in told})

    return _read(folder, _REPORT, taken, Counter())


def licenses(folder: Path) -> list[License]:
    """Return how many texts have each rights status and licence, and whose they are."""

    def taken(each: Any) -> License:
        sources, holders = ([str(name) for name in each[key]] for key in ("sources", "holders"))
        return str(each["rights_status"]), str(each["license"] or "none"), int(each["texts"]), sources, holders

    return _read(folder, _LICENSES, lambda data: [taken(orjson.loads(line)) for line in data.splitlines()], [])


def versions(folder: Path) -> list[Version]:
    """Return the versions of a release line up to this one, the oldest first."""

    def taken(each: Any) -> Version:
        version, day, status, reason = (str(each[key]) for key in ("version", "as_of", "status", "reason"))
        return version, day, status, int(each["articles"]), int(each["withheld"]), reason

    return _read(folder, _VERSIONS, lambda data: [taken(each) for each in orjson.loads(data)["versions"]], [])


def gone(folder: Path) -> frozenset[str]:
    """Return the ids of records that are gone and that a release names all the same."""

    def taken(data: bytes) -> set[str]:
        return {str(entry["id"]) for entry in map(orjson.loads, data.splitlines()) if "id" in entry}

    nothing: set[str] = set()
    return frozenset().union(*(_read(folder, name, taken, nothing) for name in _GONE))


def _read(folder: Path, name: str, taken: Callable[[bytes], Taken], nothing: Taken) -> Taken:
    """Read a file of a release; a copy may lack it.

    Raises:
        UsageError: it is not what a release has.
    """
    try:
        return taken(plain_bytes(folder, name))
    except OSError:
        return nothing
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder / name} is not what a release has: {type(error).__name__}",
            advice="`pressmark verify` says what is wrong with the release",
        ) from error
