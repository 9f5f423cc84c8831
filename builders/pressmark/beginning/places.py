"""Where the articles of a corpus that is begun lie: copied below its folder, and meant by globs that mean no more."""

import filecmp
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pressmark.beginning.sample import Kind, groups_of, kind_of
from pressmark.beginning.strange import Strange, nothing_readable
from pressmark.errors import UsageError
from pressmark.hub_address import is_of_the_hub
from pressmark.intake.files import find
from pressmark.recipe import Recipe

PLACE = "articles"
_MOST_BYTES = 2 * 10**9
_SHOWN = 5


def apart(home: Path, files: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Return the addresses of the Hub among files, and the paths.

    Raises:
        UsageError: there is a corpus already, files are not there, or the folder itself, or more than is to be copied.
    """
    if (home / "corpus.toml").exists():
        raise UsageError(f"{home} has a corpus.toml already", advice="give a new folder, or edit what is there")
    hub = [each for each in files if is_of_the_hub(each)]
    paths = [Path(each) for each in files if not is_of_the_hub(each)]
    for path in paths:
        if home.resolve().is_relative_to(path.resolve()):
            raise UsageError(
                f"{path} is the corpus folder, or holds it", advice="give the folder of articles below it as --from"
            )
        if not path.exists():
            raise UsageError(f"there is no {path}", advice="give files or folders of articles, or hf:// with a dataset")
    size = sum(file.stat().st_size for path in paths for file in _below(path))
    if size > _MOST_BYTES:
        raise UsageError(
            f"the files have {size / 1e9:.1f} GB, too much to copy",
            advice="move them below the corpus folder yourself, and give their new place as --from",
        )
    return hub, paths


def refuse_strange(paths: Sequence[Path]) -> None:
    """Refuse files none of which can be read, before any is copied."""
    others: list[tuple[str, Strange | None]] = []
    for file in (file for path in paths for file in _below(path)):
        kind = kind_of(file)
        if isinstance(kind, Kind):
            return
        others.append((str(file), kind))
    problem, advice = nothing_readable(others, [str(path) for path in paths])
    raise UsageError(problem, advice=advice)


def _below(path: Path) -> Iterator[Path]:
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    for each in found:
        hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if each.is_file() and not each.is_symlink() and not hidden:
            yield each


def placed(home: Path, paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield files below the corpus folder, and whether they were copied there from elsewhere."""
    asked = {file.resolve(): path for path in paths for file in _below(path)}
    for file, path in asked.items():
        if file.is_relative_to(home.resolve()):
            yield home / file.relative_to(home.resolve()), False
        else:
            beside = path.resolve().parent if path.is_file() else path.resolve()
            yield _copied(home, file, home / PLACE / file.relative_to(beside)), True


def _copied(home: Path, file: Path, place: Path) -> Path:
    """Copy a file, if its place is free, or holds the same already; and never through a link."""
    above = [each for each in (place, *place.parents) if each.is_relative_to(home) and each != home]
    if any(each.is_symlink() for each in above):
        raise UsageError(f"{place} is a link, or below one", advice="take the link away; nothing is written through it")
    if place.exists():
        if filecmp.cmp(file, place, shallow=False):
            return place
        raise UsageError(f"two files would be {place.relative_to(home)}", advice="give the folder above both of them")
    place.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as source, place.open("xb") as target:
        shutil.copyfileobj(source, target)
    return place


def globs_for(
    home: Path, asked: Sequence[Path], paths: Sequence[Path]
) -> tuple[list[tuple[str, Kind]], list[tuple[str, Strange | None]]]:
    """Return globs for each folder that was asked for by itself, so that none means what lies between them."""
    real = home.resolve()
    inside = [real / PLACE, *(path.resolve() for path in asked if path.resolve().is_relative_to(real))]
    parts: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(paths):
        above = [each for each in inside if path.resolve().is_relative_to(each)]
        parts.setdefault(min(above, key=lambda each: len(each.parts)), []).append(path)
    found = [groups_of(some, home) for some in parts.values()]
    return [glob for globs, _ in found for glob in globs], [each for _, others in found for each in others]


def meant_too(recipe: Recipe, paths: Sequence[Path]) -> Iterator[str]:
    """Yield what else the globs mean than the files that were given."""
    given = {path.relative_to(recipe.folder).as_posix() for path in paths}
    globs = [entry.files for entry in recipe.inputs if entry.hub is None]
    more = [file.shown for file in find(recipe.folder, globs) if file.path not in given] if globs else []
    if more:
        yield f"whether {len(more)} more files belong to it, which the recipe means too: {', '.join(more[:_SHOWN])}"
