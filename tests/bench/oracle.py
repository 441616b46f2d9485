"""Counts by plain Python, record by record, what the served pages claim: python -m tests.bench.oracle ADDRESS.

Reads the database that the settings name. Ends with status 1 when a page gives another total, another count beside
a filter, or other rows in another order than the records themselves give.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, quote
from urllib.request import urlopen

QUESTIONS = (
    "per_page=50",
    "per_page=50&district=pangyo&technology=llm",
    "per_page=50&q=가나",
    "per_page=50&q=가나에서",
    "per_page=50&q=제품을",
    "per_page=50&page=150",
    "per_page=50&kind=startup&stage=seed",
    "per_page=50&technology=llm&technology=robotics&status=disputed&sort=-founded",
)
OPTION = re.compile(r'data-facet="([a-z]+):([^"]+)" data-count="(\d+)"')
ROW = re.compile(r'<tr data-slug="([^"]+)"')
FILTERS = {"district", "relevance", "technology", "industry", "kind", "stage", "status"}
PART = 2000  # companies in memory at a time


def check(site: str) -> int:
    """Prints a line to each question; the number of claims that are wrong."""
    asked = [Asked(site, question) for question in QUESTIONS]
    for company in companies():
        facts = facts_of(company)
        for one in asked:
            one.look_at(company, facts)
    return sum(one.report() for one in asked)


class Facts(NamedTuple):
    """What a company may be filtered by."""

    offices: list[tuple[str, str]]  # district and finding
    values: dict[str, set[str]]

    def fit(self, chosen: dict[str, list[str]]) -> bool:
        if "district" in chosen or "status" in chosen:
            districts, findings = chosen.get("district"), chosen.get("status")
            if not any(
                (districts is None or district in districts)
                and (finding in findings if findings else finding != "outdated")
                for district, finding in self.offices
            ):
                return False
        return all(
            self.values[name].intersection(wanted) for name, wanted in chosen.items() if name in self.values
        )

    def may_be(self, facet: str, value: str) -> bool:
        """Quickly, so that few options of few companies are weighed in full."""
        if facet in self.values:
            return value in self.values[facet]
        return any(value in office for office in self.offices)


def facts_of(company) -> Facts:
    offices = [
        (office.district.slug if office.district else "", office.status)
        for office in company.offices.all()
        if office.publication == "published"
        and (office.district is None or office.district.publication == "published")
    ]
    return Facts(
        offices,
        {
            "relevance": {company.ai_relevance},
            "kind": {company.kind},
            "stage": {company.stage},
            "technology": {one.slug for one in company.technologies.all()},
            "industry": {one.slug for one in company.industries.all()},
        },
    )


class Asked:
    """A question: what the site answered, and what the records say."""

    def __init__(self, site: str, question: str) -> None:
        self.question = question
        address = f"{site}/companies/?{quote(question, safe='=&')}"
        page = read(address)
        self.rows = ROW.findall(page)
        self.told = {(facet, value): int(count) for facet, value, count in OPTION.findall(page)}
        self.total = json.loads(read(address.replace("/?", ".json?")))["count"]
        chosen = parse_qs(question)
        self.size, self.page = int(chosen["per_page"][0]), int(chosen.get("page", ["1"])[0])
        self.words = chosen.get("q", [""])[0]
        self.newest_first = "sort" in chosen
        self.chosen = {name: values for name, values in chosen.items() if name in FILTERS}
        self.found: list[tuple[str, str, str]] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.trials = [
            ({name: values for name, values in self.chosen.items() if name != facet}, facet, value)
            for facet, value in self.told
        ]

    def look_at(self, company, facts: Facts) -> None:
        from tests.directory import naive

        if self.words and not naive.company(company, {"q": self.words}):
            return
        if facts.fit(self.chosen):
            self.found.append((company.name_ko, company.slug, company.founded))
        for others, facet, value in self.trials:
            if facts.may_be(facet, value) and facts.fit({**others, facet: [value]}):
                self.counts[facet, value] += 1

    def report(self) -> int:
        """How many of the three checks failed, told in one line."""
        self.found.sort()
        if self.newest_first:
            self.found.sort(key=lambda one: one[1])
            self.found.sort(key=lambda one: one[2], reverse=True)
        slugs = [slug for _name, slug, _founded in self.found]
        checks = {
            "total": self.total == len(self.found),
            "counts": bool(self.told) and all(self.counts[key] == count for key, count in self.told.items()),
            # A search has an order of its own, which the tests of the search know.
            "rows": bool(self.words)
            or self.rows == slugs[(self.page - 1) * self.size : self.page * self.size],
        }
        failed = [name for name, right in checks.items() if not right]
        said = f"WRONG: {', '.join(failed)}" if failed else "agree"
        print(f"{self.question:<72}{len(self.found):>9,} found, {len(self.told)} counts: {said}", flush=True)
        return len(failed)


def companies() -> Iterator:
    from clusters.models import Company

    published = Company.objects.published().order_by("pk")
    related = published.prefetch_related("offices__district", "technologies", "industries")
    last = 0
    while part := list(related.filter(pk__gt=last)[:PART]):
        yield from part
        last = part[-1].pk


def read(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return answer.read().decode()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.exit(1 if check(sys.argv[1]) else 0)
