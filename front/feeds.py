"""Private calendar addresses. The address holds the secret, so a wrong one is a plain 404 (F130)."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from backend.accounts.models import digest_of
from front.limits import limited
from front.middleware import public
from scheduling.ical.write import feed as write_feed
from scheduling.models import Practice
from scheduling.operations.links.feeds import note_fetched
from scheduling.queries.calendars.feed import entries, feed_of

MAX_AGE = 300


@public  # exempt from NoStore; the `private` below allows the reader's own cache only
@require_safe
@limited("feeds_per_address", methods=("GET", "HEAD"))
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind `token`; 304 if it has not changed (F100)."""
    now = timezone.now()
    found = feed_of(digest_of(token))
    if found is None:
        raise Http404
    note_fetched(token=found, now=now)
    name = Practice.objects.values_list("short_name", flat=True).first() or "Appointments"
    body = write_feed(entries(found, now=now), name=name).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={MAX_AGE}"
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["Cache-Control"] = response["Cache-Control"]
    return answer
