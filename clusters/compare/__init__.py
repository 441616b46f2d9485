"""Districts side by side, and what may be compared with what."""
