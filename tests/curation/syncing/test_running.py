"""Pull after pull: what changes is written, what people edited stays, what vanished is told, silence is an alarm."""

from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from clusters.curation import history, quality
from clusters.models import Call, ImportBatch, Program, SyncRun
from tests import factories

from .portal import KEY, as_json, in_turn, listing, notice

FEW = [notice(number) for number in range(1, 4)]


def counts(run: SyncRun) -> tuple[int, int, int, int, int]:
    return run.created, run.changed, run.unchanged, run.left_out, run.vanished


def edit(record, **changed) -> None:
    for name, value in changed.items():
        setattr(record, name, value)
    history.save(record, by=factories.person(f"p{record.version}", "editor"), reason="고침")


def test_a_second_pull_of_the_same_list_changes_nothing(portal, pull):
    portal(listing(FEW))
    first = pull().run
    assert counts(first) == (7, 0, 0, 0, 0) and first.batch.profile == "kstartup"
    program = Program.objects.get(slug="kstartup-1")
    assert (program.publication, program.name_ko) == ("draft", "[서울] 1번 창업기업 모집 '공고'")
    second = pull().run
    assert counts(second) == (0, 0, 6, 0, 0) and second.batch is None
    assert ImportBatch.objects.count() == 1
    assert program.history.count() == 1


def test_what_changed_at_the_portal_changes_here(portal, pull):
    portal(in_turn(listing(FEW), listing([FEW[0], notice(2, pbanc_rcpt_end_dt="20270115"), FEW[2]])))
    pull()
    assert counts(pull().run) == (0, 1, 5, 0, 0)
    assert Call.objects.get(slug="kstartup-2").closes_at.date() == date(2027, 1, 15)


def test_what_people_edited_stays_and_is_told(portal, pull):
    portal(
        in_turn(listing(FEW), listing([notice(1, pbanc_ctnt="새 설명", aply_trgt_ctnt="누구나"), *FEW[1:]]))
    )
    pull()
    edit(Program.objects.get(slug="kstartup-1"), summary_ko="편집자가 다듬은 설명", publication="published",
         name_en="First", summary_en="A summary", target_en="Founders")  # fmt: skip
    outcome = pull()
    program = Program.objects.get(slug="kstartup-1")
    assert (program.summary_ko, program.target_ko) == ("편집자가 다듬은 설명", "누구나")
    assert (program.publication, program.name_en) == ("published", "First")
    assert "1 field was left as edited here." in outcome.run.message
    assert any(
        problem.kind == "note" and "edited this here" in problem.reason for problem in outcome.plan.problems
    )
    version = program.version
    pull()
    assert Program.objects.get(slug="kstartup-1").version == version


def test_what_vanished_is_reported_and_stays(portal, pull):
    portal(in_turn(listing(FEW), listing(FEW[:1])))
    pull()
    Call.objects.filter(slug="kstartup-2").update(closes_at="2026-11-20T14:59:59Z")  # closed by itself
    outcome = pull()
    assert counts(outcome.run) == (0, 0, 2, 0, 1)
    assert [problem.value for problem in outcome.plan.problems if problem.kind == "missing"] == [
        str(Call.objects.get(slug="kstartup-3"))
    ]
    assert Call.objects.count() == 3


def test_calls_seen_again_are_noted_as_confirmed_once_a_week(portal, pull):
    portal(listing(FEW))
    pull()
    call = Call.objects.get(slug="kstartup-1")
    assert call.confirmed_on == date(2026, 11, 26)
    for day, seen in (("2026-12-02", date(2026, 11, 26)), ("2026-12-04", date(2026, 12, 4))):
        with time_machine.travel(f"{day}T10:00:00+09:00"):
            pull()
        call.refresh_from_db()
        assert call.confirmed_on == seen


def test_entries_with_errors_are_left_out_and_the_others_come_in(portal, pull):
    portal(listing([*FEW, notice(4, pbanc_rcpt_end_dt="20261301")]))
    outcome = pull()
    assert outcome.trouble == ""
    assert counts(outcome.run) == (8, 0, 0, 1, 0)
    assert "Left out, for example:" in outcome.run.message
    strict = pull(strict=True)
    assert "errors" in strict.trouble and strict.run.state == "failed"


def test_strict_refuses_the_whole_list(portal, pull):
    portal(listing([*FEW, notice(4, pbanc_rcpt_end_dt="20261301")]))
    assert pull(strict=True).trouble
    assert not Program.objects.exists()


def test_nothing_once_is_noted_and_twice_is_an_alarm_that_closes_no_call(portal, pull):
    portal(in_turn(listing(FEW), listing([]), listing([]), listing([]), listing(FEW)))
    pull()
    before = list(Call.objects.values())
    alarms = quality.named("sync-alarms")
    assert (pull().trouble, alarms.counts()) == ("", {})
    for _again in range(2):
        outcome = pull()
        assert "nothing twice in a row" in outcome.trouble and outcome.run.state == "alarm"
        assert alarms.counts() == {SyncRun: 1}
    assert list(Call.objects.values()) == before
    assert (pull().trouble, alarms.counts()) == ("", {})


def test_a_portal_that_never_had_entries_raises_no_alarm(portal, pull):
    portal(listing([]))
    assert [pull().run.state for _again in range(3)] == ["empty", "empty", "empty"]


def test_a_failure_between_two_empty_lists_does_not_hide_the_alarm(portal, pull):
    portal(in_turn(listing(FEW), listing([]), as_json({"reqErr": "인증키"}), listing([])))
    assert [pull().run.state for _again in range(4)] == ["done", "empty", "failed", "alarm"]


def test_a_rehearsal_leaves_no_trace(portal, pull, tmp_path):
    portal(listing(FEW))
    outcome = pull(dry_run=True)
    assert outcome.plan.counts()["create"] == 7
    assert not (Program.objects.exists() or SyncRun.objects.exists())
    assert not list((tmp_path / "sync").glob("*.gz"))


def test_a_full_disk_writes_nothing(portal, pull, monkeypatch):
    portal(listing(FEW))

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("clusters.curation.syncing.storing.gzip.open", full)
    outcome = pull()
    assert "No space left" in outcome.trouble and not Program.objects.exists()


def test_what_breaks_off_is_noted_and_raised(portal, pull, monkeypatch):
    portal(listing(FEW))

    def broken(*args, **kwargs):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("clusters.curation.syncing.running.rehearsal.rehearse", broken)
    with pytest.raises(RuntimeError):
        pull()
    assert SyncRun.objects.get().state == "failed"


# ---- the command


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command("sync", *arguments, stdout=out, **{"language": "en", **options})
    return out.getvalue()


def test_the_command_tells_what_it_did(portal):
    portal(in_turn(listing(FEW), listing([]), listing([])))
    assert "nothing was written" in run("kstartup", dry_run=True)
    portal(in_turn(listing(FEW), listing([]), listing([])))
    text = run("kstartup")
    assert "new: 7" in text and "Applied as import" in text
    assert "returned nothing" in run("kstartup")
    with pytest.raises(CommandError, match="twice in a row") as alarm:
        run("kstartup")
    assert alarm.value.returncode == 1
    assert KEY not in text


def test_the_permissions_of_a_named_user_hold(portal):
    factories.person("mina", "curator")
    portal(listing(FEW))
    with pytest.raises(CommandError, match="Not one of the entries"):
        run("kstartup", by="mina", publication="published")
    assert "Applied" in run("kstartup", by="mina")
    assert Program.objects.first().history.first().history_user.username == "mina"
    with pytest.raises(CommandError, match="no user"):
        run("kstartup", by="nobody")


def test_zero_verbosity_is_silent(portal):
    portal(listing(FEW))
    assert run("kstartup", verbosity=0) == ""
