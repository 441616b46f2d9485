"""How many companies are in districts, and of which kinds, counted from the snapshot for the comparison."""

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
    companies = BY_NAME["companies"]
    order = (companies.default_sort, language)
    snapshot = keeper(companies).at(data_version, order, now)
    if snapshot is None:
        return None
    index = snapshot.indexes[order]
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


def _by_value(index: Index, facet: str, rows: int) -> Counts:
    found = {
        tag[1]: (rows & bits).bit_count()
        for tag, bits in index.bits.items()
        if isinstance(tag, tuple) and tag[0] == facet
    }
    return {value: number for value, number in found.items() if number}
