"""By what articles are told, in the inputs and in releases."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pressmark.article.identity import loose_address
from pressmark.curate.withdrawals import digests
from pressmark.errors import OutputError, UsageError
from pressmark.history import versions_in
from pressmark.workshop import files_below

COLUMNS = ["id", "url", "source", "text_sha256", "letters_sha256"]
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What an article is told by."""

    id: str
    url: str
    source: str
    text_sha256: str
    letters_sha256: str

    def digests(self, key: bytes) -> Iterator[str]:
        """Yield the keyed digests of all of it."""
        return digests(key, self.id, self.url, self.text_sha256, self.letters_sha256)


def released_rows(place: Path) -> Iterator[tuple[Path, str, Told]]:
    """Yield what every row of every release below `OUT/CORPUS` is told by, with its release and file.

    Raises:
        OSError: the system does not list a folder.
    """
    if not place.exists():
        return
    with os.scandir(place) as entries:  # `Path.glob` takes a folder that the system does not list for an empty one
        lines = sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    for line in lines:
        for version in versions_in(line):
            for path in [each for each in files_below(line / version) if each.suffix == ".parquet"]:
                found = _read(path)
                shown = path.relative_to(line / version).as_posix()
                for row in found:
                    yield line / version, shown, Told(*(row[name] or "" for name in COLUMNS))


def _read(path: Path) -> list[dict[str, str | None]]:
    try:
        return list(pq.read_table(path, columns=COLUMNS, partitioning=None).to_pylist())
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> OutputError:
    return OutputError(
        f"{path} cannot be read: {type(error).__name__}",
        advice="nothing was done: it may hold what is meant. Bring the release back whole, or remove its folder",
    )


def released_texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield digest and text of every article in some files of releases; those that are withheld have none.

    Raises:
        OutputError: one of them cannot be read.
    """
    columns = ["text_sha256", "text"]
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(_ROWS, columns=columns) if "text" in file.schema_arrow.names else ():
                    yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)
        except pa.ArrowException as error:
            raise _unreadable(path, error) from error


def by_name(known: Iterable[Told], wanted: Sequence[str]) -> dict[str, list[Told]]:
    """Return the articles that names mean: ids, with or without the source, or addresses.

    Raises:
        UsageError: an id without its source is of articles of several.
    """
    names, addresses = set(wanted), {address: name for name in wanted if (address := loose(name))}
    found: dict[str, list[Told]] = {}
    for told in known:
        meant = {told.id, told.id.partition(":")[2]} & names
        if addresses and told.url and (name := addresses.get(loose(told.url))):
            meant.add(name)
        for name in meant:
            found.setdefault(name, []).append(told)
    for name, those in found.items():
        if name not in addresses.values() and len({told.source for told in those}) > 1:
            ids = ", ".join(sorted({told.id for told in those}))
            raise UsageError(f"{name} is of several articles: {ids}", advice="give the id with its source")
    return found


def loose(address: str) -> str:
    """Return an address in its loose form, or nothing where it is none."""
    try:
        return loose_address(address)
    except ValueError:
        return ""


def copies_of(articles: Sequence[Told], known: Iterable[Told]) -> list[Told]:
    """Return others that have the text, the letters or the address of some articles."""
    ids = {told.id for told in articles}
    texts = {told.text_sha256 for told in articles} | {told.letters_sha256 for told in articles}
    addresses = {loose(told.url) for told in articles if told.url}
    return [
        told
        for told in known
        if told.id not in ids
        and ({told.text_sha256, told.letters_sha256} & texts or (told.url and loose(told.url) in addresses))
    ]
