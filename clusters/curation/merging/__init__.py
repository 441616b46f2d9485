"""Two records become one: what would happen, how it is done in one transaction, and how it is taken back."""
