"""What saves several records takes the locks of the search index at its end and in one order, so that nobody waits in a circle."""

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clusters.curation import history, moments
from clusters.curation.merging import plans
from clusters.curation.merging.applying import merge
from clusters.curation.merging.undoing import undo
from clusters.dates import seoul_now
from clusters.models import Company
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import list_url

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def times_locked(act) -> int:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        act()
    return sum("bucket" in query["sql"] for query in captured)


def test_each_takes_them_once():
    by = User.objects.create_superuser("jun")
    company, other = factories.company(), factories.company()
    before = seoul_now()
    for office in (factories.office(company=company), factories.office(company=company)):
        history.save(office, by=by)
    company.name_ko = "새 이름"
    history.save(company, by=by)

    steps = {step.key for step in moments.steps_back(company, before)}
    stamp = moments.stamp(company)
    assert len(steps) > 1
    assert (
        times_locked(lambda: moments.go_back(company, moment=before, chosen=steps, opened_on=stamp, by=by))
        == 1
    )

    factories.office(company=other)
    kept, merged = Company.objects.get(pk=company.pk), Company.objects.get(pk=other.pk)
    done = []
    assert (
        times_locked(lambda: done.append(merge(kept, merged, by=by, stamp=plans.make(kept, merged).stamp)))
        == 1
    )
    assert times_locked(lambda: undo(done[0], by=by)) == 1

    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [company.pk, other.pk]}
    assert times_locked(lambda: signed_in(by).post(list_url(Company), chosen)) == 1
    assert not Company.objects.exists()
