"""One finding of a checkup."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """ok: in order; note: worth knowing; warning: works, but not as it should; error: broken or unsafe"""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """name: of the check, for machines; said: what was found; advice: what to do, empty when all is well"""

    name: str
    state: State
    said: str
    advice: str = ""


def ok(name: str, said: str) -> Finding:
    return Finding(name, State.OK, said)


def note(name: str, said: str, advice: str = "") -> Finding:
    return Finding(name, State.NOTE, said, advice)


def warning(name: str, said: str, advice: str) -> Finding:
    return Finding(name, State.WARNING, said, advice)


def error(name: str, said: str, advice: str) -> Finding:
    return Finding(name, State.ERROR, said, advice)
