"""Builds a release again from its corpus, and holds the two against each other."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pressmark.building import build
from pressmark.errors import UsageError, refuse_unreadable
from pressmark.findings import Finding
from pressmark.history import versions_in
from pressmark.recipe import read_recipe
from pressmark.release.version import numbers

_CODE = "rebuild-differs"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of building a release again."""

    same: int
    """Files that are the same bytes."""

    differing: list[str]
    """Files that are not, or that only one of the two has."""

    same_content: bool
    """Whether every configuration and split has the same content digest."""

    wrote: dict[str, str]
    """Versions of what wrote the release."""

    writes: dict[str, str]
    """Versions of what wrote it again."""

    @property
    def findings(self) -> Iterator[Finding]:
        """What is wrong. Other bytes with the same content are fine where another version wrote them."""
        if not self.differing or (self.same_content and self.wrote != self.writes):
            return
        shown = ", ".join(self.differing[:_SHOWN]) + (" and more" if len(self.differing) > _SHOWN else "")
        what = "the content is the same" if self.same_content else "the content is another"
        yield Finding(_CODE, "manifest.json", "", f"built again, {len(self.differing)} files differ, {what}: {shown}")


def rebuild(
    corpus: Path | str, release: Path | str, *, previous: Sequence[Path | str] = (), workers: int = 1
) -> Rebuilt:
    """Build a release again, from its corpus as it is now, and compare.

    The releases before it are inputs too. They are looked for beside it, as `OUT/CORPUS/LINE/VERSION`.

    Args:
        corpus: The folder that holds `corpus.toml`.
        release: The release folder.
        previous: Earlier releases that lie elsewhere, one for each line.
        workers: Processes.

    Raises:
        UsageError: the release is of another corpus, has no manifest, or an earlier release is not there.
        PressmarkError: the corpus cannot be built.
    """
    folder, recipe = Path(release), read_recipe(corpus)
    manifest = _manifest(folder)
    if manifest["corpus"] != recipe.name or manifest["line"] not in recipe.lines:
        raise UsageError(
            f"{folder} is a release of {manifest['corpus']}, line {manifest['line']}",
            advice=f"give the corpus that it was built from; this is {recipe.name}",
        )
    earlier = [Path(each) for each in previous] or list(_beside(folder, manifest, list(recipe.lines)))
    if manifest["release"] > 1 and manifest["line"] not in [_manifest(each)["line"] for each in earlier]:
        raise UsageError(
            f"{folder} continues another release, which is not beside it",
            advice="give it as --previous; it is an input of the build, which cannot be made again without it",
        )
    with tempfile.TemporaryDirectory(prefix="pressmark-") as scratch:
        built = build(
            recipe,
            manifest["version"],
            out=Path(scratch) / "dist",
            work=Path(scratch) / "work",
            line=manifest["line"],
            previous=earlier,
            drop_vanished=True,
            as_of=date.fromisoformat(manifest["as_of"]),
            workers=workers,
        )
        again = built.lines[manifest["line"]].manifest
    return _compared(manifest, again)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "manifest.json").read_bytes())
        return {
            key: found[key]
            for key in ("corpus", "line", "version", "release", "as_of", "written_by", "configs", "files")
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse_unreadable(error)
        raise UsageError(
            f"{folder} has no manifest that can be read: {type(error).__name__}",
            advice="give a release folder, dist/CORPUS/LINE/VERSION",
        ) from error


def _beside(folder: Path, manifest: dict[str, Any], lines: Sequence[str]) -> Iterator[Path]:
    """Yield the newest earlier release of each line, and of others also this version, as `read_history` has them."""
    place, version = folder.resolve().parent.parent, manifest["version"]
    for line in lines:
        before = [each for each in versions_in(place / line) if numbers(each) < numbers(version)]
        before += [each for each in versions_in(place / line) if each == version and line != manifest["line"]]
        if before:
            yield place / line / before[-1]


def _compared(manifest: dict[str, Any], again: dict[str, Any]) -> Rebuilt:
    one, other = ({entry["path"]: entry["sha256"] for entry in each["files"]} for each in (manifest, again))
    differing = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    contents = [
        {
            (config, split): found["content_sha256"]
            for config, entry in each["configs"].items()
            for split, found in entry["splits"].items()
        }
        for each in (manifest, again)
    ]
    same = len(one.keys() & other.keys()) - len(set(differing) & one.keys() & other.keys())
    return Rebuilt(same, differing, contents[0] == contents[1], manifest["written_by"], again["written_by"])
