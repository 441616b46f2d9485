"""What needs somebody now: queues of records, each with the reason why they wait."""

from .queues import Queue, numbers
from .registry import QUEUES, named, of

__all__ = ["QUEUES", "Queue", "named", "numbers", "of"]
