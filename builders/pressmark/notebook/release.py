"""A release as an object: what is in it, and its rows as `datasets` gives them."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressmark.errors import PressmarkError, UsageError
from pressmark.findings import Finding
from pressmark.notebook import shown
from pressmark.page.beside import Version, cells, versions
from pressmark.release.changes import Changes
from pressmark.release.counts import CLASSES
from pressmark.release.diff import counted, differences
from pressmark.release.manifest import manifest_of
from pressmark.release.verify import verify

if TYPE_CHECKING:
    from datasets import DatasetDict

PUBLISHED = "published"


class Release:
    """A release folder, `dist/CORPUS/LINE/VERSION`. Its manifest is read at once, its rows where they are asked for.

    In a notebook it shows what is in it. It trusts what the folder says of itself; `verify` does not.
    """

    def __init__(self, folder: Path | str) -> None:
        """Read the manifest of a release.

        Args:
            folder: The release folder, or a copy of it.

        Raises:
            UsageError: it is none.
        """
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise UsageError(
                f"{self.folder} is no folder",
                advice="give a release folder, dist/CORPUS/LINE/VERSION; one on the Hub is downloaded first",
            )
        self.manifest: Mapping[str, Any] = manifest_of(self.folder)

    @property
    def corpus(self) -> str:
        """Name of the corpus."""
        return str(self.manifest["corpus"])

    @property
    def line(self) -> str:
        """Its release line."""
        return str(self.manifest["line"])

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest["version"])

    @property
    def counts(self) -> dict[str, Any]:
        """How many inputs became what, by class, and by code under `by_code`."""
        return dict(self.manifest["counts"])

    @property
    def splits(self) -> dict[str, dict[str, int]]:
        """Rows by configuration and split."""
        return {
            config: {split: int(told["rows"]) for split, told in entry["splits"].items()}
            for config, entry in self.manifest["configs"].items()
        }

    @cached_property
    def rights(self) -> Counter[tuple[str, str]]:
        """Articles by rights status and by what becomes of them: `published`, or the code of why not.

        Raises:
            UsageError: the file that says so is not what a release has.
        """
        return cells(self.folder)

    @cached_property
    def versions(self) -> list[Version]:
        """Versions of the line up to this one: version, day, status, texts, articles without text, what changed.

        Raises:
            UsageError: the file that says so is not what a release has.
        """
        return versions(self.folder)

    def verify(self) -> list[Finding]:
        """Return everything that is wrong with it, as `pressmark.verify` does; nothing is where the list is empty."""
        return verify(self.folder)

    def load(self, config: str = "articles") -> "DatasetDict":
        """Return its rows as a `datasets.DatasetDict`, by split.

        `datasets` keeps a copy in its own cache, below `HF_HOME`; the texts of a release that is not public lie there
        too.

        Args:
            config: `articles` has the texts, `withheld` what may be said of articles without.

        Raises:
            UsageError: the release has no such configuration, or lacks files of it.
            PressmarkError: `datasets` cannot read them.
        """
        if config not in self.splits:
            raise UsageError(
                f"{self.folder} has no configuration {config!r}, expected one of: {', '.join(self.splits)}",
                advice="where no text may be shown there is no `articles`, where all may no `withheld`",
            )
        paths = [entry["path"] for entry in self.manifest["files"] if entry.get("config") == config]
        lacking = [path for path in ("README.md", *paths) if not (self.folder / path).is_file()]
        if lacking:
            raise UsageError(f"{self.folder} lacks {', '.join(lacking[:3])}", advice="bring the release back whole")
        import datasets  # noqa: PLC0415 - it takes seconds to import
        import pyarrow as pa  # noqa: PLC0415 - beside what it is needed for

        try:
            loaded = datasets.load_dataset(str(self.folder.resolve()), config)
        except (OSError, ValueError, KeyError, pa.ArrowException, datasets.exceptions.DatasetsError) as error:
            raise PressmarkError(
                f"datasets cannot load {config} of {self.folder}: {type(error).__name__}",
                advice="`verify()` says what is wrong with the release",
            ) from error
        assert isinstance(loaded, datasets.DatasetDict)
        return loaded

    def diff(self, earlier: "Release | Path | str") -> Changes:
        """Return how much changed since an earlier release, and the version that asks for.

        Args:
            earlier: A release, or its folder.

        Raises:
            UsageError: it is none, or a file of either cannot be read.
        """
        old = earlier.folder if isinstance(earlier, Release) else Path(earlier)
        with differences(old, self.folder) as (columns, changes):
            return counted(changes, columns)

    def __repr__(self) -> str:
        told = self.manifest["counts"]
        return (
            f"<Release {self.corpus}, {self.line} {self.version}: "
            f"{told['published']:,} published, {told['withheld']:,} withheld>"
        )

    def _repr_html_(self) -> str:
        told = self.manifest
        order = list(dict.fromkeys(name for splits in self.splits.values() for name in splits))
        rows: list[tuple[str | int, ...]] = [
            (config, *(splits.get(name, 0) for name in order), sum(splits.values()))
            for config, splits in self.splits.items()
        ]
        return shown.together(
            shown.facts(f"{self.corpus}, {self.line} {self.version}", self._facts()),
            shown.counts("Rows", ("configuration", *order, "together"), rows),
            shown.outcomes(
                f"What became of {shown.number(told['counts']['inputs'])} inputs",
                {name: told["counts"][name] for name in CLASSES if told["counts"][name]},
            ),
            shown.counts("Rights", ("status", "published", "withheld", "why withheld"), self._by_status()),
        )

    def _facts(self) -> list[tuple[str, str]]:
        told = self.manifest
        files = told["files"]
        return [
            ("for", f"{told['destination']}, profile {told['profile']}"),
            ("as of", str(told["as_of"])),
            ("versions before", ", ".join(each[0] for each in self.versions if each[0] != self.version) or "none"),
            ("files", f"{shown.number(len(files))}, {shown.size(sum(entry['bytes'] for entry in files))}"),
            ("folder", str(self.folder)),
        ]

    def _by_status(self) -> list[tuple[str, int, int, str]]:
        rows = []
        for status in sorted({status for status, _ in self.rights}):
            found = {outcome: count for (each, outcome), count in sorted(self.rights.items()) if each == status}
            published = found.pop(PUBLISHED, 0)
            rows.append((status, published, sum(found.values()), ", ".join(found)))
        return rows
