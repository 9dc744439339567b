"""The offices that a desk user works for."""

from django.db import models

from .location import Location


class DeskPost(models.Model):
    """An office that a desk user works for."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="desk_posts")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="desk_posts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "location"], name="desk_post_once")]

    def __str__(self) -> str:
        return f"user {self.user_id} at {self.location_id}"
