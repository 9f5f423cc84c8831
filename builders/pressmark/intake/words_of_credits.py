"""The words that credits are made of, in the languages that are read. Roles are those of MARC."""

SOURCE = "source"

_BY_ROLE = {
    SOURCE: (
        *(
            "출처",
            "원문 출처",
            "원문출처",
            "원고래원",
            "자료제공",
            "来源",
            "來源",
            "文章来源",
            "出典",
            "source",
            "originally published in",
        ),
    ),
    "aut": (
        *(
            "기자",
            "글",
            "글쓴이",
            "저자",
            "특파원",
            "记者",
            "記者",
            "本报记者",
            "本報記者",
            "作者",
            "文",
            "執筆",
            "記者名",
        ),
        *("by", "written by", "author", "words by", "text by", "reported by"),
    ),
    "trl": (
        *(
            "편역",
            "번역",
            "옮긴이",
            "译",
            "译者",
            "譯者",
            "翻译",
            "翻譯",
            "编译",
            "編譯",
            "訳",
            "翻訳",
            "translated by",
            "translation",
        ),
    ),
    "edt": (
        *(
            "편집",
            "편집/기자",
            "책임편집",
            "责编",
            "責編",
            "责任编辑",
            "責任編輯",
            "编辑",
            "編輯",
            "編集",
            "edited by",
            "editor",
        ),
    ),
    "pht": (*("사진", "摄影", "攝影", "图", "圖", "写真", "撮影", "photo by", "photos by", "photo", "photograph by"),),
}

LABELS = {label: role for role, labels in _BY_ROLE.items() for label in labels}
"""Role by label, in lower case."""

AGENCIES = (
    *(
        "통신",
        "통신사",
        "신문",
        "일보",
        "방송",
        "뉴스",
        "신문사",
        "社",
        "网",
        "網",
        "报",
        "報",
        "日报",
        "日報",
        "晚报",
        "新闻",
        "通讯社",
        "電視台",
    ),
    *(" news", " agency", " press", " times", " post", " daily", " wire", " service", " desk", " team", " staff"),
)
"""How names of papers and agencies end."""

NOBODY = {
    *(
        "admin",
        "administrator",
        "editor",
        "editors",
        "staff",
        "reporter",
        "newsroom",
        "news desk",
        "webmaster",
        "unknown",
    ),
    *(
        "편집부",
        "편집국",
        "취재팀",
        "관리자",
        "기자",
        "编辑部",
        "本报讯",
        "佚名",
        "编辑",
        "記者",
        "记者",
        "root",
        "user",
        "guest",
        "none",
        "null",
    ),
    *("staff reporter", "staff writer", "correspondent", "our correspondent", "-", "n/a"),
}
"""What stands where nobody is named."""

TITLES = (
    *(
        "기자",
        "특파원",
        "선임기자",
        "인턴기자",
        "논설위원",
        "통신원",
        "staff writer",
        "staff reporter",
        "correspondent",
    ),
    *("reporter", "editor", "记者", "記者", "编辑", "by"),
)
"""What stands beside a name."""
