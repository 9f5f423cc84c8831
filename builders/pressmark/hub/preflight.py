"""The Hub's own rules, asked before anything is sent: no connection is opened.

Numbers are those of the Hub's documentation on storage limits and on the dataset viewer. Where it gives a hard limit
and one that it recommends, the lower one counts.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.findings import Finding
from pressmark.hub.front_matter import CARD, card_faults
from pressmark.hub.known import OVERRIDES

MANIFEST, SUMS, ATTRIBUTES = "manifest.json", "SHA256SUMS", ".gitattributes"

MOST_FILES = 100_000
MOST_ENTRIES = 10_000
FILE_BYTES = 200 * 10**9
REGULAR_BYTES = 10 * 10**6
COMMIT_BYTES = 10**9
ROW_GROUP_BYTES = 300 * 10**6
NAME_BYTES = 255

_LEFT_OUT = (".git/", ".cache/huggingface/")


def preflight(release: Path, manifest: Mapping[str, Any], name: str) -> list[Finding]:
    """Return what the Hub or its clients would refuse of a release, or not show.

    Args:
        release: A release folder that `verify` has nothing against.
        manifest: Its manifest.
        name: The repository that it is for, `org/name`.
    """
    sizes = _sizes(release, manifest)
    faults = [
        *_name_faults(sizes, name),
        *_number_faults(sizes),
        *_size_faults(sizes, _patterns(release)),
        *((CARD, place, detail) for place, detail in card_faults(release, sizes)),
        *_shard_faults(release, manifest),
    ]
    return [Finding("hub-refuses", *fault) for fault in faults]


Fault = tuple[str, str, str]
"""File, place, and what was found and expected."""


def _sizes(release: Path, manifest: Mapping[str, Any]) -> dict[str, int]:
    """Return the sizes of all files of a release: those of the manifest, itself and the sums."""
    own = {path: (release / path).stat().st_size for path in (MANIFEST, SUMS) if (release / path).is_file()}
    return own | {entry["path"]: entry["bytes"] for entry in manifest["files"]}


def _name_faults(paths: Collection[str], name: str) -> Iterator[Fault]:
    read_first = {*OVERRIDES, f"{name.rpartition('/')[2]}.py"}
    for path in sorted(paths):
        parts = path.split("/")
        if any(unicodedata.category(character) == "Cc" for character in path):
            yield path, "", "found a control character in its name, expected none"
        if any(len(part.encode()) > NAME_BYTES for part in parts):
            yield path, "", f"found a name of more than {NAME_BYTES} bytes, expected {NAME_BYTES} at most"
        if any(part.endswith((".", " ")) for part in parts):
            yield path, "", "found a name that ends in a dot or a space, expected another: Windows takes them away"
        if path.casefold().startswith(_LEFT_OUT):
            yield path, "", "found a file in a folder that clients keep for themselves, expected another place"
        if path in read_first:
            yield path, "", "found a file that clients read before the card or instead of it, expected none"


def _places(paths: Collection[str]) -> set[str]:
    """Return files and the folders above them."""
    parts = [path.split("/") for path in paths]
    return {"/".join(each[:end]) for each in parts for end in range(1, len(each) + 1)}


def _number_faults(paths: Collection[str]) -> Iterator[Fault]:
    if len(paths) >= MOST_FILES:
        yield MANIFEST, "$.files", f"found {len(paths)} files, expected fewer than {MOST_FILES}"
    places = _places(paths)
    entries = Counter(place.rpartition("/")[0] for place in places)
    for folder, count in sorted(entries.items()):
        if count > MOST_ENTRIES:
            yield folder or ".", "", f"found {count} entries in the folder, expected {MOST_ENTRIES} at most"
    seen: dict[str, str] = {}
    for place in sorted(places):
        other = seen.setdefault(unicodedata.normalize("NFC", place.casefold()), place)
        if other != place:
            yield place, "", f"found {other} beside it, expected names that differ in more than upper and lower case"


def _patterns(release: Path) -> list[str]:
    """Return the names that .gitattributes gives to LFS. A release has patterns for names, none for paths."""
    place = release / ATTRIBUTES
    lines = place.read_text(encoding="utf-8", errors="replace").splitlines() if place.is_file() else []
    return [words[0] for words in map(str.split, lines) if "filter=lfs" in words[1:]]


def _size_faults(sizes: Mapping[str, int], patterns: list[str]) -> Iterator[Fault]:
    regular = 0
    for path, size in sorted(sizes.items()):
        if size > FILE_BYTES:
            yield path, "", f"found {size} bytes, expected {FILE_BYTES} at most"
        if not any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in patterns):
            regular += size
            if size > REGULAR_BYTES:
                # The Hub would store it with LFS and say so in .gitattributes: no longer the release byte for byte.
                detail = f"found {size} bytes, expected a filter=lfs for it in {ATTRIBUTES}, or {REGULAR_BYTES} at most"
                yield path, "", detail
    if regular > COMMIT_BYTES:
        detail = f"found {regular} bytes of files that are not for LFS, expected {COMMIT_BYTES} at most in one commit"
        yield MANIFEST, "$.files", detail


def _shard_faults(release: Path, manifest: Mapping[str, Any]) -> Iterator[Fault]:
    for path in [entry["path"] for entry in manifest["files"] if "config" in entry]:
        try:
            metadata = pq.read_metadata(release / path)
            groups = [metadata.row_group(position) for position in range(metadata.num_row_groups)]
            large = [number for number, group in enumerate(groups) if _is_too_large(group)]
        except (OSError, ValueError, pa.ArrowException) as error:
            yield path, "", f"found a file whose metadata cannot be read ({type(error).__name__}), expected Parquet"
            continue
        for number in large:
            size = groups[number].total_byte_size
            detail = f"found {size} bytes and no page index, expected {ROW_GROUP_BYTES} at most: the viewer stops there"
            yield path, f"row group {number}", detail


def _is_too_large(group: Any) -> bool:
    if group.total_byte_size <= ROW_GROUP_BYTES:
        return False
    return not all(group.column(position).has_offset_index for position in range(group.num_columns))
