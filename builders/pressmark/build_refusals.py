"""What a build refuses before it writes a release."""

from collections.abc import Sequence
from pathlib import Path

from pressmark.accounts import write_ledger
from pressmark.curation import Curation
from pressmark.departures import departed, refuse_accidents
from pressmark.errors import PressmarkError, UsageError
from pressmark.history import History
from pressmark.lines import Order
from pressmark.recipe import Line, Recipe
from pressmark.release.version import VERSION
from pressmark.s3_address import s3_address

AUTO = "auto"


def chosen(recipe: Recipe, version: str, line: str | None) -> list[Line]:
    """Return the lines that are built; refuse a version or a line that there is not."""
    if version != AUTO and not VERSION.fullmatch(version):
        advice = "give three numbers, such as --version 1.0.0, or --version auto"
        raise UsageError(f"found the version {version!r}", advice=advice)
    if line is not None and line not in recipe.lines:
        raise UsageError(f"the recipe has no release line {line!r}", advice=f"it has: {', '.join(recipe.lines)}")
    return [each for each in recipe.lines.values() if line in (None, each.name)]


def refuse_mixing(releases: Path, private: Path) -> None:
    """Refuse to keep private texts among releases."""
    one, other = releases.resolve(), private.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UsageError(
            f"releases would be in {releases}, the private workshop in {private}",
            advice="give --out and --work folders of their own: releases are passed on, the workshop never",
        )


def refuse_nested(out: Path | str, work: Path | str) -> None:
    """Refuse to keep private texts among releases in a bucket, or the other way round."""
    one, other = s3_address(out), s3_address(work)
    if one and other and one.bucket == other.bucket:
        keys = [f"{each.key}/".lstrip("/") for each in (one, other)]
        if keys[0].startswith(keys[1]) or keys[1].startswith(keys[0]):
            raise UsageError(
                f"releases would be at {one}, the private workshop at {other}",
                advice="give --out and --work prefixes of which none holds the other: releases are passed on, the "
                "workshop never",
            )


def refuse_nothing(curation: Curation, ledger: Path) -> None:
    """Refuse to go on without an article, and write the ledger."""
    if not curation.roll.kept.any():
        write_ledger(curation, ledger)
        raise PressmarkError("no input is an article", advice=f"{ledger} says why, for each of them")


def refuse_lost_splits(recipe: Recipe, history: History) -> None:
    """Refuse a recipe without a split that earlier releases have."""
    lost = sorted(history.splits() - {name for name, _ in recipe.splits})
    if lost:
        raise UsageError(
            f"the recipe has no split {', '.join(lost)} any more, in which earlier releases have articles",
            advice="articles never change their split: name it in [splits] again, with a small share if need be",
        )


def refuse_vanished(order: Order, lines: Sequence[Line], curation: Curation) -> None:
    """Refuse to go on where records of the releases before are gone and nobody said so."""
    for each in lines:
        if each.name in order.history.lines:
            rows = order.history.lines[each.name].rows
            refuse_accidents(departed(rows, curation, each.name, order.registry.suppression), each.name)
