"""What a task of reading is."""

from dataclasses import dataclass, field
from pathlib import Path

from pressmark.intake.captures import CaptureList
from pressmark.intake.files import InputFile
from pressmark.recipe import Input
from pressmark.sources import Source


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Some files of one input, or a stretch of a file of records."""

    number: int
    folder: Path
    input: Input
    source: Source
    files: tuple[InputFile, ...]
    input_bytes: int
    captures: CaptureList = field(default_factory=dict)
    start: int = 0
    """First byte of the stretch; it begins and ends with a line."""

    end: int | None = None
    first_line: int = 1
    """Number of the line that it begins with."""

    with_splits: bool = False
    """Whether records may say what split they are in."""

    @property
    def size(self) -> int:
        """Bytes that there are to read."""
        return sum(file.size for file in self.files) if self.end is None else self.end - self.start
