"""Figures: the same picture for the same counts, every number in it, and nothing fetched from anywhere."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from page_cases import PAYLOADS
from pressmark.figures import shown as figures
from pressmark.figures.draw import SERIES, WIDTH, cut, in_width, number, ticks, width_of
from pressmark.figures.shown import Figure

SVG = "{http://www.w3.org/2000/svg}"
MONTHLY = {("유포신문", "2023-05"): 7, ("유포신문", "2023-06"): 1200, ("岚河早报", "2024-01"): 3, ("Gazette", ""): 2}
CELLS = {("public_domain", "published"): 17, ("unknown", "no-decision"): 4, ("permission", "original-not-covered"): 5}


def drawn() -> list[Figure]:
    return [
        figures.by_source_over_time(MONTHLY),
        figures.lengths({0: 4, 1: 2, 7: 1, 2000: 3}),
        figures.languages({("ko-CN", "Kore"): 12, ("en", ""): 1}),
        figures.outcomes({"published": 40, "rejected: bad-json": 1}, "open"),
        figures.rights(CELLS),
        figures.group_sizes({2: 14, 3: 1}),
        figures.splits_over_time({("train", "1921-01"): 9, ("test", "1999-12"): 1}, ["train", "validation", "test"]),
    ]


def titles(figure: Figure) -> list[str]:
    return [title.text or "" for title in ET.fromstring(figure.svg).iter(f"{SVG}title")]  # noqa: S314 - ours


@pytest.mark.parametrize("figure", drawn(), ids=lambda figure: figure.name)
def test_a_figure_says_each_of_its_numbers_in_words_and_as_a_table(figure: Figure) -> None:
    told = Counter(int(re.split(": ", title)[-1].split(" of ")[0].replace("\xa0", "")) for title in titles(figure))
    del told[0]
    of_table = Counter(cell for row in figure.rows for cell in row[1:] if cell)
    assert told == of_table
    assert {len(row) for row in figure.rows} == {len(figure.head)}
    assert figure.told in figure.svg


@pytest.mark.parametrize("figure", drawn(), ids=lambda figure: figure.name)
def test_a_figure_needs_nothing_else(figure: Figure) -> None:
    assert "http" not in figure.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert all(inner.startswith("#") for inner in re.findall(r"url\(([^)]*)\)", figure.svg))
    assert not {"script", "style", "image", "use", "a"} & {
        each.tag.removeprefix(SVG)
        for each in ET.fromstring(figure.svg).iter()  # noqa: S314 - ours
    }
    assert "style=" not in figure.svg


def test_figures_are_the_same_bytes_whatever_the_order_of_counts() -> None:
    again = figures.by_source_over_time(dict(reversed(MONTHLY.items())))
    assert again == figures.by_source_over_time(MONTHLY)
    assert [figure.svg for figure in drawn()] == [figure.svg for figure in drawn()]


def test_what_has_no_date_is_told() -> None:
    assert "Without a date, and not here: 2." in figures.by_source_over_time(MONTHLY).told
    nothing = figures.by_source_over_time({("Gazette", ""): 2})
    assert nothing.rows == []
    ET.fromstring(nothing.svg)  # noqa: S314 - ours


@pytest.mark.parametrize(
    ("months", "unit", "count"),
    [
        (("2023-05", "2024-01"), "month", 9),
        (("1921-01", "2024-12"), "year", 104),
        (("1605-01", "2024-12"), "decade", 43),
    ],
)
def test_periods_are_as_long_as_the_corpus_asks(months: tuple[str, str], unit: str, count: int) -> None:
    figure = figures.splits_over_time({("train", month): 1 for month in months}, ["train"])
    assert figure.told == f"Articles published in each {unit}, by split."
    assert len(figures._by_period({("train", month): 1 for month in months})[0]) == count


@pytest.mark.parametrize("many", [0, 1, 2, 40, 300])
def test_any_number_of_names_is_drawn(many: int) -> None:
    names = {f"source {at}": at + 1 for at in range(many)}
    monthly = {(name, f"{2000 + at % 20}-0{1 + at % 9}"): count for at, (name, count) in enumerate(names.items())}
    for figure in (
        figures.outcomes(names),
        figures.by_source_over_time(monthly),
        figures.splits_over_time(monthly, list(names)),
        figures.group_sizes({at + 2: 1 for at in range(many)}),
        figures.rights({(name, name): count for name, count in names.items()}),
        figures.lengths({at * 9: 1 for at in range(many)}),
    ):
        ET.fromstring(figure.svg)  # noqa: S314 - ours
    assert sum(int(row[1]) for row in figures.outcomes(names).rows) == sum(names.values())
    assert len(figures.outcomes(names).rows) <= 16


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_are_never_markup(payload: str) -> None:
    for figure in (
        figures.outcomes({payload: 3}),
        figures.by_source_over_time({(payload, "2020-01"): 3}),
        figures.splits_over_time({(payload, "2020-01"): 3}, [payload]),
        figures.rights({(payload, payload): 3}),
    ):
        assert len(titles(figure)) == 1


def test_the_hand() -> None:
    assert [*ticks(33)] == [0, 10, 20, 30, 40]
    assert [*ticks(0)] == [0, 1]
    assert number(3.04) == "3"
    assert cut("a" * 100, 60).endswith("…")
    assert width_of(cut("한" * 100, 60)) <= 60
    assert len(SERIES) == len(set(SERIES))


NAMES = {
    "few": ["train", "validation", "test"],
    "Korean and Chinese": [
        "유포신문 사회면 훈련",
        "유포신문 검증",
        "岚河早报 测试集",
        "岚河早报 国际新闻版 训练",
        "x" * 90,
    ],
    "many": [f"fold {number}" for number in range(12)],
    "more than there is room for": [f"fold {number}" for number in range(40)],
    "long": [f"{'the very long name of a split of the county ' * 3}{number}" for number in range(8)],
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_splits_stay_in_the_picture_and_no_two_look_alike(name: str) -> None:
    names = NAMES[name]
    counts = {(each, f"{year}-01"): 3 for each in names for year in (2020, 2021)}
    figure = figures.splits_over_time(counts, names)
    within_the_picture(figure)
    filled = {each.get("fill") for each in marks(figure)}
    drawn_names = figure.head[1:]
    if len(names) <= len(SERIES):
        assert len(filled) == len(names) == len({each for each in filled if each and each.startswith("url(#")})
    else:
        # A row for each, by its name and in one colour.
        assert (len(filled), len(drawn_names)) == (1, min(len(names), 12))
    if len(names) > 12:
        assert drawn_names[-1] == "29 others"
        assert figure.rows[0][-1] == 3 * 29
        assert drawn_names[:-1] == tuple(sorted(names)[:11])


@pytest.mark.parametrize(("statuses", "outcomes"), [(2, 3), (3, 7), (9, 20), (9, 6)])
def test_numbers_of_rights_fit_their_cells(statuses: int, outcomes: int) -> None:
    counts = {
        (f"a_status_of_rights_{status}", f"some-reason-{outcome}"): 10 ** (outcome % 8)
        for status in range(statuses)
        for outcome in range(outcomes)
    }
    figure = figures.rights(counts)
    within_the_picture(figure)
    for mark in ET.fromstring(figure.svg).iter(f"{SVG}g"):  # noqa: S314 - ours
        cell, words = mark.find(f"{SVG}rect"), mark.find(f"{SVG}text")
        assert cell is not None
        assert words is not None
        assert width_of(words.text or "") <= float(cell.get("width", ""))
    turned = "rights (columns) and by what that makes of their text (rows)" in figure.told
    assert turned == (outcomes > max(statuses, 6))


def test_a_count_is_shown_as_it_fits() -> None:
    wide, narrow = width_of("1 234 567"), width_of("999k")
    assert [in_width(count, wide) for count in (7, 1_234_567)] == ["7", "1\xa0234\xa0567"]
    assert [in_width(count, narrow) for count in (7, 999, 12_345, 999_999, 1_234_567)] == [
        "7",
        "999",
        "12k",
        "999k",
        "1M",
    ]
    assert in_width(12_345, 3) == ""


def marks(figure: Figure) -> list[ET.Element]:
    """Return the rectangles that stand for counts."""
    groups = ET.fromstring(figure.svg).iter(f"{SVG}g")  # noqa: S314 - ours
    return [each for group in groups for each in group.iter(f"{SVG}rect")]


def within_the_picture(figure: Figure) -> None:
    whole = ET.fromstring(figure.svg)  # noqa: S314 - ours
    height = float(whole.get("height", ""))
    for each in whole.iter(f"{SVG}text"):
        if each.get("transform"):
            continue
        x, width = float(each.get("x", "")), width_of(each.text or "")
        before = {"end": width, "middle": width / 2}.get(each.get("text-anchor", "start"), 0)
        assert x - before + 8 >= 0, each.text
        assert x - before + width <= WIDTH + 8, each.text
        assert float(each.get("y", "")) <= height, each.text
