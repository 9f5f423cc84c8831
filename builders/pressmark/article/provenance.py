"""Where a text came from: the capture, and the steps between it and the text."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes an article came from."""

    file: str
    """The file, below the corpus folder, with `/`."""

    place: str
    """Where in the file: empty for a whole page, else the line, row or entry, counted from 1."""

    sha256: str
    """Digest of the bytes: of the whole page, or of the record's line without its line end."""

    media_type: str
    """Media type, such as `text/plain` or `application/json`."""

    url: str | None = None
    """Address that was asked for it; it names the article, where nothing else does."""

    retrieved_at: str | None = None
    retrieved_by: str | None = None
    origin: str | None = None
    """Address that its file was brought from, of a dataset of the Hub; it names no article."""


def provenance(capture: Capture, extractor: str, steps: Mapping[str, int]) -> dict[str, Any]:
    """Return the record of provenance of one article; steps that touched nothing are left out."""
    return {
        "captured_from": capture.url or capture.origin,
        "retrieved_at": capture.retrieved_at,
        "retrieved_by": capture.retrieved_by,
        "capture_sha256": capture.sha256,
        "capture_media_type": capture.media_type,
        "extractor": extractor,
        "steps": [{"step": step, "count": count} for step, count in Counter(steps).items() if count],
    }
