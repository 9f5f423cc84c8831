"""Words that the Hub and its clients know in a card, and names that they read in their own way."""

import re
import tomllib
from importlib.resources import files

_KNOWN = tomllib.loads((files("pressmark") / "hub" / "known.toml").read_text(encoding="utf-8"))

LICENSES = frozenset(_KNOWN["licenses"])
SIZES = frozenset(_KNOWN["size_categories"])

SPLIT = re.compile(r"\w+(\.\w+)*")
"""What `datasets` takes for the name of a split (datasets.naming)."""

NOT_IN_CONFIG_NAMES = r"<>:/\|?*"
"""What `datasets` refuses in the name of a configuration: it becomes a folder of its cache (datasets.naming)."""

OVERRIDES = ("dataset_infos.json", ".huggingface.yaml")
"""Files at the root that clients read before the card or instead of it; so is a script named after the repository."""

_TWO_LETTERS = frozenset(_KNOWN["languages"])
_THREE_LETTERS = re.compile("(?!q[a-t])[a-z]{3}")
"""ISO 639-2 and 639-3 leave qaa to qtz for private use."""


def is_language(code: str) -> bool:
    """Tell whether a code is one of ISO 639, one of three letters by its form alone."""
    return code in _TWO_LETTERS or bool(_THREE_LETTERS.fullmatch(code))
