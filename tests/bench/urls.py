"""The site map, and the floor beside it: the reservations that an answer stands on, read and told bare."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from backend import urls

RESERVATIONS = """
SELECT resource_id, extract(epoch FROM lower(during))::bigint, extract(epoch FROM upper(during))::bigint
  FROM scheduling_reservation WHERE released_at IS NULL AND during && tstzrange(%s, %s)
"""


def reservations(request: HttpRequest) -> JsonResponse:
    """Those of everybody between two instants: one SELECT, and its rows as JSON."""
    with connection.cursor() as cursor:
        cursor.execute(RESERVATIONS, [request.GET["from"], request.GET["to"]])
        return JsonResponse({"reservations": cursor.fetchall()})


urlpatterns = [path("bare/reservations/", reservations), *urls.urlpatterns]
