"""Imports: files as published are read, converted, rehearsed, applied and undone."""
