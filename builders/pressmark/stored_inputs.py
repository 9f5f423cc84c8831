"""Objects of buckets that inputs name, once they are at home: below `private/s3/BUCKET/` of the corpus folder.

`HASH.json` lists what an input means: keys, with the store's mark, the size and the SHA-256 of each. `objects/` has
them, each by a name that follows from key and mark, for a key may be no name of a file. Only `bring_objects` opens a
connection; reading never does.
"""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressmark.findings import Finding
from pressmark.intake.captures import CaptureList, read_captures
from pressmark.intake.files import InputFile, selects
from pressmark.recipe import Input
from pressmark.s3_address import S3Address, s3_address
from pressmark.stores.home import each_at_once
from pressmark.stores.opened import opened
from pressmark.suppression import PRIVATE_FOLDER, private_folder
from pressmark.workshop import PRIVATE, write_durably

if TYPE_CHECKING:
    from pressmark.stores.bucket import Bucket, Stored

_FOLDER, _OBJECTS = "s3", "objects"
_NAME_DIGITS = 40

Listed = dict[str, dict[str, Any]]
"""By key: `mark`, `bytes`, `sha256`."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where the objects of an input lie in a corpus folder."""

    corpus: Path
    entry: Input
    address: S3Address

    @property
    def folder(self) -> Path:
        """The folder of the bucket."""
        return self.corpus / PRIVATE_FOLDER / _FOLDER / self.address.bucket

    @property
    def listing(self) -> Path:
        """The file that lists what the input means."""
        said = json.dumps([self.entry.files, self.entry.leave_out, self.entry.captures])
        return self.folder / f"{_digest(said)}.json"

    def listed(self) -> Listed | None:
        """Return what the input means; None where it was not brought yet."""
        try:
            found = json.loads(self.listing.read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def place(self, key: str, mark: str) -> Path:
        """Return the file of an object."""
        return self.folder / _OBJECTS / _digest(f"{key}\0{mark}")

    @property
    def captures(self) -> S3Address | None:
        """The input's list of captures."""
        return s3_address(self.entry.captures) if self.entry.captures else None

    def wanted(self, key: str) -> bool:
        """Tell whether the input means an object; hidden ones are passed over, as everywhere."""
        root = str(S3Address(self.address.bucket, "")) + "/"
        means = selects([self.address.key], [each.removeprefix(root) for each in self.entry.leave_out])
        return means(key) and not any(part.startswith(".") for part in key.split("/"))


def home_of(corpus: Path, entry: Input) -> Home:
    """Return where the objects of an input lie, whose files are in a bucket."""
    assert entry.s3 is not None
    return Home(corpus, entry, entry.s3)


def objects_at_home(corpus: Path, entry: Input) -> tuple[Path, list[InputFile], CaptureList, list[Finding]] | None:
    """Return the folder and the files that an input in a bucket means here, and what its list of captures says.

    None where one of them is not at home.

    Args:
        corpus: The corpus folder.
        entry: The input; its files are in a bucket.
    """
    home = home_of(corpus, entry)
    listed = home.listed()
    if listed is None:
        return None
    found: dict[str, InputFile] = {}
    for key, told in listed.items():
        place = home.place(key, told["mark"])
        if not place.is_file():
            return None
        shown = str(S3Address(home.address.bucket, unicodedata.normalize("NFC", key)))
        found[key] = InputFile(place.name, shown, place.stat().st_size)
    folder, captures = home.folder / _OBJECTS, home.captures
    stated: tuple[CaptureList, list[Finding]] = ({}, [])
    if captures is not None:
        if captures.key not in found:
            stated = {}, [Finding("missing-file", str(captures), "", "named in corpus.toml")]
        else:
            stated = read_captures(folder, found[captures.key].path, shown=str(captures))
    files = [file for key, file in sorted(found.items(), key=lambda each: each[1].shown) if home.wanted(key)]
    return folder, files, *stated


def changed_objects(corpus: Path, entry: Input) -> list[Finding]:
    """Return a fault for each object of an input that is at home and is not what was brought.

    Args:
        corpus: The corpus folder.
        entry: The input; its files are in a bucket.
    """
    home = home_of(corpus, entry)
    faults = []
    for key, told in (home.listed() or {}).items():
        place = home.place(key, told["mark"])
        if place.is_file() and _digest_of(place) != told["sha256"]:
            address = S3Address(home.address.bucket, key)
            found = f"found {place.stat().st_size} bytes that are not those of {address}"
            faults.append(Finding("fetched-differs", place.relative_to(corpus).as_posix(), "", found))
    return faults


def bring_objects(
    corpus: Path, inputs: Sequence[Input], progress: Callable[[str, int, int], None] | None = None
) -> list[str]:
    """Bring home the objects that inputs mean now; remove those that none means any more.

    Args:
        corpus: The corpus folder.
        inputs: Those of a recipe; the ones that are in no bucket are passed over.
        progress: Told how many objects of how many are here.

    Returns:
        The addresses of what was fetched.

    Raises:
        UsageError: the client of the store or credentials for it are not there.
        RemoteError: the store does not give them.
    """
    homes = [home_of(corpus, entry) for entry in inputs if entry.s3]
    fetched = [address for home in homes for address in _bring(home, progress)]
    kept = {home.listing for home in homes}
    for home in homes:
        kept |= {home.place(key, told["mark"]) for key, told in (home.listed() or {}).items()}
    for path in (corpus / PRIVATE_FOLDER / _FOLDER).rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    return fetched


def _bring(home: Home, progress: Callable[[str, int, int], None] | None) -> list[str]:
    private_folder(home.corpus)
    (home.folder / _OBJECTS).mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    bucket, before = opened(home.address.bucket), home.listed() or {}
    there = [each for each in bucket.listed(home.address.fixed).objects if home.wanted(each.key)]
    captures = home.captures
    if captures is not None and captures.key not in {each.key for each in there}:
        there += [each for each in bucket.listed(captures.key).objects if each.key == captures.key]
    known, missing, done = {}, [], count(1)
    for each in there:
        told, place = before.get(each.key, {}), home.place(each.key, each.mark)
        if not place.is_file():
            missing.append(each)
        elif told.get("mark") == each.mark:
            known[each.key] = told
        else:  # brought by a run that was cut off
            known[each.key] = _told(each, _digest_of(place))

    def bring(stored: "Stored") -> str:
        digest = _brought(bucket, stored, home.place(stored.key, stored.mark))
        if progress:
            progress("fetch", next(done), len(missing))
        return digest

    for each, digest in zip(missing, each_at_once(bring, missing), strict=True):
        known[each.key] = _told(each, digest)
    write_durably(home.listing, json.dumps(known, indent=1, sort_keys=True).encode() + b"\n")
    return [str(S3Address(home.address.bucket, each.key)) for each in missing]


def _told(stored: "Stored", sha256: str) -> dict[str, Any]:
    return {"mark": stored.mark, "bytes": stored.size, "sha256": sha256}


def _brought(bucket: "Bucket", stored: "Stored", place: Path) -> str:
    digest = bucket.bring(stored, place)
    place.chmod(0o400)
    return digest


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:_NAME_DIGITS]


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
