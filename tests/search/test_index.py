"""The index follows the tables: whatever is written, by whichever way, is found at once, and undone with its transaction."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clusters import search
from clusters.curation import fixtures, history
from clusters.curation.importing import undoing
from clusters.models import Company, District, Event, Institution, Office, Program, Publication, Technology
from clusters.search import entries, index
from clusters.search.backend import backend
from tests import factories
from tests.curation.importing import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return User.objects.create_superuser("jun")


def found(text: str, model=Company) -> list[str]:
    """By the index alone, as the snapshot reads it, and as the pages read it."""
    by_index = {pk for pks in search.matching(model, text) for pk in pks}
    shown = search.find(model.objects.published(), text)
    assert by_index == {record.pk for record in shown}
    return sorted(record.slug for record in shown)


def sound() -> bool:
    return not index.check()


def test_a_new_record_a_change_and_a_deletion(by):
    company = Company(slug="new", name_ko="처음이름", name_en="First", kind="startup", ai_relevance="core")
    company.publication = Publication.PUBLISHED
    technology = factories.technology(name_ko="언어모델")
    history.save(company, by=by, relations={"technologies": [technology]})
    assert found("처음이름") == found("언어모델") == ["new"]
    company.name_ko = "나중이름"
    history.save(company, by=by, relations={"technologies": []})
    assert found("나중이름") == ["new"]
    assert found("처음이름") == found("언어모델") == []
    history.delete(company, by=by)
    assert found("나중이름") == []
    assert sound()


def test_publishing_and_archiving(by):
    company = factories.company(slug="one", name_ko="숨은회사", publication="draft")
    assert found("숨은회사") == []
    history.publish([company], by=by)
    assert found("숨은회사") == ["one"]
    history.archive([company], by=by)
    assert found("숨은회사") == []
    assert sound()


def test_renamed_words_of_a_vocabulary(by):
    technology = factories.technology(name_ko="옛말")
    factories.company(slug="one", technologies=[technology])
    factories.program(slug="two", technologies=[technology])
    technology.name_ko = "새말"
    history.save(technology, by=by)
    assert (found("새말"), found("새말", Program)) == (["one"], ["two"])
    assert (found("옛말"), found("옛말", Program)) == ([], [])
    history.delete(technology, by=by)
    assert (found("새말"), found("새말", Program)) == ([], [])
    assert sound()


def test_a_renamed_province(by):
    province = factories.province(name_ko="옛도")
    factories.district(slug="one", province=province)
    province.name_ko = "새도"
    history.save(province, by=by)
    assert (found("새도", District), found("옛도", District)) == (["one"], [])


def test_whose_entries_hang_on_an_office_is_asked_of_offices_alone():
    """A database that counted its companies while they were few would go through all of them for each part of an import."""
    offices = [factories.office() for _ in range(3)]
    with CaptureQueriesContext(connection) as asked:
        held = entries.dependents(Office, [office.pk for office in offices])
    assert held == entries.keys(Company, [office.company_id for office in offices])
    assert [query["sql"].count('"clusters_company"') for query in asked] == [0]


def test_a_district_is_in_the_entries_of_what_lies_in_it_as_long_as_it_is_public(by):
    district = factories.district(short_name_ko="판교", name_ko="판교")
    factories.office(company=factories.company(slug="office"), district=district, address_ko="대왕판로 1")
    factories.institution(slug="hub", district=district)
    factories.program(slug="aid", districts=[district])
    factories.event(slug="fair", district=district)
    everywhere = ((Company, ["office"]), (Institution, ["hub"]), (Program, ["aid"]), (Event, ["fair"]))
    for model, slugs in everywhere:
        assert found("판교", model) == slugs
    history.archive([district], by=by)
    for model, _ in (*everywhere, (District, [])):
        assert found("판교", model) == []
    assert found("대왕판로") == [], "The office stands on the district."
    history.publish([District.objects.get()], by=by)
    district = District.objects.get()
    district.short_name_ko = district.name_ko = "새판"
    history.save(district, by=by)
    for model, slugs in everywhere:
        assert (found("새판", model), found("판교", model)) == (slugs, [])
    assert sound()


def test_an_office_that_goes_to_another_company(by):
    one, two = factories.company(slug="one"), factories.company(slug="two")
    office = factories.office(company=one, address_ko="테헤란로 152")
    assert found("테헤란로152") == ["one"]
    office.company = two
    history.save(office, by=by)
    assert found("테헤란로152") == ["two"]
    office.status = "outdated"
    history.save(office, by=by)
    assert found("테헤란로152") == []
    office.status = "confirmed"
    history.save(office, by=by)
    history.delete(office, by=by)
    assert found("테헤란로152") == []
    assert sound()


def test_an_operator_that_is_deleted(by):
    operator = factories.institution(name_ko="창업진흥원")
    factories.program(slug="aid", operator=operator)
    assert found("창업진흥원", Program) == ["aid"]
    history.delete(operator, by=by)
    assert found("창업진흥원", Program) == []
    assert sound()


def test_relations_written_from_either_side(settings):
    settings.SIMPLE_HISTORY_ENABLED = False  # which knows one side only
    technology, company = factories.technology(name_ko="언어모델"), factories.company(slug="one")
    technology.companies.add(company)
    assert found("언어모델") == ["one"]
    technology.companies.clear()
    assert found("언어모델") == []
    technology.companies.set([company])
    company.technologies.clear()
    assert found("언어모델") == []
    assert sound()


def test_what_is_rolled_back_was_never_found(by):
    company = factories.company(slug="one", name_ko="그대로")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        company.name_ko = "바뀐이름"
        history.save(company, by=by)
        factories.company(name_ko="바뀐이름")
        assert len(found("바뀐이름")) == 2
        raise ZeroDivisionError
    assert (found("바뀐이름"), found("그대로")) == ([], ["one"])
    assert sound()


def test_an_import_and_its_undoing(by, tmp_path):
    factories.district(slug="gangnam", short_name_ko="강남", name_ko="강남")
    before = factories.company(slug="made-1", name_ko="먼저있던")
    rows = [engine.company(n, name_ko=f"가져온{n}호", publication="published") for n in range(1, 4)]
    batch = engine.bring_in(
        engine.table(tmp_path / "companies.csv", rows), by=by, publication="published", reason="확인"
    )
    assert batch is not None
    assert found("가져온") == ["made-1", "made-2", "made-3"]
    assert found("먼저있던") == []
    assert sound()
    undoing.undo(batch, by=by)
    assert found("가져온") == []
    assert found("먼저있던") == [before.slug]
    assert sound()


def test_the_opening_data_comes_with_its_index():
    fixtures.load(verbosity=0)
    assert found("판교", District) == ["pangyo"]
    assert sound()
    assert len(index._public_keys()) > 500


def test_rebuilding_repairs_and_checking_says_what_is_wrong(capsys):
    company = factories.company(slug="one", name_ko="판교랩")
    call_command("rebuild_search", check=True)
    assert "complete" in capsys.readouterr().out
    Company.objects.filter(pk=company.pk).update(name_ko="강남랩")
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_search", check=True)
    assert ended.value.code == 1
    assert "company one" in capsys.readouterr().out
    assert found("강남랩") == []
    call_command("rebuild_search")
    assert (found("강남랩"), found("판교랩")) == (["one"], [])
    call_command("rebuild_search", check=True)


def test_an_entry_of_nothing_there_is_told_and_goes(capsys):
    factories.company(slug="one", name_ko="판교랩")
    backend().add([entries.Entry((9 << 48) + 1, "\nx\n", "")])
    with pytest.raises(SystemExit):
        call_command("rebuild_search", check=True)
    assert "no record has the number" in capsys.readouterr().out
    call_command("rebuild_search")
    call_command("rebuild_search", check=True)
    assert "complete" in capsys.readouterr().out


def test_an_index_that_cannot_be_read_is_made_anew(monkeypatch, capsys):
    def damaged():
        raise DatabaseError("database disk image is malformed")

    factories.company(slug="one", name_ko="판교랩")
    monkeypatch.setattr(index, "check", damaged)
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_search", check=True)
    assert ended.value.code == 1 and "malformed" in capsys.readouterr().out
    call_command("rebuild_search")
    assert "Rebuilt: 1 entries" in capsys.readouterr().out


def test_lost_tokens_are_noticed():
    factories.company(slug="one", name_ko="판교랩")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE clusters_searchentry SET names_tokens = '{}', body_tokens = '{}' WHERE id > 0"
            )
        else:
            for table in ("clusters_searchbody", "clusters_searchnames"):
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    assert found("판교") == []
    assert index.check()
    index.rebuild()
    assert found("판교") == ["one"]
    assert sound()


def test_an_emptied_database_has_an_empty_index():
    factories.company(name_ko="판교랩")
    Company.objects.all()._raw_delete(Company.objects.db)
    factories.m.Source.objects.all()._raw_delete(Company.objects.db)
    index.settle()
    assert index.rebuild() == 0


def test_rules_that_changed_make_the_index_anew(monkeypatch):
    company = factories.company(slug="one", name_ko="판교랩")
    Company.objects.filter(pk=company.pk).update(name_ko="강남랩")
    index.settle()
    assert found("강남랩") == []
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    index.settle()
    assert found("강남랩") == ["one"]


def test_a_record_that_did_not_change_is_not_written_again():
    company = factories.company()
    assert index.refresh(set(search.suggest(company.name_ko, [Company]))) == 0


def test_a_save_costs_the_same_however_many_records_hang_on_others():
    technology = factories.technology()
    company = factories.company(technologies=[technology])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            company.save()
            technology.save()
        return len(queries)

    few = cost()
    for _ in range(5):
        factories.company(technologies=[technology])
    assert cost() == few


def test_many_entries_are_read_in_few_queries():
    companies = [factories.company(technologies=[factories.technology()]) for _ in range(3)]
    for company in companies:
        factories.office(company=company)

    def cost(some) -> int:
        Company.objects.filter(pk__in=[one.pk for one in some]).update(summary_ko=f"{len(some)}")
        with CaptureQueriesContext(connection) as queries:
            index.update(Company, [one.pk for one in some])
        return len(queries)

    assert cost(companies) <= cost(companies[:1]) + 2


def test_an_unpublished_parent_takes_its_offices_along():
    company = factories.company(name_ko="모회사", publication="draft")
    factories.office(company=company, address_ko="테헤란로 152")
    assert found("테헤란로") == []
    assert Office.objects.count() == Technology.objects.count() + 1
    assert sound()


def test_commands_that_copy_data_do_not_see_the_index(tmp_path):
    factories.company(slug="one", name_ko="판교랩")
    path = tmp_path / "all.json"
    call_command("dumpdata", "clusters", output=str(path), verbosity=0)
    Company.objects.get().delete()
    assert found("판교랩") == []
    call_command("loaddata", str(path), verbosity=0)
    assert found("판교랩") == ["one"]
    assert sound()
