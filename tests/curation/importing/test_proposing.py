"""Mappings proposed for made-up files of the kinds portals publish, and the profiles that come of them."""

import csv
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.curation.importing import gathering, looking, rehearsal, saved_profiles
from clusters.curation.importing.guessing import kinds_of
from clusters.curation.importing.looking import SeenColumn, SeenTable
from clusters.curation.importing.mapping import NOTHING, Mapping, body_of, propose, unknown_values
from clusters.curation.importing.mapping.mapping import Column
from clusters.curation.importing.mapping.offers import offers
from clusters.curation.importing.rules import BadProfile
from clusters.models import Call, Company, Event, Office, Program, SavedProfile
from tests import factories

from .engine import plan

COMPANIES = {
    "순번": ["1", "2", "3"],
    "참여기업명(국문)": ["(주)가온누리", "다솜 주식회사", "라온"],
    "사업자등록번호": ["220-81-62517", "120-81-47521", "124-81-00998"],
    "본사 소재지": ["서울특별시 강남구 언주로 1", "경기도 성남시 분당구 판교로 2", "서울 마포구 양화로 3"],
    "홈 페이지": ["gaon.example.com", "https://dasom.example.kr", "www.raon.example.com"],
    "창업 연월일": ["2016.03.02", "2019.11.30", "2020.1.5"],
    "기업 규모": ["중소기업", "중견기업", "벤처"],
    "담당자 연락처": ["02-555-1234", "031-700-1234", "02-333-1234"],
}
PROGRAMS = {
    "공고ID": ["K-1", "K-2"],
    "공고 제목": ["인공지능 실증", "초기창업 묶음"],
    "신청 시작일자": ["2026-01-05", "2026-02-01"],
    "신청 마감일자": ["2026-01-30", "2026-03-02"],
    "신청자격": ["중소기업", "예비창업자"],
    "공고 URL": ["https://notice.example/1", "https://notice.example/2"],
    "총사업비(백만원)": ["1,200", "350"],
}
EVENTS = {
    "행사 이름": ["데이터 축제", "로봇 박람회"],
    "개최 장소": ["코엑스", "킨텍스"],
    "행사 시작일": ["2026-05-01", "2026-06-01"],
    "행사 종료일": ["2026-05-03", "2026-06-02"],
}
WORDS = {"Province": {"서울특별시": "seoul", "경기도": "gyeonggi", "서울": "seoul"}, "Industry": {}}


def seen(columns: dict[str, list[str]], file: str = "자료.csv") -> SeenTable:
    found = [SeenColumn(name, values[:4], kinds_of(values), values) for name, values in columns.items()]
    return SeenTable(file, file, "", "csv", 1, len(next(iter(columns.values()))), False, found)


def fields_of(mapping: Mapping) -> dict[str, str]:
    return {name: column.field for name, column in mapping.columns.items() if column.field}


def test_a_list_of_companies():
    mapping = propose(seen(COMPANIES), name="ours")
    assert mapping.target == "Company"
    assert fields_of(mapping) == {
        "참여기업명(국문)": "name_ko",
        "사업자등록번호": "business_number",
        "본사 소재지": "office.address_ko",
        "홈 페이지": "website",
        "창업 연월일": "founded",
        "기업 규모": "kind",
    }
    assert mapping.keys() == ["사업자등록번호"]


def test_a_list_of_programs_with_their_calls():
    mapping = propose(seen(PROGRAMS), name="ours")
    assert mapping.target == "Program"
    assert fields_of(mapping) == {
        "공고 제목": "name_ko",
        "신청 시작일자": "call.opens",
        "신청 마감일자": "call.closes",
        "신청자격": "target_ko",
        "공고 URL": "call.notice_url",
        "총사업비(백만원)": "call.budget_krw",
    }
    assert mapping.keys() == ["공고ID"]
    assert mapping.columns["총사업비(백만원)"].converter == "won:백만원"


def test_a_list_of_events():
    mapping = propose(seen(EVENTS), name="ours")
    assert (mapping.target, fields_of(mapping)["개최 장소"]) == ("Event", "venue_ko")
    assert mapping.keys() == ["행사 이름", "행사 시작일"]


def test_values_speak_where_headings_do_not():
    columns = {
        "A": ["(주)가", "나 주식회사"],
        "B": ["서울 강남구 언주로 1", "서울 중구 을지로 2"],
        "C": ["a.kr", "b.com"],
    }
    mapping = propose(seen(columns), target="Company")
    assert fields_of(mapping) == {"A": "name_ko", "B": "office.address_ko", "C": "website"}


def test_values_that_contradict_a_heading_are_believed():
    columns = {"기업명": ["(주)가", "(주)나"], "홈페이지": ["있음", "없음"], "설립일": ["미상", "모름"]}
    assert fields_of(propose(seen(columns), target="Company")) == {"기업명": "name_ko"}


def test_a_kind_that_was_chosen_is_kept():
    assert propose(seen(COMPANIES), target="Institution").target == "Institution"


def test_headings_of_a_profile_are_known():
    body = 'title = "x"\nheader = ["나름의이름"]\n[[target]]\nmodel = "Company"\n[target.fields]\nname_ko = "나름의이름"\n'
    profile = saved_profiles.read("x", body)
    mapping = propose(seen({"나름의 이름": ["가", "나"]}), {"x": profile}, target="Company")
    assert fields_of(mapping) == {"나름의 이름": "name_ko"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.text(
            st.sampled_from("가나다기업명주소일자번호 ()/_" + string.ascii_letters), min_size=1, max_size=12
        ),
        st.lists(
            st.one_of(st.text(max_size=30), st.integers(), st.floats(allow_nan=True), st.none(), st.dates()),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_table_gets_a_proposal_in_which_no_field_is_filled_twice(columns):
    texts = {name: [str(value) for value in values] for name, values in columns.items()}
    found = [SeenColumn(name, texts[name], kinds_of(values)) for name, values in columns.items()]
    mapping = propose(SeenTable("x.csv", "x.csv", "", "csv", 1, 1, False, found))
    filled = list(fields_of(mapping).values())
    assert len(filled) == len(set(filled))
    assert set(filled) <= {offer.name for offer in offers(mapping.target)}
    assert set(mapping.columns) == set(columns)
    assert not any(place.startswith("columns.") for place in mapping.problems())


def write(path, columns: dict[str, list[str]]):
    with path.open("w", encoding="cp949", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def planned(tmp_path, columns, words=WORDS, **settled):
    """The plan of a file read by its proposed mapping, after a way through TOML."""
    path = write(tmp_path / "made_2026.csv", columns)
    (table,) = looking.look([path]).tables
    mapping = propose(table, name="ours")
    mapping.defaults |= settled.pop("defaults", {})
    mapping.values |= settled.pop("values", {})
    assert mapping.problems() == {}
    toml = saved_profiles.as_toml(body_of(mapping, words, file=table.file))
    profile = saved_profiles.read("ours", toml)
    assert profile.fit(table.as_table())[1] == 1, "The next year's file is known by its name."
    read, used = gathering.gather([path], known={"ours": profile})
    assert used == ["ours"]
    return rehearsal.rehearse(read)


@pytest.mark.django_db
def test_a_proposed_mapping_makes_companies_with_their_offices(tmp_path):
    factories.province("seoul")
    factories.province("gyeonggi", name_ko="경기")
    made = planned(
        tmp_path,
        COMPANIES,
        defaults={"kind": "sme", "ai_relevance": "adjacent"},
        values={"기업 규모": {"벤처": "startup"}},
    )
    assert made.errors == []
    companies = [item.record for item in made.items if isinstance(item.record, Company)]
    offices = [item.record for item in made.items if isinstance(item.record, Office)]
    assert [company.kind for company in companies] == ["sme", "mid_tier", "startup"]
    assert [office.province.slug for office in offices] == ["seoul", "gyeonggi", "seoul"]
    assert (companies[0].business_number, str(companies[0].founded)) == ("2208162517", "2016-03-02")


@pytest.mark.django_db
def test_a_proposed_mapping_makes_programs_with_their_calls(tmp_path):
    made = planned(tmp_path, PROGRAMS, defaults={"coverage": "nationwide"})
    assert made.errors == []
    program, call = (
        next(i.record for i in made.items if isinstance(i.record, kind)) for kind in (Program, Call)
    )
    assert (program.slug, call.program) == ("ours-k-1", program)
    assert (call.period_kind, call.budget_krw) == ("window", 1_200_000_000)


@pytest.mark.django_db
def test_a_proposed_mapping_makes_events(tmp_path):
    made = planned(tmp_path, EVENTS)
    assert made.errors == []
    event = next(item.record for item in made.items if isinstance(item.record, Event))
    assert (event.venue_ko, str(event.ends_on)) == ("코엑스", "2026-05-03")


def test_values_the_directory_does_not_know_are_asked_about():
    offer = next(offer for offer in offers("Company") if offer.name == "kind")
    column = SeenColumn("규모", values=["중소기업", "벤처", "-", "large"])
    assert unknown_values(column, offer.field, WORDS) == ["벤처"]
    mapping = Mapping(
        "ours", "명단", "Company", {"이름": Column("name_ko", key=True), "규모": Column("kind")}
    )
    mapping.values = {"규모": {"벤처": NOTHING}}
    rule = body_of(mapping, WORDS)["target"][0]["fields"]["kind"]
    assert (rule["map"]["벤처"], rule["map"]["중소기업"]) == ("", "sme")


def test_what_is_wrong_with_a_mapping_is_said_where_it_is():
    columns = {
        "가": Column("name_ko", key=True),
        "나": Column("name_ko"),
        "다": Column("website", "won:원"),
        "라": Column("no_such_field"),
        "마": Column("founded", "no such way"),
    }
    found = Mapping("ours", "", "Company", columns, defaults={"kind": "sme"}).problems()
    assert set(found) == {"columns.나", "columns.다", "columns.라", "columns.마", "defaults.ai_relevance"}
    assert set(Mapping(target="Company", columns={"가": Column("website")}).problems()) >= {"target"}
    assert set(Mapping(target="Event", columns={"가": Column("name_ko")}).problems()) == {"key"}
    assert set(Mapping(target="User").problems()) == {"target"}


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=10), st.text(max_size=10), max_size=4
    ),
)
def test_whatever_stands_in_a_profile_comes_back_from_toml(name, words):
    words = {key.replace("\ud800", ""): "x" for key in words}
    rule = {"column": name, "map": words, "shorten": True}
    body = {"title": name, "header": [name], "target": [{"model": "Company", "fields": {"name_ko": rule}}]}
    profile = saved_profiles.read("ours", saved_profiles.as_toml(body))
    read = profile.targets[0].rules["name_ko"]
    assert (profile.title, read.columns, dict(read.map)) == (name, ((name,),), words)


def test_broken_profiles_are_refused():
    for body in (
        "[",
        "a = 1",
        'title = "x"\nheader = ["a"]\ntarget = []',
        'title = "x"\nheader = []\ntarget = 1',
    ):
        with pytest.raises(BadProfile):
            saved_profiles.read("ours", body)


@pytest.mark.django_db
def test_a_saved_profile_is_found_by_name_and_a_broken_one_does_no_harm(tmp_path):
    body = (
        'title = "x"\nheader = ["나름"]\n[[target]]\nmodel = "Company"\n[target.fields]\nname_ko = "나름"\n'
    )
    SavedProfile.objects.create(
        name="ours", body=body + 'slug = { column = "나름", converter = "slug", prefix = "o-" }'
    )
    SavedProfile.objects.create(name="broken", body="[")
    SavedProfile.objects.create(name="krx", body=body)
    known = saved_profiles.known()
    assert "ours" in known and "broken" not in known
    assert known["krx"].title != "x", "A shipped profile is not replaced."
    path = write(tmp_path / "a.csv", {"나름": ["가", "나"]})
    assert [item.record.slug[:2] for item in plan(path, profile="ours").items] == ["o-", "o-"]


@pytest.mark.django_db
def test_a_proposed_mapping_with_stock_codes_can_be_used(tmp_path):
    columns = {"기업명": ["가온", "다솜", "라온"], "종목코드": ["005930", "000660", "035420"]}
    path = tmp_path / "기업.csv"
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(columns), *map(",".join, rows)]), encoding="utf-8")
    mapping = propose(looking.look([path]).tables[0], {}, target="Company", name="listed")
    assert mapping.filled()["stock_code"] == "종목코드"
    mapping.defaults = {"kind": "sme", "ai_relevance": "adjacent"}
    profile = {"listed": saved_profiles.read("listed", saved_profiles.as_toml(body_of(mapping, WORDS)))}
    read, _used = gathering.gather([path], profile="listed", known=profile)
    done = rehearsal.rehearse(read)
    assert done.errors == []
    assert sorted(item.record.stock_code for item in done.to_write if isinstance(item.record, Company)) == [
        "000660",
        "005930",
        "035420",
    ]
