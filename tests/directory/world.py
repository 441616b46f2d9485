"""A small world with some of everything, unpublished records among it, for tests over whole directories."""

import random
from datetime import date, datetime, timedelta

from django.test import override_settings

from clusters import models as m
from clusters.dates import SEOUL
from tests import factories

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
PUBLICATIONS = ["published"] * 12 + ["draft", "in_review", "archived"]
SYLLABLES = "가나다라마바사아자차판교강남 AI Lab 100% _비전".replace(" ", "|").split("|") + list(
    "가나다라마바사판교"
)


class World:
    """Records by kind; the same in every run."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.provinces = [
            factories.province(slug, name_ko=ko, name_en=en)
            for slug, ko, en in (
                ("seoul", "서울", "Seoul"),
                ("gyeonggi", "경기", "Gyeonggi-do"),
                ("incheon", "인천", "Incheon"),
            )
        ]
        self.sources = [
            factories.source(publication=publication, published=published)
            for publication, published in (
                ("published", "2024"),
                ("published", "2025-03"),
                ("published", ""),
                ("draft", "2023-01-02"),
            )
        ]
        self.districts = [
            factories.district(
                slug=slug,
                short_name_ko=ko,
                short_name_en=en,
                province=self.provinces[province],
                publication=publication,
            )
            for slug, ko, en, province, publication in (
                ("pangyo", "판교", "Pangyo", 1, "published"),
                ("gangnam", "강남", "Gangnam", 0, "published"),
                ("magok", "마곡", "Magok", 0, "published"),
                ("hidden", "숨은곳", "Hidden", 0, "draft"),
            )
        ]
        self.technologies = [
            factories.technology(slug, name_ko=ko, name_en=en)
            for slug, ko, en in (
                ("llm", "언어모델", "Language models"),
                ("vision", "컴퓨터 비전", "Computer vision"),
                ("chips", "AI 반도체", "AI chips"),
            )
        ]
        self.industries = [
            factories.industry(slug, name_ko=ko, name_en=en)
            for slug, ko, en in (("health", "의료", "Health care"), ("finance", "금융", "Finance"))
        ]
        self.support_kinds = [
            factories.support_kind(slug, name_ko=ko, name_en=en)
            for slug, ko, en in (("space", "공간", "Space"), ("grant", "보조금", "Grants"))
        ]

    def some(self, records: list, most: int = 2) -> list:
        return self.random.sample(records, self.random.choice([0, *range(1, most + 1), 1]))

    def one_or_none(self, records: list):
        return self.random.choice([*records, None])

    def names(self) -> dict[str, str]:
        word = "".join(self.random.choices(SYLLABLES, k=3)).strip() or "가"
        return {
            "name_ko": word,
            "name_en": self.random.choice(["Alpha", "beta", "Gamma", "alpha 100%", "Δelta_x"]),
        }

    def publication(self) -> str:
        return self.random.choice(PUBLICATIONS)

    def fact(self) -> dict:
        status = self.random.choice(m.Status.values)
        source = self.random.choice(self.sources)
        return {"status": status, "source": source, "publication": self.publication()}

    def companies(self, number: int = 22) -> None:
        for _ in range(number):
            company = factories.company(
                technologies=self.some(self.technologies),
                industries=self.some(self.industries),
                **self.names(),
                kind=self.random.choice(m.CompanyKind.values),
                stage=self.random.choice(m.Stage.values),
                ai_relevance=self.random.choice(m.Relevance.values),
                founded=self.random.choice(["", "2016", "2016-10", "2016-10-03", "1999-01"]),
                aliases=self.random.choice([[], ["판교상사", "Old Name"]]),
                source=self.random.choice(self.sources),
                publication=self.publication(),
            )
            for kind in self.some(m.OfficeKind.values, 3):
                district = self.one_or_none(self.districts)
                factories.office(company=company, kind=kind, district=district, **self.fact())
        for district in self.districts[:2]:
            # Both were in the district, and neither is: one left it, one is said to be elsewhere as well.
            left, moved = factories.company(**self.names()), factories.company(**self.names())
            for company in (left, moved):
                factories.office(
                    company=company, district=district, status="outdated", source=self.sources[0]
                )
            factories.office(company=moved, district=self.districts[2], kind="lab", source=self.sources[0])

    def institutions(self, number: int = 21) -> None:
        for _ in range(number):
            factories.institution(
                **self.names(),
                kind=self.random.choice(m.InstitutionKind.values[:4]),
                district=self.one_or_none(self.districts),
                **self.fact(),
            )

    def programs(self, number: int = 18) -> None:
        operators = [factories.institution(**self.names(), **self.fact()) for _ in range(4)]
        for _ in range(number):
            coverage = self.random.choice(m.Coverage.values)
            program = factories.program(
                **self.names(),
                operator=self.one_or_none(operators),
                coverage=coverage,
                provinces=self.some(self.provinces),
                districts=self.some(self.districts),
                support_kinds=self.some(self.support_kinds),
                technologies=self.some(self.technologies),
                publication=self.publication(),
                source=self.random.choice(self.sources),
            )
            program.partners.set(self.some(operators))
            for _ in range(self.random.randint(0, 2)):
                opens = NOW + timedelta(days=self.random.randint(-40, 20))
                factories.call(
                    program=program,
                    period_kind=self.random.choice(m.PeriodKind.values),
                    opens_at=self.random.choice([None, opens]),
                    closes_at=self.random.choice([None, opens + timedelta(days=20)]),
                    closes_precision=self.random.choice(m.Precision.values),
                    **self.fact(),
                )

    def events(self, number: int = 18) -> None:
        organizers = [factories.institution(**self.names(), **self.fact()) for _ in range(3)]
        for _ in range(number):
            starts = self.random.choice(
                [None, date(2026, 11, 23), date(2026, 11, 22), date(2025, 9, 1), date(2027, 1, 5)]
            )
            factories.event(
                **self.names(),
                district=self.one_or_none(self.districts),
                organizer=self.one_or_none(organizers),
                month=self.random.choice([None, 9, 11]),
                starts_on=starts,
                ends_on=self.random.choice([None, starts + timedelta(days=1)]) if starts else None,
                **self.fact(),
            )

    def more_sources(self, number: int = 22) -> None:
        for _ in range(number):
            factories.source(
                title="".join(self.random.choices(SYLLABLES, k=3)).strip() or "가",
                publisher=self.random.choice(["한국신문", "beta", "Alpha"]),
                published=self.random.choice(["", "2024", "2023-11", "2025-01-02", "2025-01"]),
                publication=self.publication(),
            )

    def more_districts(self, number: int = 8) -> None:
        for _ in range(number):
            factories.district(
                **self.names(), province=self.random.choice(self.provinces), publication=self.publication()
            )

    def fill(self, directory: str) -> "World":
        """Add what a directory lists, and what its rows refer to."""
        with override_settings(SIMPLE_HISTORY_ENABLED=False):  # nobody looks at it here
            self._fill(directory)
        return self

    def _fill(self, directory: str) -> None:
        if directory == "districts":
            self.more_districts()
            self.companies(12)
            self.institutions(8)
            self.programs(8)
        else:
            getattr(self, "more_sources" if directory == "sources" else directory)()
