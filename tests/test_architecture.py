"""The house: an article travels one way, and no module imports from a floor above its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "builders" / "pressmark"

# From the ground up. Modules of one floor may import each other only within their folder, or where both stand at
# the root of the package.
FLOORS = (
    {"errors", "findings", "markup", "version", "wording"},
    {"article", "figures", "plan", "workshop"},
    {
        "assignment",
        "card_parts",
        "corpus_folder",
        "decisions",
        "hub_address",
        "recipe",
        "s3_address",
        "sources",
        "tomlfile",
    },
    {"curate", "engine", "intake", "press", "release"},
    {"stores"},
    {
        *(
            "building",
            "checking",
            "curation",
            "decide",
            "departures",
            "entries",
            "former",
            "history",
            "holdings",
            "how_far",
            "hydration",
            "ids_given",
        ),
        *("accounts", "cache", "card_home", "card_sections", "outcomes", "standings", "written"),
        *("apart", "in_place", "mapped", "roll", "roll_call", "roll_stage"),
        *("fetched", "gathering", "grouping", "jobs", "likeness", "likeness_index", "likeness_judged"),
        *("likeness_stages", "lines", "near_withdrawn"),
        *("numbering", "page_lines", "past", "results", "stored_inputs"),
        *("stored_names", "stored_pieces", "stored_removal", "stored_workshop"),
        *(
            "hydration",
            "ids_given",
            "purging",
            "reading",
            "reading_plan",
            "rebuilding",
            "search",
            "pressing",
            "shard_rows",
            "stages",
            "staging",
            "suppression",
            "split_remarks",
            "survey",
            "told",
            "wanted",
            "whose",
            "reasons",
        ),
        *("build_refusals", "shelf", "withdraw"),
    },
    {"beginning", "hub"},  # what comes before the floor below and after it
    {"page"},  # it shows what the floors below built
    {"notebook"},  # what the floors below do, as objects that show themselves
    {
        *(
            "__main__",
            "__init__",
            "cli",
            "cli_build",
            "cli_cache",
            "cli_duplicates",
            "cli_explain",
            "cli_history",
            "cli_hydrate",
            "cli_init",
            "cli_options",
            "cli_order",
            "cli_rights",
            "cli_withdraw",
        ),
        *(
            "cli_card",
            "cli_hub",
            "cli_publish",
            "cli_report",
            "cli_takedown",
            "cli_verify",
            "page_of_changes",
            "progress",
            "report",
            "report_duplicates",
            "report_history",
            "report_hub",
            "report_build",
            "report_check",
            "report_rights",
            "report_verify",
        ),
    },
)
FLOOR_OF = {place: number for number, places in enumerate(FLOORS) for place in places}
FOLDERS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 250
LONGEST_FUNCTION = 60


def place_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and place of everything of ours that a module imports, in functions too."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a module stands"
            names = [node.module or ""]
            if node.module == "pressmark":
                names = [f"pressmark.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] == "pressmark":
                yield node.lineno, name.split(".")[1] if "." in name else "__init__"


def offences(place: str, tree: ast.AST) -> list[str]:
    found = []
    for line, target in imported(tree):
        same_room = target == place or (FLOOR_OF[target] == FLOOR_OF[place] and not {target, place} & FOLDERS)
        if FLOOR_OF[target] > FLOOR_OF[place]:
            found.append(f"line {line}: {place} (floor {FLOOR_OF[place]}) may not import {target}, above it")
        elif FLOOR_OF[target] == FLOOR_OF[place] and not same_room:
            found.append(f"line {line}: {place} may not import {target}, beside it")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(module: Path) -> None:
    assert place_of(module) in FLOOR_OF, "every module has a floor"
    assert offences(place_of(module), ast.parse(module.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("article", "def f():\n    from pressmark.building import build\n"),
        ("intake", "import pressmark.press.card\n"),
        ("errors", "from pressmark import recipe\n"),
        ("curate", "from pressmark.release.verify import verify\n"),
    ],
)
def test_the_guard_sees_an_import_that_goes_up_or_across(place: str, source: str) -> None:
    assert offences(place, ast.parse(source)) != []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_verify_shares_no_code_with_the_writer() -> None:
    for module in (PACKAGE / "release").glob("*.py"):
        places = {place for _, place in imported(ast.parse(module.read_text(encoding="utf-8")))}
        # The hand that draws is the same for both; what it is given is counted twice. So are the words of the card.
        drawing = {"figures"} if module.name == "figures.py" else set()
        assert places <= {"article", "errors", "findings", "release", "version", "wording"} | drawing, module


def test_data_folders_are_no_packages() -> None:
    for folder in ("schema", "corpus"):
        assert not list((PACKAGE.parents[1] / folder).rglob("*.py"))
