"""Files of a scratch folder that tasks write: a task may run twice, and another may read the first file by then."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Give a place to write to, and put what is there in the place of a file, whole."""
    # No two processes have the same, also on several machines.
    unfinished = path.with_name(f"{uuid4().hex}-{path.name}")
    yield unfinished
    unfinished.replace(path)
