"""Who is free, where and when: pure functions over bit masks. No ORM, no clock, no settings."""
