"""The checkup of an installation: what is checked, what was found, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from . import configuration, database, machine, site
from .findings import Finding, State

CHECKS: tuple[Callable[[], Iterable[Finding]], ...] = (
    *database.CHECKS,
    *configuration.CHECKS,
    *machine.CHECKS,
    *site.CHECKS,
)


def run() -> Iterator[Finding]:
    """Every check in turn; one that breaks is a finding itself and keeps the others from nothing."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as problem:
            yield Finding(
                check.__name__.replace("_", "-"),
                State.ERROR,
                _("The check itself failed: %(problem)s")
                % {"problem": f"{type(problem).__name__}: {problem}"[:300]},
                _("Correct what the findings above it say first; then run it again."),
            )


__all__ = ["CHECKS", "Finding", "State", "run"]
