"""Profiles kept in the database beside those shipped: found by the same names, written in the same words."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from clusters.models import SavedProfile

from . import profiles
from .profiles import BadProfile, Profile

_log = logging.getLogger(__name__)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def known() -> dict[str, Profile]:
    """All profiles, the shipped and the saved; one that is broken is left out, so that the others still work."""
    found = profiles.load()
    for name, body in SavedProfile.objects.values_list("name", "body"):
        try:
            found.setdefault(name, read(name, body))
        except BadProfile as problem:
            _log.warning("The saved import profile %s cannot be used: %s", name, problem)
    return found


def read(name: str, body: str) -> Profile:
    """A saved profile. Raises BadProfile, in words for the person who wrote it."""
    if not name:
        raise BadProfile(_("A profile needs a name."))
    profile = profiles.parse(body, name=name)[name]
    if not profile.targets:
        raise BadProfile(_("A profile needs at least one [[target]]."))
    return profile


def is_shipped(name: str) -> bool:
    return name in profiles.load()


def as_toml(body: Mapping[str, Any]) -> str:
    """A profile as TOML: targets as tables of their own, everything else on one line each."""
    lines = [f"{_key(name)} = {_value(value)}" for name, value in body.items() if name != "target"]
    for target in body["target"]:
        lines += ["", "[[target]]"]
        lines += [f"{_key(name)} = {_value(value)}" for name, value in target.items() if name != "fields"]
        lines += ["", "[target.fields]"]
        lines += [f"{_key(name)} = {_value(rule)}" for name, rule in target["fields"].items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    # The escapes of JSON are those of TOML, which also wants DEL escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
