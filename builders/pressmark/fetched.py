"""Files of datasets of the Hub that inputs name, once they are at home: below `private/hub/` of the corpus folder.

`ORG/NAME/revisions.json` says which commit a tag or branch meant when its files were fetched, so that a corpus means
the same from then on. `ORG/NAME/COMMIT.json` lists the files of a commit, `ORG/NAME/COMMIT/` has those that inputs
name. No connection is opened here; `pressmark.hub.inputs` brings them.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pressmark.findings import Finding
from pressmark.hub_address import HubAddress, quoted
from pressmark.intake.files import InputFile, selects
from pressmark.recipe import Input
from pressmark.suppression import PRIVATE_FOLDER

_FOLDER = "hub"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of one dataset lie in a corpus folder."""

    corpus: Path
    address: HubAddress

    @property
    def folder(self) -> Path:
        """The folder of the dataset."""
        return self.corpus / PRIVATE_FOLDER / _FOLDER / self.address.repo

    @property
    def revisions(self) -> Path:
        """The file of commits by revision."""
        return self.folder / "revisions.json"

    def commits(self) -> dict[str, str]:
        """Return the commits that tags and branches meant when they were fetched."""
        return {str(name): str(commit) for name, commit in _read(self.revisions).items()}

    def commit(self) -> str | None:
        """Return the commit that the address means, as far as that is known here."""
        return self.address.revision if self.address.is_pinned else self.commits().get(self.address.revision)

    def listing(self, commit: str) -> Path:
        """Return the file that lists a commit."""
        return self.folder / f"{commit}.json"

    def files_of(self, commit: str) -> dict[str, str]:
        """Return the digests of a commit's files, by path; of none where it was not fetched."""
        return {str(path): str(digest) for path, digest in _read(self.listing(commit)).items()}

    def files(self, commit: str) -> Path:
        """Return the folder of a commit's files."""
        return self.folder / commit


def wanted(entry: Input, address: HubAddress, paths: Mapping[str, str]) -> list[str]:
    """Return which files of a dataset an input means; hidden ones are passed over, as everywhere."""
    chosen = selects([address.files], entry.leave_out)
    return sorted(path for path in paths if chosen(path) and not any(part.startswith(".") for part in path.split("/")))


def _at_home(corpus: Path, entry: Input) -> tuple[HubAddress, Home, str, Mapping[str, str]]:
    """Return where the files of an input of the Hub are, at which commit, and which that has, if it is here."""
    assert entry.hub is not None
    home = Home(corpus, entry.hub)
    commit = home.commit() or ""
    return entry.hub, home, commit, home.files_of(commit) if commit else {}


def pinned_input(corpus: Path, entry: Input) -> tuple[str, Path, list[InputFile]] | None:
    """Return what an input of the Hub means here: its files at a commit as an address, their folder, and the files.

    None where one of them is not at home.

    Args:
        corpus: The corpus folder.
        entry: The input; its files are on the Hub.
    """
    address, home, commit, listed = _at_home(corpus, entry)
    if not listed:
        return None
    files = []
    for path in wanted(entry, address, listed):
        place = home.files(commit) / path
        if not place.is_file():
            return None
        shown = address.at(commit, unicodedata.normalize("NFC", path))
        files.append(InputFile(path, shown, place.stat().st_size, origin=address.at(commit, quoted(path))))
    return address.at(commit, address.files), home.files(commit), files


def changed_files(corpus: Path, entry: Input) -> list[Finding]:
    """Return a fault for each file of an input of the Hub that is at home and is not what its commit has.

    Each is read whole, for its digest is all that a commit says of it.

    Args:
        corpus: The corpus folder.
        entry: The input; its files are on the Hub.
    """
    address, home, commit, listed = _at_home(corpus, entry)
    faults = []
    for path in wanted(entry, address, listed):
        place = home.files(commit) / path
        if place.is_file() and digest_as(listed[path], place) != listed[path]:
            found = f"found {place.stat().st_size} bytes that are not those of {address.at(commit, path)}"
            faults.append(Finding("fetched-differs", place.relative_to(corpus).as_posix(), "", found))
    return faults


def digest_as(stated: str, path: Path) -> str:
    """Return the digest of a file in the way in which a commit names that of another.

    Args:
        stated: `sha256:` and whatever for files that are stored apart, `git:` for the others.
        path: The file.
    """
    kind = stated.partition(":")[0]
    with path.open("rb") as stream:
        git = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        chosen = hashlib.sha256() if kind == "sha256" else git
        return f"{kind}:{hashlib.file_digest(stream, lambda: chosen).hexdigest()}"


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
