"""Where the recipe of a corpus is: the folder that was named, and what may have been meant where there is none."""

import difflib
from pathlib import Path

from pressmark.errors import UsageError

RECIPE = "corpus.toml"


def corpus_folder(corpus: Path | str) -> Path:
    """Return the folder of a corpus.

    Args:
        corpus: The folder that holds `corpus.toml`, or that file itself.

    Raises:
        UsageError: there is no such folder.
    """
    path = Path(corpus)
    folder = path.parent if path.name == RECIPE else path
    if not folder.exists():
        meant = _meant(folder)
        advice = f"did you mean {meant}?" if meant else "`pressmark init FOLDER --from FILES` begins a corpus"
        raise UsageError(f"there is no folder {folder}", advice=advice)
    return folder


def _meant(folder: Path) -> Path | None:
    """Return the corpus beside a folder that is not there, whose name is nearest to that folder's."""
    beside = folder.parent
    names = sorted(path.parent.name for path in beside.glob(f"*/{RECIPE}"))
    return next((beside / name for name in difflib.get_close_matches(folder.name, names, n=1)), None)
