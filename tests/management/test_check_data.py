"""check_data: the queues as text and as JSON, and the status by which cron decides."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from clusters.curation import proposals, quality
from clusters.models import Proposal
from tests import factories

pytestmark = pytest.mark.django_db


def run(**options) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_data", stdout=out, **{"language": "en", **options})
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_nothing_waits():
    assert run() == (0, "Nothing waits.\n")


def test_what_waits_is_printed_with_its_reason():
    factories.company(publication="in_review", source=factories.source())
    status, text = run()
    assert status == 1
    assert "In review (in-review): 1" in text and "companies 1" in text
    with translation.override("en"):
        assert str(quality.named("in-review").why) in text


def test_the_status_follows_the_queues_that_are_named():
    factories.company(publication="in_review", source=factories.source())
    assert run(fail_on="broken-links, stale")[0] == 0
    assert run(fail_on="broken-links,in-review")[0] == 1
    assert run(fail_on="none")[0] == 0


def test_an_unknown_queue_is_refused_with_the_names_there_are():
    with pytest.raises(CommandError, match="old-drafts") as refusal:
        call_command("check_data", fail_on="nonsense", language="en")
    assert refusal.value.returncode == 2


def test_json_names_every_queue():
    factories.event(publication="in_review")
    status, text = run(json=True)
    found = {queue["name"]: queue for queue in json.loads(text)["queues"]}
    assert status == 1
    assert set(found) == {queue.name for queue in quality.QUEUES}
    assert found["in-review"]["count"] == 1
    assert found["in-review"]["records"] == {"event": 1}
    assert found["sync-alarms"]["count"] == 0


def test_korean_is_the_language_of_the_command():
    factories.event(publication="in_review")
    assert "검수" in run(language="ko")[1]


@pytest.mark.django_db
def test_addresses_of_senders_that_are_no_longer_needed_are_erased():
    company = factories.company()
    old, _new = (
        proposals.propose(company, by=None, entries=[], comment=comment, email="sender@example.com")
        for comment in ("old", "new")
    )
    Proposal.objects.filter(pk=old.pk).update(
        made_at=timezone.now() - proposals.FORGOTTEN_AFTER - timedelta(days=1)
    )
    call_command("check_data", fail_on="none", stdout=StringIO())
    assert dict(Proposal.objects.values_list("comment", "email")) == {"old": "", "new": "sender@example.com"}
