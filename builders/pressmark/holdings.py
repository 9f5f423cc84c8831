"""A reader's own copies: which files were given, and what each publication of a release makes of them."""

import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pressmark.errors import UsageError
from pressmark.intake.files import InputFile, find
from pressmark.intake.read import Reading, read
from pressmark.intake.task import ReadTask
from pressmark.intake.unpack import PACKED, inner_name
from pressmark.press.publications import Publication

_FORMATS = {
    ".txt": "page",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".arc": "warc",
    ".wet": "warc",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One file of a reader."""

    shown: str
    """The file as the report names it: what was given, and the path below."""

    folder: Path
    file: InputFile
    format: str

    def paths(self) -> Iterator[str]:
        """Yield the paths that the file may have had below the input root of a build, the longest first.

        Nobody knows how much of the path a reader keeps above it.
        """
        parts = _plain(self.folder.absolute() / self.file.shown).strip("/").split("/")
        yield from ("/".join(parts[start:]) for start in range(len(parts)))


def holdings(given: Sequence[Path]) -> Iterator[Holding]:
    """Yield the text pages and files of records among what was given, in the order of their names.

    Raises:
        UsageError: something is not there, or is a file of another kind.
    """
    for path in given:
        if not path.exists():
            raise UsageError(f"{path} is not there", advice="give files or folders that are, as --from")
        if not path.is_dir() and _format(path.name) is None:
            raise UsageError(f"{path} is no file of texts: of {', '.join(_FORMATS)}, also with {' or '.join(PACKED)}")
    for path in sorted(set(given)):
        if not path.is_dir():
            yield _alone(path)
            continue
        for file in find(path, ["**"]):
            format_ = _format(file.shown)
            if format_:
                yield Holding(_plain(path / file.shown), path, file, format_)


def _format(name: str) -> str | None:
    """Return the format that a file's name says, or None."""
    return _FORMATS.get(Path(inner_name(name)).suffix.lower())


def _alone(path: Path) -> Holding:
    # Whoever names a link means the file behind it.
    real = path.resolve(strict=True)
    status = real.stat()
    refused = "" if stat.S_ISREG(status.st_mode) else "not-a-file"
    file = InputFile(real.name, _plain(Path(path.name)), status.st_size, refused)
    return Holding(_plain(path), real.parent, file, _format(path.name) or "")


def _plain(path: Path) -> str:
    """Return a path as findings have it: NFC, bytes that are no characters replaced."""
    return unicodedata.normalize("NFC", path.as_posix().encode(errors="surrogateescape").decode(errors="replace"))


def readings(holding: Holding, publications: Sequence[Publication]) -> Iterator[Reading]:
    """Yield what each publication makes of a file, in each way in which its inputs were read."""
    for publication in publications:
        for way in publication.inputs:
            if way.format == holding.format:
                files = (holding.file,)
                limit = publication.input_bytes
                # Of a split that a copy names nothing is taken, and nothing is refused.
                yield from read(ReadTask(0, holding.folder, way, publication.source, files, limit, with_splits=True))
