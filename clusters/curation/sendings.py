"""How often readers may send proposals: counted by network address, without keeping any address."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from clusters.models import Sending

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# From one network address, and from everybody together: many people sit behind one address, but few correct much.
PER_ADDRESS = ((HOUR, 10), (DAY, 30))
FROM_ALL = ((HOUR, 200), (DAY, 1000))


def is_too_much(address: str) -> bool:
    """Whether one more proposal from this address is refused for now."""
    now = timezone.now()
    _forget(now)
    mine = Sending.objects.filter(digest__in=_digests(address, now))
    return any(
        sent.filter(sent_at__gt=now - span).count() >= most
        for sent, bounds in ((mine, PER_ADDRESS), (Sending.objects.all(), FROM_ALL))
        for span, most in bounds
    )


def note(address: str) -> None:
    """Count a proposal that was taken."""
    now = timezone.now()
    Sending.objects.create(digest=_digests(address, now)[0], sent_at=now)


def _digests(address: str, now: datetime) -> list[str]:
    """The address as it is counted today and yesterday: without the secret key nothing leads back to it."""
    days = (now, now - DAY)
    return [salted_hmac(f"proposals {day:%Y-%m-%d}", address).hexdigest()[:32] for day in days]


def _forget(now: datetime) -> None:
    Sending.objects.filter(sent_at__lte=now - DAY).delete()
