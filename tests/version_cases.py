"""What tests of versions share: records with numbers, in a corpus that has nothing else."""

import shutil
from typing import Any

from support import RECIPE, Corpus

PAGES = '[[input]]\nfiles = "pages/**/*.txt"\nformat = "page"\nsource = "paper"\n'

CLOSED = """
[[decisions]]
status = "all_rights_reserved"
basis = "The desk looked again."
decided_by = "rights desk"
decided_on = 2025-06-01
evidence = [{ kind = "manual", scope = "text", where = "register" }]
scope = { ids = %s }
"""


def record(number: int, **fields: Any) -> dict[str, Any]:
    day = {"published_on": f"20{20 + number % 3}-02-{1 + number % 28:02d}"}
    return {"id": f"r{number}", "title": f"Title {number}", "text": f"Text of number {number}.", **day, **fields}


def records_alone(corpus: Corpus) -> None:
    """Take the pages out of a corpus."""
    shutil.rmtree(corpus.folder / "pages")
    (corpus.folder / "sources" / "paper.toml").unlink()
    corpus.write("corpus.toml", RECIPE.replace(PAGES, ""))
