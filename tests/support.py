"""What tests share: a small corpus to build, and pages to put into it."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pressmark import BuildResult, build

AS_OF = date(2026, 1, 31)
ROOT = Path(__file__).resolve().parents[1]

RECIPE = """
[corpus]
name = "small"
title = "A small corpus"
languages = ["ko-CN"]
contact = "nobody@small.example"

[releases.open]
destination = "public"

[releases.vault]
destination = "local"

[[input]]
files = "pages/**/*.txt"
format = "page"
source = "paper"

[[input]]
files = "records/**/*.jsonl"
format = "jsonl"
source = "journal"

[splits]
train = 0.8
test = 0.2

[limits]
rejected = "100 %"
input = "1 MB"
"""

PAPER = """
title = "The Paper"
publisher = "Paper House"
language = "ko-CN"
timezone = "Asia/Shanghai"

[rights]
status = "all_rights_reserved"

[layout]
bullet = '^· '

[[layout.anchors]]
role = "masthead"
pattern = 'THE PAPER'
required = true

[[layout.anchors]]
role = "section"
pattern = 'Paper > (?P<value>.{1,40})'

[[layout.anchors]]
role = "timestamp"
pattern = '(?P<year>[0-9]{2,4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})( (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?'

[[layout.anchors]]
role = "image"
pattern = '\\S+\\.jpg'

[[layout.anchors]]
role = "credit"
pattern = 'Translated by (?P<name>.+)'
contributor = "trl"
derivation = "translation"

[[layout.anchors]]
role = "related"
pattern = 'Read on'

[[layout.anchors]]
role = "notice"
pattern = 'All rights reserved.*'
"""

JOURNAL = """
title = "The Journal"
publisher = "Journal House"
language = "en"
timezone = "Europe/London"
derivation = "original"

[[rights.decisions]]
status = "public_domain"
basis = "The journal gave its texts to the public."
decided_by = "editor"
decided_on = 2025-01-01
evidence = [{ kind = "manual", scope = "text", where = "register" }]
"""

PAGE = """THE PAPER
Paper > Town

A headline that says something

2024-05-21 13:57

A deck below it

The first paragraph of the page tells what happened, where, and to whom it happened.

The second paragraph of the page adds what people said about it afterwards, at length.

Read on
All rights reserved by Paper House.
"""


@dataclass
class Corpus:
    """A corpus folder that a test fills."""

    folder: Path
    out: Path
    work: Path
    results: list[BuildResult] = field(default_factory=list)

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file below the corpus folder."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    def records(self, *records: dict[str, Any], path: str = "records/a.jsonl") -> Path:
        """Write records as JSON Lines; each gets an id, a date and a text where it has none."""
        lines = []
        for number, record in enumerate(records, 1):
            whole = {"id": f"r{number}", "published_on": "2020-02-02", "text": f"Text number {number}.", **record}
            lines.append(json.dumps(whole, ensure_ascii=False))
        return self.write(path, "\n".join(lines) + "\n")

    def build(self, version: str = "1.0.0", **options: Any) -> BuildResult:
        """Build in this process."""
        chosen = {"out": self.out, "work": self.work, "as_of": AS_OF, "workers": 1, **options}
        result = build(self.folder, version, **chosen)
        self.results.append(result)
        return result

    def ledger(self) -> list[dict[str, Any]]:
        """Return what became of each input of the last build."""
        return [json.loads(line) for line in self.results[-1].ledger.read_text(encoding="utf-8").splitlines()]

    def codes(self, line: str = "open") -> dict[str, str]:
        """Return the code or class of each input of the last build, by file, with the line of a record."""
        found = {}
        for row in self.ledger():
            name = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
            found[name] = row["became"][line].get("code", row["became"][line]["class"])
        return found


def small_corpus(base: Path) -> Corpus:
    """Write a corpus folder with a recipe, two sources and one page."""
    made = Corpus(base / "corpus", base / "dist", base / "work")
    made.write("corpus.toml", RECIPE)
    made.write("sources/paper.toml", PAPER)
    made.write("sources/journal.toml", JOURNAL)
    made.write("pages/1.txt", PAGE)
    made.records({})
    return made
