"""Owns what must hold for the opening data: every record is sound, cited, bilingual, and survives a round trip."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models, transaction
from django.db.models import Count

from clusters import models as m
from clusters.curation import fixtures

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "fixtures"
MODELS = fixtures.fixture_models()
FACTS = [model for model in MODELS if issubclass(model, m.Fact)]

# The least that must be there; more is welcome.
FLOOR = {
    "Province": 17,
    "Technology": 16,
    "Industry": 18,
    "SupportKind": 12,
    "Source": 488,
    "Institution": 82,
    "District": 11,
    "Station": 17,
    "AnchorSite": 32,
    "Designation": 52,
    "Claim": 18,
    "Trait": 40,
    "Company": 142,
    "Office": 183,
    "FundingRound": 32,
    "Program": 68,
    "Call": 82,
    "Criterion": 115,
    "Indicator": 57,
    "Series": 136,
    "Observation": 213,
    "Event": 14,
    "Redirect": 0,
}

# Korean text that may stand without English, and why.
KOREAN_ONLY = {
    ("Office", "address"): "an address is given as the filing or report writes it",
    ("Company", "legal_name"): "the registered name is Korean; no registered English name was found",
}

# What the site began from says of three districts, as the claims must quote it.
STATEMENTS = {
    "pangyo": [
        "서울 내 AI 클러스터의 대표적인 세 지역에 판교가 들어간다",
        "VC·인큐베이터 등 창업 지원 기관이 모여 있다",
        "업스테이지·뤼튼·뷰노가 판교의 대표 AI 기업이다",
        "경기도와 성남시가 판교 제2테크노밸리를 중심으로 AI 융합 클러스터를 조성 중이다",
        "창업 지원, 시제품 제작, 투자 연계 등 종합 인프라를 구축한다",
    ],
    "gangnam": [
        "카카오의 한국 지사가 강남에 있다",
        "구글코리아가 강남에 있다",
        "SAP코리아가 강남에 있다",
        "엔비디아 한국 지사가 강남에 있다",
        "서울시가 강남 일대를 ‘디지털 기반 산업 혁신지구’로 지정했다",
        "세제 혜택, 공간 지원, 투자 연계 프로그램을 운영한다",
        "매년 AI 콘퍼런스·네트워킹·해커톤이 열린다",
    ],
    "magok": [
        "LG사이언스파크가 있다",
        "이화여대가 있다",
        "서울산업진흥원(SBA)이 밀집 기관 중 하나다",
        "SBA가 마곡에 ‘서울AI혁신허브’를 구축했다",
        "테스트베드 제공, 실증 지원, 기술 멘토링을 운영한다",
        "AI 실증과 상용화에 특화된 클러스터다",
    ],
}
WORKING_FILES = re.compile(
    r"\.(?:csv|ya?ml|json|xlsx?)\b(?!/)|\bseed:|씨드|씨앗|stored copy|selected_count", re.IGNORECASE
)
BRITISH = re.compile(
    r"\b(?:centres?|programmes?|defence|offence|behaviours?|neighbourhoods?|labours?|licence|storeys?|modelling"
    r"|\w+is(?:ation|ations)|(?:organ|special|commercial|personal|optim|recogn)is(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)


def stored(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def texts(record: models.Model) -> Iterator[tuple[str, str]]:
    """Every text of a record, lists line by line, by column; addresses of the web are no text."""
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if field.name in ("url", "website", "notice_url"):
            continue
        for line in value if isinstance(value, list) else [value]:
            if isinstance(line, str):
                yield field.name, line


@pytest.fixture(scope="module")
def opening_data(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """The fixtures, loaded once, the records of each file last one first: their order must not matter.

    The tests' own transactions are savepoints within this one.
    """
    folder = tmp_path_factory.mktemp("reversed")
    for model in MODELS:
        name = fixtures.fixture_name(model)
        (folder / name).write_text(json.dumps(json.loads(stored(name))[::-1]), encoding="utf-8")
    with django_db_blocker.unblock(), transaction.atomic():
        fixtures.load(folder, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_loading_again_with_the_files_in_reverse_order_changes_nothing(opening_data):
    names = [fixtures.fixture_name(model) for model in reversed(MODELS)]
    call_command("loaddata", *[FOLDER / name for name in names if json.loads(stored(name))], verbosity=0)
    for model in MODELS:
        assert fixtures.written(model) == stored(fixtures.fixture_name(model)), model.__name__


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
class TestOpeningData:
    @pytest.fixture(autouse=True)
    def loaded(self, opening_data):
        pass

    def test_dump_gives_the_file_back(self, model):
        assert fixtures.written(model) == stored(fixtures.fixture_name(model))

    def test_nothing_got_lost(self, model):
        assert model._default_manager.count() >= FLOOR[model.__name__]

    def test_every_record_passes_full_clean(self, model):
        problems = []
        for record in model._default_manager.all():
            try:
                record.full_clean()
            except ValidationError as problem:
                problems.append((record.natural_key(), problem.message_dict))
        assert problems == []

    def test_everything_is_published_and_untouched(self, model):
        if issubclass(model, m.Record):
            assert not model._default_manager.exclude(publication="published", version=1).exists()
            assert model.objects.published().count() == model._default_manager.count()

    def test_no_text_names_a_working_file(self, model):
        found = [
            (record.natural_key(), column, text)
            for record in model._default_manager.all()
            for column, text in texts(record)
            if WORKING_FILES.search(text)
        ]
        assert found == []

    def test_korean_text_has_its_english(self, model):
        columns = {field.name for field in model._meta.concrete_fields}
        stems = [name.removesuffix("_ko") for name in columns if name.endswith("_ko")]
        missing = [
            (record.natural_key(), stem)
            for record in model._default_manager.all()
            for stem in stems
            if (model.__name__, stem) not in KOREAN_ONLY
            and bool(getattr(record, f"{stem}_ko")) != bool(getattr(record, f"{stem}_en"))
        ]
        assert missing == []

    def test_english_is_american_and_holds_no_hangul(self, model):
        found = [
            (record.natural_key(), column, text)
            for record in model._default_manager.all()
            for column, text in texts(record)
            if column.endswith("_en") and (re.search("[ㄱ-ㅎ가-힣]", text) or BRITISH.search(text))
        ]
        assert found == []


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_every_confirmed_fact_has_a_source(opening_data, model):
    assert not model.objects.filter(status=m.Status.CONFIRMED, source__isnull=True).exists()
    for fact in model.objects.select_related("source").prefetch_related("further_sources"):
        sources = [source.slug for source in fact.public_sources]
        assert len(sources) == len(set(sources)), fact.natural_key()


def test_every_address_belongs_to_one_source(opening_data):
    urls = Counter(m.Source.objects.published().exclude(url="").values_list("url", flat=True))
    assert [url for url, number in urls.items() if number > 1] == []


def test_every_claim_of_the_first_article_is_there(opening_data):
    claims = m.Claim.objects.order_by("district", "order")
    found = {slug: [c.statement_ko for c in claims if c.district.slug == slug] for slug in STATEMENTS}
    assert found == STATEMENTS
    assert {claim.made_in.slug for claim in claims} == {"seed-article"}
    assert Counter(claim.status for claim in claims) == {"confirmed": 9, "disputed": 6, "unverified": 3}


def test_one_series_stands_for_one_way_of_counting(opening_data):
    ways = m.Series.objects.values(
        "district", "reference_area", "indicator", "scope_ko", "survey_ko", "basis"
    )
    assert not ways.annotate(number=Count("pk")).filter(number__gt=1).exists()
    assert not m.Series.objects.filter(observations__isnull=True).exists()


def test_every_program_has_calls_and_a_place(opening_data):
    for program in m.Program.objects.prefetch_related("calls", "provinces", "districts"):
        assert program.calls.all(), program.slug
        assert bool(program.provinces.all()) == (program.coverage == m.Coverage.PROVINCES), program.slug
        if program.coverage == m.Coverage.DISTRICTS:
            assert program.districts.all(), program.slug
