"""Pulls the portals' open APIs through the importer, safely and again and again."""

from .running import NotConfigured, Outcome, Wishes, sync

__all__ = ["NotConfigured", "Outcome", "Wishes", "sync"]
