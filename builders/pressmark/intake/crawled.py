"""A file of a crawler as inputs: its pages and texts, each with what the robots.txt of its site says about it."""

from collections.abc import Iterator
from typing import BinaryIO

from pressmark.intake.found import Found
from pressmark.intake.robots import gathered, of_page
from pressmark.intake.warc import captures


def crawled(stream: BinaryIO, name: str, limit: int) -> Iterator[Found]:
    """Yield what lies in a file of a crawler.

    It is read twice, for a robots.txt may stand behind the pages that it is about. Of a site whose robots.txt lies in
    another file nothing is known.

    Args:
        stream: The file.
        name: Its name, which says how it is packed.
        limit: Bytes that a record, and what it unpacks to, may have, and all robots.txt files together.

    Raises:
        RefusedInputError: the robots.txt files are too large.
    """
    sites = gathered(captures(stream, name, limit), limit)
    stream.seek(0)
    for each in captures(stream, name, limit):
        if each.kind in ("other", "robots"):
            yield Found(each.number, passed=each.what or "robots.txt")
        else:
            signals = of_page(sites, each.url) if each.refusal is None else []
            yield Found(each.number, each.body, None, each.refusal, each, signals)
