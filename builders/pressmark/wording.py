"""The words of the dataset card: data, as the catalogue of findings is, with slots for what is derived."""

import tomllib
from importlib.resources import files

_WORDS: dict[str, dict[str, str]] = tomllib.loads((files("pressmark") / "wording.toml").read_text(encoding="utf-8"))


def words(name: str, /, **slots: object) -> str:
    """Return a paragraph with its slots filled.

    Args:
        name: Of its section and itself, such as `rights.rule`.
        slots: What is derived. What comes from outside has been made plain Markdown; braces in it are no slots.

    Raises:
        KeyError: there is no such paragraph, or a slot is not filled.
    """
    section, _, key = name.partition(".")
    return _WORDS[section][key].format(**slots)
