"""Uploads: files on their way into the directory, step by step, each step in whatever process it falls to."""
