"""Whatever is changed in a card is found: each number, each line."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from pressmark import BuildResult
from pressmark.release import card as card_module
from pressmark.release import front, shape
from pressmark.release.card import CARD, verify_card
from pressmark.release.columns import read_contract
from pressmark.release.composed import found_in
from pressmark.release.croissant import verify_croissant
from pressmark.release.figures import drawn
from pressmark.release.manifest import read_manifest
from pressmark.release.marked import marked
from pressmark.release.rows import verify_rows


def _read(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


class Checker:
    """Holds one release against cards; its rows are read once."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder, self.place = folder, place
        self.card = (folder / CARD).read_bytes().decode()
        manifest, faults = read_manifest(folder)
        assert manifest is not None
        assert faults == []
        self.manifest = manifest
        scratch = place.with_name(f"{place.name}-scratch")
        scratch.mkdir()
        self.tally = verify_rows(folder, manifest, set(), scratch, map, near=False).tally
        self.words, _ = verify_croissant(folder, manifest, self.tally, ())
        place.mkdir()
        for path in folder.iterdir():
            if path.name != CARD:
                (place / path.name).symlink_to(path)

    def codes(self, card: str) -> set[str]:
        (self.place / CARD).write_bytes(card.encode())
        return {found.code for found in verify_card(self.place, self.manifest, self.tally, (), self.words)}


@pytest.fixture(scope="module", params=["open", "vault"])
def checker(
    request: pytest.FixtureRequest, example: BuildResult, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Checker]:
    """Return a checker that works out once what is the same for every change of a card, and reads front matter once."""
    found = Checker(example.lines[request.param].folder, tmp_path_factory.mktemp("card") / "copy")
    pictures = drawn(found.manifest, found.tally)
    beside = found_in(found.folder, found.manifest, found.tally, (), found.words)
    dumped: dict[str, str] = {}

    class Yaml:
        YAMLError = yaml.YAMLError
        safe_load = staticmethod(cache(_read))

        @staticmethod
        def safe_dump(value: Any, **options: Any) -> str:
            if (key := repr(value)) not in dumped:
                dumped[key] = yaml.safe_dump(value, **options)
            return dumped[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(card_module, "yaml", Yaml)
        patch.setattr(front, "yaml", Yaml)
        patch.setattr(shape, "drawn", lambda *_: pictures)
        patch.setattr(card_module, "found_in", lambda *_: beside)
        patch.setattr(card_module, "marked", cache(marked))
        patch.setattr(card_module, "read_contract", cache(read_contract))
        yield found


def numbers(text: str) -> list[re.Match[str]]:
    return [*re.finditer("[0-9]+", text)]


def test_the_card_itself_is_right(checker: Checker) -> None:
    assert checker.codes(checker.card) == set()
    assert len(numbers(checker.card)) > 250


def test_each_number_that_is_changed_is_found(checker: Checker) -> None:
    card = checker.card
    missed = []
    for found in numbers(card):
        other = str(int(found[0]) + 1) if not found[0].startswith("0") else f"1{found[0][1:]}"
        if not checker.codes(card[: found.start()] + other + card[found.end() :]):
            missed.append((found[0], card[found.start() - 40 : found.end() + 10]))
    assert missed == []


def test_each_line_that_is_changed_is_found(checker: Checker) -> None:
    """One after the other is gone, longer, or behind the next: of each line one of the three."""
    lines = checker.card.split("\n")
    missed = []
    for place, (line, after) in enumerate(pairwise(lines)):
        change = place % 3 if line != after else 0
        others = ([after], [f"{line} and more", after], [after, line])[change]
        if not checker.codes("\n".join([*lines[:place], *others, *lines[place + 2 :]])):
            missed.append((place + 1, line))
    assert missed == []


def test_the_address_that_a_card_names_is_the_same_everywhere(checker: Checker) -> None:
    """It is the publisher's word, and nothing else in a release says it: only that it does nothing can be looked at."""
    there, other = "<withdrawals@three-papers.example>", "<others@three-papers.example>"
    assert checker.card.count(there) == 2
    assert checker.codes(checker.card.replace(there, other, 1)) == {"card-differs"}
    assert checker.codes(checker.card.replace(there, other)) == set()
    assert checker.codes(checker.card.replace(there, "[us](https://evil.example)")) == {"card-differs"}
