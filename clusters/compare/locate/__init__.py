"""Where to locate: districts ranked by what a person says matters, every point traced to the records behind it."""
