"""The rules of the Hub, looked at here before anything is sent.

Limits are those of the Hub's documentation: of storage (files of a repository and of a folder, sizes), of the dataset
viewer (row groups), of cards (licences, configurations) and of its clients (names of splits, files that are read before
the card).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from pressmark.findings import Finding

CODE = "hub-refuses"

_CARD, _ATTRIBUTES = "README.md", ".gitattributes"
_FILES, _ENTRIES = 100_000, 10_000
_FILE_BYTES = 200 * 10**9
_REGULAR_BYTES, _REGULAR_TOGETHER = 10 * 10**6, 10**9
_ROW_GROUP_BYTES = 300_000_000
_CONFIGS = 3000
_NAME_BYTES = 255
_SPLIT = re.compile(r"\w+(\.\w+)*")
_CONFIG = re.compile(r"[^<>:/\\|?*]+")
_LANGUAGE = re.compile("[a-z]{2,3}|code|multilingual")
_SIZES = re.compile(r"n<1K|1K<n<10K|10K<n<100K|100K<n<1M|1M<n<10M|10M<n<100M|100M<n<1B|1B<n<10B|10B<n<100B|n>1T")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_LICENSES = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc
cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0
cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0
cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl
ofl-1.1 osl-3.0 postgresql ncsa unlicense zlib pddl unknown other
"""
LICENSES = frozenset(_LICENSES.split())
"""Names of licences that a card may have. Source: the Hub's documentation of licences, as far as data is under them."""


def preflight(release: Path, manifest: Mapping[str, Any], name: str) -> list[Finding]:
    """Return everything for which the Hub, its viewer or its clients would stumble over a release.

    Args:
        release: A release folder that adds up.
        manifest: Its manifest.
        name: Name of the repository, without the organisation.
    """
    sizes = {entry["path"]: entry["bytes"] for entry in manifest["files"]}
    found = [*_files(sizes), *_names(sizes, name), *_regular(release, sizes), *_card(release, manifest, sizes)]
    for entry in manifest["files"]:
        if entry["path"].endswith(".parquet"):
            found += [(entry["path"], fault) for fault in _row_groups(release / entry["path"])]
    return [Finding(CODE, path, "", fault) for path, fault in found]


def _files(sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    if len(sizes) >= _FILES:
        yield "", f"found {len(sizes)} files, expected fewer than {_FILES}"
    below: Counter[str] = Counter()
    for path in sizes:
        steps = path.split("/")
        below.update({"/".join(steps[:number]) for number in range(len(steps))})
    entries: Counter[str] = Counter(folder.rpartition("/")[0] for folder in below if folder)
    entries.update(path.rpartition("/")[0] for path in sizes)
    yield from (
        (folder, f"found {count} entries in one folder, expected at most {_ENTRIES}")
        for folder, count in entries.items()
        if count > _ENTRIES
    )
    for path, size in sizes.items():
        if size > _FILE_BYTES:
            yield (
                path,
                f"found {size} bytes, expected at most {_FILE_BYTES}; a smaller [shards] target makes more files",
            )


def _names(sizes: Mapping[str, int], name: str) -> Iterator[tuple[str, str]]:
    for path in (f"{name}.py", "dataset_infos.json", ".huggingface.yaml"):
        if path in sizes:
            yield path, "the clients read a file of this name before the card"
    folded = Counter(path.casefold() for path in sizes)
    for path in sizes:
        if folded[path.casefold()] > 1:
            yield path, "another file differs from it in capital letters alone"
        if _CONTROL.search(path) or path.startswith(".git/"):
            yield path, "found a name that no repository has"
        for step in path.split("/"):
            if len(step.encode()) > _NAME_BYTES or step.endswith((".", " ")):
                yield path, f"found a name that ends in a dot or a space, or has more than {_NAME_BYTES} bytes"


def _regular(release: Path, sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Look at what stands in git itself: a commit carries it whole."""
    patterns = [line.split()[0] for line in _lines(release / _ATTRIBUTES) if "filter=lfs" in line]
    regular = {path: size for path, size in sizes.items() if not any(Path(path).match(each) for each in patterns)}
    if sum(regular.values()) > _REGULAR_TOGETHER:
        yield "", f"files in git come to {sum(regular.values())} bytes, expected at most {_REGULAR_TOGETHER}"
    for path, size in regular.items():
        if size > _REGULAR_BYTES and not path.endswith((".json", ".jsonl")):
            yield path, f"found {size} bytes in git, expected at most {_REGULAR_BYTES}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _row_groups(path: Path) -> Iterator[str]:
    metadata = pq.read_metadata(path)
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        indexed = all(group.column(column).has_offset_index for column in range(group.num_columns))
        if group.total_byte_size > _ROW_GROUP_BYTES and not indexed:
            yield f"row group {number} has {group.total_byte_size} bytes and no page index; the viewer stops there"


def _card(release: Path, manifest: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    try:
        front = yaml.safe_load((release / _CARD).read_text(encoding="utf-8").split("---\n", 2)[1])
        faults = list(_front(front, manifest, sizes))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, yaml.YAMLError) as error:
        faults = [f"its front matter cannot be read: {type(error).__name__}"]
    yield from ((_CARD, fault) for fault in faults)


def _front(front: Mapping[str, Any], manifest: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[str]:
    yield from _license(front, sizes)
    yield from _configs(front, sizes)
    for split in {split for config in manifest["configs"].values() for split in config["splits"]}:
        if not _SPLIT.fullmatch(split):
            yield f"found the split {split!r}, expected letters, digits and underscores"
    for key, known in (("language", _LANGUAGE), ("size_categories", _SIZES)):
        yield from (f"{key}: found {value!r}" for value in front.get(key, ()) if not known.fullmatch(str(value)))


def _license(front: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[str]:
    license_ = front.get("license", "")
    if license_ not in LICENSES:
        yield f"license: found {license_!r}, expected a name of the Hub, or other"
    link = str(front.get("license_link", ""))
    if license_ == "other" and (not front.get("license_name") or not (link in sizes or link.startswith("https://"))):
        yield "license: other needs license_name, and license_link to a file here or to an https address"


def _configs(front: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[str]:
    if len(front["configs"]) > _CONFIGS:
        yield f"configs: found {len(front['configs'])}, expected at most {_CONFIGS}"
    for config in front["configs"]:
        if not _CONFIG.fullmatch(str(config["config_name"])):
            yield f"configs: found the name {config['config_name']!r}"
        for files in config["data_files"]:
            paths = [files["path"]] if isinstance(files["path"], str) else files["path"]
            yield from (f"configs: {path} is not in the release" for path in paths if path not in sizes)
