"""Four kinds of pictures: bars, bars over time one source below the other, columns in parts, and a table of tints."""

from collections.abc import Iterable, Mapping, Sequence

from pressmark.figures.draw import (
    BAR,
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    box,
    cut,
    in_width,
    mark,
    number,
    patterns,
    picture,
    rule,
    shown,
    ticks,
    width_of,
    words,
)
from pressmark.markup import Markup, tag

_LABELS = 250
"""Pixels that labels have at most."""

_GAP = 8
_VALUES = 64
_ROW = 26


def bars(told: str, counts: Sequence[tuple[str, int]]) -> Markup:
    """Return a bar for each count, with its name before it and the number behind.

    Args:
        told: What the picture shows, in words.
        counts: Names and counts, from the top.
    """
    left = _label_width(name for name, _ in counts)
    most = max((count for _, count in counts), default=1) or 1
    parts = [rule(left, 0, left, _ROW * len(counts))]
    for at, (name, count) in enumerate(counts):
        width = (WIDTH - left - _VALUES) * count / most
        parts += [
            words(left - _GAP, _ROW * (at + 0.5), cut(name, left - _GAP), anchor="end"),
            mark(f"{name}: {shown(count)}", box(left, _ROW * at + 4, max(width, 1 if count else 0), _ROW - 8)),
            words(left + width + 6, _ROW * (at + 0.5), shown(count)),
        ]
    return picture(max(_ROW * len(counts), _ROW), told, *parts)


def over_time(told: str, periods: Sequence[str], rows: Mapping[str, Mapping[str, int]]) -> Markup:
    """Return a row of bars over time for each name, all in one measure.

    Args:
        told: What the picture shows, in words.
        periods: All periods from the first to the last.
        rows: Counts by period, by name.
    """
    left, height = _label_width(rows), 46
    most = max((max(counts.values(), default=0) for counts in rows.values()), default=0) or 1
    step = (WIDTH - left - _GAP) / max(1, len(periods))
    parts = []
    for at, (name, counts) in enumerate(rows.items()):
        base = height * (at + 1)
        total = sum(counts.values())
        parts += [
            words(left - _GAP, base - 26, cut(name, left - _GAP), anchor="end"),
            words(left - _GAP, base - 9, shown(total), anchor="end", quiet=True),
            rule(left, base, WIDTH - _GAP, base),
        ]
        for where, period in enumerate(periods):
            if count := counts.get(period, 0):
                tall = max(1.0, (height - LINE / 2) * count / most)
                bar = box(left + step * where, base - tall, max(step - 1, 0.8), tall)
                parts.append(mark(f"{name}, {period}: {shown(count)}", bar))
    base = height * len(rows)
    parts += _periods(periods, left, step, base)
    return picture(base + LINE + 4, told, *parts)


def stacked(of: str, told: str, periods: Sequence[str], series: Mapping[str, Mapping[str, int]]) -> Markup:
    """Return a column for each period, in parts, each part of its own colour and pattern.

    Args:
        of: Name of the picture.
        told: What the picture shows, in words.
        periods: All periods from the first to the last.
        series: Counts by period, by name of the part; of no more parts than there are colours.
    """
    assert len(series) <= len(SERIES), "two parts of one colour"
    totals = [sum(counts.get(period, 0) for counts in series.values()) for period in periods]
    marks = list(ticks(max(totals, default=1)))
    height = 180
    left = max(width_of(shown(at)) for at in marks) + 2 * _GAP
    step = (WIDTH - left - _GAP) / max(1, len(periods))
    legend, lines = _legend(of, list(series), left)
    top = LINE * lines + 14
    parts = [patterns(of, len(series)), *legend]
    for at in marks:
        y = top + height * (1 - at / marks[-1])
        parts += [rule(left, y, WIDTH - _GAP, y), words(left - _GAP, y, shown(at), anchor="end", quiet=True)]
    below = [0.0] * len(periods)
    for place, (name, counts) in enumerate(series.items()):
        for where, period in enumerate(periods):
            if count := counts.get(period, 0):
                tall = height * count / marks[-1]
                bar = box(
                    left + step * where,
                    top + height - below[where] - tall,
                    max(step - 1, 0.8),
                    tall,
                    series=place,
                    of=of,
                )
                below[where] += tall
                parts.append(mark(f"{period}, {name}: {shown(count)} of {shown(totals[where])}", bar))
    parts += _periods(periods, left, step, top + height)
    return picture(top + height + LINE + 4, told, *parts)


def tints(told: str, rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int]) -> Markup:
    """Return a table of counts, the darker the more.

    Args:
        told: What the picture shows, in words.
        rows: Names of the rows, from the top.
        columns: Names of the columns, from the left.
        counts: Counts by row and column.
    """
    left = _label_width(rows)
    top = 12 + max((width_of(name) for name in columns), default=0) * 0.58
    # The last name rises to the right, beyond its column.
    wide = min(110.0, (WIDTH - left - top * 1.2) / max(1, len(columns)))
    most = max(counts.values(), default=1) or 1
    parts = [_slanted(left + wide * (at + 0.5), top - 6, name) for at, name in enumerate(columns)]
    for at, row in enumerate(rows):
        y = top + _ROW * at
        parts += [words(left - _GAP, y + _ROW / 2, cut(row, left - _GAP), anchor="end")]
        for where, column in enumerate(columns):
            x, count = left + wide * where, counts.get((row, column), 0)
            place = {"x": number(x + 1), "y": number(y + 1), "width": number(wide - 2), "height": _ROW - 2}
            if not count:
                parts.append(tag("rect", **place, class_="none", fill="none", stroke="#c9d1d9", stroke_width="0.5"))
                continue
            shade = f"{0.12 + 0.38 * (count / most) ** 0.5:.2f}"
            cell = tag("rect", **place, class_="bar", fill=BAR, fill_opacity=shade)
            figure = words(x + wide / 2, y + _ROW / 2, in_width(count, wide - 4), anchor="middle")
            parts.append(mark(f"{row}, {column}: {shown(count)}", cell, figure))
    return picture(top + _ROW * len(rows) + 2, told, *parts)


def _slanted(x: float, y: float, text: str) -> Markup:
    return tag("text", text, transform=f"translate({number(x)} {number(y)}) rotate(-35)")


def _legend(of: str, names: Sequence[str], left: float) -> tuple[list[Markup], int]:
    """Return a box and a name for each part, and how many lines they take."""
    parts: list[Markup] = []
    x, line = left, 0
    for at, name in enumerate(names):
        width = SIZE + 6 + min(width_of(name), _LABELS)
        if x > left and x + width > WIDTH - _GAP:
            x, line = left, line + 1
        y = LINE * line
        parts += [
            box(x, y + 3, SIZE, SIZE, series=at, of=of),
            words(x + SIZE + 6, y + 3 + SIZE / 2, cut(name, _LABELS)),
        ]
        x += width + 24
    return parts, line + 1


def _periods(periods: Sequence[str], left: float, step: float, base: float) -> list[Markup]:
    """Return the names of periods below their bars, as many as there is room for."""
    room = max((width_of(period) for period in periods), default=0) + 16
    every = next(n for n in (1, 2, 3, 4, 5, 6, 10, 12, 20, 24, 25, 50, 100, 1000) if n * step >= room)
    found = []
    for at, period in enumerate(periods):
        if _turns(period, at, every) and left + step * (at + 0.5) + room / 2 < WIDTH + 8:
            found.append(words(left + step * (at + 0.5), base + LINE / 2 + 4, period, anchor="middle", quiet=True))
    return found


def _turns(period: str, at: int, every: int) -> bool:
    year = period[:4]
    if len(period) == 4 and year.isdigit() and every in (2, 5, 10, 20, 25, 50, 100):
        return int(year) % every == 0
    return at % every == 0


def _label_width(names: Iterable[str]) -> float:
    return min(_LABELS, max((width_of(name) for name in names), default=0) + _GAP)
