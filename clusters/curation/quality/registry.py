"""All queues, in the order in which somebody would go through them. A further queue is one more line here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters import models as m
from clusters.curation import fixtures
from clusters.models import Fact, Record
from clusters.models.base import Evidenced
from clusters.models.freshness import MAX_AGES

from . import aging, content, doubts, upkeep
from .queues import Queue

RECORDS: tuple[type[models.Model], ...] = tuple(
    model for model in fixtures.fixture_models() if issubclass(model, Record)
)
FACTS = tuple(model for model in RECORDS if issubclass(model, Fact))
EVIDENCED = tuple(model for model in RECORDS if issubclass(model, Evidenced))


def nothing() -> None:
    """Beside the data and the day."""


QUEUES: tuple[Queue, ...] = (
    Queue(
        "proposals",
        _("Suggested corrections"),
        _("Readers or curators suggest these changes. Accept them, in whole or by field, or send them back."),
        (m.Proposal,),
        upkeep.proposals,
    ),
    Queue(
        "in-review",
        _("In review"),
        _("A curator finished these and asks an editor to look at them and publish them."),
        RECORDS,
        aging.in_review,
    ),
    Queue(
        "sync-alarms",
        _("Pulls from portals"),
        _("The last pull failed, brought nothing twice in a row, or is more than two days ago."),
        (m.SyncRun,),
        upkeep.sync_alarms,
    ),
    Queue(
        "closed-calls",
        _("Deadline passed"),
        _(
            "The call closed and nobody has looked since. Add the next intake if there is one, and note "
            "that you looked under “last confirmed on”."
        ),
        (m.Call,),
        aging.closed,
    ),
    Queue(
        "unconfirmed-calls",
        _("Calls to confirm"),
        _("Readers may still apply, but nobody has confirmed for three months that the call holds."),
        (m.Call,),
        aging.unconfirmed,
    ),
    Queue(
        "suspicious",
        _("Suspicious values"),
        _(
            "A value is eight times or more off its neighbors, or a date lies in the future. Correct it, "
            "or say in the note why it is right."
        ),
        doubts.kinds(RECORDS),
        doubts.suspicious,
        beside=nothing,
    ),
    Queue(
        "broken-links",
        _("Broken links"),
        _("The address failed on two days or more. Find where the page went, or remove the address."),
        tuple(upkeep.ADDRESSES),
        upkeep.broken_links,
        beside=upkeep.broken_addresses,
    ),
    Queue(
        "uncited",
        _("Without a source"),
        _("Readers cannot check a statement that names no document."),
        EVIDENCED,
        content.uncited,
        beside=nothing,
    ),
    Queue(
        "unchecked",
        _("Confirmed, but not checked"),
        _("The only source is not public, or nobody noted having read it. Read it, or name a second one."),
        FACTS,
        content.unchecked,
        beside=nothing,
    ),
    Queue(
        "stale",
        _("Out of date"),
        _("The statement is older than its kind may be. Look for a newer one, or mark it as outdated."),
        tuple(model for model in EVIDENCED if model.__name__ in MAX_AGES and model is not m.Call),
        aging.stale,
        beside=nothing,
    ),
    Queue(
        "old-sources",
        _("Sources to read again"),
        _("Read more than two years ago, or nobody noted when."),
        (m.Source,),
        aging.unread,
    ),
    Queue(
        "untranslated",
        _("Untranslated"),
        _("A text is there in one language only; readers of the other meet the foreign one."),
        tuple(model for model in RECORDS if content.pairs(model)),
        content.untranslated,
        beside=nothing,
    ),
    Queue(
        "incomplete",
        _("Incomplete"),
        _("Something readers look for is missing, such as a website, a date or a summary."),
        tuple(content.IMPORTANT),
        content.incomplete,
        beside=nothing,
    ),
    Queue(
        "moved-links",
        _("Links that moved"),
        _(
            "The site says the page has a new address for good; the link checks name it. Take it over if it is "
            "the same page."
        ),
        tuple(upkeep.ADDRESSES),
        upkeep.moved_links,
        beside=upkeep.moved_addresses,
    ),
    Queue(
        "duplicates",
        _("Possible duplicates"),
        _("Two records look like one. Merge them, or say that they are not the same."),
        (m.SuspectedPair,),
        upkeep.duplicates,
    ),
    Queue(
        "left-out-rows",
        _("Rows left out"),
        _("An import of the last two weeks was applied without all of its rows."),
        (m.ImportBatch,),
        upkeep.left_out,
    ),
    Queue(
        "old-drafts",
        _("Old drafts"),
        _("Nobody has touched these drafts for a month. Finish them, or delete them."),
        RECORDS,
        aging.drafts,
    ),
)


def named(name: str) -> Queue | None:
    return next((queue for queue in QUEUES if queue.name == name), None)


def of(model: type[models.Model]) -> list[Queue]:
    """The queues in which records of a kind may wait."""
    return [queue for queue in QUEUES if model in queue.kinds]
