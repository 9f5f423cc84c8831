"""Source files: what one publication is, what may be done with its texts, and how its pages are laid out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import re2

from pressmark import tomlfile
from pressmark.article.dates import zone
from pressmark.article.rights import Decision, Scope, SourceRights
from pressmark.findings import Finding

_GROUPS = {"timestamp": {"year", "month", "day"}, "credit": {"name"}, "syndicated": {"name"}}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line of a page that is told by a pattern."""

    role: str
    pattern: str
    required: bool = False
    split: str = ">"
    drop: tuple[str, ...] = ()
    contributor: str | None = None
    label: str | None = None
    derivation: str | None = None
    source_language: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text pages of a source are laid out, line by line."""

    anchors: tuple[Anchor, ...]
    subtitle_characters: int = 60
    caption_characters: int = 150
    bullet: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One publication."""

    name: str
    title: str
    publisher: str
    language: str
    edition: str | None = None
    homepage: str | None = None
    script: str | None = None
    derivation: str = "unknown"
    timezone: str | None = None
    rights: SourceRights = field(default_factory=SourceRights)
    layout: Layout | None = None


def read_source(folder: Path, name: str) -> Source | list[Finding]:
    """Read `sources/NAME.toml` in a corpus folder; where it has faults, return all of them instead."""
    shown = f"sources/{name}.toml"
    data, faults = tomlfile.read(folder / shown, shown, "source")
    faults = faults or [*_source_faults(data, shown)]
    return faults or _source(name, data)


def _source_faults(data: dict[str, Any], shown: str) -> Iterator[Finding]:
    if "timezone" in data and zone(data["timezone"]) is None:
        detail = f"found {data['timezone']!r}, expected a name of the IANA time zone database"
        yield Finding("bad-value", shown, "timezone", detail)
    layout = data.get("layout", {})
    anchors = layout.get("anchors", ())
    for position, anchor in enumerate(anchors):
        fault = pattern_fault(anchor["pattern"], anchor["role"])
        if fault:
            yield Finding("bad-pattern", shown, f"layout.anchors[{position}].pattern", fault)
        if anchor["role"] == "credit" and "contributor" not in anchor:
            yield Finding("missing-key", shown, f"layout.anchors[{position}]", "a credit needs contributor")
    if anchors and not any(anchor["role"] == "timestamp" for anchor in anchors):
        yield Finding("missing-key", shown, "layout.anchors", "expected an anchor with the role timestamp")
    if "bullet" in layout and (fault := pattern_fault(layout["bullet"], "bullet")):
        yield Finding("bad-pattern", shown, "layout.bullet", fault)
    for position, decision in enumerate(data.get("rights", {}).get("decisions", ())):
        if not any(entry["scope"] == "text" for entry in decision["evidence"]):
            detail = "expected evidence whose scope is text; what was said of a page or site does not open a text"
            yield Finding("bad-value", shown, f"rights.decisions[{position}].evidence", detail)


def pattern_fault(pattern: str, role: str) -> str | None:
    """Return what is wrong with a pattern for a role, or None."""
    try:
        compiled = compiled_pattern(pattern)
    except re2.error as error:
        return f"not an RE2 pattern: {error}"
    missing = _GROUPS.get(role, set()) - set(compiled.groupindex)
    return f"lacks the group {', '.join(sorted(missing))}" if missing else None


def compiled_pattern(pattern: str) -> Any:
    """Compile a pattern with RE2, which is linear in the length of a line.

    Raises:
        re2.error: it is not RE2.
    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _source(name: str, data: dict[str, Any]) -> Source:
    rights, layout = data.get("rights", {}), data.get("layout")
    rest = {key: value for key, value in data.items() if key not in ("rights", "layout")}
    return Source(
        name=name,
        rights=SourceRights(
            status=rights.get("status", "unknown"),
            statement=rights.get("statement"),
            holders=tuple(rights.get("holders", ())),
            decisions=tuple(_decision(entry) for entry in rights.get("decisions", ())),
        ),
        layout=_layout(layout) if layout else None,
        **rest,
    )


def _decision(entry: dict[str, Any]) -> Decision:
    scope = entry.get("scope", {})
    rest = {key: value for key, value in entry.items() if key not in ("scope", "evidence", "covers")}
    return Decision(
        scope=Scope(
            ids=frozenset(scope.get("ids", ())),
            sections=frozenset(scope.get("sections", ())),
            first_day=scope.get("from"),
            last_day=scope.get("until"),
            license=scope.get("license"),
        ),
        evidence=tuple(entry["evidence"]),
        covers=tuple(entry.get("covers", ("text",))),
        **rest,
    )


def _layout(entry: dict[str, Any]) -> Layout:
    rest = {key: value for key, value in entry.items() if key != "anchors"}
    return Layout(anchors=tuple(map(_anchor, entry["anchors"])), **rest)


def _anchor(entry: dict[str, Any]) -> Anchor:
    rest = {key: value for key, value in entry.items() if key != "drop"}
    return Anchor(drop=tuple(entry.get("drop", ())), **rest)
