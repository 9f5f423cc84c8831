"""Source files: what one publication is, what may be done with its texts, and how its pages are laid out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pressmark import tomlfile
from pressmark.article.contract import contract, nearest
from pressmark.article.dates import zone
from pressmark.article.licenses import statement_license, statement_status
from pressmark.article.rights import SourceRights, compiled_pattern
from pressmark.article.rights import pattern_fault as plain_fault
from pressmark.decisions import decision_faults, recorded, unknown_sources
from pressmark.findings import Finding

_FOLDER = "sources"

_Fault = tuple[str, tuple[str | int, ...], str]
"""Code, place, detail."""

_GROUPS = {"timestamp": {"year", "month", "day"}, "credit": {"name"}, "syndicated": {"name"}}
_KNOWN_GROUPS = {
    *("value", "year", "month", "day", "hour", "minute", "second", "half", "url"),
    *("name", "source", "aut", "rpt", "trl", "com", "edt", "pht"),
}
"""Groups that mean something in a pattern; others may be there, and mean nothing."""


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
class HtmlRules:
    """Where the HTML pages of a source have what no extractor finds: XPath, the first that finds anything."""

    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    subtitles: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    """What is no part of the text, wherever it stands."""


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
    html: HtmlRules | None = None


def source_file(folder: Path, name: str) -> Path:
    """Return where the file of a source is in a corpus folder."""
    return folder / _FOLDER / f"{name}.toml"


def missing_sources(folder: Path, recipe: tomlfile.Document, missing: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each input of a recipe that names a source without a file, with what may be meant.

    Args:
        folder: The corpus folder.
        recipe: Its recipe.
        missing: The sources without a file.
    """
    there = sorted(path.stem for path in (folder / _FOLDER).glob("*.toml"))
    for position, entry in enumerate(recipe.data.get("input", ()) if missing else ()):
        name = str(entry.get("source")) if isinstance(entry, dict) else ""
        if name in missing:
            meant = f"; {nearest(name, there)}" if there else ""
            detail = f"there is no file {_FOLDER}/{name}.toml{meant}"
            yield recipe.finding("recipe-missing", ("input", position, "source"), detail)


def read_source(folder: Path, name: str) -> Source | list[Finding]:
    """Read `sources/NAME.toml` in a corpus folder; where it has faults, return all of them instead."""
    document = tomlfile.read(source_file(folder, name), f"{_FOLDER}/{name}.toml", "source")
    sound = {key: value for key, value in document.data.items() if key not in document.unsound}
    faults = [
        *document.faults,
        *(document.finding(*fault) for fault in _faults(sound)),
        *decision_faults(document, ("rights", "decisions")),
        *unknown_sources(document, ("rights", "decisions"), [name]),
    ]
    return faults or _source(name, document)


def _faults(data: dict[str, Any]) -> Iterator[_Fault]:
    """Yield what no schema sees in data that keep `schema/source.schema.json`."""
    name = data.get("timezone")
    if name and zone(name) is None:
        detail = f"found {name!r}, expected a name of the IANA time zone database"
        yield "bad-value", ("timezone",), detail
    if "layout" in data:
        yield from _layout_faults(data["layout"])
    for key, expressions in data.get("html", {}).items():
        for position, expression in enumerate(expressions):
            if fault := _path_fault(expression):
                yield "bad-pattern", ("html", key, position), fault
    address = data.get("rights", {}).get("statement")
    if address and not (statement_status(address) or statement_license(address)):
        detail = f"found {address!r}, expected a statement of rightsstatements.org or creativecommons.org"
        yield "bad-value", ("rights", "statement"), detail


def _path_fault(expression: str) -> str | None:
    from lxml import etree  # noqa: PLC0415 - only those who read HTML need it

    try:
        # On a page without anything, which shows most of what cannot be worked out anywhere.
        found = etree.XPath(expression)(etree.Element("html"))
    except (etree.XPathError, ValueError) as error:  # a control character is no `XPathError`
        return f"is no XPath expression: {error}"
    kind = {float: "a number", bool: "true or false"}.get(type(found))
    if isinstance(found, list) and any(isinstance(each, tuple) for each in found):
        kind = "namespaces"
    return f"gives {kind}, expected elements or words" if kind else None


def _layout_faults(layout: dict[str, Any]) -> Iterator[_Fault]:
    for position, anchor in enumerate(layout["anchors"]):
        place = ("layout", "anchors", position)
        if fault := pattern_fault(anchor["pattern"], anchor["role"]):
            yield "bad-pattern", (*place, "pattern"), fault
        if anchor["role"] == "credit" and "contributor" not in anchor:
            yield "missing-key", place, "a credit needs the key contributor, found none"
    if not any(anchor["role"] == "timestamp" for anchor in layout["anchors"]):
        yield "missing-key", ("layout", "anchors"), "expected an anchor with the role timestamp, found none"
    if "bullet" in layout and (fault := pattern_fault(layout["bullet"], "bullet")):
        yield "bad-pattern", ("layout", "bullet"), fault


def pattern_fault(pattern: str, role: str) -> str | None:
    """Return what is wrong with a pattern for a role, or None."""
    if fault := plain_fault(pattern):
        return fault
    compiled = compiled_pattern(pattern)
    missing = _GROUPS.get(role, set()) - set(compiled.groupindex)
    for group, needed in (("minute", "hour"), ("second", "minute"), ("half", "hour")):
        missing |= {needed} if group in compiled.groupindex and needed not in compiled.groupindex else set()
    unknown = sorted(set(compiled.groupindex) - _KNOWN_GROUPS)
    found = f"; found the group {', '.join(unknown)}" if unknown else ""
    return f"lacks the group {', '.join(sorted(missing))}{found}" if missing else None


def source_from(name: str, data: Any) -> Source:
    """Return a source from what a release says about it, which is all but its rights.

    Raises:
        ValueError: it does not keep `schema/source.schema.json`, or its layout cannot be used.
    """
    for fault in contract("source").faults(data):
        raise ValueError(f"{fault.pointer or 'it'}: expected {fault.expected}")
    if "rights" in data:
        raise ValueError("/rights: a release says nothing of them here")
    for _, path, detail in _faults(data):
        raise ValueError(f"/{'/'.join(map(str, path))}: {detail}")
    return _public(name, data)


def _source(name: str, document: tomlfile.Document) -> Source:
    data = document.data
    rights = data.get("rights", {})
    return replace(
        _public(name, data),
        rights=SourceRights(
            status=rights.get("status", "unknown"),
            statement=rights.get("statement"),
            holders=tuple(rights.get("holders", ())),
            components=tuple(rights.get("components", ())),
            reservations=tuple(rights.get("reservations", ())),
            derived=data.get("derivation", "unknown") not in ("original", "unknown"),
            own_credits=(data["title"], data["publisher"], *rights.get("own_credits", ())),
            decisions=tuple(recorded(document, ("rights", "decisions"))),
        ),
    )


def _public(name: str, data: dict[str, Any]) -> Source:
    layout, html = data.get("layout"), data.get("html")
    rest = {key: value for key, value in data.items() if key not in ("layout", "html", "rights")}
    rules = HtmlRules(**{key: tuple(each) for key, each in html.items()}) if html else None
    return Source(name=name, layout=_layout(layout) if layout else None, html=rules, **rest)


def _layout(entry: dict[str, Any]) -> Layout:
    rest = {key: value for key, value in entry.items() if key != "anchors"}
    return Layout(anchors=tuple(map(_anchor, entry["anchors"])), **rest)


def _anchor(entry: dict[str, Any]) -> Anchor:
    rest = {key: value for key, value in entry.items() if key != "drop"}
    return Anchor(drop=tuple(entry.get("drop", ())), **rest)
