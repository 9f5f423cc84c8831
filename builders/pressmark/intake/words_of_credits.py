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
            "通讯员",
            "通訊員",
            "特约记者",
            "实习记者",
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
    *("통신", "통신사", "신문", "일보", "방송", "뉴스", "신문사", "社", "网", "網", "报", "報", "日报", "日報", "晚报"),
    *("新闻", "新聞", "通讯社", "通信社", "電視台"),
    *(" news", " agency", " press", " times", " post", " daily", " wire", " service", " desk", " team", " staff"),
)
"""How names of papers and agencies end."""

WIRES = {
    *(
        "reuters",
        "bloomberg",
        "xinhua",
        "yonhap",
        "kyodo",
        "jiji",
        "tass",
        "interfax",
        "associated press",
        "afp",
        "efe",
    ),
    *(
        "agence france-presse",
        "press association",
        "press trust of india",
        "ria novosti",
        "ansa",
        "dpa",
        "belga",
        "anp",
    ),
    *("共同通信", "時事通信", "时事通讯", "新华社", "新華社", "中新社", "中央社", "연합뉴스", "뉴시스", "뉴스1"),
}
"""Names of agencies that are told by nothing but themselves."""

NOBODY = {
    *(
        "admin",
        "administrator",
        "site admin",
        "webmaster",
        "root",
        "user",
        "guest",
        "none",
        "null",
        "unknown",
        "-",
        "n/a",
    ),
    *("anonymous", "agencies", "agency", "wires", "wire services", "wire reports", "newsroom", "news desk", "web desk"),
    *("editorial board", "the editorial board", "editorial", "editors", "the editors", "cc", "cc by", "cc0", "amp"),
    *(
        "편집부",
        "편집국",
        "취재팀",
        "관리자",
        "담당",
        "본지",
        "온라인",
        "编辑部",
        "本报讯",
        "佚名",
        "本报",
        "本報",
        "网络",
    ),
}
"""What stands where nobody is named."""

NEWSROOMS = (
    "뉴스팀",
    "취재팀",
    "편집국",
    "편집부",
    "뉴스부",
    "취재부",
    "보도국",
    "编辑部",
    "編輯部",
    "编辑室",
    "編集部",
    "取材班",
)
"""How names of newsrooms end."""

JOBS = {
    *("editor", "editors", "reporter", "reporters", "correspondent", "correspondents", "writer", "columnist", "staff"),
    *("contributor", "journalist", "producer", "photographer", "translator"),
}
"""Words that say what somebody is."""

OF_JOBS = {
    *("senior", "junior", "chief", "deputy", "associate", "assistant", "managing", "executive", "acting", "special"),
    *("contributing", "freelance", "guest", "our", "a", "the", "in", "lead", "general", "assignment", "at", "large"),
    *("news", "political", "politics", "business", "economics", "economy", "finance", "financial", "science", "health"),
    *(
        "sport",
        "sports",
        "football",
        "world",
        "foreign",
        "diplomatic",
        "home",
        "culture",
        "arts",
        "features",
        "opinion",
    ),
    *(
        "technology",
        "tech",
        "environment",
        "climate",
        "education",
        "legal",
        "law",
        "local",
        "national",
        "data",
        "video",
    ),
    *("international", "religion", "travel", "food", "fashion", "city", "crime", "court", "investigations", "defence"),
    *("defense", "energy", "transport", "media", "digital", "web", "online", "us", "uk", "eu", "asia", "africa"),
    *("europe", "china", "korea", "japan", "middle", "east", "west", "north", "south", "america", "regional", "copy"),
}
"""What stands before such a word."""

BESIDE = ("기자", "특파원", "선임기자", "인턴기자", "논설위원", "통신원", "记者", "記者", "编辑", "by")
"""What stands beside a name."""

BEHIND = {
    *(
        "phd",
        "ph.d.",
        "ph.d",
        "md",
        "m.d.",
        "jr",
        "jr.",
        "sr",
        "sr.",
        "ii",
        "iii",
        "iv",
        "esq",
        "esq.",
        "msc",
        "ma",
        "ba",
    ),
    *("mba", "cfa", "rn", "mp", "obe", "cbe", "prof", "prof."),
}
"""What stands behind a name and a comma, and is no other name."""

PARTICLES = {
    *("de", "da", "do", "dos", "das", "del", "della", "di", "van", "von", "der", "den", "la", "le", "los", "al", "el"),
    *("bin", "ibn", "bint", "y", "e", "ter", "ten", "af", "av", "zu", "zum", "d'", "abu", "san"),
}
"""Words of names that begin with a small letter."""
