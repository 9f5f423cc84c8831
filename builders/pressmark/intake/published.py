"""A date as it was found becomes the fields of an article."""

from zoneinfo import ZoneInfo

from pressmark.article.dates import written
from pressmark.intake.draft import Draft
from pressmark.intake.moments import Moment, read_moment

_RAW_CHARACTERS = 80


def publish(draft: Draft, raw: str | None, place: ZoneInfo | None, *, field: str = "published_at") -> None:
    """Write down when something was published or changed; what cannot be read is noted, and nothing is guessed.

    Args:
        draft: What is found of the article.
        raw: The date as it stands there, if any.
        place: Time zone of times that name none.
        field: `published_at` or `modified_at`.
    """
    if not raw:
        return
    try:
        moment = read_moment(raw, place)
    except ValueError as error:
        draft.notes.append(("unclear-date", f"/{field}", str(error)))
        return
    if field == "modified_at":
        if moment.at:
            draft.fields[field] = written(moment.at)
        return
    set_published(draft, moment)


def set_published(draft: Draft, moment: Moment) -> None:
    """Write down a moment of publication."""
    draft.fields["published_on"] = moment.on.isoformat()
    draft.fields["published_precision"] = moment.precision if moment.at else "day"
    provenance = {**draft.fields.get("provenance", {}), "published_raw": " ".join(moment.raw.split())[:_RAW_CHARACTERS]}
    draft.fields["provenance"] = provenance
    if moment.at:
        draft.fields["published_at"] = written(moment.at)
    elif moment.unclear:
        draft.notes.append(("unclear-time", "/published_at", moment.unclear))
