"""Pulling: pages, retries, and every way in which a portal fails; a list that is not whole writes nothing."""

import gzip

import pytest

from clusters.curation.locking import alone_with
from clusters.curation.syncing import NotConfigured, portals
from clusters.curation.syncing.storing import KEPT, folder
from clusters.models import Call, ImportBatch, Program, SyncRun
from tests.loopback import Reply

from .portal import KEY, as_json, bizinfo_notice, in_turn, listing, notice, page_of

MANY = [notice(number) for number in range(1, 251)]


def nothing_written() -> bool:
    return not (Program.objects.exists() or Call.objects.exists() or ImportBatch.objects.exists())


def test_all_pages_are_read_with_the_key_and_the_conditions_of_the_address(portal, pull):
    server = portal(listing(MANY))
    outcome = pull()
    assert (outcome.trouble, outcome.run.pulled, outcome.run.created) == ("", 250, 501)
    assert [asked.query["page"] for asked in server.asked] == ["1", "2", "3"]
    assert {(asked.query["serviceKey"], asked.query["cond"]) for asked in server.asked} == {(KEY, "Y")}
    assert Call.objects.count() == 250


def test_a_key_that_is_percent_encoded_already_stays_so(portal, pull, settings):
    settings.KSTARTUP_API_KEY = "abc%2B%2Fdef%3D%3D"
    server = portal(listing(MANY[:1]))
    pull()
    assert server.asked[0].query["serviceKey"] == KEY


def test_bizinfo_counts_in_its_entries(portal, pull):
    entries = [bizinfo_notice(number, totCnt="120") for number in range(120)]

    def answer(asked):
        number, size = int(asked.query["pageIndex"]), int(asked.query["pageUnit"])
        return as_json({"jsonArray": entries[(number - 1) * size : number * size]})

    server = portal(answer)
    outcome = pull("bizinfo")
    assert (outcome.trouble, outcome.run.pulled) == ("", 120)
    assert [asked.query["crtfcKey"] for asked in server.asked] == [KEY, KEY]
    assert Call.objects.get(slug="bizinfo-pbln-000000000000007").wording_ko == "20261101 ~ 20261231"


def test_bizinfo_gives_addresses_without_their_host():
    body = as_json({"jsonArray": {"item": bizinfo_notice(7, pblancUrl="/web/view.do?pblancId=7")}}).body
    entries, total = portals.APIS["bizinfo"].entries(body)
    assert (len(entries), total) == (1, None)
    assert entries[0]["pblancUrl"] == "https://www.bizinfo.go.kr/web/view.do?pblancId=7"


def test_not_one_usable_entry_is_a_failure(portal, pull):
    portal(listing([notice(number, pbanc_rcpt_end_dt="20261301") for number in range(3)]))
    assert "Not one of the entries" in pull().trouble
    assert nothing_written()


FAILING = {
    "slow": Reply(hang=True),
    "truncated": Reply(b'{"data": [{"pbanc_sn": 1', cut=True),
    "broken JSON": Reply(b'{"data": [{"pbanc_sn": 1'),
    "a web page": Reply(b"<html><body>maintenance</body></html>"),
    "500": Reply(b"oops", status=500),
    "503": Reply(b"", status=503),
    "429": Reply(b"", status=429),
    "no list": as_json({"page": 1}),
    "temporary error with status 200": as_json(
        {"response": {"header": {"resultCode": "04", "resultMsg": "HTTP ROUTING ERROR"}}}
    ),
    "entries without a number": as_json({"data": [{"biz_pbanc_nm": "모집"}], "matchCount": 1}),
}


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_failing_once_then_fine(portal, pull, slept, reply):
    portal(in_turn(reply, listing(MANY[:3])))
    outcome = pull()
    assert (outcome.trouble, outcome.run.state, outcome.run.pulled) == ("", "done", 3)
    assert slept == [2.0]


@pytest.mark.parametrize("reply", [FAILING["500"], FAILING["truncated"], FAILING["a web page"]])
def test_failing_for_good_writes_nothing_and_says_why(portal, pull, slept, reply):
    server = portal(in_turn(listing(MANY), reply))
    outcome = pull()
    assert outcome.trouble.startswith("127.0.0.1, page 2: ") and "Nothing was written." in outcome.trouble
    assert slept == [2.0, 8.0, 32.0] and len(server.asked) == 5
    assert nothing_written()
    run = SyncRun.objects.get()
    assert (run.state, run.message, run.created) == ("failed", outcome.trouble, 0)
    assert run.ended_at is not None


ABOUT_THE_KEY = {
    "XML": Reply(
        b"<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>"
        b"SERVICE_KEY_IS_NOT_REGISTERED_ERROR</returnAuthMsg><returnReasonCode>30</returnReasonCode>"
        b"</cmmMsgHeader></OpenAPI_ServiceResponse>"
    ),
    "JSON": as_json({"code": -401, "msg": f"유효하지 않은 인증키입니다. {KEY}"}),
    "header": as_json({"response": {"header": {"resultCode": "30", "resultMsg": "SERVICE KEY\u0000 ERROR"}}}),
    "reqErr": as_json({"reqErr": "인증키가 올바르지 않습니다."}),
    "403": Reply(status=403),
}


@pytest.mark.parametrize("reply", ABOUT_THE_KEY.values(), ids=ABOUT_THE_KEY)
def test_a_refused_key_is_not_tried_again(portal, pull, slept, reply):
    server = portal(lambda asked: reply)
    outcome = pull()
    assert outcome.run.state == "failed" and nothing_written()
    assert (slept, len(server.asked)) == ([], 1)
    assert KEY not in outcome.trouble + SyncRun.objects.get().message


def test_the_pause_that_the_portal_asks_for_is_kept_within_reason(portal, pull, slept):
    busy = Reply(status=503, headers={"Retry-After": "50"})
    forever = Reply(status=503, headers={"Retry-After": "99999"})
    portal(in_turn(busy, forever, listing(MANY[:1])))
    assert pull().trouble == ""
    assert slept == [50.0, 120.0]


def test_a_list_that_changes_while_it_is_read_is_read_again(portal, pull):
    grown = [notice(999), *MANY]
    server = portal(in_turn(listing(MANY), listing(grown)))
    outcome = pull()
    assert (outcome.trouble, outcome.run.pulled) == ("", 251)
    assert [asked.query["page"] for asked in server.asked] == ["1", "2", "1", "2", "3"]


def test_a_list_that_never_holds_still_writes_nothing(portal, pull):
    sizes = iter(range(150, 250))
    portal(lambda asked: page_of(MANY[: next(sizes)], asked))
    outcome = pull()
    assert "kept changing" in outcome.trouble and nothing_written()


def test_entries_that_come_on_two_pages_count_once(portal, pull):
    doubled = [*MANY[:100], MANY[99], *MANY[100:130]]
    portal(listing(doubled))
    outcome = pull()
    assert (outcome.trouble, outcome.run.pulled) == ("", 130)
    assert Call.objects.count() == 130


def test_fewer_entries_than_announced_write_nothing(portal, pull):
    def answer(asked):
        data = MANY[:60] if asked.query["page"] == "1" else []
        return as_json({"data": data, "matchCount": 250})

    portal(answer)
    outcome = pull()
    assert "announced 250 entries and gave 60" in outcome.trouble and nothing_written()


def test_the_same_page_again_and_again_ends(portal, pull):
    server = portal(lambda asked: as_json({"data": MANY[:100], "matchCount": 1000}))
    assert "gave 100" in pull().trouble and nothing_written()
    assert len(server.asked) == 6


@pytest.mark.parametrize("place", ["http://127.0.0.2:9/", "https://127.0.0.1/", "http://evil.example/"])
def test_the_key_goes_to_no_other_host(portal, pull, slept, place):
    server = portal(lambda asked: Reply(status=302, headers={"Location": f"{place}?serviceKey={KEY}"}))
    outcome = pull()
    assert "another host" in outcome.trouble and KEY not in outcome.trouble
    assert (len(server.asked), slept) == (1, []) and nothing_written()


def test_redirects_on_the_same_host_are_followed(portal, pull):
    def answer(asked):
        if asked.path == "/announcements":
            return Reply(status=307, headers={"Location": asked.target.replace("announcements", "moved")})
        return page_of(MANY[:2], asked)

    portal(answer)
    assert (pull().trouble, Call.objects.count()) == ("", 2)
    portal(lambda asked: Reply(status=302, headers={"Location": asked.target}))
    assert "circle" in pull().trouble


def test_answers_are_kept_compressed_without_the_key_and_not_forever(portal, pull):
    portal(in_turn(listing([notice(1, biz_pbanc_nm=f"모집 {KEY}")])))
    for number in range(KEPT + 3):
        (folder() / f"kstartup-20200101T{number:06d}.json.gz").touch()
    (folder() / "bizinfo-20200101T000000.json.gz").touch()
    pull()
    kept = sorted(folder().glob("kstartup-*.json.gz"))
    assert len(kept) == KEPT and (folder() / "bizinfo-20200101T000000.json.gz").exists()
    content = gzip.decompress(kept[-1].read_bytes()).decode()
    assert '"matchCount": 1' in content and KEY not in content
    assert not list(folder().glob("*.part"))


def test_the_answers_of_a_failed_pull_are_kept_too(portal, pull):
    portal(in_turn(listing(MANY), Reply(b"<html>", status=200)))
    pull()
    (kept,) = folder().glob("*-failed.json.gz")
    assert b"<html>" in gzip.decompress(kept.read_bytes())


@pytest.mark.parametrize("key", ["", "two words", "한글", "line\nbreak"])
def test_a_missing_key_is_asked_for_by_name(portal, pull, settings, key):
    portal(listing([]))
    settings.KSTARTUP_API_KEY = key
    with pytest.raises(NotConfigured, match="KSTARTUP_API_KEY_FILE"):
        pull()
    assert not SyncRun.objects.exists()


def test_the_key_may_stand_in_a_file(portal, pull, settings, tmp_path):
    settings.KSTARTUP_API_KEY = ""
    settings.KSTARTUP_API_KEY_FILE = str(tmp_path / "key")
    server = portal(listing(MANY[:1]))
    with pytest.raises(NotConfigured, match="cannot be read"):
        pull()
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert pull().trouble == ""
    assert server.asked[0].query["serviceKey"] == KEY


def test_a_second_pull_at_the_same_time_ends_quietly(portal, pull):
    server = portal(listing(MANY[:1]))
    with alone_with("sync-kstartup") as got:
        assert got
        outcome = pull()
    assert (outcome.run, outcome.trouble, server.asked) == (None, "", [])
    assert not SyncRun.objects.exists()
    assert pull().run.state == "done"


def test_a_pull_that_was_killed_is_noted_by_the_next(portal, pull):
    SyncRun.objects.create(portal="kstartup")
    portal(listing(MANY[:1]))
    pull()
    assert [run.state for run in SyncRun.objects.order_by("pk")] == ["failed", "done"]


def test_each_portal_has_a_profile_and_settings(settings):
    from clusters.curation.importing import profiles

    for name, api in portals.APIS.items():
        assert name in profiles.load()
        assert api.base.startswith("https://") and api.host
