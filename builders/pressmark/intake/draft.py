"""What a format makes of one input, before it is admitted as an article."""

from collections import Counter
from dataclasses import dataclass, field

from pressmark.article.record import Record


@dataclass(slots=True)
class Draft:
    """The fields that a format found, and what there is to say about them."""

    fields: Record = field(default_factory=dict)
    """By the names of the contract; times as they were found, texts by the text rules."""

    is_plain: bool = False
    """Whether it is known that there is nothing to clean and no control character in the fields: see `intake.plain`."""

    own_id: str | None = None
    """The input's own id within its source."""

    split: str | None = None
    """The split that the input says it is in."""

    evidence: list[dict[str, str]] = field(default_factory=list)
    """What was seen about rights, read before anything was cut away."""

    languages: list[tuple[str, str]] = field(default_factory=list)
    """Where the input says in which language it is, and what it says."""

    steps: Counter[str] = field(default_factory=Counter)
    """What was done, and how often."""

    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Codes, places and details of findings that do not refuse the input."""
