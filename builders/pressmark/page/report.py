"""Writes the page of a release or a workshop, for as many eyes as may see what is on it."""

import os
from dataclasses import dataclass
from pathlib import Path

from pressmark.errors import UsageError
from pressmark.page.contents import Contents, of_release, of_workshop
from pressmark.page.html import page
from pressmark.release.version import VERSION, numbers
from pressmark.workshop import PRIVATE_FILE, REPORT, sync_folder

_PUBLIC_FILE = 0o666
"""But for what the user's mask takes away."""


@dataclass(frozen=True, slots=True)
class Report:
    """A page that was written."""

    path: Path
    bytes: int
    closed_to: str
    """Why others may not see it: `workshop`, or the destination of its release; nothing for a public one."""

    listed: int
    left_out: int
    """Rows of the list that were too many."""


def write_report(
    place: Path,
    path: Path | None = None,
    *,
    version: str | None = None,
    releases: Path | str = "dist",
    previous: Path | None = None,
) -> Report:
    """Write one page that shows a release, or all that a workshop knows of a build.

    Args:
        place: A release folder, or the workshop of a corpus.
        path: Where the page goes; otherwise beside the ledger in the workshop, or CORPUS-LINE-VERSION.html here.
        version: Of a workshop, which build; otherwise the newest.
        releases: Where releases of the workshop's builds lie.
        previous: What a release is compared with; otherwise the release before, where it lies beside.

    Raises:
        UsageError: the place is neither, or something of it cannot be read.
    """
    if (place / "manifest.json").is_file():
        contents = of_release(place, previous)
        line = contents.releases[0].line
        chosen = path or Path(f"{contents.corpus}-{line}-{contents.version}.html")
    else:
        built = version or _newest(place)
        if not (place / built / "ledger.jsonl").is_file():
            raise UsageError(
                f"{place} has no build of version {built}",
                advice="`pressmark report` takes the newest without --version",
            )
        contents = of_workshop(place, built, Path(releases))
        chosen = path or place / built / REPORT
    _refuse_releases(chosen)
    return _written(chosen, contents)


def _newest(place: Path) -> str:
    built = [each.parent.name for each in place.glob("*/ledger.jsonl") if VERSION.fullmatch(each.parent.name)]
    if not built:
        raise UsageError(
            f"{place} is neither a release nor a workshop: found no manifest.json and no VERSION/ledger.jsonl",
            advice="give dist/CORPUS/LINE/VERSION, or work/CORPUS",
        )
    return max(built, key=numbers)


def _refuse_releases(path: Path) -> None:
    for folder in path.resolve().parents:
        if (folder / "manifest.json").is_file() and (folder / "SHA256SUMS").is_file():
            raise UsageError(
                f"{path} lies in a release, which never changes", advice="name a file elsewhere with --page"
            )


def _written(path: Path, contents: Contents) -> Report:
    data = page(contents)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    # The mode is there before the first byte is.
    unfinished.unlink(missing_ok=True)
    mode = PRIVATE_FILE if contents.closed_to else _PUBLIC_FILE
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)
    left_out = contents.listing.left_out.total()
    return Report(path, len(data), contents.closed_to, len(contents.listing), left_out)
