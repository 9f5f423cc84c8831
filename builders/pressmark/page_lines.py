"""How the lines of a text page are told by the layout of its source: what to look at where a page is refused."""

from collections import Counter
from pathlib import Path

from pressmark.findings import RefusedInputError
from pressmark.intake import clean
from pressmark.intake.carriers import encoding_of
from pressmark.intake.decode import decode
from pressmark.intake.files import open_inside
from pressmark.intake.layout import Told, tell
from pressmark.reading_plan import plan_reading
from pressmark.recipe import read_recipe


def page_lines(corpus: Path | str, file: str) -> list[Told]:
    """Return the lines of a page that are not blank, each with its role; none where it is no page or has no characters.

    Args:
        corpus: The folder that holds `corpus.toml`.
        file: The page, as findings name it.

    Raises:
        RecipeError: the recipe has faults.
    """
    tasks, _ = plan_reading(read_recipe(corpus), only_here=True)
    for task in tasks:
        page = next((each for each in task.files if each.shown == file), None)
        if page is None or task.source.layout is None or task.input.format != "page":
            continue
        with open_inside(task.folder, page) as stream:
            data = stream.read(task.input_bytes)
        try:
            return tell(clean.lines(decode(data, encoding_of(task.input)), Counter()), task.source.layout)
        except RefusedInputError:  # which is told as what the page is refused for
            return []
    return []
