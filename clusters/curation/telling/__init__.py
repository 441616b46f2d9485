"""What changed in public, told to readers: read from the history, grouped by act, in words, and as feed and JSON.

Only what readers could see is told. A record that is not public today says nothing of itself; what it was before it
was last published stays away as well, and so does any related record that was not public at that moment.
"""
