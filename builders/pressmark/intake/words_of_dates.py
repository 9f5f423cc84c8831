"""The words that dates are made of, in the languages that are read."""

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

ENGLISH = (
    "(?i:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
"""Names of months, as a pattern."""

WEEKDAYS = {
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
}

NUMERALS = {"〇": 0, "零": 0, **{digit: number for number, digit in enumerate("一二三四五六七八九", 1)}}

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "中華民國": 1911, "民國": 1911}
"""The year before the first of each era."""

ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "KST": 9, "JST": 9}
"""Hours ahead of UTC of short names that have one meaning. CST, IST, EST and others have several."""

HALVES = {"am": 0, "pm": 12, "오전": 0, "오후": 12, "上午": 0, "下午": 12, "午前": 0, "午後": 12}
"""Hours to add."""

_HALF = "오전|오후|上午|下午|午前|午後"
CLOCK = (
    rf"(?:(?P<before>{_HALF}) ?)?"
    # Of half a day, hours and minutes are parted by a point too: 6.15 pm; not so before a day, where am is German.
    r"(?:(?P<h>[0-9]{1,2})(?::|[.](?=[0-9]{2} ?(?i:[ap]\.?m\.?)(?![a-z])(?! ?[0-9]{1,2}\.)))(?P<n>[0-9]{2})"
    r"(?::(?P<s>[0-9]{2})(?:[.,:](?P<f>[0-9]{1,9}))?)?"
    r"|(?P<hw>[0-9]{1,2}) ?[시时時點点] ?(?:(?P<nw>[0-9]{1,2}) ?분?[分]? ?(?:(?P<sw>[0-9]{1,2}) ?[초秒])?)?)"
    r"(?: ?(?P<after>(?i:[ap]\.?m\.?))(?![a-z]))?"
)
"""A time of day, as a pattern."""

LABELS = tuple(
    sorted(
        (
            *(
                "published",
                "published on",
                "published at",
                "posted",
                "posted on",
                "updated",
                "date",
                "publication date",
            ),
            *("발표시간", "발행일", "입력", "등록", "등록일", "작성일", "수정", "기사입력", "발행"),
            *("发布时间", "發布時間", "发表时间", "时间", "日期", "发布日期", "公開日", "掲載日", "更新"),
        ),
        key=len,
        reverse=True,
    )
)
"""What stands before a date."""
