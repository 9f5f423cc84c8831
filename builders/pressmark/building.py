"""The main path: from a recipe to its releases."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from pressmark.accounts import rejected_share, write_ledger
from pressmark.article.contract import prove_formats
from pressmark.build_refusals import (
    AUTO,
    chosen,
    refuse_lost_splits,
    refuse_mixing,
    refuse_nested,
    refuse_nothing,
    refuse_vanished,
)
from pressmark.cache import Cache, code_digest
from pressmark.curation import Curation, curate
from pressmark.engine.choice import LOCAL, engine_of
from pressmark.history import read_history
from pressmark.in_place import begun_version, forget_begun, forget_whole, is_other, put_lines
from pressmark.lines import Order, PressedLine, Progress, describe_again, press_line
from pressmark.numbering import following, next_version
from pressmark.past import tells_more
from pressmark.plan import Engine
from pressmark.press.folder import telling_what_is_there, unfinished_folder
from pressmark.reading import Staged, read_inputs
from pressmark.recipe import Line, Recipe, read_recipe
from pressmark.results import BuildResult, LineResult
from pressmark.s3_address import is_on_s3
from pressmark.shelf import Shelf
from pressmark.stored_workshop import Kept, kept_in
from pressmark.stores.releases import Target, target_of
from pressmark.suppression import read_registry
from pressmark.workshop import Workshop, locked


def build(  # noqa: PLR0913 - each is an option of the command
    corpus: Recipe | Path | str,
    version: str,
    *,
    out: Path | str = "dist",
    work: Path | str = "work",
    copies: Path | str = "work",
    line: str | None = None,
    previous: Sequence[Path | str] = (),
    drop_vanished: bool = False,
    as_of: date | None = None,
    workers: int = 1,
    engine: str | Engine = LOCAL,
    cache: bool = True,
    progress: Progress | None = None,
) -> BuildResult:
    """Turn a recipe into a release folder for each of its lines, `OUT/CORPUS/LINE/VERSION`.

    Each line continues its newest earlier version: what that has keeps its id, split, group and numbers.

    Args:
        corpus: The recipe, or the folder that it is in.
        version: Semantic version, such as `1.0.0`, or `auto` for the next one that the changes ask for.
        out: Where releases go: a folder, or `s3://BUCKET/PREFIX`.
        work: Where the private workshop goes: a folder, or `s3://BUCKET/PREFIX`.
        copies: The folder for copies of what is in buckets; that is `work` where it is a folder.
        line: One release line; all of them by default.
        previous: Release folders to continue from that are not below `out`.
        drop_vanished: Release without records that the release before has and no input is any more.
        as_of: The day that counts as today for permissions and decisions; the only look at a clock is its default.
        workers: Processes; the bytes are the same. They are spawned: a script works below `if __name__ == "__main__"`.
        engine: Where tasks run: `local`, `ray`, `ray://HOST:PORT`, or an engine, whose caller ends it.
        cache: Keep in the workshop what can be used again, and use it; otherwise remove it. The bytes are the same.
        progress: Told how far the build is.

    Raises:
        RecipeError: the recipe has faults.
        GateRefusedError: a text that has to stay closed would stand in a release; nothing is released.
        PressmarkError: no input is an article; the ledger is written nevertheless.
        SystemRefusedError: the system refuses something; it says which releases are in their places.
        UsageError: the version or line cannot be used, records have vanished, or another release is there already.
        RemoteError: a store does not give or take something.
    """
    prove_formats()
    recipe = corpus if isinstance(corpus, Recipe) else read_recipe(corpus)
    lines, today = chosen(recipe, version, line), as_of or datetime.now(UTC).date()
    kept, target = _places(recipe, lines, out, work, copies)
    names, given, result = [each.name for each in lines], [Path(each) for each in previous], None
    while result is None:  # a second time where a stopped build began another version than the inputs ask for now
        opened, runs_on = kept.open(progress, entries=cache), engine_of(engine, workers)
        with _held(target, kept), opened as (shop, made), ExitStack() as left, runs_on as runs:
            target.bring(recipe.lines.values())
            wanted, begun = (None, begun_version(target.place, names)) if version == AUTO else (version, None)
            runs.reach([recipe.folder, *given], [target.place, shop.staging])
            shelf = Shelf(Cache(shop.shelf), shop.staging, code_digest()) if cache else None
            history = read_history(recipe, names, target.place, wanted or begun, given, runs, shelf)
            order = Order(recipe, today, runs, history, read_registry(recipe.folder), shelf, progress)
            result = _carried_out(order, lines, shop, target, wanted, begun, left, drop_vanished=drop_vanished)
            made.extend([result] if result else [])
    return result


@contextmanager
def _held(target: Target, kept: Kept) -> Iterator[None]:
    """Let no other build work where releases go, and say of what the system refuses that nothing was released."""
    with telling_what_is_there([], [target.place, kept.folder]), locked(target.place / ".lock"):
        yield


def _places(
    recipe: Recipe, lines: Sequence[Line], out: Path | str, work: Path | str, copies: Path | str
) -> tuple[Kept, Target]:
    """Return where the workshop is, and where releases go; the one may not lie in the other."""
    refuse_nested(out, work)
    kept = kept_in(work, copies, recipe.name)
    target = target_of(out, kept.copies, recipe, lines)
    refuse_mixing(target.place, kept.folder)
    if kept.address and not is_on_s3(out):  # the copy is below `--copies`, which nothing else says to be private
        refuse_mixing(Path(out), kept.folder)
    return kept, target


def _carried_out(
    order: Order,
    lines: Sequence[Line],
    shop: Workshop,
    target: Target,
    wanted: str | None,
    begun: str | None,
    folders: ExitStack,
    *,
    drop_vanished: bool,
) -> BuildResult | None:
    """Read and curate every input, and release what there is; see `_released`."""
    refuse_lost_splits(order.recipe, order.history)
    kept, read = Cache(shop.cache), partial(order.told, "read")
    staged = read_inputs(order.recipe, shop.staging, order.engine, kept if order.shelf else None, read)
    curation = _curated(order, lines, staged)
    refuse_nothing(curation, shop.ledger(wanted or following(order.history)))
    if not drop_vanished:
        refuse_vanished(order, lines, curation)
    result = _released(order, lines, curation, shop, target, wanted, begun, folders)
    kept.finished(each.key for each in staged.read if each.key)
    return result and replace(result, again=sum(each.again for each in staged.read), parts=len(staged.read))


def _released(
    order: Order,
    lines: Sequence[Line],
    curation: Curation,
    shop: Workshop,
    target: Target,
    wanted: str | None,
    begun: str | None,
    folders: ExitStack,
) -> BuildResult | None:
    """Press every line, settle the version, and put all in place; None where it is not the one begun, now forgotten."""
    history, place = order.history, target.place
    made = {}
    for line in lines:
        # It goes once the engine has ended, not before: until then tasks of a build that is stopped may write.
        folder = folders.enter_context(unfinished_folder(place / line.name, private=line.destination == "local"))
        made[line.name] = press_line(order, line, curation, shop, folder, wanted)
    changes = {name: found.changes for name, found in made.items()}
    more = any(tells_more(history, name, found.folder) for name, found in made.items())
    version = wanted or next_version(history, changes, tells_more=more)
    for line in lines:
        if version and made[line.name].manifest["version"] != version:
            made[line.name] = describe_again(order, line, curation, shop, made[line.name], version)
    if begun and (version != begun or is_other(made, place, begun)):
        forget_begun(place)
        return None
    if version is None:
        result = _nothing_new(order, curation, shop, made)
        forget_whole(place, order.recipe.lines)
        _keep_notes(shop, made)
        return result
    with telling_what_is_there([place / name / version for name in made], [place, shop.folder]):
        unchanged = put_lines(history, made, place, version)
        target.publish(version, made)
        write_ledger(curation, shop.ledger(version))
        for name in made:
            shop.keep_closed(version, name)
        _keep_notes(shop, made)
        forget_begun(place)
    results = {}
    for name, found in made.items():
        about = unchanged[name], dict(found.changes.kinds), target.address_of(name, version)
        results[name] = LineResult(place / name / version, found.manifest, *about)
    return _result(order.recipe, curation, results, shop.ledger(version))


def _keep_notes(shop: Workshop, made: Mapping[str, PressedLine]) -> None:
    """Remove what is noted of other files of rows, and other pairs of texts, than those of these releases."""
    Cache(shop.shelf).finished(key for found in made.values() for key in found.kept)


def _result(recipe: Recipe, curation: Curation, results: dict[str, LineResult], ledger: Path) -> BuildResult:
    share = rejected_share(next(iter(results.values())).counts)
    return BuildResult(results, ledger, share, share <= recipe.rejected, curation.remarks, recipe)


def _curated(order: Order, lines: Sequence[Line], staged: Staged) -> Curation:
    order.told("compare", 0, 1)
    known = (order.history, order.registry.suppression, order.shelf)
    curation = curate(order.recipe, lines, staged, order.as_of, order.engine, *known)
    order.told("compare", 1, 1)
    return curation


def _nothing_new(order: Order, curation: Curation, shop: Workshop, made: Mapping[str, PressedLine]) -> BuildResult:
    lines = order.history.lines
    results = {name: LineResult(lines[name].folder, lines[name].manifest, unchanged=True) for name in made}
    ledger = shop.ledger(str(order.history.newest))
    write_ledger(curation, ledger)
    return _result(order.recipe, curation, results, ledger)
