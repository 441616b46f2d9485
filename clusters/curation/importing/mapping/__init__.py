"""Mappings: what the columns of an unknown file mean, proposed by the program and settled by a curator."""

from .body import body_of
from .mapping import Column, Mapping
from .offers import Offer, offers, required_choices, targets
from .proposing import propose
from .words import NOTHING, Words, meanings, stored_words, unknown_values

__all__ = [
    "NOTHING",
    "Column",
    "Mapping",
    "Offer",
    "Words",
    "body_of",
    "meanings",
    "offers",
    "propose",
    "required_choices",
    "stored_words",
    "targets",
    "unknown_values",
]
