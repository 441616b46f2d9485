"""How many companies are in districts, and of which kinds, counted from the snapshot: comparison, location finder."""

from collections.abc import Sequence
from datetime import datetime

from clusters.models import District, Status

from .bitsets import Index
from .registry import BY_NAME
from .snapshot import keeper

Counts = dict[str, int]


def of_companies(
    districts: Sequence[District], data_version: int, language: str, now: datetime
) -> tuple[dict[int, Counts], dict[int, Counts], dict[int, Counts], dict[int, int]] | None:
    """By district: companies by size, technology and industry with a confirmed office, and those without one.

    None while there is no snapshot.
    """
    index = index_of_companies(data_version, language, now)
    if index is None:
        return None
    settled = {district.pk: index.bits.get((district.slug, Status.CONFIRMED), 0) for district in districts}
    kinds, technologies, industries = (
        {pk: _by_value(index, facet, rows) for pk, rows in settled.items()}
        for facet in ("kind", "technology", "industry")
    )
    open_to_doubt = {
        district.pk: index.any_of((district.slug, one) for one in (Status.DISPUTED, Status.UNVERIFIED))
        & ~settled[district.pk]
        for district in districts
    }
    return kinds, technologies, industries, {pk: rows.bit_count() for pk, rows in open_to_doubt.items()}


def settled(
    districts: Sequence[District], data_version: int, language: str, now: datetime
) -> dict[int, int] | None:
    """By district, how many companies have a confirmed office there; None while there is no snapshot."""
    index = index_of_companies(data_version, language, now)
    if index is None:
        return None
    return {
        district.pk: index.bits.get((district.slug, Status.CONFIRMED), 0).bit_count()
        for district in districts
    }


def for_finder(
    districts: Sequence[District],
    fields: Sequence[str],
    kinds: Sequence[str],
    data_version: int,
    language: str,
    now: datetime,
) -> dict[int, tuple[int, int, int, int]] | None:
    """By district with any company: those in the fields and those of the kinds, each with a confirmed office and
    with any office that is not past. None while there is no snapshot.
    """
    index = index_of_companies(data_version, language, now)
    if index is None:
        return None
    peers = index.any_of(("technology", one) for one in fields) if fields else index.everything
    customers = index.any_of(("kind", one) for one in kinds)
    found = {}
    for district in districts:
        confirmed = index.bits.get((district.slug, Status.CONFIRMED), 0)
        doubtful = index.any_of((district.slug, one) for one in (Status.DISPUTED, Status.UNVERIFIED))
        if every := confirmed | doubtful:
            found[district.pk] = (
                (peers & confirmed).bit_count(),
                (peers & every).bit_count(),
                (customers & confirmed).bit_count(),
                (customers & every).bit_count(),
            )
    return found


def index_of_companies(data_version: int, language: str, now: datetime) -> Index | None:
    """The companies by name; None while there is no snapshot."""
    companies = BY_NAME["companies"]
    order = (companies.default_sort, language)
    snapshot = keeper(companies).at(data_version, order, now)
    return snapshot.index(order) if snapshot is not None else None


def _by_value(index: Index, facet: str, rows: int) -> Counts:
    found = {
        tag[1]: (rows & bits).bit_count()
        for tag, bits in index.bits.items()
        if isinstance(tag, tuple) and tag[0] == facet
    }
    return {value: number for value, number in found.items() if number}
