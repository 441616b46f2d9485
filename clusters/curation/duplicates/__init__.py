"""Records that may be one and the same: how alike they are, how they are found, and what was decided of them."""

from .finding import Search, find
from .pairs import count, like, looked_at, suggestions, take_back, tell_apart

__all__ = ["Search", "count", "find", "like", "looked_at", "suggestions", "take_back", "tell_apart"]
