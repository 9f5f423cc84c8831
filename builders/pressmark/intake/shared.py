"""What too many pages have in common: a headline that is a line of the site's."""

from collections import Counter
from collections.abc import Iterator

from pressmark.article.record import Record
from pressmark.intake.task import ReadTask
from pressmark.recipe import PAGES

_FEWEST, _SHARE = 3, 0.5
"""Different texts with the same words above them, and the share of all texts, from which on that is told."""

_QUOTED = 60


class Shared:
    """Counts the headlines of the pages of a task; of records they are what their fields say."""

    def __init__(self, task: ReadTask) -> None:
        """Begin to count.

        Args:
            task: What is read.
        """
        self._files = task.input.files if task.input.format in (*PAGES, "warc") else ""
        self._texts: set[str] = set()
        self._counts: Counter[tuple[str, str]] = Counter()

    def take(self, article: Record) -> None:
        """Count an article; copies of a text count once."""
        if self._files and article["text_sha256"] not in self._texts:
            self._texts.add(article["text_sha256"])
            told = {"title": article.get("title"), "subtitles": next(iter(article.get("subtitles", ())), None)}
            self._counts.update((field, words) for field, words in told.items() if words)

    def told(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield code, file, place and detail of a finding for each of these fields that most pages share."""
        for (field, words), count in self._counts.items():
            if count >= _FEWEST and count > _SHARE * len(self._texts):
                quoted = words if len(words) <= _QUOTED else f"{words[:_QUOTED]}..."
                yield "shared-headline", self._files, field, f"found {quoted!r} on {count} of {len(self._texts)} pages"
