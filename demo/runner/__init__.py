"""`make demo`: one process that starts everything the demo practice needs, and ends all of it."""
