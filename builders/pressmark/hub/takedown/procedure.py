"""A takedown as one procedure: from the withdrawal to the look that it is gone."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pressmark.build_refusals import AUTO
from pressmark.building import build
from pressmark.errors import RemoteError, UsageError
from pressmark.findings import Finding
from pressmark.hub.ready import make_ready
from pressmark.hub.remote import Remote
from pressmark.hub.takedown.cases import Case, note_places, read_cases
from pressmark.hub.takedown.files import words
from pressmark.hub.takedown.inventory import Inventory, by_suppression, take_inventory
from pressmark.hub.takedown.look import UNVERIFIED
from pressmark.hub.takedown.steps import (
    Told,
    carry_out,
    contain,
    files_at_home,
    is_for_others,
    look_again,
    may_open,
    newest,
    open_again,
    remotes,
    repositories,
    take_stock,
)
from pressmark.recipe import Recipe, read_recipe
from pressmark.release.version import Bump, numbers, raised
from pressmark.suppression import read_registry
from pressmark.told import Told as Article
from pressmark.withdraw import Withdrawal, record_withdrawal

Connect = Callable[[str], Remote]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a takedown, or of another look."""

    findings: list[Finding]
    """What is still there, and what could not be looked at; nothing where it was found nowhere."""

    steps: list[str]
    """What only a person can do."""

    opened: list[str]
    """Repositories that were opened again."""

    closed: list[str]
    """Repositories that stay closed, for something was found or could not be looked at."""

    clean: list[str]
    """Repositories that a takedown closed, in which nothing is found, and that stay closed until somebody says."""


def refuse_idle(recipe: Recipe, withdrawal: Withdrawal | None = None) -> None:
    """Refuse to go on where nothing is withdrawn, nor has ever been taken down.

    Raises:
        UsageError: so it is, or no release line names a repository.
    """
    repositories(recipe)
    if not withdrawal and not read_registry(recipe.folder).suppression.buried and not read_cases(recipe):
        raise UsageError(
            "nothing is withdrawn from this corpus", advice="give what is to be withdrawn, by id or address"
        )


def plan(recipe: Recipe, withdrawal: Withdrawal | None, out: Path, connect: Connect) -> list[Inventory]:
    """Return what the repositories of a corpus hold of what was, or would be, withdrawn. Changes nothing.

    Raises:
        UsageError: no release line names a repository, or nothing is withdrawn.
        RemoteError: one cannot be looked at.
    """
    refuse_idle(recipe, withdrawal)
    suppressed, is_named = by_suppression(read_registry(recipe.folder).suppression)
    named = {*withdrawal.articles, *withdrawal.copies} if withdrawal else set()

    def is_meant(article: Article) -> bool:
        return article in named or suppressed(article)

    at_home = files_at_home(out / recipe.name)
    cases = read_cases(recipe)
    return [
        take_inventory(remote, at_home, is_meant, is_named, cases.get(remote.repo, Case()).commits)
        for remote in remotes(recipe, connect).values()
        if remote.standing()
    ]


def take_down(  # noqa: PLR0913 - each is an option of the command
    corpus: Path | str,
    withdrawal: Withdrawal | None,
    *,
    out: Path,
    work: Path,
    connect: Connect,
    token: str | None,
    as_of: date | None = None,
    workers: int = 1,
    replace: str | None = None,
    told: Told = lambda _: None,
) -> Outcome:
    """Withdraw, close, build, publish, remove, look, and open again what was looked at and found clean.

    What an earlier, interrupted takedown closed is opened again too.

    Args:
        corpus: The folder that holds `corpus.toml`.
        withdrawal: What to withdraw; without it, what was withdrawn already is carried through.
        out: Where releases lie.
        work: Where workshops lie.
        connect: Gives a repository by its name.
        token: Whose account looks afterwards.
        as_of: The day that counts as today.
        workers: Processes.
        replace: The commit at the head of a repository that may be replaced although somebody changed it by hand.
        told: Called with what is done, in words.

    Raises:
        UsageError: no line names a repository, or the next version cannot be built. What was closed stays closed.
        RemoteError: the Hub does not answer as it should; run it again.
    """
    recipe = read_recipe(corpus)
    refuse_idle(recipe, withdrawal)
    named = remotes(recipe, connect)
    there = {line: remote for line, remote in named.items() if remote.standing()}
    for remote in there.values():
        contain(recipe, remote)
        told(f"{remote.repo}: closed to everybody else")
    if withdrawal:
        for name in record_withdrawal(withdrawal):
            told(f"tombstone: {name}")
    for remote in there.values():
        note_places(recipe, take_stock(recipe, remote, out))
    for folder in _built(recipe, out, work, as_of, workers):
        told(f"built: {folder}")
    today = as_of or datetime.now(UTC).date()
    steps: list[str] = []
    for line, remote in there.items():
        release = newest(out, recipe, line)
        if release is None:
            raise UsageError(f"{line} has no release below {out}", advice="bring its releases back; --out says where")
        ready = make_ready(release, remote.repo, work, today, workers)
        carry_out(recipe, remote, ready, out, told, replace)
        steps += take_stock(recipe, remote, out).by_hand()
    # Also those that this account does not see: that is no proof.
    return _looked(recipe, named.values(), out, token, steps, confirmed=[remote.repo for remote in there.values()])


def closed_by_takedowns(recipe: Recipe) -> list[str]:
    """Return the repositories of lines for others that a takedown closed, and no run has opened again, or seen open."""
    closed = {repo for repo, case in read_cases(recipe).items() if case.closed}
    return sorted(
        line.repo for line in recipe.lines.values() if line.repo in closed and is_for_others(line.destination)
    )


def _built(recipe: Recipe, out: Path, work: Path, as_of: date | None, workers: int) -> list[Path]:
    """Build the next version; return the newest releases, which are the same as before where nothing has changed."""
    made = build(recipe, AUTO, out=out, work=work, as_of=as_of, workers=workers).lines.values()
    folders = [line.folder for line in made]
    _, is_named = by_suppression(read_registry(recipe.folder).suppression)
    files = [path for folder in folders for path in folder.rglob("*.json*")]
    if all(line.unchanged for line in made) and any(
        is_named(word) for path in files for word in words(path.read_bytes())
    ):
        # The article itself had left before, and the newest version says so by its name.
        following = raised(max((folder.name for folder in folders), key=numbers), Bump.PATCH)
        made = build(recipe, following, out=out, work=work, as_of=as_of, workers=workers).lines.values()
        folders = [line.folder for line in made]
    return folders


def look(
    corpus: Path | str, *, out: Path, connect: Connect, token: str | None, confirmed: Collection[str] = ()
) -> Outcome:
    """Look again for everything that was withdrawn from a corpus.

    Args:
        corpus: The folder that holds `corpus.toml`.
        out: Where releases lie.
        connect: Gives a repository by its name.
        token: Whose account looks.
        confirmed: Repositories to open again where a takedown closed them and nothing is found. Who closed one last
            cannot be seen on the Hub: it may have been its owner, since.

    Raises:
        UsageError: no release line names a repository, or nothing is withdrawn.
    """
    recipe = read_recipe(corpus)
    refuse_idle(recipe)
    there = list(remotes(recipe, connect).values())
    steps = [step for remote in there if remote.standing() for step in take_stock(recipe, remote, out).by_hand()]
    return _looked(recipe, there, out, token, steps, confirmed=confirmed)


def _looked(
    recipe: Recipe,
    there: Iterable[Remote],
    out: Path,
    token: str | None,
    steps: list[str],
    *,
    confirmed: Collection[str],
) -> Outcome:
    outcome = Outcome([], steps, [], [], [])
    for remote in there:
        found = look_again(recipe, remote, out, token)
        if not found and may_open(recipe, remote):
            if remote.repo not in confirmed:
                outcome.clean.append(remote.repo)
                continue
            # Only now can be seen what somebody without an account sees.
            found = _seen_open(recipe, remote, out, token)
            outcome.opened.extend([] if found else [remote.repo])
        outcome.closed.extend([remote.repo] if found else [])
        outcome.findings.extend(found)
    return outcome


def _seen_open(recipe: Recipe, remote: Remote, out: Path, token: str | None) -> list[Finding]:
    """Open a repository and look again; where anything is found, or it cannot be looked at, close it again."""
    try:
        open_again(recipe, remote)
        found = look_again(recipe, remote, out, token)
    except RemoteError as error:
        found = [Finding(UNVERIFIED, remote.repo, "", str(error))]
    if found:
        try:
            contain(recipe, remote)
        except RemoteError:
            detail = "may be open, and could not be closed again: close it by hand, now"
            found.append(Finding(UNVERIFIED, remote.repo, "", detail))
    return found
