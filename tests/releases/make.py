"""Makes the kept release of this version of pressmark again: `python tests/releases/make.py`.

Releases of versions that were published are never made again; they are what readers have.
"""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pressmark import __version__
from support import JOURNAL, PAGE, PAPER, RECIPE, Corpus
from version_cases import record

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Build a small corpus twice, and keep the second version of its public line."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        corpus = Corpus(base / "corpus", base / "dist", base / "work")
        corpus.write("corpus.toml", RECIPE.replace("train = 0.8\ntest = 0.2", "train = 1.0"))
        corpus.write("sources/paper.toml", PAPER)
        corpus.write("sources/journal.toml", JOURNAL)
        corpus.write("pages/1.txt", PAGE)
        corpus.records({**record(0), "published_on": "2024-01-01"}, {**record(1), "published_on": "2024-01-02"})
        corpus.build("1.0.0")
        corpus.records({**record(0), "published_on": "2024-01-01", "title": "Another"})
        corpus.build("2.0.0", drop_vanished=True)
        kept = HERE / f"pressmark-{__version__}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(corpus.results[-1].lines["open"].folder, kept)
        # Under its own name, git would follow it.
        (kept / ".gitattributes").rename(kept / "gitattributes")


if __name__ == "__main__":
    main()
