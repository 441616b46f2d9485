"""What each filter means, in plain Python over loaded records: the measure for the SQL."""

from functools import cache

from clusters import models as m
from clusters import search
from clusters.dates import SEOUL
from clusters.programs import deadlines
from clusters.search.normalizing import squeezed

from .world import NOW


def is_public(record) -> bool:
    return record is not None and record.publication == "published"


def texts_of(*values) -> str:
    lines = []
    for value in values:
        lines += value if isinstance(value, list) else [value]
    return "\n".join(squeezed(line) for line in lines)


def holds_every_word(text: str, haystack: str, related: list[str]) -> bool:
    return all(word in haystack or any(word in one for one in related) for word in search.words_of(text))


def names(record, *stems: str) -> list[str]:
    return [getattr(record, f"{stem}_{language}") for stem in stems for language in ("ko", "en")]


def names_of_district(district: m.District) -> list:
    return [*names(district, "name", "short_name"), district.aliases]


def any_of(chosen: dict, name: str, value) -> bool:
    return name not in chosen or value in chosen[name]


def any_of_many(chosen: dict, name: str, values) -> bool:
    return name not in chosen or bool(set(values) & set(chosen[name]))


def company(record: m.Company, chosen: dict) -> bool:
    offices = [
        office
        for office in record.offices.all()
        if is_public(office) and (office.district is None or is_public(office.district))
    ]
    technologies, industries = list(record.technologies.all()), list(record.industries.all())
    if "district" in chosen or "status" in chosen:
        fitting = [
            office
            for office in offices
            if any_of(chosen, "district", office.district and office.district.slug)
            and (office.status in chosen["status"] if "status" in chosen else office.status != "outdated")
        ]
        if not fitting:
            return False
    related = [texts_of(*names(one, "name")) for one in technologies + industries]
    for office in offices:
        if office.status != "outdated":
            related.append(texts_of(*names(office, "address")))
            related += [texts_of(*names_of_district(office.district))] if office.district else []
    haystack = texts_of(
        *names(record, "name", "legal_name", "summary"),
        record.former_names,
        record.aliases,
        record.stock_code,
    )
    return (
        holds_every_word(chosen.get("q", ""), haystack, related)
        and any_of(chosen, "relevance", record.ai_relevance)
        and any_of(chosen, "kind", record.kind)
        and any_of(chosen, "stage", record.stage)
        and any_of_many(chosen, "technology", [one.slug for one in technologies])
        and any_of_many(chosen, "industry", [one.slug for one in industries])
    )


def institution(record: m.Institution, chosen: dict) -> bool:
    district = record.district if is_public(record.district) else None
    related = [texts_of(*names_of_district(district))] if district else []
    return (
        holds_every_word(
            chosen.get("q", ""), texts_of(*names(record, "name", "role"), record.aliases), related
        )
        and any_of(chosen, "kind", record.kind)
        and any_of(chosen, "status", record.status)
        and any_of(chosen, "district", district and district.slug)
    )


@cache  # a test clears it when its world stands
def public_districts() -> list[tuple[str, int]]:
    return list(m.District.objects.filter(publication="published").values_list("slug", "province_id"))


def program(record: m.Program, chosen: dict) -> bool:
    provinces = list(record.provinces.all())
    districts = [one for one in record.districts.all() if is_public(one)]
    reached = {one.slug for one in districts}
    if record.coverage == "provinces":
        reached |= {
            slug for slug, province in public_districts() if province in {one.pk for one in provinces}
        }
    regions = {"nationwide"} if record.coverage == "nationwide" else set()
    if record.coverage == "provinces":
        regions |= {one.slug for one in provinces}
    best = deadlines.current_call([one for one in record.calls.all() if is_public(one)], NOW)
    status = deadlines.status_of(best, NOW).value if best else "unknown"
    kinds, technologies = list(record.support_kinds.all()), list(record.technologies.all())
    related = [texts_of(*names(one, "name")) for one in kinds + technologies]
    related += [texts_of(*names_of_district(one)) for one in districts]
    if is_public(record.operator):
        related.append(texts_of(*names(record.operator, "name"), record.operator.aliases))
    haystack = texts_of(*names(record, "name", "summary", "target"), record.aliases)
    return (
        holds_every_word(chosen.get("q", ""), haystack, related)
        and any_of(chosen, "status", status)
        and any_of_many(chosen, "support", [one.slug for one in kinds])
        and any_of_many(chosen, "district", reached)
        and any_of_many(chosen, "region", regions)
        and any_of_many(chosen, "technology", [one.slug for one in technologies])
    )


def district(record: m.District, chosen: dict) -> bool:
    haystack = texts_of(
        *names(record, "name", "short_name", "municipality", "role", "summary"), record.aliases
    )
    related = [texts_of(*names(record.province, "name"))]
    related += [texts_of(*names(one, "name")) for one in record.stations.all() if is_public(one)]
    return holds_every_word(chosen.get("q", ""), haystack, related) and any_of(
        chosen, "region", record.province.slug
    )


def event(record: m.Event, chosen: dict) -> bool:
    last = record.ends_on or record.starts_on
    when = "undated" if last is None else "past" if last < NOW.astimezone(SEOUL).date() else "upcoming"
    month = record.month or (record.starts_on and record.starts_on.month)
    related = []
    if is_public(record.organizer):
        related.append(texts_of(*names(record.organizer, "name"), record.organizer.aliases))
    if is_public(record.district):
        related.append(texts_of(*names_of_district(record.district)))
    return (
        holds_every_word(
            chosen.get("q", ""), texts_of(*names(record, "name", "venue", "organizer_name", "note")), related
        )
        and any_of(chosen, "when", when)
        and any_of(chosen, "district", record.district.slug if is_public(record.district) else None)
        and any_of(chosen, "year", record.starts_on and str(record.starts_on.year))
        and any_of(chosen, "month", month and str(month))
        and any_of(chosen, "status", record.status)
    )


def source(record: m.Source, chosen: dict) -> bool:
    haystack = texts_of(record.title, record.publisher, record.url, *names(record, "note"))
    return holds_every_word(chosen.get("q", ""), haystack, []) and any_of(
        chosen, "year", str(record.published)[:4]
    )


FITS = {
    "companies": company,
    "institutions": institution,
    "programs": program,
    "districts": district,
    "events": event,
    "sources": source,
}
RELATED = {
    "companies": ["offices__district", "technologies", "industries"],
    "institutions": ["district"],
    "programs": ["provinces", "districts", "support_kinds", "technologies", "calls", "operator"],
    "districts": ["province", "stations"],
    "events": ["district", "organizer"],
    "sources": [],
}
