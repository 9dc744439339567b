"""Mail and texts of the demo, stored as each person received them and shown at /demo/messages/."""
