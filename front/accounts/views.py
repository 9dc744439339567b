"""Where somebody goes after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from backend.accounts.models import User

HOMES = {User.Role.OWNER: "/desk/", User.Role.DESK: "/desk/", User.Role.CLINICIAN: "/schedule/", User.Role.CLIENT: "/"}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send each role to its own first page."""
    return redirect(HOMES[request.user.role])  # type: ignore[union-attr]
