"""What there is to say of the splits of a recipe: names that may be misspelt."""

import difflib
from collections.abc import Iterator

from pressmark.findings import Finding
from pressmark.recipe import Recipe

_USUAL = ("train", "validation", "test")
_ALIKE = 0.7


def misspelt(recipe: Recipe) -> Iterator[Finding]:
    """Yield a finding for each name that is nearly, and not quite, one that readers look for."""
    names = {name for name, _ in recipe.splits}
    for name in sorted(names.difference(_USUAL)):
        for meant in difflib.get_close_matches(name, set(_USUAL) - names, 1, _ALIKE):
            yield Finding("unusual-split", "corpus.toml", f"splits.{name}", f"found {name}, near {meant}")
