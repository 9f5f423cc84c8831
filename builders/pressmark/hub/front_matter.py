"""The front matter of a card against the Hub's rules, without asking the Hub."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pressmark.findings import SHOWN_CHARACTERS
from pressmark.hub.known import LICENSES, NOT_IN_CONFIG_NAMES, SIZES, SPLIT, is_language

CARD = "README.md"

MOST_BYTES = 10**6
"""No rule of the Hub, but what its pages and clients read at once; ten thousand files take a third of it."""

MOST_CONFIGS = 3000

_LINE = "---\n"
_ADDRESS = re.compile(r"https://[^\s/]+(/\S*)?")

Fault = tuple[str, str]
"""Place, and what was found and expected."""


def card_faults(release: Path, paths: Collection[str]) -> Iterator[Fault]:
    """Yield what the Hub or its clients would not take in the front matter of a card.

    Args:
        release: The release folder.
        paths: Its files.
    """
    try:
        front = _front(release / CARD)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        yield "", f"found no front matter that can be read ({type(error).__name__}), expected YAML between two ---"
        return
    if len(front.encode()) > MOST_BYTES:
        yield "", f"found {len(front.encode())} bytes of front matter, expected {MOST_BYTES} at most"
        return
    try:
        card = yaml.safe_load(front)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        yield "", f"found no YAML ({type(error).__name__}), expected a mapping between two ---"
        return
    if not isinstance(card, dict):
        yield "", f"found {_shown(card)} as front matter, expected a mapping"
        return
    yield from _license_faults(card, paths)
    yield from _language_faults(card)
    yield from _config_faults(card, paths)


def _front(place: Path) -> str:
    before, front, _ = place.read_bytes().decode("utf-8").split(_LINE, 2)
    if before:
        raise ValueError("found something before the front matter")
    return front


def _shown(value: Any) -> str:
    """Return a value of the card for a finding, cut short; what is no plain value by its type alone."""
    if value is None:
        return "nothing"
    if not isinstance(value, str | int | float):
        return f"a {type(value).__name__}"
    shown = str(value)
    return repr(shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}...")


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _license_faults(card: Mapping[str, Any], paths: Collection[str]) -> Iterator[Fault]:
    licenses = _each(card.get("license")) or [None]
    for name in licenses:
        if not isinstance(name, str) or name not in LICENSES:
            yield "license", f"found {_shown(name)}, expected a name of the Hub's list of licences, or other"
    if "other" not in licenses:
        return
    name, link = card.get("license_name"), card.get("license_link")
    if not isinstance(name, str) or not name.strip():
        yield "license_name", f"found {_shown(name)}, expected the name of the licence, as it is not on the Hub's list"
    if not isinstance(link, str) or not (link in paths or _ADDRESS.fullmatch(link)):
        yield "license_link", f"found {_shown(link)}, expected a file of the release or an https address"


def _language_faults(card: Mapping[str, Any]) -> Iterator[Fault]:
    for code in _each(card.get("language", [])):
        if not isinstance(code, str) or not is_language(code):
            yield "language", f"found {_shown(code)}, expected a code of ISO 639, such as ko or yue"
    for size in _each(card.get("size_categories", [])):
        if not isinstance(size, str) or size not in SIZES:
            yield "size_categories", f"found {_shown(size)}, expected one of the Hub's values, such as 1K<n<10K"


def _config_faults(card: Mapping[str, Any], paths: Collection[str]) -> Iterator[Fault]:
    configs = card.get("configs")
    if not isinstance(configs, list) or not configs:
        yield "configs", f"found {_shown(configs)}, expected a list of configurations"
        return
    if len(configs) > MOST_CONFIGS:
        yield "configs", f"found {len(configs)} configurations, expected {MOST_CONFIGS} at most"
    for position, config in enumerate(configs):
        place = f"configs[{position}]"
        if not isinstance(config, dict):
            yield place, f"found {_shown(config)}, expected a mapping"
            continue
        name = config.get("config_name")
        if not isinstance(name, str) or not name or set(name) & set(NOT_IN_CONFIG_NAMES):
            yield f"{place}.config_name", f"found {_shown(name)}, expected a name without any of {NOT_IN_CONFIG_NAMES}"
        yield from _file_faults(f"{place}.data_files", config.get("data_files"), paths)


def _file_faults(place: str, data_files: Any, paths: Collection[str]) -> Iterator[Fault]:
    if not isinstance(data_files, list) or not data_files or not all(isinstance(part, dict) for part in data_files):
        yield place, f"found {_shown(data_files)}, expected a list of splits with their files"
        return
    for position, part in enumerate(data_files):
        split, files = part.get("split"), _each(part.get("path"))
        if not isinstance(split, str) or not SPLIT.fullmatch(split):
            yield f"{place}[{position}].split", f"found {_shown(split)}, expected letters, digits, _ and single dots"
        for path in files:
            if not isinstance(path, str) or path not in paths:
                yield f"{place}[{position}].path", f"found {_shown(path)}, expected a file of the release"
        if not files:
            yield f"{place}[{position}].path", "found no file, expected one at least"
