"""Groups of near copies and their splits: a group never straddles splits, and what was released never moves.

Near copies of near copies belong together. A group is named after its founder: the article that was released first,
else the one with the smallest id. An article that was corrected keeps its group, whatever its text has become. New
articles alone take up the group that is named after the text of one of them.

Where near copies were released in different splits, or a new article is near to such, somebody has to go. Released
articles go by the order of their release; a new one never moves them, so it is left out.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pressmark.curate.duplicates import Entry, precedence
from pressmark.curate.splits import Origin, SplitRule, group_id

BRIDGE, STRADDLE, NEAR_COPY = "bridges-splits", "straddles-splits", "near-copy"
"""Codes: a new article near to two splits; a released one near to an earlier one elsewhere; one of a group to drop."""

At = tuple[int, int]
Beside = Mapping[At, Sequence[Entry]]
"""By place, the near copies of an article, in their order of precedence."""


@dataclass(frozen=True, slots=True)
class Placing:
    """What groups and splits go by."""

    rule: SplitRule
    origins: Mapping[str, Origin]
    """Where articles of earlier releases belong, by id."""

    keep_near: bool
    renamed: Mapping[str, str]
    """Other names for groups."""

    hidden: Collection[At] = ()
    """Articles that some line may not mention: no group is named after one of them that has another article."""


def founders(origins: Mapping[str, Origin]) -> dict[str, tuple[int, str]]:
    """Return when the founder of each group was released, and its id, by group."""
    found: dict[str, tuple[int, str]] = {}
    for identity, origin in origins.items():
        found[origin.group] = min(found.get(origin.group, (origin.released, identity)), (origin.released, identity))
    return found


def families(entries: Iterable[Entry], labels: Mapping[str, str]) -> list[list[Entry]]:
    """Return the articles that near copies lead to from each other, each family in its order of precedence.

    Args:
        entries: The articles.
        labels: By digest of letters, what it belongs to, where that is not itself.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[labels.get(entry.letters_sha256, entry.letters_sha256)].append(entry)
    return [sorted(family, key=precedence) for family in found.values()]


def straddles(family: Sequence[Entry], origins: Mapping[str, Origin]) -> bool:
    """Tell whether articles of a family were released in different splits."""
    return len({origins[entry.id].split for entry in family if entry.id in origins}) > 1


def placed(found: Iterable[list[Entry]], beside: Beside, placing: Placing) -> dict[At, tuple[str, str]]:
    """Return group and split of each article that stays, and mark the others.

    Args:
        found: Families, as `families` returns them.
        beside: Near copies of each article of a family that straddles splits.
        placing: What groups and splits go by.
    """
    known = {origin.group: origin.split for origin in placing.origins.values()}
    first = founders(placing.origins)
    places = {}
    for family in found:
        parts = _parted(family, beside, placing.origins) if straddles(family, placing.origins) else [family]
        for part in parts:
            if not placing.keep_near:
                _drop(part)
            for entry, group, split in _places(part, placing, known, first):
                places[entry.at] = (placing.renamed.get(group, group), split)
    return places


def _places(
    part: Sequence[Entry], placing: Placing, known: Mapping[str, str], first: Mapping[str, tuple[int, str]]
) -> Iterator[tuple[Entry, str, str]]:
    """Yield group and split of each article of a family, or of what of it is in one split."""
    staying = [entry for entry in part if not entry.code]
    groups = {placing.origins[entry.id].group for entry in staying if entry.id in placing.origins}
    named = {group_id(entry.text_sha256) for entry in staying} & known.keys()
    if groups or named:
        group = min(groups or named, key=lambda name: first[name])
        split = known[group]
        if not groups:
            _leave_out(staying, split, placing, known, first)
    else:
        founder = min(staying, key=lambda entry: (entry.at in placing.hidden, entry.id))
        group = group_id(founder.text_sha256)
        split = _new_split(group, staying, placing.rule)
    for entry in staying:
        if not entry.code:
            origin = placing.origins.get(entry.id)
            yield entry, origin.group if origin else group, origin.split if origin else split


def _leave_out(
    staying: Sequence[Entry],
    split: str,
    placing: Placing,
    known: Mapping[str, str],
    first: Mapping[str, tuple[int, str]],
) -> None:
    """Mark new articles of a family that is in one split, after whose text a group of another split is named.

    They name an article that stays and the founder of that group, but for one that may leave no trace.
    """
    others = [(entry, group_id(entry.text_sha256)) for entry in staying]
    others = [(entry, own) for entry, own in others if known.get(own, split) != split]
    for entry, own in others:
        entry.code, entry.also = BRIDGE, "" if own in placing.renamed else first[own][1]
    survivor = next(entry.id for entry in staying if not entry.code)
    for entry, _ in others:
        entry.survivor = survivor


def _new_split(group: str, entries: Sequence[Entry], rule: SplitRule) -> str:
    """Return the split of a new group: what the record with the smallest id says of those that say one."""
    stated = [(entry.id, entry.split) for entry in entries if entry.split is not None]
    if stated:
        return min(stated)[1]
    return rule.split(group, min((entry.published_on for entry in entries if entry.published_on), default=None))


def _drop(part: Sequence[Entry]) -> None:
    staying = [entry for entry in part if not entry.code]
    for entry in staying[1:]:
        # Exact copies that are still here are so because the recipe keeps them.
        if entry.text_sha256 != staying[0].text_sha256:
            entry.code, entry.survivor = NEAR_COPY, staying[0].id


def _parted(family: Sequence[Entry], beside: Beside, origins: Mapping[str, Origin]) -> list[list[Entry]]:
    """Return a family in parts of one split each, and mark who is in none."""
    splits: dict[At, str] = {}
    for entry in family:
        if entry.id in origins:
            own = origins[entry.id].split
            other = next((each for each in beside[entry.at] if splits.get(each.at, own) != own), None)
            if other:
                entry.code, entry.survivor = STRADDLE, other.id
            else:
                splits[entry.at] = own
    new = [entry for entry in family if entry.id not in origins]
    _join(new, beside, splits)
    # Who was left out connects nobody: what stays is taken apart again, and no part is in two splits.
    return _linked([entry for entry in family if not entry.code], beside)


def _join(new: Sequence[Entry], beside: Beside, splits: dict[At, str]) -> None:
    """Give new articles the split of their near copies, from what was released outwards; mark who has two.

    One after the other in the order of precedence, so that it does not depend on the order of the inputs.
    """
    waiting = {entry.at: entry for entry in new}
    queue = [(precedence(entry), entry.at) for entry in new if any(each.at in splits for each in beside[entry.at])]
    heapq.heapify(queue)
    while queue:
        entry = waiting.pop(heapq.heappop(queue)[1], None)
        if entry is None:
            continue
        there: dict[str, Entry] = {}
        for other in beside[entry.at]:
            if other.at in splits:
                there.setdefault(splits[other.at], other)
        if len(there) > 1:
            entry.code = BRIDGE
            entry.survivor, entry.also = [other.id for other in there.values()][:2]
            continue
        splits[entry.at] = next(iter(there))
        for other in beside[entry.at]:
            if other.at in waiting:
                heapq.heappush(queue, (precedence(other), other.at))


def _linked(staying: Sequence[Entry], beside: Beside) -> list[list[Entry]]:
    """Return articles in parts, each with those that near copies lead to from it."""
    waiting = {entry.at: entry for entry in staying}
    parts = []
    for entry in staying:
        part = [waiting.pop(entry.at)] if entry.at in waiting else []
        for member in part:  # which grows meanwhile
            part += [waiting.pop(other.at) for other in beside[member.at] if other.at in waiting]
        parts += [sorted(part, key=precedence)] if part else []
    return parts
