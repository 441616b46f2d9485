"""Companies by the hundred thousand, the same in every run: python -m tests.bench.generate NUMBER.

They go into the database that the settings name, beside the opening data, whose districts, vocabularies and
sources they use.
"""

import os
import random
import sys

SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후인진신선현"
ENDINGS = (("테크", "Tech"), ("랩", "Lab"), ("에이아이", "AI"), ("로보틱스", "Robotics"), ("데이터", "Data"))
INITIALS = (
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
)
VOWELS = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae"),
    *("oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
FINALS = {0: "", 4: "n"}
FIRST_YEAR, LAST_YEAR = 1985, 2025
PART = 5000


def romanized(word: str) -> str:
    """Good enough to sort and to search by."""
    codes = [ord(letter) - 0xAC00 for letter in word]
    return "".join(
        INITIALS[code // 588] + VOWELS[code % 588 // 28] + FINALS.get(code % 28, "ng") for code in codes
    )


def generate(number: int, seed: int = 1) -> None:
    from django.core.management import call_command

    from clusters import models as m

    dice = random.Random(seed)
    districts = list(m.District.objects.published().order_by("slug"))
    provinces = list(m.Province.objects.order_by("slug"))
    technologies = list(m.Technology.objects.order_by("slug"))
    industries = list(m.Industry.objects.order_by("slug"))
    sources = list(m.Source.objects.published().order_by("slug"))
    for first in range(0, number, PART):
        companies = [_company(m, dice, one, sources) for one in range(first, min(first + PART, number))]
        m.Company.objects.bulk_create(companies, batch_size=500)
        offices = [
            office
            for company in companies
            for office in _offices(m, dice, company, districts, provinces, sources)
        ]
        m.Office.objects.bulk_create(offices, batch_size=500)
        for name, terms, most in (("technologies", technologies, 3), ("industries", industries, 2)):
            through = getattr(m.Company, name).through
            column = getattr(m.Company, name).field.m2m_reverse_field_name() + "_id"
            through.objects.bulk_create(
                [
                    through(company_id=company.pk, **{column: term.pk})
                    for company in companies
                    for term in dice.sample(terms, dice.randint(1, most))
                ],
                batch_size=500,
            )
    # These rows came past the models, which keep the index.
    call_command("rebuild_search", force=True, verbosity=0)


def _company(m, dice: random.Random, number: int, sources: list):
    word = "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))
    ending = dice.choice(ENDINGS)
    year = dice.randint(FIRST_YEAR, LAST_YEAR)
    founded = dice.choice(
        ["", str(year), f"{year}-{dice.randint(1, 12):02}", f"{year}-{dice.randint(1, 12):02}-15"]
    )
    return m.Company(
        publication=m.Publication.DRAFT if number % 50 == 7 else m.Publication.PUBLISHED,
        slug=f"generated-{number}",
        name_ko=word + ending[0],
        name_en=f"{romanized(word).capitalize()} {ending[1]}",
        kind=dice.choice(m.CompanyKind.values),
        stage=dice.choice(m.Stage.values),
        ai_relevance=dice.choice(m.Relevance.values),
        founded=founded,
        website=f"https://generated-{number}.example/",
        summary_ko=f"{word}에서 만든 {ending[0]} 제품을 기업에 제공합니다.",
        summary_en=f"Makes {ending[1]} products for business, number {number}.",
        source=dice.choice(sources),
        as_of=str(dice.randint(2020, 2026)),
    )


def _offices(m, dice: random.Random, company, districts: list, provinces: list, sources: list) -> list:
    kinds = dice.sample(m.OfficeKind.values, dice.choice([1, 1, 1, 2]))
    return [
        m.Office(
            publication=m.Publication.PUBLISHED,
            company=company,
            district=dice.choice([*districts, None]),
            province=dice.choice(provinces),
            kind=kind,
            status=dice.choice([*m.Status.values, m.Status.CONFIRMED, m.Status.CONFIRMED]),
            source=dice.choice(sources),
            as_of=str(dice.randint(2020, 2026)),
            address_ko=f"테헤란로 {dice.randint(1, 999)}",
            address_en=f"{dice.randint(1, 999)} Teheran-ro",
        )
        for kind in kinds
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    generate(int(sys.argv[1]))
