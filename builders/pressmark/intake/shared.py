"""What too many pages have in common: a headline, or a line within the text, that is the site's."""

from collections import Counter
from collections.abc import Iterator

from pressmark.article.record import Record
from pressmark.intake.task import ReadTask
from pressmark.recipe import PAGES

_FEWEST, _SHARE = 3, 0.5
"""Different texts with the same words in one place, and the share of all texts, from which on that is told."""

_LOOKED_AT = 1000
"""Texts of a task that are counted: a file of a crawler may have any number."""

_LONGEST = 80
"""Characters of a line of the site's, at most."""

_CODES = {"title": "shared-headline", "subtitles": "shared-headline", "text": "shared-line"}


class Shared:
    """Counts headlines, and short lines of texts, of the pages of a task; of records they are what their fields say."""

    def __init__(self, task: ReadTask) -> None:
        """Begin to count.

        Args:
            task: What is read.
        """
        self._files = task.input.files if task.input.format in (*PAGES, "warc") else ""
        self._texts: set[str] = set()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}

    def take(self, article: Record, file: str) -> None:
        """Count an article; copies of a text count once.

        Args:
            article: What was read.
            file: Where it was read from.
        """
        is_enough = len(self._texts) == _LOOKED_AT
        if not self._files or is_enough or article["text_sha256"] in self._texts:
            return
        self._texts.add(article["text_sha256"])
        told = [("title", article.get("title", ""))]
        told += [("subtitles", words) for words in article.get("subtitles", ())[:1]]
        told += [("text", line) for line in article["text"].split("\n\n") if len(line) <= _LONGEST]
        for key in dict.fromkeys(told):
            self._counts[key] += bool(key[1])
            self._first.setdefault(key, file)

    def told(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield code, file, place and detail of a finding for each of these fields that most pages share."""
        seen = set()
        for (field, words), count in self._counts.most_common():
            if field not in seen and count >= _FEWEST and count > _SHARE * len(self._texts):
                seen.add(field)
                # Words of a text stand in no finding.
                detail = f"found the same on {count} of {len(self._texts)} pages, such as {self._first[field, words]}"
                yield _CODES[field], self._files, field, detail
