"""A corpus as an object: its recipe, a look at it, its builds, and its releases."""

from datetime import date
from pathlib import Path

from pressmark.building import build
from pressmark.checking import SAMPLE, CheckResult, check
from pressmark.errors import RecipeError, UsageError
from pressmark.history import versions_in
from pressmark.notebook import shown
from pressmark.notebook.release import Release
from pressmark.recipe import Recipe, read_recipe
from pressmark.results import BuildResult

RECIPE = "corpus.toml"


class Corpus:
    """A corpus folder. Nothing is kept of it: what is asked for is read as it is then.

    In a notebook it shows what its recipe says, or what is wrong with that.
    """

    def __init__(self, folder: Path | str) -> None:
        """Take a folder that holds `corpus.toml`.

        Raises:
            UsageError: it does not.
        """
        path = Path(folder)
        self.folder = path.parent if path.name == RECIPE else path
        if not (self.folder / RECIPE).is_file():
            raise UsageError(
                f"{self.folder} holds no {RECIPE}",
                advice="give the folder of a corpus; `pressmark init FOLDER --from FILES` begins one",
            )

    @property
    def recipe(self) -> Recipe:
        """Its recipe, read again each time.

        Raises:
            RecipeError: it has faults; the error carries all of them.
        """
        return read_recipe(self.folder)

    def check(self, *, sample: int = SAMPLE, as_of: date | None = None) -> CheckResult:
        """Look at recipe, sources and a sample of the inputs, as `pressmark.check` does; nothing is written."""
        return check(self.folder, sample=sample, as_of=as_of)

    def build(
        self,
        version: str,
        *,
        out: Path | str = "dist",
        work: Path | str = "work",
        copies: Path | str = "work",
        line: str | None = None,
        as_of: date | None = None,
        workers: int = 1,
    ) -> BuildResult:
        """Make its releases. The arguments are those of `pressmark.build`, which has more, and so are the errors."""
        return build(self.folder, version, out=out, work=work, copies=copies, line=line, as_of=as_of, workers=workers)

    def releases(self, out: Path | str = "dist") -> list[Release]:
        """Return the releases of its lines, line by line, the oldest first.

        Args:
            out: Where releases lie, as in `build`.

        Raises:
            RecipeError: the recipe has faults.
            UsageError: a folder there is no release.
        """
        recipe = self.recipe
        places = [Path(out) / recipe.name / line for line in recipe.lines]
        return [Release(place / version) for place in places for version in versions_in(place)]

    def __repr__(self) -> str:
        return f"Corpus({str(self.folder)!r})"

    def _repr_html_(self) -> str:
        try:
            recipe = self.recipe
        except RecipeError as error:
            return shown.together(shown.faults(f"{self.folder}: {error}", error.faults))
        sources = [
            (name, source.title, source.language, len(source.rights.decisions))
            for name, source in recipe.sources.items()
        ]
        lines = [(line.name, line.destination, line.profile, line.repo or "") for line in recipe.lines.values()]
        inputs = [(each.files, each.format, each.source) for each in recipe.inputs]
        return shown.together(
            shown.facts(
                recipe.title,
                [
                    ("name", recipe.name),
                    ("languages", ", ".join(recipe.languages)),
                    ("contact", recipe.contact),
                    ("splits", ", ".join(name for name, _ in recipe.splits)),
                    ("folder", str(self.folder)),
                ],
            ),
            shown.counts("Release lines", ("line", "for", "profile", "repository"), lines),
            shown.counts("Sources", ("source", "title", "language", "decisions"), sources),
            shown.counts("Inputs", ("files", "format", "source"), inputs),
        )
