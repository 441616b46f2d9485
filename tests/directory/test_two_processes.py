"""Two processes with warm snapshots, one of which writes: both always say what plain Python counts over the records."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clusters import models as m
from clusters import search
from clusters.curation import history
from clusters.curation.importing.undoing import undo
from clusters.curation.merging import plans, undoing
from clusters.curation.merging.applying import merge
from clusters.search.normalizing import squeezed
from tests import factories
from tests.curation.importing import engine

from . import naive
from .another_worker import ask
from .world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
PER_PAGE = 5
OPTION = re.compile(r'data-facet="([a-z]+):([^"]+)" data-count="(\d+)"')
TOTAL = re.compile(r'id="results" data-total="(\d+)"')
SECTION = re.compile(r'<section class="sec" id="companies".*?</section>', re.DOTALL)
SLUG = re.compile(r'data-slug="([^"]+)"')
NAME_FIELDS = ("name_ko", "name_en", "legal_name_ko", "legal_name_en", "stock_code")
OPTIONS = {
    "district": ["pangyo", "gangnam"],  # the third one comes and goes
    "technology": ["llm", "vision", "chips"],
    "industry": ["health", "finance"],
    "kind": ["startup", "sme", "large"],
    "stage": ["seed", "listed"],
    "status": ["confirmed", "disputed", "outdated"],
}


class Another:
    """A worker in a process of its own, on the same database."""

    def __init__(self) -> None:
        found = connection.settings_dict
        at = f"{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}".replace(":@", "@")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.directory.another_worker"],
            cwd=site.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": f"sqlite:///{found['NAME']}"
                if connection.vendor == "sqlite"
                else f"postgres://{at}/{found['NAME']}",
                "DATA_DIR": str(site.DATA_DIR),
                "LINES_ROOT": str(site.LINES_ROOT),  # what one has written the other reads
                "MOMENT": NOW.isoformat(),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, addresses: list[str]) -> list[str]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(addresses) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def another() -> Iterator[Another]:
    found = Another()
    yield found
    found.end()


# ---- what the records themselves say ---------------------------------------------------------------


def public_companies() -> list[m.Company]:
    found = m.Company.objects.prefetch_related(*naive.RELATED["companies"])
    return [one for one in found if naive.is_public(one)]


def lowered(name: str) -> str:
    """As the database makes small letters for sorting: SQLite knows those of ASCII only."""
    return (
        name.lower() if connection.vendor == "postgresql" else re.sub("[A-Z]", lambda x: x[0].lower(), name)
    )


def in_order(found: list[m.Company], question: "Question") -> list[str]:
    """Sorted three times, by what counts least first."""
    language = question.language
    found = sorted(found, key=lambda one: one.slug)
    if question.sort.endswith("founded"):
        found.sort(key=lambda one: str(one.founded), reverse=question.sort.startswith("-"))
        found.sort(key=lambda one: not one.founded)
    else:
        found.sort(
            key=lambda one: lowered(getattr(one, f"name_{language}")), reverse=question.sort == "-name"
        )
    if question.words and not question.sort:
        found.sort(key=lambda one: rank(one, question.words))
    return [one.slug for one in found]


def rank(company: m.Company, text: str) -> int:
    """0 for a whole name, 1 for the beginning of one, 2 for words in names, 3 for words anywhere."""
    names = [getattr(company, name) for name in NAME_FIELDS] + company.former_names + company.aliases
    names, words = [squeezed(name) for name in names], search.words_of(text)
    whole = "".join(words)
    if whole in names:
        return 0
    if any(name.startswith(whole) for name in names):
        return 1
    return 2 if all(any(word in name for name in names) for word in words) else 3


# ---- what is asked, and what the answers must be ---------------------------------------------------


@dataclass(frozen=True)
class Question:
    chosen: dict[str, list[str]]
    words: str
    sort: str
    language: str
    page: int

    def address(self, suffix: str = "/", **more) -> str:
        given = {**self.chosen, "q": self.words, "sort": self.sort, **more}
        query = urlencode({name: value for name, value in given.items() if value}, doseq=True)
        return f"{'/en' if self.language == 'en' else ''}/companies{suffix}?{query}"

    def addresses(self) -> list[str]:
        """A page far in, the file of all, the JSON, and the search across all directories."""
        prefix = "/en" if self.language == "en" else ""
        return [
            self.address(per_page=PER_PAGE, page=self.page),
            self.address(".csv"),
            self.address(".json", per_page=100),
            f"{prefix}/search/?{urlencode({'q': self.words or '판교'})}",
        ]

    def expected(self, public: list[m.Company]) -> "Told":
        """What plain Python makes of the records."""
        chosen = {**self.chosen, **({"q": self.words} if self.words else {})}
        words = self.words or "판교"
        hits = [one for one in public if naive.company(one, {"q": words})]
        looked_through = hits if self.words else public
        slugs = in_order([one for one in public if naive.company(one, chosen)], self)
        first = (min(self.page, max(1, -(-len(slugs) // PER_PAGE))) - 1) * PER_PAGE
        return Told(
            totals=(len(slugs), len(slugs)),
            rows=slugs[first : first + PER_PAGE],
            file=slugs,
            data=slugs,
            counts={
                (facet, value): sum(
                    naive.company(one, {**self.chosen, facet: [value]}) for one in looked_through
                )
                for facet, values in options().items()
                for value in values
            },
            hits=in_order(hits, Question({}, words, "", self.language, 1))[:5],
        )


@dataclass(frozen=True)
class Told:
    """What the answers to one question say."""

    totals: tuple[int, int]
    rows: list[str]
    file: list[str]
    data: list[str]
    counts: dict[tuple[str, str], int]
    hits: list[str]

    @classmethod
    def by(cls, answers: list[str]) -> "Told":
        assert [one[:4] for one in answers] == ["200 "] * 4
        page, file, data, everywhere = (one[4:] for one in answers)
        told, found = json.loads(data), SECTION.search(everywhere)
        return cls(
            totals=(int(TOTAL.search(page)[1]), told["count"]),
            rows=re.findall(r'<tr data-slug="([^"]+)"', page),
            file=[row["slug"] for row in csv.DictReader(io.StringIO(file.lstrip("\ufeff")))],
            data=[row["slug"] for row in told["results"]],
            counts={(facet, value): int(count) for facet, value, count in OPTION.findall(page)},
            hits=SLUG.findall(found[0] if found else ""),
        )


def options() -> dict[str, list[str]]:
    """Every option the form must show."""
    districts = m.District.objects.filter(publication="published")
    return {
        "district": [one.slug for one in districts],
        "technology": [one.slug for one in m.Technology.objects.all()],
        "industry": [one.slug for one in m.Industry.objects.all()],
        "relevance": m.Relevance.values,
        "kind": m.CompanyKind.values,
        "stage": m.Stage.values,
        "status": m.Status.values,
    }


some = st.lists(st.sampled_from(list(OPTIONS)), max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {
            name: st.lists(st.sampled_from(OPTIONS[name]), min_size=1, max_size=2, unique=True)
            for name in names
        }
    )
)
questions = st.builds(
    Question,
    chosen=some,
    words=st.sampled_from(["", "", "판교", "가", "alpha", "강남 판교", "회사", "새이름"]),
    sort=st.sampled_from(["", "", "name", "-name", "founded", "-founded"]),
    language=st.sampled_from(["ko", "en"]),
    page=st.integers(1, 6),
)


# ---- what is written -------------------------------------------------------------------------------


@dataclass
class Desk:
    """Where a curator works: what may be taken back, and what is looked at while an import is being written."""

    by: object
    folder: object
    meanwhile: Callable[[], None]
    imports: list = field(default_factory=list)
    merges: list = field(default_factory=list)
    number: int = 0

    def one(self, at: int, **wanted) -> m.Company:
        found = m.Company.objects.filter(**wanted).order_by("pk")
        return found[at % len(found)]

    def import_some(self, at: int) -> None:
        """New companies with offices, and others that come with another name, technology or stage."""
        self.number += 1
        known = self.one(at, publication="published")
        rows = [
            {**engine.company(100 * self.number + n, publication="published"), "technologies": "llm"}
            for n in range(4)
        ]
        changed = {"slug": known.slug, "name_ko": "새이름", "stage": "listed", "technologies": "vision"}
        source = m.Source.objects.filter(publication="published").first().slug
        offices = [
            {
                "company": row["slug"],
                "kind": "hq",
                "district": "magok",
                "address_ko": "판교로 1",
                "source": source,
                "status": "confirmed",
                "publication": "published",
            }
            for row in rows
        ]
        folder = self.folder / str(self.number)
        read = engine.plan(
            engine.table(folder / "companies.csv", [{**row, "source": source} for row in rows]),
            engine.table(folder / "offices.csv", offices),
            engine.table(folder / "changed" / "companies.csv", [changed]),
            reason="as asked",
        )
        assert not read.errors, read.problems
        batch = engine.applying.apply(
            read, file_name="made.zip", progress=lambda done, of: self.meanwhile() if done < of else None
        )
        assert batch and batch.created == 8 and batch.changed == 1
        self.imports.append(batch)

    def undo_import(self, at: int) -> None:
        if self.imports:
            undo(self.imports.pop(), force=True)

    def archive(self, at: int) -> None:
        assert history.archive([self.one(at, publication="published")], by=self.by).changed

    def publish(self, at: int) -> None:
        history.publish(list(m.Company.objects.exclude(publication="published")[:3]), by=self.by)

    def rename(self, at: int) -> None:
        company = self.one(at, publication="published")
        company.name_ko, company.name_en, company.founded = "강남판교", "alpha zeta", "2011"
        history.save(company, by=self.by)

    def move(self, at: int) -> None:
        """An office to another company."""
        office = m.Office.objects.order_by("pk")[at % m.Office.objects.count()]
        office.company, office.kind, office.address_ko = self.one(at + 3), "lab", f"옮긴 곳 {at}"
        if not m.Office.objects.filter(company=office.company, kind="lab").exclude(pk=office.pk).exists():
            history.save(office, by=self.by)

    def retag(self, at: int) -> None:
        technologies = list(m.Technology.objects.order_by("slug")[: at % 3])
        history.save(self.one(at), by=self.by, relations={"technologies": technologies})

    def delete(self, at: int) -> None:
        history.delete(m.Office.objects.order_by("pk")[at % m.Office.objects.count()], by=self.by)

    def all_at_once(self, at: int) -> None:
        m.Company.objects.filter(stage="seed").update(stage="listed", version=F("version") + 1)

    def withdraw_district(self, at: int) -> None:
        place = m.District.objects.get(slug="magok")
        (history.archive if place.publication == "published" else history.publish)([place], by=self.by)

    def merge(self, at: int) -> None:
        kept = self.one(at, publication="published")
        merged = m.Company.objects.filter(publication="published").exclude(pk=kept.pk).order_by("pk").last()
        stamp = plans.make(m.Company.objects.get(pk=kept.pk), m.Company.objects.get(pk=merged.pk)).stamp
        self.merges.append(merge(kept, merged, by=self.by, stamp=stamp))

    def undo_merge(self, at: int) -> None:
        if self.merges:
            undoing.undo(self.merges.pop(), by=self.by, leave_edited=True)


WAYS = ["archive", "publish", "rename", "move", "retag", "delete", "all_at_once", "withdraw_district"]
steps = st.tuples(
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=2),
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=2),
    st.integers(0, 30),
).map(lambda drawn: [(name, drawn[2] + place) for place, name in enumerate(in_a_row(drawn[0], drawn[1]))])


def in_a_row(before: list[str], between: list[str]) -> list[str]:
    """Always an import and a merge, and both taken back, with other writes around."""
    return [*before, "import_some", *between, "merge", "undo_merge", "undo_import"]


def test_both_say_what_the_records_say_through_every_write(client, another, tmp_path):
    @settings(max_examples=2, derandomize=True, phases=[Phase.generate])
    @given(st.integers(1, 99), steps, st.lists(questions, min_size=2, max_size=2))
    def same(seed, steps, asked):
        call_command("flush", interactive=False, verbosity=0)
        World(seed).fill("companies")
        by = factories.person("editor", "administrator")
        addresses = [address for question in asked for address in question.addresses()]
        expected: list[Told] = []
        seen_meanwhile = []

        def says(answers: list[str]) -> None:
            for place, (question, told) in enumerate(zip(asked, expected, strict=True)):
                assert Told.by(answers[4 * place : 4 * place + 4]) == told, question

        def meanwhile() -> None:
            """What is being written nobody else sees yet."""
            says(another.ask(addresses))
            seen_meanwhile.append(True)

        def look() -> None:
            public = public_companies()
            expected[:] = [question.expected(public) for question in asked]
            says(another.ask(addresses))
            says(ask(client, addresses))

        desk = Desk(by, tmp_path / str(seed), meanwhile)
        look()
        for name, at in steps:
            getattr(desk, name)(at)
            look()
        assert seen_meanwhile

    with time_machine.travel(NOW, tick=False):
        same()
