"""Mail and texts of the demo: kept as each person got them, and shown at /demo/messages/."""
