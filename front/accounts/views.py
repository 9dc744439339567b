"""Redirect each role to its first page after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from backend.accounts.models import User

HOMES = {"owner": "/desk/", "desk": "/desk/", "clinician": "/schedule/", "client": "/"}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the first page of the user's role."""
    assert isinstance(request.user, User)
    return redirect(HOMES[request.user.role])
