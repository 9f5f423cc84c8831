"""What is known of takedowns over all their runs, in `private/takedown.json` of the corpus: no word of an article."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from pressmark.errors import UsageError
from pressmark.hub.remote import Remote
from pressmark.hub.takedown.inventory import Inventory
from pressmark.recipe import Recipe
from pressmark.suppression import PRIVATE_FOLDER, private_folder
from pressmark.workshop import write_durably

_STATE = "takedown.json"


@dataclass(slots=True)
class Case:
    """What is known of a repository's takedown, over all runs."""

    closed: bool = False
    """Whether a takedown closed the repository and has not opened it again."""

    places: list[list[str]] = field(default_factory=list)
    """Commits and paths at which any stood."""

    contents: list[str] = field(default_factory=list)
    """SHA-256 of files that held any and were stored apart."""

    commits: list[str] = field(default_factory=list)
    """Commits that there were when a takedown began: it can leave them without a ref, and a later one looks there."""


def read_cases(recipe: Recipe) -> dict[str, Case]:
    """Return what is known of takedowns of a corpus, by repository."""
    path = recipe.folder / PRIVATE_FOLDER / _STATE
    if not path.is_file():
        return {}
    try:
        return {repo: Case(**case) for repo, case in json.loads(path.read_bytes()).items()}
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{path} cannot be read: {type(error).__name__}",
            advice="bring it back as it was; it says where on the Hub to look",
        ) from error


def _write_cases(recipe: Recipe, cases: Mapping[str, Case]) -> None:
    told = {repo: asdict(case) for repo, case in cases.items()}
    write_durably(private_folder(recipe.folder) / _STATE, (json.dumps(told, indent=1) + "\n").encode())


def write_closed(recipe: Recipe, remote: Remote, *, closed: bool) -> None:
    """Write down whether a takedown has closed a repository."""
    cases = read_cases(recipe)
    cases.setdefault(remote.repo, Case()).closed = closed
    _write_cases(recipe, cases)


def note_places(recipe: Recipe, inventory: Inventory) -> None:
    """Write down where it stands, before anything is removed."""
    cases = read_cases(recipe)
    case = cases.setdefault(inventory.repo, Case())
    places = {(commit, path) for commit, path in case.places} | set(inventory.places)
    case.places = [list(place) for place in sorted(places)]
    case.contents = sorted({*case.contents, *inventory.apart})
    case.commits = sorted({*case.commits, *inventory.commits})
    _write_cases(recipe, cases)


def forget_commits(recipe: Recipe, inventory: Inventory) -> None:
    """Let go of the commits that the Hub does not know any more, so that no later look asks for them again."""
    cases = read_cases(recipe)
    case = cases.get(inventory.repo)
    if case and (kept := sorted(set(case.commits) & inventory.commits)) != case.commits:
        case.commits = kept
        _write_cases(recipe, cases)
