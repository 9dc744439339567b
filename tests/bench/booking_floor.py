"""The floor of a booking: a bare Django view that writes four rows in one transaction, without any middleware.

It checks nothing: an appointment, its clinician, its room, and a message to send. It is served on its own, by the same
server with the same number of threads.
"""

import json
import os
from itertools import count

import dj_database_url
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

RESOURCES = 100
HOUR = "timestamptz '2030-01-01Z' + %s * interval '1 hour'"
DURING = f"tstzrange({HOUR}, {HOUR})"
APPOINTMENT = f"INSERT INTO floor.appointment (client_id, during) VALUES (%s, {DURING}) RETURNING id"
RESERVATIONS = f"""
INSERT INTO floor.reservation (appointment_id, resource_id, during)
SELECT %s, resource, {DURING} FROM unnest(%s::int[]) resource
"""
MESSAGE = "INSERT INTO floor.outbox (purpose, payload) VALUES ('booked', %s::jsonb)"

_database = dj_database_url.parse(os.environ["DATABASE_URL"])
_database["OPTIONS"]["pool"] = {"min_size": 2, "max_size": int(os.environ["DATABASE_POOL_SIZE"])}
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": _database},
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="it signs nothing",
    USE_TZ=True,
)
django.setup()
_numbers = count()


def ready(request: HttpRequest) -> JsonResponse:
    """Answer without the database."""
    return JsonResponse({})


def book(request: HttpRequest) -> JsonResponse:
    """Four rows, one commit: the next hour that is free of one clinician and one room."""
    hour, number = divmod(next(_numbers), RESOURCES)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(APPOINTMENT, [number, hour, hour + 1])
        appointment = cursor.fetchone()[0]
        cursor.execute(RESERVATIONS, [appointment, hour, hour + 1, [number, number + RESOURCES]])
        cursor.execute(MESSAGE, [json.dumps({"appointment": appointment})])
    return JsonResponse({"id": appointment}, status=201)


urlpatterns = [path("ready/", ready), path("book/", book)]
application = get_wsgi_application()
