"""Recorded decisions: `[[rights.decisions]]` of source files, and `[[decisions]]` of the files `rights/NAME.toml`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pressmark import tomlfile
from pressmark.article.contract import Fault, contract, did_you_mean
from pressmark.article.licenses import NOASSERTION, NONE, normal_license
from pressmark.article.policy import OPENING
from pressmark.article.rights import Decision, SourceRights, decision_of, pattern_fault
from pressmark.findings import Finding
from pressmark.workshop import files_below

FOLDER = "rights"


def decision_files(folder: Path) -> list[tomlfile.Document]:
    """Return the files `*.toml` below `rights/` of a corpus folder, in the order of their names."""
    return [_document(path, path.relative_to(folder).as_posix()) for path in files_below(folder / FOLDER)]


def _document(path: Path, shown: str) -> tomlfile.Document:
    """Read a file of decisions; whatever else lies there is a fault, for it may be a decision that closes."""
    if path.suffix == ".toml" and not path.is_symlink() and path.is_file():
        return tomlfile.read(path, shown, "rights")
    return tomlfile.unread(shown, Finding("recipe-syntax", shown, "", "expected a plain file NAME.toml, or nothing"))


def read_decisions(
    documents: Iterable[tomlfile.Document], sources: Mapping[str, SourceRights], names: Collection[str] | None
) -> tuple[dict[str, SourceRights], list[Finding]]:
    """Return the rights of sources with the decisions of some files added, and all faults of those files.

    Args:
        documents: Files of decisions.
        sources: What the source files say, by source.
        names: Every source of the recipe, also one whose file has faults; None where that cannot be told.
    """
    rights, faults = dict(sources), []
    for document in documents:
        faults += [*document.faults, *_without_scope(document), *decision_faults(document, ("decisions",))]
        faults += [] if names is None else unknown_sources(document, ("decisions",), names)
        if faults:
            continue
        for decision in recorded(document, ("decisions",)):
            for name in sources.keys() & (decision.scope.sources or sources.keys()):
                rights[name] = replace(rights[name], decisions=(*rights[name].decisions, decision))
    return rights, faults


def recorded(document: tomlfile.Document, path: tomlfile.KeyPath) -> list[Decision]:
    """Return the decisions of a document that has no faults, with the places where they stand."""
    return [
        decision_of(entry, f"{document.shown}, {document.lines.place((*path, position))}")
        for position, entry in enumerate(_entries(document, path))
    ]


def decision_faults(document: tomlfile.Document, path: tomlfile.KeyPath) -> Iterator[Finding]:
    """Yield what is wrong with the decisions of a document.

    Args:
        document: The file.
        path: Where its list of decisions stands.
    """
    for position, entry in enumerate(_entries(document, path)):
        place = (*path, position)
        faults = contract("decision").faults(entry)
        for fault in faults:
            # The schema's last word on a decision without any effect is the list of what it could have had.
            expected = "status, privacy or embargoed_until" if fault.expected.startswith("anyOf") else fault.expected
            moved = Fault((*place, *fault.path), fault.kind, expected, fault.found)
            yield tomlfile.finding(moved, document.shown, document.lines)
        if not faults:
            yield from _meaning_faults(document, place, entry)


def ids_named(sources: Mapping[str, SourceRights]) -> set[str]:
    """Return the ids in all decisions, each with or without its source."""
    return {name for rights in sources.values() for decision in rights.decisions for name in decision.scope.ids}


def idle_decisions(
    sources: Mapping[str, SourceRights], held: Collection[str], known: Collection[str]
) -> Iterator[Finding]:
    """Yield a finding for each decision that holds no article, and for ids of others that no article has.

    Args:
        sources: What is recorded, by source.
        held: Where the decisions are recorded that hold an article.
        known: The ids in them that articles have.
    """
    decisions = {decision.recorded_in: decision for rights in sources.values() for decision in rights.decisions}
    for recorded_in, decision in sorted(decisions.items()):
        file, _, place = recorded_in.partition(", ")
        unknown = sorted(decision.scope.ids.difference(known))
        if unknown:
            detail = f"found {len(unknown)} of {len(decision.scope.ids)} ids that no article has, such as {unknown[0]}"
            yield Finding("decision-idle", file, place, detail)
        elif recorded_in not in held:
            yield Finding("decision-idle", file, place, "its scope holds no article")


def _entries(document: tomlfile.Document, path: tomlfile.KeyPath) -> list[dict[str, Any]]:
    if path[0] in document.unsound:
        return []
    found: Any = document.data
    for step in path:
        found = found.get(step, {})
    return list(found)


def _meaning_faults(document: tomlfile.Document, place: tomlfile.KeyPath, entry: dict[str, Any]) -> Iterator[Finding]:
    if entry.get("status") in OPENING and not any(seen["scope"] == "text" for seen in entry["evidence"]):
        detail = "expected evidence whose scope is text; what was said of a page or site does not open a text"
        yield document.finding("bad-value", (*place, "evidence"), detail)
    scope = entry.get("scope", {})
    for holder, where in ((entry, place), (scope, (*place, "scope"))):
        license_ = holder.get("license")
        if license_ and normal_license(license_) in (None, NONE, NOASSERTION):
            detail = f"found {license_!r}, expected an SPDX licence expression, or LicenseRef- and a name of your own"
            yield document.finding("bad-value", (*where, "license"), detail)
    if "pattern" in scope:
        fault = pattern_fault(scope["pattern"])
        if fault:
            yield document.finding("bad-pattern", (*place, "scope", "pattern"), fault)
    if scope.get("from", "") > scope.get("until", "9999"):
        detail = f"found a first day, {scope['from']}, after the last, {scope['until']}"
        yield document.finding("bad-value", (*place, "scope", "from"), detail)


def _without_scope(document: tomlfile.Document) -> Iterator[Finding]:
    for position, entry in enumerate(_entries(document, ("decisions",))):
        if "scope" not in entry:
            yield document.finding("missing-key", ("decisions", position, "scope"), "expected the key scope")


def unknown_sources(document: tomlfile.Document, path: tomlfile.KeyPath, names: Collection[str]) -> Iterator[Finding]:
    """Yield a fault for each source that a decision names and that it cannot speak of.

    Args:
        document: The file.
        path: Where its list of decisions stands.
        names: The sources that it can speak of.
    """
    for position, entry in enumerate(_entries(document, path)):
        scope = entry.get("scope", {})
        named = scope.get("sources", ()) if isinstance(scope, dict) else ()
        for name in named if isinstance(named, list) else ():
            if name not in names:
                detail = f"found {name!r}, expected one of {', '.join(sorted(names))}{did_you_mean(name, names)}"
                yield document.finding("bad-value", (*path, position, "scope", "sources"), detail)
