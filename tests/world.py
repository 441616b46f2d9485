"""Owns a small directory for the tests of the whole house: every kind of record, in every relation to the others.

`build()` makes one record of each kind that has a page; `grow(world, n)` hangs n more of every kind on them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

from django.db import transaction
from django.db.models import Model
from django.test.utils import override_settings

from tests import factories

_numbers = count(1)


def build() -> SimpleNamespace:
    """One district, company, institution, program, source and event that everything else will hang on.

    A search for "1" finds each of them.
    """
    source = factories.source(slug="main-source", title="주된 출처 1")
    district = factories.district(
        slug="main-district",
        name_ko="주된 지구 1",
        source=source,
        featured=True,
        path_start=1,
        path_end=2,
        path_label_ko="연구에서 실증까지",
    )
    institution = factories.institution(
        slug="main-institution", name_ko="주된 기관 1", source=source, district=district
    )
    company = factories.company(slug="main-company", name_ko="주된 기업 1", source=source)
    program = factories.program(
        slug="main-program", name_ko="주된 사업 1", source=source, operator=institution
    )
    event = factories.event(
        slug="main-event", name_ko="주된 행사 1", source=source, district=district, organizer=institution
    )
    return SimpleNamespace(
        source=source,
        district=district,
        institution=institution,
        company=company,
        program=program,
        event=event,
        call=factories.call(slug="main-call", source=source, program=program),
        indicator=factories.indicator(slug="main-indicator"),
    )


@contextmanager
def standing(blocker, number: int) -> Iterator[SimpleNamespace]:
    """The directory for all tests of a module, which must be marked as using the database; gone afterwards.

    `blocker` is pytest-django's `django_db_blocker`.
    """
    with blocker.unblock(), transaction.atomic():
        made = build()
        grow(made, number)
        yield made
        transaction.set_rollback(True)


@override_settings(SIMPLE_HISTORY_ENABLED=False)
def grow(world: SimpleNamespace, number: int) -> None:
    """Add so many records of each kind to every relation of the world's main records."""
    for _ in range(number):
        _add_one_of_each(world, next(_numbers))


def _add_one_of_each(world: SimpleNamespace, n: int) -> None:
    source, further = factories.source(), factories.source()
    terms = {
        "technologies": [
            factories.technology(f"technology-{n}", name_ko=f"기술{n}", name_en=f"Technology {n}")
        ],
        "support_kinds": [factories.support_kind(f"support-{n}", name_ko=f"지원{n}", name_en=f"Support {n}")],
        "provinces": [factories.province(f"province-{n}", name_ko=f"도{n}", name_en=f"Province {n}")],
    }
    industry = factories.industry(f"industry-{n}", name_ko=f"산업{n}", name_en=f"Industry {n}")
    facts: list[Model] = []

    district = factories.district(
        source=source, featured=True, path_start=2, path_end=3, path_label_ko="시장"
    )
    for one in (district, world.district):
        one.profile_sources.add(source, further, world.source)
    institution = factories.institution(source=source, district=world.district)
    facts += [institution]
    for here in (world.district, district):
        facts += [
            factories.station(source=source, district=here),
            factories.designation(source=source, district=here),
            factories.claim(source=source, district=here, made_in=world.source),
            factories.trait(source=source, district=here, kind="strength"),
            factories.trait(source=source, district=here, kind="weakness", status="disputed"),
            factories.anchor_site(source=source, district=here, institution=institution),
            factories.anchor_site(source=source, district=here, institution=world.institution),
        ]

    company = factories.company(source=source, technologies=terms["technologies"], industries=[industry])
    world.company.technologies.add(*terms["technologies"])
    world.company.industries.add(industry)
    facts += [
        factories.office(source=source, company=company, district=world.district),
        factories.office(source=source, company=company, district=world.district, status="outdated"),
        factories.office(source=source, company=company, district=district, status="disputed", kind="lab"),
        factories.office(source=source, company=world.company, district=district),
        factories.funding_round(source=source, company=world.company, date=str(1900 + n % 200)),
        factories.funding_round(source=source, company=company, investors=["투자사"]),
    ]

    for given in (
        {"operator": world.institution, "partners": [institution]},
        {"operator": institution, "partners": [world.institution]},
    ):
        partners = given.pop("partners")
        program = factories.program(
            source=source, coverage="districts", districts=[world.district, district], **terms, **given
        )
        program.partners.set(partners)
        call = factories.call(source=source, program=program)
        facts += [call, factories.criterion(source=source, call=call)]
    wide = factories.program(source=source, coverage="provinces", **terms)
    wide.provinces.add(world.district.province)
    for name, chosen in {**terms, "districts": [district], "partners": [institution]}.items():
        getattr(world.program, name).add(*chosen)
    facts += [
        factories.call(source=source, program=world.program),
        factories.criterion(source=source, call=world.call),
        factories.event(source=source, district=world.district, organizer=world.institution),
    ]

    indicator = factories.indicator()
    for place, given in enumerate(
        (
            {"district": world.district, "indicator": indicator, "survey_ko": f"조사{n}"},
            {"district": district, "indicator": indicator, "survey_ko": f"조사{n}"},
            {"district": world.district, "indicator": world.indicator},
            {"reference_area": "seoul", "indicator": indicator},
        )
    ):
        series = factories.series(**given)
        facts += [
            factories.observation(
                source=source, series=series, period=str(year), value=1000 * n + 10 * place + year
            )
            for year in (2022, 2023, 2024)
        ]
    for fact in facts:
        fact.further_sources.add(further, world.source)
