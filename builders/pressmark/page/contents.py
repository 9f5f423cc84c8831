"""What a page is about: a release, or a workshop with the releases that were built in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pressmark.figures import shown as figures
from pressmark.figures.shown import Figure
from pressmark.findings import CATALOGUE
from pressmark.page.beside import Version, cells, versions
from pressmark.page.changes import Since, before, since
from pressmark.page.ledger import Inputs, outcome_of, read_ledger
from pressmark.page.rows import Rows, read_rows
from pressmark.page.table import Listing
from pressmark.page.texts import Member, Shown, groups, samples
from pressmark.release.counts import CLASSES, class_of
from pressmark.release.manifest import manifest_of
from pressmark.workshop import closed_in

PUBLIC, LOCAL = "public", "local"


def place_of(outcome: str) -> int:
    """Return where an outcome stands among others: by its class, in the order of the manifest."""
    kind = outcome.partition(": ")[0]
    return CLASSES.index(kind) if kind in CLASSES else len(CLASSES)


@dataclass(slots=True)
class Release:
    """A release, as far as a page shows it."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def line(self) -> str:
        """Its release line."""
        return str(self.manifest["line"])

    def outcomes(self) -> Counter[str]:
        """Return how many inputs became what."""
        counts = self.manifest["counts"]
        found = Counter({outcome_of(class_of(code), code): count for code, count in counts["by_code"].items()})
        return found + Counter({"published": counts["published"]})


@dataclass(slots=True)
class Contents:
    """What is on a page."""

    corpus: str
    version: str
    closed_to: str
    """Why others may not see the page: `workshop`, or the destination of the release; nothing for a public one."""

    releases: Sequence[Release]
    """The release itself; of a workshop those that were found, the one with the most texts first."""

    outcomes: Mapping[str, Counter[str]]
    """How many inputs became what, by release line."""

    listing: Listing
    ledger: Path | None = None
    """Of a workshop: where the full list is."""

    notes: Counter[str] = field(default_factory=Counter)
    rows: Rows | None = None
    samples: Sequence[Shown] = ()
    groups: Sequence[Sequence[Member]] = ()
    changes: Mapping[str, Since] = field(default_factory=dict)
    """By release line."""

    versions: Sequence[Version] = ()

    def codes(self) -> dict[str, list[str]]:
        """Return kind, meaning and advice of the codes that the page has."""
        named = {outcome.rpartition(": ")[2] for counts in self.outcomes.values() for outcome in counts} | {*self.notes}
        known = [CATALOGUE[name] for name in sorted(named) if name in CATALOGUE]
        return {code.name: [code.kind.value, code.meaning, code.advice] for code in known}

    def drawn(self) -> dict[str, Figure]:
        """Return the figures that there are numbers for, by name."""
        several = len(self.outcomes) > 1
        found = [figures.outcomes(counts, line if several else "") for line, counts in self.outcomes.items() if counts]
        several = len(self.releases) > 1
        told = [(release.line if several else "", cells(release.folder)) for release in self.releases]
        found += [figures.rights(counts, line) for line, counts in told if counts]
        if self.rows and self.rows.by_source:
            order = list(self.releases[0].manifest["splits"]["shares"])
            found += [
                figures.by_source_over_time(self.rows.by_source),
                figures.lengths(self.rows.hundreds),
                figures.languages(self.rows.languages),
                figures.splits_over_time(self.rows.by_split, order),
            ]
        if self.rows and self.rows.group_sizes:
            found.append(figures.group_sizes(self.rows.group_sizes))
        return {figure.name: figure for figure in found}


def of_release(folder: Path, previous: Path | None) -> Contents:
    """Return what a page of a release has: nothing that is not in the release itself.

    Args:
        folder: The release.
        previous: The release that it is compared with, where another one is meant than the one beside it.

    Raises:
        UsageError: it is none, or a file of it cannot be read.
    """
    release = Release(folder, manifest_of(folder))
    destination = str(release.manifest["destination"])
    rows = read_rows(folder, release.manifest)
    contents = Contents(
        str(release.manifest["corpus"]),
        str(release.manifest["version"]),
        "" if destination == PUBLIC else destination,
        [release],
        {release.line: release.outcomes()},
        rows.listing,
    )
    _fill(contents, rows, closed=None)
    _compare(contents, previous, private=destination == LOCAL)
    return contents


def of_workshop(folder: Path, version: str, releases: Path) -> Contents:
    """Return what a page of a workshop has: every input, and the articles of the release with the most texts.

    Args:
        folder: The workshop of a corpus.
        version: Which build.
        releases: Where releases lie: the page shows those of this corpus and version.

    Raises:
        UsageError: the ledger, or a file of a release, cannot be read.
    """
    ledger = folder / version / "ledger.jsonl"
    inputs = read_ledger(ledger)
    corpus = folder.resolve().name
    found = [Release(place, manifest_of(place)) for place in _there(releases / corpus, inputs, version)]
    found.sort(key=lambda each: (-each.manifest["counts"]["published"], each.line))
    contents = Contents(corpus, version, "workshop", found, inputs.outcomes, inputs.listing, ledger, notes=inputs.notes)
    if found:
        main = found[0]
        rows = read_rows(main.folder, main.manifest)
        _fill(contents, rows, closed=closed_in(folder, version, main.line))
        _compare(contents, None, private=True)
    return contents


def _there(place: Path, inputs: Inputs, version: str) -> list[Path]:
    return [place / line / version for line in inputs.lines if (place / line / version / "manifest.json").is_file()]


def _fill(contents: Contents, rows: Rows, closed: Path | None) -> None:
    main = contents.releases[0].folder
    contents.rows = rows
    contents.samples = samples(main, rows, closed)
    contents.groups = groups(main, rows, closed)
    contents.versions = versions(main)


def _compare(contents: Contents, previous: Path | None, *, private: bool) -> None:
    found = {}
    for release in contents.releases:
        old = previous or before(release.folder, release.manifest)
        if old:
            found[release.line] = since(old, release.folder, private=private)
    contents.changes = found
