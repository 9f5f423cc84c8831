"""What became of records that the release before had and this one has not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pressmark.curate.withdrawals import CODE as WITHDRAWN
from pressmark.curate.withdrawals import Suppression
from pressmark.curation import Curation
from pressmark.errors import UsageError
from pressmark.standings import Standings

EMBARGOED, VANISHED = "embargoed", "vanished"
_ACCIDENTS = frozenset({VANISHED, "id-conflict"})
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Departure:
    """A record that is gone."""

    id: str
    because: str
    """`vanished`, or the code that the ledger has for it."""

    survivor: str = ""
    """The id that stands for it, where there is one that may be mentioned."""

    tombstone: str | None = None
    """Where it was withdrawn."""


def departed(earlier: Standings, curation: Curation, line: str, suppression: Suppression) -> list[Departure]:
    """Return the records of the release before that a release line has no more, in the order of ids."""
    roll, absent = curation.roll, curation.absent(line)
    places = curation.earlier(line, earlier)
    gone = np.full(earlier.known.keys.size, fill_value=True)
    gone[places[(places >= 0) & roll.kept & ~absent]] = False
    embargoed = map(roll.identity, np.flatnonzero((places >= 0) & absent).tolist())
    departures = {identity: Departure(identity, EMBARGOED) for identity in embargoed}
    for number in np.flatnonzero((places >= 0) & ~roll.kept).tolist():
        (code, survivor, _), identity = roll.reason(number), roll.identity(number)
        if code not in ("later-capture", "cut-capture"):
            survivor = "" if absent[roll.survivors[number]] else survivor
            departures.setdefault(identity, Departure(identity, code, survivor, roll.tombstones.get(number)))
    ids = earlier.known.ids.filter(pa.array(gone)).to_pylist()
    return [departures.get(identity) or _without_input(identity, suppression) for identity in sorted(ids)]


def _without_input(identity: str, suppression: Suppression) -> Departure:
    tombstone = suppression.by_id(identity)
    return Departure(identity, WITHDRAWN if tombstone else VANISHED, tombstone=tombstone)


def told_departures(departures: Sequence[Departure], suppression: Suppression) -> list[dict[str, str]]:
    """Return departures as a release tells them: not what is under embargo, nor what may leave no trace."""
    return [
        {"id": each.id, "because": each.because, **({"survivor": each.survivor} if each.survivor else {})}
        for each in departures
        if each.because != EMBARGOED and each.tombstone not in suppression.secret
    ]


def refuse_accidents(departures: Sequence[Departure], line: str) -> None:
    """Refuse to go on where records are gone that nobody decided about.

    Raises:
        UsageError: some are.
    """
    lost = [each for each in departures if each.because in _ACCIDENTS]
    if lost:
        shown = ", ".join(f"{each.id} ({each.because})" for each in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        raise UsageError(
            f"{len(lost)} records that {line} had are gone: {shown}{more}",
            advice="bring their inputs back; `pressmark withdraw` takes a record back for good; --drop-vanished "
            "releases without them, as a MAJOR version",
        )
