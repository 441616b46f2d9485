"""What a page costs the server: python -m tests.bench. README.md beside this says how to read it."""
