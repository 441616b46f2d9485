"""The shipped settings with one page more: the floor that the others are measured against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor"
