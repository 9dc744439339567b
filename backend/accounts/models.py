"""Users and their API tokens. `scheduling` decides which locations a role covers."""

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


def digest_of(secret: str) -> str:
    """SHA-256 of a random secret, in hex. API, manage and feed tokens are stored only in this form (F129)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digest_check(name: str) -> models.CheckConstraint:
    """Require a SHA-256 in hex in column `digest`, so that a secret stored by mistake is refused."""
    return models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name=name)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields.setdefault("role", User.Role.OWNER)
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. The email address is the sign-in name, stored in lower case."""

    class Role(models.TextChoices):
        CLIENT = "client"
        CLINICIAN = "clinician"
        DESK = "desk"
        OWNER = "owner"

    STAFF_ROLES = frozenset({Role.CLINICIAN, Role.DESK, Role.OWNER})

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.CLIENT)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the plain admin.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(role__in=["client", "clinician", "desk", "owner"]), name="user_role_is_known"
            ),
            models.CheckConstraint(condition=Q(is_staff=False) | ~Q(role="client"), name="user_client_is_never_staff"),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def is_practice_staff(self) -> bool:
        return self.role in self.STAFF_ROLES


class ApiToken(models.Model):
    """An API secret for programs, stored as a SHA-256 digest (a random 256-bit secret needs no salt)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [digest_check("api_token_is_a_digest")]

    def __str__(self) -> str:
        return f"token {self.pk}"

    @classmethod
    def issue(cls, user: User, label: str = "") -> str:
        """Create a token for `user`; the secret is returned once and cannot be read again."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(user=user, digest=digest_of(secret), label=label)
        return secret
