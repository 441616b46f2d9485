"""Companies by the hundred thousand, the same in every run: python -m tests.bench.generate NUMBER.

They are imported, as anybody imports files, into the database that the settings name, beside the opening data, whose
districts, vocabularies and sources they use.
"""

import csv
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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
PART = 100_000  # companies in an import


def romanized(word: str) -> str:
    """Good enough to sort and to search by."""
    codes = [ord(letter) - 0xAC00 for letter in word]
    return "".join(
        INITIALS[code // 588] + VOWELS[code % 588 // 28] + FINALS.get(code % 28, "ng") for code in codes
    )


def generate(number: int, seed: int = 1) -> None:
    from django.core.management import call_command

    dice, known = random.Random(seed), Known()
    for first in range(0, number, PART):
        with TemporaryDirectory(prefix="clusters-bench-") as folder:
            companies = [_company(dice, one, known) for one in range(first, min(first + PART, number))]
            write(Path(folder, "companies.csv"), iter(companies))
            write(
                Path(folder, "offices.csv"), (row for one in companies for row in _offices(dice, one, known))
            )
            with open(os.devnull, "w") as nowhere:
                call_command("import_data", folder, reason="Generated for the bench.", stdout=nowhere)


def write(path: Path, rows: Iterator[dict[str, str]]) -> None:
    """A table as the importer knows it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        first = next(rows)
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


class Known:
    """What the generated records may refer to, by its code."""

    def __init__(self) -> None:
        from clusters import models as m

        def codes(records) -> list[str]:
            return list(records.order_by("slug").values_list("slug", flat=True))

        self.districts = codes(m.District.objects.published())
        self.provinces = codes(m.Province.objects)
        self.technologies = codes(m.Technology.objects)
        self.industries = codes(m.Industry.objects)
        self.sources = codes(m.Source.objects.published())
        self.kinds, self.stages, self.relevances = (
            list(one.values) for one in (m.CompanyKind, m.Stage, m.Relevance)
        )
        self.office_kinds, self.findings = list(m.OfficeKind.values), list(m.Status.values)


def _company(dice: random.Random, number: int, known: Known) -> dict[str, str]:
    word = "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))
    ending = dice.choice(ENDINGS)
    year = dice.randint(FIRST_YEAR, LAST_YEAR)
    founded = dice.choice(
        ["", str(year), f"{year}-{dice.randint(1, 12):02}", f"{year}-{dice.randint(1, 12):02}-15"]
    )
    return {
        "slug": f"generated-{number}",
        "name_ko": word + ending[0],
        "name_en": f"{romanized(word).capitalize()} {ending[1]}",
        "kind": dice.choice(known.kinds),
        "stage": dice.choice(known.stages),
        "ai_relevance": dice.choice(known.relevances),
        "founded": founded,
        "website": f"https://generated-{number}.example/",
        "summary_ko": f"{word}에서 만든 {ending[0]} 제품을 기업에 제공합니다.",
        "summary_en": f"Makes {ending[1]} products for business, number {number}.",
        "technologies": ";".join(dice.sample(known.technologies, dice.randint(1, 3))),
        "industries": ";".join(dice.sample(known.industries, dice.randint(1, 2))),
        "source": dice.choice(known.sources),
        "as_of": str(dice.randint(2020, 2026)),
        "publication": "draft" if number % 50 == 7 else "published",
    }


def _offices(dice: random.Random, company: dict[str, str], known: Known) -> Iterator[dict[str, str]]:
    for kind in dice.sample(known.office_kinds, dice.choice([1, 1, 1, 2])):
        yield {
            "company": company["slug"],
            "district": dice.choice([*known.districts, ""]),
            "kind": kind,
            "address_ko": f"테헤란로 {dice.randint(1, 999)}",
            "address_en": f"{dice.randint(1, 999)} Teheran-ro",
            "province": dice.choice(known.provinces),
            "status": dice.choice([*known.findings, "confirmed", "confirmed"]),
            "source": dice.choice(known.sources),
            "as_of": str(dice.randint(2020, 2026)),
            "publication": "published",
        }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    generate(int(sys.argv[1]))
