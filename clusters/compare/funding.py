"""Funding of companies side by side: how many rounds are known, the latest, and a total where one can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, ngettext, npgettext
from django.utils.translation import gettext as _

from clusters import units
from clusters.dates import PartialDate
from clusters.models import Currency, FundingRound, Round, Status

from .cells import Cell, Group, Item, Row
from .comparability import Value, bars, explain

OFFERINGS = {Round.IPO, Round.RIGHTS_OFFERING}


@dataclass(frozen=True)
class Total:
    """An amount that speaks of all rounds up to a date: stated as such, or added up of rounds that allow it."""

    amount: Decimal
    currency: str
    period: PartialDate
    extent: str
    rounds: tuple[FundingRound, ...]

    @property
    def scope(self) -> str:
        return {
            "stated": _("total to date, as stated"),
            "rounds": _("disclosed rounds added up"),
            "offerings": _("disclosed rounds and offerings added up"),
        }[self.extent]

    @property
    def value(self) -> Value:
        return Value(
            number=self.amount,
            unit=self.currency,
            survey="disclosed",
            basis="",
            extent=self.extent,
            period=self.period,
            scope=self.scope,
        )


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's language: 120억 원, KRW 12 billion."""
    if get_language() == "ko":
        return f"{units.large(amount)} {Currency(currency).label}"
    return f"{currency} {units.large(amount)}"


def _latest_day(entry: FundingRound) -> date:
    return PartialDate(entry.date).last_day


def single(rounds: Sequence[FundingRound]) -> list[FundingRound]:
    """The rounds themselves, the latest first, without totals that a source states."""
    return sorted((r for r in rounds if r.round != Round.CUMULATIVE), key=_latest_day, reverse=True)


def total(rounds: Sequence[FundingRound]) -> Total | str:
    """The total of a company's rounds; where none can be told, why not. An empty reason: no round is known."""
    known, stated = single(rounds), [r for r in rounds if r.round == Round.CUMULATIVE and r.amount]
    if stated:
        latest = max(stated, key=_latest_day)
        assert latest.amount is not None
        if latest.status != Status.CONFIRMED:
            return _("Not every amount is confirmed.")
        if any(PartialDate(r.date).first_day > _latest_day(latest) for r in known):
            return _("Rounds are known after the last stated total.")
        return Total(latest.amount, latest.currency, PartialDate(latest.date), "stated", (latest,))
    if not known:
        return ""
    amounts = [r.amount for r in known if r.amount is not None]
    if hidden := len(known) - len(amounts):
        return ngettext(
            "The amount of %(count)d round is not disclosed.",
            "The amounts of %(count)d rounds are not disclosed.",
            hidden,
        ) % {"count": hidden}
    if len({r.currency for r in known}) > 1:
        return _("The amounts are in different currencies.")
    if any(r.status != Status.CONFIRMED for r in known):
        return _("Not every amount is confirmed.")
    extent = "offerings" if any(r.round in OFFERINGS for r in known) else "rounds"
    return Total(
        sum(amounts, Decimal(0)), known[0].currency, PartialDate(known[0].date), extent, tuple(known)
    )


def _words(entry: FundingRound) -> str:
    parts = [PartialDate(entry.date).display(), entry.get_round_display()]
    if entry.amount is not None:
        parts.append(money(entry.amount, entry.currency))
    if entry.status != Status.CONFIRMED:
        parts.append(str(Status(entry.status).label))
    return ", ".join(parts)


def _count(rounds: Sequence[FundingRound]) -> Cell:
    count = len(single(rounds))
    if not count:
        return Cell(gap="not_surveyed")
    return Cell(number=count, unit=npgettext("unit after a count", "round", "rounds", count))


def _latest(rounds: Sequence[FundingRound]) -> Cell:
    known = single(rounds)
    if not known:
        return Cell(gap="not_surveyed")
    words = known[0].get_round_display()
    amount = known[0].amount
    return Cell(
        facts=[Item(_words(known[0]), known[0], beside=(words, amount and money(amount, known[0].currency)))]
    )


def _totals(companies: Sequence[Sequence[FundingRound]]) -> Row:
    found = [total(rounds) for rounds in companies]
    values = [one.value if isinstance(one, Total) else None for one in found]
    cells = []
    for one, bar in zip(found, bars(values), strict=True):
        if isinstance(one, Total):
            cells.append(
                Cell(
                    text=money(one.amount, one.currency),
                    sub=f"{one.scope}, {one.period.display()}",
                    number=int(one.amount),
                    unit=one.currency,
                    period=str(one.period),
                    facts=[Item(_words(entry), entry) for entry in one.rounds],
                    bar=bar,
                )
            )
        else:
            cells.append(Cell(gap="not_added" if one else "not_surveyed", note=one))
    why = explain([value for value in values if value is not None])
    return Row("funding_total", _("Total"), cells, "amount", why=why)


def group(companies: Sequence[Sequence[FundingRound]]) -> Group:
    """The rows about funding; `companies` holds the public rounds of each."""
    return Group(
        "funding",
        _("Funding"),
        [
            Row("funding_rounds", _("Rounds and offerings known"), [_count(r) for r in companies], "count"),
            Row("funding_latest", _("The latest of them"), [_latest(r) for r in companies], "rounds"),
            _totals(companies),
        ],
        _("Only what was disclosed and is in this directory"),
    )
