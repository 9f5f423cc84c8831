"""Rights as they are recorded: what a source says of itself, what was decided, on what evidence.

Nothing here decides anything; `pressmark.curate.gate` does.
"""

from dataclasses import dataclass
from typing import Any

import re2

OPENING = frozenset({"public_domain", "open_license", "permission"})
"""The statuses that can open a text. A decision alone can give them."""

_PHRASES = (
    "版权所有",
    "(未经|未獲|未经过)[^。]{0,16}(许可|授权|允许|同意|許可)",
    "(不得|禁止|严禁)[^。]{0,20}(转载|复制|镜像|下载|摘编|使用|抓取|轉載)",
    r"무단\s*(전재|복제|배포|전송|수집|크롤링)",
    r"저작권자?\s*[ⓒ©]",
    r"AI\s*학습[^.\n]{0,12}(금지|불가)",
    "(?i)all rights? reserved",
    "(?i)(may|must) not be (reproduced|copied|mirrored|redistributed|published)",
)
_RESERVING = re2.compile("|".join(_PHRASES))


def reserves(notice: str) -> bool:
    """Tell whether a notice reserves rights by the phrases that Chinese, Korean and English pages use.

    A notice in other words changes nothing: without a decision a text is closed anyway.
    """
    return bool(_RESERVING.search(notice))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles of a source a decision speaks of: those that meet everything given."""

    ids: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    first_day: str | None = None
    last_day: str | None = None
    license: str | None = None

    @property
    def about(self) -> str:
        """`article`, `selection` or `source`: how closely the scope names its articles."""
        if self.ids:
            return "article"
        return "source" if self == Scope() else "selection"

    def holds(self, article: dict[str, Any], claimed_license: str | None) -> bool:
        """Tell whether an article is meant. An article without a date lies in no period."""
        identity = str(article["id"])
        day = article.get("published_on")
        return (
            (not self.ids or identity in self.ids or identity.partition(":")[2] in self.ids)
            and (not self.sections or not self.sections.isdisjoint(article.get("section", ())))
            and (self.first_day is None or (day is not None and day >= self.first_day))
            and (self.last_day is None or (day is not None and day <= self.last_day))
            and (self.license is None or claimed_license == self.license)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about texts of a source."""

    status: str
    basis: str
    decided_by: str
    decided_on: str
    evidence: tuple[dict[str, str], ...]
    scope: Scope = Scope()
    license: str | None = None
    attribution: str | None = None
    covers: tuple[str, ...] = ("text",)
    visibility: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRights:
    """What is recorded about the rights of a source."""

    status: str = "unknown"
    statement: str | None = None
    holders: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
