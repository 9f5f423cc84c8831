"""Names and times: an id that stays the same for ever, a moment that means one thing."""

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pressmark.article import dates, identity
from pressmark.article.dates import checked_date, full_year, utc, utc_of_local, written, zone
from pressmark.article.identity import article_id, canonical_address
from strategies import ARTICLE, checked

ID = re.compile(ARTICLE["properties"]["id"]["pattern"])
TRACKING = ["utm_source=x", "utm_medium=", "utm_campaign_id=1", "gclid=1", "fbclid=1", "msclkid=1", "spm=1.2"]
TRACKING += ["from_source=app"]

queries = st.lists(
    st.sampled_from(["id=1", "id=2", "page=", "q=a+b", "empty=&b=1", "utm=1", "my_utm_source=1", "gclid2=1", "a=b=c"]),
    max_size=3,
)


# Ids


@pytest.mark.parametrize(
    ("own", "url", "path", "expected"),
    [
        ("lh-2024-0001", None, None, "reeds:lh-2024-0001"),
        ("A.b_c~d-e", None, None, "reeds:A.b_c~d-e"),
        ("7", "https://reeds.example/7", "7.txt", "reeds:7"),
        ("x" * 59, None, None, "reeds:" + "x" * 59),
        ("x" * 60, None, None, "reeds:h-"),
        (None, "https://reeds.example/7", "7.txt", "reeds:u-"),
        (None, None, "2024/05/7.txt", "reeds:2024/05/7"),
        (None, None, "7", "reeds:7"),
        (None, None, "2024.05/7", "reeds:2024.05/7"),
        (None, None, "a.b.txt", "reeds:a.b"),
        (None, None, "등불.txt", "reeds:p-"),
        (None, None, "x" * 60 + ".txt", "reeds:p-"),
        (None, None, ".hidden", "reeds:p-"),
        (None, None, "../x.txt", "reeds:p-"),
        (None, None, "a b.txt", "reeds:p-"),
        ("a/b", None, None, "reeds:h-"),
        ("등불 잔치", None, None, "reeds:h-"),
        ("-a", None, None, "reeds:h-"),
        ("a\n", None, None, "reeds:h-"),
        ("", None, None, "reeds:h-"),
    ],
)
def test_an_id_is_made_of_the_first_thing_that_gives_one(
    own: str | None, url: str | None, path: str | None, expected: str
) -> None:
    found = article_id("reeds", own=own, url=url, path=path)
    assert found is not None
    if expected.endswith(("h-", "u-", "p-")):
        assert re.fullmatch(re.escape(expected) + "[0-9a-f]{20}", found)
    else:
        assert found == expected


def test_digests_of_ids_are_the_first_digits_of_sha256() -> None:
    # printf 'https://reeds.example/7' | sha256sum
    assert article_id("reeds", url="https://reeds.example/7") == "reeds:u-58ba3163f360dbc9f189"
    assert article_id("reeds", own="등불") == "reeds:h-9bb77e6f5eb61aef5a06"
    assert article_id("reeds", path="등불.txt") == "reeds:p-17d8ca167930ac4deef7"


def test_nothing_gives_no_id() -> None:
    assert article_id("reeds") is None


@checked(300)
@given(
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=70),
)
def test_every_id_has_the_form_of_the_contract(own: str | None, path: str | None) -> None:
    found = article_id("reeds", own=own, path=path)
    assert (found is None) == (own is None and path is None)
    assert found is None or ID.fullmatch(found)


@checked(200)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=70), min_size=2, max_size=2, unique=True))
def test_different_ids_of_the_input_stay_different(owns: list[str]) -> None:
    assert article_id("reeds", own=owns[0]) != article_id("reeds", own=owns[1])


@pytest.mark.parametrize("headline", ["등불 잔치에 사백 명이 모였다", "lanterns on the quay " * 5, "灯会" * 40])
def test_a_headline_in_a_file_name_does_not_show_in_the_id(headline: str) -> None:
    found = article_id("reeds", path=f"2024/{headline}.txt")
    assert found is not None
    assert found.startswith("reeds:p-")
    assert len(found) == len("reeds:p-") + 20


# Addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://reeds.example/a", "https://reeds.example/a"),
        ("https://reeds.example", "https://reeds.example/"),
        ("https://reeds.example?id=1", "https://reeds.example/?id=1"),
        ("HTTPS://Reeds.EXAMPLE/Path?Q=V", "https://reeds.example/Path?Q=V"),
        ("http://user:secret@reeds.example/a", "http://reeds.example/a"),
        ("http://user@reeds.example/a", "http://reeds.example/a"),
        ("http://us%40er:s@@reeds.example/a", "http://reeds.example/a"),
        ("http://reeds.example:80/a", "http://reeds.example/a"),
        ("https://reeds.example:443/a", "https://reeds.example/a"),
        ("http://reeds.example:/a", "http://reeds.example/a"),
        ("http://reeds.example:443/a", "http://reeds.example:443/a"),
        ("https://reeds.example:8443/a", "https://reeds.example:8443/a"),
        ("https://u:p@Reeds.example:8443/a#b", "https://reeds.example:8443/a"),
        ("https://reeds.example/a#top", "https://reeds.example/a"),
        ("https://reeds.example/a?#", "https://reeds.example/a"),
        ("https://reeds.example/a?id=1#?utm_source=x", "https://reeds.example/a?id=1"),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
        ("http://u:p@[::1]:8080/a", "http://[::1]:8080/a"),
        ("  https://reeds.example/a\n", "https://reeds.example/a"),
        ("https://reeds.example/등불?날=1", "https://reeds.example/등불?날=1"),
        ("https://reeds.example/%EB%93%B1?a=%2F", "https://reeds.example/%EB%93%B1?a=%2F"),
        ("https://reeds.example//a/../b;v=1", "https://reeds.example//a/../b;v=1"),
    ],
)
def test_an_address_keeps_what_names_the_page_and_nothing_else(url: str, expected: str) -> None:
    assert canonical_address(url) == expected


@checked(500)
@given(st.from_regex(identity._PLAIN_ADDRESS, fullmatch=True))
def test_a_plain_address_has_nothing_that_could_be_taken_off(url: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_PLAIN_ADDRESS", re.compile("(?!)"))
        assert canonical_address(url) == url


@pytest.mark.parametrize("parameter", TRACKING)
@pytest.mark.parametrize("shape", ["?{}", "?id=1&{}", "?{}&id=1", "?id=1&{}&page=2", "?{0}&id=1&{0}"])
def test_tracking_parameters_are_taken_off_wherever_they_stand(parameter: str, shape: str) -> None:
    kept = "&".join(part for part in shape[1:].split("&") if "{" not in part)
    found = canonical_address("https://reeds.example/a" + shape.format(parameter))
    assert found == "https://reeds.example/a" + (f"?{kept}" if kept else "")


@pytest.mark.parametrize("query", ["utm=1", "utmsource=1", "my_utm_source=1", "gclid2=1", "q=utm_source", "spma=1"])
def test_parameters_that_only_look_like_tracking_stay(query: str) -> None:
    assert canonical_address(f"https://reeds.example/a?{query}") == f"https://reeds.example/a?{query}"


@checked(200)
@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["", "u@", "u:p@", "u:p:q@"]),
    st.sampled_from(["reeds.example", "Reeds.Example", "[::1]", "[2001:DB8::A]", "등불.example", "10.0.0.1"]),
    st.sampled_from(["", ":", ":80", ":443", ":8080"]),
    st.sampled_from(["", "/", "/a", "//a", "/a/../b", "/등불", "/%EB", "/a;b"]),
    queries.flatmap(lambda kept: st.permutations([*kept, "utm_source=x", "gclid="])) | queries,
    st.sampled_from(["", "#", "#a", "#a?b"]),
)
def test_a_canonical_address_is_canonical(
    scheme: str, user: str, host: str, port: str, path: str, query: list[str], fragment: str
) -> None:
    once = canonical_address(f"{scheme}://{user}{host}{port}{path}{'?' if query else ''}{'&'.join(query)}{fragment}")
    assert canonical_address(once) == once
    assert re.fullmatch(ARTICLE["$defs"]["address"]["pattern"], once)
    assert once == canonical_address(f"{scheme.lower()}://{host.lower()}{port}{path}?{'&'.join(query)}")
    assert not any(sign in once for sign in ("@", "#", "?utm_", "&utm_", "gclid="))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "reeds.example/a",
        "//reeds.example/a",
        "ftp://reeds.example/a",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "http:///a",
        "http:/a",
        "http:a",
        "http://:80/",
        "http://u@/a",
        "http://reeds.example:port/",
        "http://reeds.example:99999/",
        "http://reeds.example:-1/",
        "http://[::1/a",
        "http://[reeds]/a",
        "http://reeds example/a",
        "http://reeds.example/a b",
        "http://reeds.example/a\nb",
        "http://reeds.example/a\u3000b",
        "http://reeds.example/a\u00a0b",
        "ht\ntp://reeds.example/",
        "http://reeds\u2100.example/",
    ],
    ids=ascii,
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_address(url)


@pytest.mark.parametrize(
    "query", ["q=a%20b", "q=%EB%93%B1;1", "flag", "q=a/b", "q=%B5%EE", "q=%eb", "q=등불", "a=1&&b=2"]
)
def test_a_tracking_parameter_more_or_less_makes_no_other_address(query: str) -> None:
    plain = canonical_address(f"https://reeds.example/a?{query}")
    tracked = canonical_address(f"https://reeds.example/a?{query}&utm_source=x")
    assert tracked == plain


def test_two_pages_stay_two_where_their_queries_are_not_utf8() -> None:
    one, other = (canonical_address(f"https://reeds.example/?q={name}&spm=1") for name in ("%B5%EE", "%B4%DE"))
    assert one != other


# Years and dates


@pytest.mark.parametrize(
    ("year", "number"),
    [
        ("00", 2000),
        ("07", 2007),
        ("24", 2024),
        ("49", 2049),
        ("50", 1950),
        ("99", 1999),
        ("2024", 2024),
        ("1898", 1898),
        ("0024", 24),
        ("024", 24),
        ("7", 2007),
    ],
)
def test_two_digits_of_a_year_mean_the_years_around_2000(year: str, number: int) -> None:
    assert full_year(year) == number


@pytest.mark.parametrize(("year", "month", "day"), [(1600, 1, 1), (2999, 12, 31), (2000, 2, 29), (2024, 2, 29)])
def test_a_date_within_the_window_is_a_date(year: int, month: int, day: int) -> None:
    assert checked_date(year, month, day) == date(year, month, day)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1599, 12, 31),
        (3000, 1, 1),
        (0, 1, 1),
        (24, 5, 1),
        (9999, 1, 1),
        (10000, 1, 1),
        (1900, 2, 29),
        (2023, 2, 29),
        (2024, 4, 31),
        (2024, 0, 1),
        (2024, 13, 1),
        (2024, 1, 0),
    ],
)
def test_a_date_outside_the_window_or_the_calendar_is_refused(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checked_date(year, month, day)


@pytest.mark.parametrize("name", ["date", "moment"])
@pytest.mark.parametrize("year", [1599, 1600, 1601, 2999, 3000, 0, 999])
def test_the_window_is_that_of_the_contract(name: str, year: int) -> None:
    value = f"{year:04}-06-15" + ("T00:00:00Z" if name == "moment" else "")
    inside = dates.FIRST_YEAR <= year <= dates.LAST_YEAR
    assert bool(re.search(ARTICLE["$defs"][name]["pattern"], value)) is inside


# Moments


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-05-21T05:57:16Z", "2024-05-21T05:57:16Z"),
        ("2024-05-21T13:57:16+08:00", "2024-05-21T05:57:16Z"),
        ("2024-01-01T07:30:00+08:00", "2023-12-31T23:30:00Z"),
        ("2023-12-31T23:30:00-05:00", "2024-01-01T04:30:00Z"),
        ("2024-05-21T05:57:16.5Z", "2024-05-21T05:57:16.500000Z"),
        ("2024-05-21T05:57:16.000Z", "2024-05-21T05:57:16Z"),
        ("2024-05-21T05:57:16-00:00", "2024-05-21T05:57:16Z"),
        ("1600-01-01T00:00:00Z", "1600-01-01T00:00:00Z"),
        ("2999-12-31T23:59:59Z", "2999-12-31T23:59:59Z"),
        ("1599-12-31T23:00:00-01:00", "1600-01-01T00:00:00Z"),
    ],
)
def test_a_time_with_an_offset_is_written_in_utc(moment: str, expected: str) -> None:
    assert written(utc(moment)) == expected


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "2024-05-21",
        "2024-05-21T05:57:16",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-05-21T25:00:00Z",
        "2024-05-21T05:60:00Z",
        "2024-05-21T05:57:60Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
        "1600-01-01T00:00:00+01:00",
        "2999-12-31T23:59:59-01:00",
        "2024-05-21T05:57:16+24:00",
        "yesterday",
        "２０２４-05-21T00:00:00Z",
    ],
)
def test_a_time_that_does_not_exist_or_has_no_offset_is_refused(moment: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        utc(moment)


@pytest.mark.parametrize(
    "moment",
    [
        "2024-05-21T05:57:16+08:00:30",
        "2024-W21-2T00:00Z",
        "20240521T000000Z",
        "2024-05-21x00:00:00Z",
        "2024-05-21T05Z",
        "2024-05-21T05:57:16.1234567Z",
        "2024-05-21T05:57:16+05:60",
    ],
)
def test_a_time_that_is_not_rfc_3339_is_refused(moment: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        utc(moment)


@checked(200)
@given(st.datetimes(datetime(1600, 1, 1), datetime(2999, 12, 31, 23, 59, 59)))  # noqa: DTZ001 - in UTC below
@example(datetime(2024, 2, 29, 0, 0, 0, 1))  # noqa: DTZ001 - the same
def test_what_is_written_is_read_back_and_valid(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    assert utc(written(moment)) == moment
    assert re.fullmatch(ARTICLE["$defs"]["moment"]["pattern"], written(moment))


# Zones


def found(name: str) -> ZoneInfo:
    place = zone(name)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("name", "local", "expected"),
    [
        ("Asia/Shanghai", "2024-05-21T13:57:00", "2024-05-21T05:57:00Z"),
        ("Asia/Seoul", "2024-01-01T00:30:00", "2023-12-31T15:30:00Z"),
        ("Europe/London", "2024-07-01T12:00:00", "2024-07-01T11:00:00Z"),
        ("Europe/London", "2024-01-01T12:00:00", "2024-01-01T12:00:00Z"),
        ("Europe/London", "2024-03-31T00:59:59", "2024-03-31T00:59:59Z"),
        ("Europe/London", "2024-03-31T02:00:00", "2024-03-31T01:00:00Z"),
        ("Europe/London", "2024-10-27T00:59:59", "2024-10-26T23:59:59Z"),
        ("Europe/London", "2024-10-27T02:00:00", "2024-10-27T02:00:00Z"),
        ("America/Argentina/Ushuaia", "2024-01-01T00:00:00", "2024-01-01T03:00:00Z"),
        ("Etc/GMT+5", "2024-01-01T00:00:00", "2024-01-01T05:00:00Z"),
        ("UTC", "1600-01-01T00:00:00", "1600-01-01T00:00:00Z"),
    ],
)
def test_a_local_time_is_brought_to_utc(name: str, local: str, expected: str) -> None:
    moment = utc_of_local(datetime.fromisoformat(local), found(name))
    assert moment is not None
    assert written(moment) == expected


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Europe/London", "2024-03-31T01:00:00"),
        ("Europe/London", "2024-03-31T01:59:59"),
        ("America/New_York", "2024-03-10T02:30:00"),
        ("Asia/Shanghai", "1986-05-04T02:30:00"),
        ("Asia/Seoul", "1988-05-08T02:30:00"),
    ],
)
def test_a_local_time_that_never_was_has_no_utc(name: str, local: str) -> None:
    assert utc_of_local(datetime.fromisoformat(local), found(name)) is None


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Europe/London", "2024-10-27T01:00:00"),
        ("Europe/London", "2024-10-27T01:59:59"),
        ("America/New_York", "2024-11-03T01:30:00"),
        ("Asia/Seoul", "1988-10-09T02:30:00"),
    ],
)
@pytest.mark.parametrize("fold", [0, 1])
def test_a_local_time_that_was_twice_has_no_utc(name: str, local: str, fold: int) -> None:
    assert utc_of_local(datetime.fromisoformat(local).replace(fold=fold), found(name)) is None


@checked(200)
@given(
    st.datetimes(datetime(1600, 1, 3), datetime(2999, 12, 29)),  # noqa: DTZ001 - in UTC below
    st.sampled_from(["Europe/London", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_a_moment_that_has_one_local_time_comes_back(naive: datetime, name: str) -> None:
    moment = naive.replace(tzinfo=UTC)
    local = moment.astimezone(found(name)).replace(tzinfo=None, fold=0)
    assert utc_of_local(local, found(name)) in (moment, None)
    around = {found(name).utcoffset(moment.astimezone(found(name)) + timedelta(days=shift)) for shift in (-2, 0, 2)}
    assume(len(around) == 1)
    assert utc_of_local(local, found(name)) == moment


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Nowhere",
        "Asia",
        "Asia/Nowhere",
        "asia/shanghai",
        "Asia/Shanghai/x",
        "+08:00",
        "KST",
        "../x",
        "../zoneinfo/UTC",
        "../../tzdata/zoneinfo/UTC",
        "Asia/../UTC",
        "/etc/localtime",
        "/usr/share/zoneinfo/UTC",
        "..",
        ".",
        "/",
        "..\\UTC",
    ],
)
def test_an_unknown_zone_and_a_path_are_nothing(name: str) -> None:
    assert zone(name) is None


@pytest.mark.parametrize("name", ["leapseconds", "tzdata.zi", "zone.tab", "a" * 300])
def test_a_file_of_the_database_that_is_no_zone_is_nothing(name: str) -> None:
    assert zone(name) is None


@pytest.mark.parametrize("name", ["./Asia/Shanghai", "Asia//Shanghai", "Asia/./Shanghai", "Asia/Shanghai/"])
def test_a_zone_has_one_name(name: str) -> None:
    assert zone(name) is None


@pytest.fixture
def _other_system(tmp_path: Path) -> Iterator[None]:
    """Let the system's own database say that Shanghai is on UTC and know a zone that tzdata does not."""
    false = files("tzdata").joinpath("zoneinfo", "UTC").read_bytes()
    (tmp_path / "Asia").mkdir()
    for name in ("Asia/Shanghai", "Asia/Reedport"):
        (tmp_path / name).write_bytes(false)
    before = zoneinfo.TZPATH
    zone.cache_clear()
    zoneinfo.reset_tzpath(to=[tmp_path])
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=before)
    ZoneInfo.clear_cache()
    zone.cache_clear()


@pytest.mark.usefixtures("_other_system")
def test_zones_come_from_the_pinned_package_and_not_from_the_system() -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    assert ZoneInfo("Asia/Shanghai").utcoffset(moment) == timedelta(0), "the system says otherwise"
    assert found("Asia/Shanghai").utcoffset(moment) == timedelta(hours=8)
    assert ZoneInfo("Asia/Reedport").key == "Asia/Reedport"
    assert zone("Asia/Reedport") is None


def test_every_name_of_the_package_is_a_zone() -> None:
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    assert len(names) > 400
    assert [name for name in names if found(name).key != name] == []
