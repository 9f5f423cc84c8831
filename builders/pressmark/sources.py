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
    document = tomlfile.read(folder / shown, shown, "source")
    faults = [
        *document.faults,
        *_zone_faults(document),
        *_layout_faults(document),
        *_decision_faults(document),
    ]
    return faults or _source(name, document.data)


def _zone_faults(document: tomlfile.Document) -> Iterator[Finding]:
    name = document.data.get("timezone")
    if name and "timezone" not in document.unsound and zone(name) is None:
        detail = f"found {name!r}, expected a name of the IANA time zone database"
        yield document.finding("bad-value", ("timezone",), detail)


def _layout_faults(document: tomlfile.Document) -> Iterator[Finding]:
    layout = document.data.get("layout")
    if not layout or "layout" in document.unsound:
        return
    for position, anchor in enumerate(layout["anchors"]):
        place = ("layout", "anchors", position)
        if fault := pattern_fault(anchor["pattern"], anchor["role"]):
            yield document.finding("bad-pattern", (*place, "pattern"), fault)
        if anchor["role"] == "credit" and "contributor" not in anchor:
            yield document.finding("missing-key", place, "a credit needs the key contributor, found none")
    if not any(anchor["role"] == "timestamp" for anchor in layout["anchors"]):
        detail = "expected an anchor with the role timestamp, found none"
        yield document.finding("missing-key", ("layout", "anchors"), detail)
    if "bullet" in layout and (fault := pattern_fault(layout["bullet"], "bullet")):
        yield document.finding("bad-pattern", ("layout", "bullet"), fault)


def _decision_faults(document: tomlfile.Document) -> Iterator[Finding]:
    rights = {} if "rights" in document.unsound else document.data.get("rights", {})
    for position, decision in enumerate(rights.get("decisions", ())):
        if not any(entry["scope"] == "text" for entry in decision["evidence"]):
            detail = "expected evidence whose scope is text; what was said of a page or site does not open a text"
            yield document.finding("bad-value", ("rights", "decisions", position, "evidence"), detail)


def pattern_fault(pattern: str, role: str) -> str | None:
    """Return what is wrong with a pattern for a role, or None."""
    try:
        compiled = compiled_pattern(pattern)
    except re2.error as error:
        reason = error.args[0]
        return f"not an RE2 pattern: {reason.decode() if isinstance(reason, bytes) else reason}"
    missing = _GROUPS.get(role, set()) - set(compiled.groupindex)
    for group, needed in (("minute", "hour"), ("second", "minute")):
        missing |= {needed} if group in compiled.groupindex and needed not in compiled.groupindex else set()
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
