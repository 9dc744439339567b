"""`make demo`: one process that starts all processes of the demo, and stops them."""
