"""The figures of a corpus: from counts to a title, a picture, and the same numbers as a table."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pressmark.figures.charts import bars, over_time, stacked, tints
from pressmark.figures.draw import SERIES, shown
from pressmark.markup import Markup

_ROWS = 12
_BARS = 16
_COLUMNS = 6
"""Columns of a table of tints that have room for their numbers."""

_MOST_PERIODS = 120
_MONTHS_OF_FEW_YEARS = 60
_BOUNDS = (0, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
UNDATED = ""
"""The month of an article without a day of publication."""

Row = tuple[str | int, ...]

Monthly = Mapping[tuple[str, str], int]
"""Articles by name (a source, a split) and month, `2024-05`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its title, and the numbers in it."""

    name: str
    title: str
    told: str
    """What is to be seen, in words."""

    head: Sequence[str]
    rows: Sequence[Row]
    svg: Markup


def by_source_over_time(counts: Monthly) -> Figure:
    """Return the articles over time, a row for each source."""
    periods, dated = _by_period(counts)
    ranked = _ranked(Counter({name: sum(found.values()) for name, found in dated.items()}), _ROWS)
    rows = {label: _added(dated[name] for name in names) for label, names in ranked}
    told = f"Articles published in each {_unit(periods)}, by source, all in one measure.{_undated(counts)}"
    return Figure(
        "time", "Articles over time", told, ("published", *rows), _table(periods, rows), over_time(told, periods, rows)
    )


def lengths(counts: Mapping[int, int]) -> Figure:
    """Return how long articles are.

    Args:
        counts: How many articles have so many hundred characters: 0, 1, 2, ...
    """
    found = Counter[int]()
    for hundreds, count in counts.items():
        found[max((at for at, bound in enumerate(_BOUNDS) if bound <= hundreds * 100), default=0)] += count
    inside = range(min(found, default=0), max(found, default=-1) + 1)
    rows = [(_range(at), found[at]) for at in inside]
    told = "How many articles have a text of so many characters."
    return Figure("length", "Length of texts", told, ("characters", "articles"), rows, bars(told, rows))


def languages(counts: Mapping[tuple[str, str], int]) -> Figure:
    """Return how many articles are in each language and script."""
    named = Counter[str]()
    for (language, script), count in counts.items():
        named[f"{language}, {script}" if script else language] += count
    told = "How many articles are in each language and script, as their sources declare them."
    return _ranking("language", "Language and script", told, "language and script", named)


def outcomes(counts: Mapping[str, int], line: str = "") -> Figure:
    """Return what became of all inputs.

    Args:
        counts: How many inputs became what.
        line: Name of the release line, where there are several.
    """
    where = f" in the release line {line}" if line else ""
    told = f"What became of all {shown(sum(counts.values()))} inputs{where}."
    name = f"outcomes-{line}" if line else "outcomes"
    return _ranking(name, f"What became of all inputs{where}", told, "outcome", counts, unit="inputs")


def rights(counts: Mapping[tuple[str, str], int], line: str = "") -> Figure:
    """Return how many articles have each rights status, and what becomes of them.

    Args:
        counts: Articles by rights status, and by `published` or the code of the reason why not.
        line: Name of the release line, where there are several.
    """
    where = f" in the release line {line}" if line else ""
    statuses = sorted({status for status, _ in counts})
    became = sorted({outcome for _, outcome in counts}, key=lambda each: (each != "published", each))
    # The longer list goes down: there is room for any number of rows.
    is_turned = len(became) > max(len(statuses), _COLUMNS)
    down, across = ("columns", "rows") if is_turned else ("rows", "columns")
    told = f"Articles by the status of their rights ({down}) and by what that makes of their text ({across}){where}."
    rows: list[Row] = [(status, *(counts.get((status, each), 0) for each in became)) for status in statuses]
    name = f"rights-{line}" if line else "rights"
    if is_turned:
        svg = tints(told, became, statuses, {(outcome, status): count for (status, outcome), count in counts.items()})
    else:
        svg = tints(told, statuses, became, counts)
    return Figure(name, f"Rights and what follows from them{where}", told, ("rights status", *became), rows, svg)


def group_sizes(counts: Mapping[int, int]) -> Figure:
    """Return how many groups of near copies have how many articles."""
    named = [(f"{size} articles", counts[size]) for size in sorted(counts)]
    if len(named) > _BARS:
        rest = sum(counts[size] for size in sorted(counts)[_BARS - 1 :])
        named = [*named[: _BARS - 1], (f"{sorted(counts)[_BARS - 1]} articles or more", rest)]
    told = "How many groups of near copies have so many articles."
    return Figure("groups", "Groups of near copies", told, ("size", "groups"), named, bars(told, named))


def splits_over_time(counts: Monthly, order: Sequence[str]) -> Figure:
    """Return how articles of each time spread over the splits.

    Args:
        counts: Articles by split and month.
        order: The splits in their order.
    """
    periods, dated = _by_period(counts)
    series = _fewer({name: dated[name] for name in order if name in dated})
    told = f"Articles published in each {_unit(periods)}, by split"
    if len(series) <= len(SERIES):
        told = f"{told}.{_undated(counts)}"
        svg = stacked("splits", told, periods, series)
    else:
        # More colours than these nobody tells apart, and in print there are none.
        told = f"{told}, all in one measure.{_undated(counts)}"
        svg = over_time(told, periods, series)
    return Figure("splits", "Splits over time", told, ("published", *series), _table(periods, series), svg)


def _fewer(series: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return the series that have most, in the order that they came in, and the others together at the end."""
    ranked = _ranked({name: sum(found.values()) for name, found in series.items()}, _ROWS)
    kept = {names[0] for _, names in ranked if len(names) == 1}
    rest = [(label, names) for label, names in ranked if len(names) > 1]
    return {
        **{name: found for name, found in series.items() if name in kept},
        **{label: _added(series[name] for name in names) for label, names in rest},
    }


def _table(periods: Sequence[str], rows: Mapping[str, Counter[str]]) -> list[Row]:
    """Return counts by period, without the periods that have none."""
    table: list[Row] = [(period, *(counts[period] for counts in rows.values())) for period in periods]
    return [row for row in table if any(row[1:])]


def _ranking(name: str, title: str, told: str, of: str, counts: Mapping[str, int], unit: str = "articles") -> Figure:
    rows = [(label, sum(counts[each] for each in names)) for label, names in _ranked(counts, _BARS)]
    return Figure(name, title, told, (of, unit), rows, bars(told, rows))


def _ranked(counts: Mapping[str, int], most: int) -> list[tuple[str, list[str]]]:
    """Return the names that have most, and the others together."""
    order = sorted(counts, key=lambda name: (-counts[name], name))
    shown_ones = order if len(order) <= most else order[: most - 1]
    rest = order[len(shown_ones) :]
    return [
        *((name or "none stated", [name]) for name in shown_ones),
        *([(f"{len(rest)} others", rest)] if rest else []),
    ]


def _range(at: int) -> str:
    if at == len(_BOUNDS) - 1:
        return f"{shown(_BOUNDS[at])} or more"
    return f"{shown(_BOUNDS[at])} to {shown(_BOUNDS[at + 1] - 1)}"


def _by_period(counts: Monthly) -> tuple[list[str], dict[str, Counter[str]]]:
    """Return all periods from the first to the last, and counts by name and period: months, years or decades."""
    months = sorted({month for _, month in counts if month != UNDATED})
    if not months:
        return [], {name: Counter() for name, _ in counts}
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (months[0], months[-1]))
    if last - first < _MONTHS_OF_FEW_YEARS:
        periods = [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]
        name_of = {month: month for month in months}
    elif last // 12 - first // 12 < _MOST_PERIODS:
        periods = [f"{year:04}" for year in range(first // 12, last // 12 + 1)]
        name_of = {month: month[:4] for month in months}
    else:
        periods = [f"{decade:03}0s" for decade in range(first // 120, last // 120 + 1)]
        name_of = {month: f"{month[:3]}0s" for month in months}
    dated: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, month), count in counts.items():
        if month != UNDATED:
            dated[name][name_of[month]] += count
    return periods, dict(dated)


def _unit(periods: Sequence[str]) -> str:
    if not periods:
        return "year"
    return {4: "year", 7: "month"}.get(len(periods[0]), "decade")


def _undated(counts: Monthly) -> str:
    without = sum(count for (_, month), count in counts.items() if month == UNDATED)
    return f" Without a date, and not here: {shown(without)}." if without else ""


def _added(counters: Iterator[Counter[str]]) -> Counter[str]:
    total = Counter[str]()
    for counter in counters:
        total.update(counter)
    return total
