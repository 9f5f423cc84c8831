"""Who made a text, as pages say it: told apart by label, never invented."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Credits:
    """What the credits of a text say."""

    contributors: list[dict[str, str]] = field(default_factory=list)
    """By the contract: role (`aut`, `trl`, `edt`, `pht`), name, and label where the page has one."""

    syndicated_from: str | None = None
    """Where the page says that the text is from: a source credit, which is no author."""

    derivation: str | None = None
    """`translation` or `compilation` where a label says so."""


def from_field(value: str) -> Credits:
    """Read what a field such as a byline or a meta tag says."""
    raise NotImplementedError


def take(paragraphs: list[str]) -> tuple[list[str], Credits]:
    """Take credits off that stand alone at the end or the start of a text, or are glued to its last sentence.

    Returns the paragraphs that are left, and what the credits say.
    """
    raise NotImplementedError
