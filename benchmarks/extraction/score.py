"""How well pages are read, against a gold set: text by word shingles, and title, day and people exactly.

A gold set is a folder of `NAME.html` files, each with a `NAME.json` beside it: `title`, `text` (paragraphs parted by
blank lines), `published_at` or `published_on`, `authors` (names), and optionally `zone` (an IANA name) and `rules`
(selectors as in a source file). Pages whose gold has `code` are passed over. Both readers read each page in turn, in
one run. What is loaded once is not timed.

    python benchmarks/extraction/score.py [FOLDER]
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from trafilatura import bare_extraction

from pressmark.article.dates import zone
from pressmark.findings import RefusedInputError
from pressmark.intake.html import read_html
from pressmark.sources import HtmlRules

OURS, ALONE = "pressmark", "trafilatura alone"
_SHINGLE = 4
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
"""A word; of Chinese and Japanese a character."""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text; of a shorter one the whole."""
    words = _WORD.findall(text.lower())
    size = min(_SHINGLE, len(words)) or 1
    return Counter(tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def overlap(gold: str, found: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of a text."""
    wanted, got = shingles(gold), shingles(found)
    common = (wanted & got).total()
    precision, recall = common / (got.total() or 1), common / (wanted.total() or 1)
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def by_pressmark(data: bytes, gold: dict[str, Any]) -> dict[str, Any]:
    """Read a page as a build does."""
    rules = HtmlRules(**{key: tuple(each) for key, each in gold.get("rules", {}).items()})
    try:
        fields = read_html(data, place=zone(gold["zone"]) if gold.get("zone") else None, rules=rules).fields
    except RefusedInputError:
        return {}
    authors = [each["name"] for each in fields["contributors"] if each["role"] == "aut"]
    return {**fields, "authors": authors, "day": fields.get("published_on")}


def by_trafilatura(data: bytes, _: dict[str, Any]) -> dict[str, Any]:
    """Read a page with the extractor and nothing else."""
    found: Any = bare_extraction(data, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    authors = [each.strip() for each in (found.author or "").split(";") if each.strip()]
    return {"text": found.text or "", "title": found.title, "authors": authors, "day": found.date}


def pages(folder: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield pages and their gold."""
    for path in sorted(folder.rglob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if "code" not in gold:
            yield path.with_suffix(".html").read_bytes(), gold


def main(folder: Path) -> None:
    """Print the scores of both readers."""
    readers: dict[str, Callable[[bytes, dict[str, Any]], dict[str, Any]]] = {OURS: by_pressmark, ALONE: by_trafilatura}
    texts: dict[str, list[tuple[float, float, float]]] = {name: [] for name in readers}
    exact = {name: Counter[str]() for name in readers}
    seconds = dict.fromkeys(readers, 0.0)
    count = size = 0
    for data, gold in pages(folder):
        if not count:
            for reader in readers.values():
                reader(data, gold)  # what is loaded once is not timed
        count, size = count + 1, size + len(data)
        day = gold.get("published_on") or (gold.get("published_at") or "")[:10] or None
        for name, reader in readers.items():
            start = time.perf_counter()
            found = reader(data, gold)
            seconds[name] += time.perf_counter() - start
            texts[name].append(overlap(gold["text"], str(found.get("text", ""))))
            exact[name]["title"] += found.get("title") == gold["title"]
            exact[name]["day"] += found.get("day") == day
            exact[name]["authors"] += sorted(found.get("authors", [])) == sorted(gold["authors"])
    if not count:
        sys.exit(f"{folder} has no pages with gold beside them")
    print(f"{count} pages, {size / 1e6:.2f} MB")
    for name in readers:
        precision, recall, f1 = (mean(each[column] for each in texts[name]) for column in range(3))
        shares = ", ".join(f"{key} {exact[name][key] / count:.1%}" for key in ("title", "day", "authors"))
        rate = count / seconds[name]
        print(f"{name:18} text P {precision:.3f} R {recall:.3f} F1 {f1:.3f}; {shares}; {rate:.0f} pages/s on one core")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "tests" / "html")
