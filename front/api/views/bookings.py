"""`GET` and `POST bookings/`: the list, and a new booking. `GET bookings/{reference}/`: one booking or one part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.audit.operations import record_views
from billing.operations.booking import Booked, book
from billing.operations.errors import PolicyNotAccepted
from billing.operations.paying import pick_up
from billing.queries.payments import payment_of
from billing.queries.quotes import NotPriced
from front.api.answers.bookings import BookedShape, PartShape, TakenShape, booked_json, part_json
from front.api.answers.common import Json
from front.api.answers.openings import openings_json
from front.api.answers.people import StaffBookingShape, booking_json, with_people
from front.api.authentication import ApiTokenAuthentication, ManageTokenAuthentication
from front.api.errors import Problem
from front.api.idempotency import Answer, Run, key_in, once
from front.api.inputs.bookings import BookingInput
from front.api.inputs.queries import Paged
from front.api.permissions import PartOrUser, StaffOnly
from front.api.problems import MEDIA_TYPE, body
from front.api.schema import described, paged
from scheduling.models import Booking, Participant
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.hold import NotDirect
from scheduling.operations.bookings.participants import NotNamed
from scheduling.operations.bookings.refused import Taken, TooManyHolds
from scheduling.queries.people.visibility import visible_to

from .base import View
from .staff import StaffList

GONE = "There is no such booking, or it is not yours."
EITHER = PolymorphicProxySerializer(
    component_name="BookingOrPart", serializers=[PartShape, StaffBookingShape], resource_type_field_name=None
)
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A random key of your choice. For 24 hours, the same key gets the same answer and does nothing.",
)


class Bookings(StaffList):
    """Everybody may make a booking. The list is for staff."""

    method_permissions = {"GET": [StaffOnly], "POST": [AllowAny]}

    @extend_schema(operation_id="bookings", parameters=[Paged], responses=paged(StaffBookingShape))
    def get(self, request: Request) -> Response:
        """The bookings that you may see, the latest first."""
        rows = with_people(visible_to(Booking, self.actor()), by=self.actor())
        page = self.page(rows.order_by("-created_at", "-pk"))
        bookings = [booking_json(row) for row in page]
        self.record("client", sorted({one["client"] for row in bookings for one in row["people"] if one["client"]}))
        return self.framed(bookings)

    @extend_schema(
        operation_id="book",
        parameters=[KEY_PARAMETER],
        request=BookingInput,
        responses=described(BookedShape, 401, 403, 409, 413, 415, 422, 429, ok=201, problem_409=TakenShape),
    )
    def post(self, request: Request) -> Response:
        """Book an opening. It is held until `hold_expires_at`, and confirmed once `payment.due_now` is paid."""
        key = key_in(request.headers.get("Idempotency-Key"))
        booking = BookingInput(data=request.data)
        booking.is_valid(raise_exception=True)
        now = timezone.now()
        caller = request.user.pk or "anybody"
        answer = once(
            key=key,
            scope=f"POST bookings by {caller}",
            body=request.data,
            run=lambda run: self.book(booking, now, run),
            now=now,
        )
        return _response(answer)

    def book(self, booking: BookingInput, now: datetime, run: Run | None) -> Answer:
        """Book by one verb. `Taken` becomes an answer, which a repeated call gets again; other refusals are raised."""
        if run is not None and run.may_have_run:
            made = pick_up(api_call=run.call, by=self.actor(), now=now)
            if made is not None:
                page = payment_of(made.booking, now=now).checkout_url
                return _answer(replace(made, checkout_url=page))
        self.count("bookings_per_address")
        try:
            with saying_what_is_wrong():
                booked = book(
                    opening=booking.validated_data["opening"],
                    people=booking.people(),
                    accept_policy=booking.validated_data["accept_policy"],
                    by=self.actor(),
                    now=now,
                    api_call=run.call if run else None,
                )
        except Taken as taken:
            refusal = Problem(409, str(taken), code="taken", alternatives=openings_json(taken.alternatives, now=now))
            return Answer(409, body(409, data={"detail": str(taken)}, exc=refusal))
        return _answer(booked)


def _answer(booked: Booked) -> Answer:
    return Answer(201, booked_json(booked), reverse("api:booking", args=[booked.booking.reference]))


@contextmanager
def saying_what_is_wrong() -> Iterator[None]:
    """Turn refusals of the verb into problems, with the name of the field if there is one."""
    try:
        yield
    except NotDirect as error:
        raise Problem(409, str(error), code="call_first") from error
    except UnknownOpening as error:
        raise serializers.ValidationError({"opening": [str(error)]}) from error
    except NotNamed as error:
        raise serializers.ValidationError({"partner": [str(error)]}) from error
    except PolicyNotAccepted as error:
        raise serializers.ValidationError({"accept_policy": [str(error)]}) from error
    except NotPriced as error:
        raise Problem(409, str(error), code="not_priced") from error
    except TooManyHolds as error:
        raise Problem(429, str(error), code="too_many_holds", wait=60) from error


def _response(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status)
    if answer.status >= 400:
        response.content_type = MEDIA_TYPE
    if answer.location:
        response["Location"] = answer.location
    if answer.is_repeated:
        response["Idempotency-Replayed"] = "true"
    return response


class BookingDetail(View):
    """One booking, for one of its people or for staff."""

    authentication_classes = (ManageTokenAuthentication, ApiTokenAuthentication, SessionAuthentication)
    permission_classes = (PartOrUser,)

    @extend_schema(operation_id="booking", responses=described(EITHER, 401, 403))
    def get(self, request: Request, reference: str) -> Response:
        """The part of the person whose manage token is sent; for staff, the booking as in their list."""
        if self.actor().is_staff:
            return Response(self._for_staff(reference))
        parts = visible_to(Participant, self.actor()).filter(booking__reference=reference)
        participant = parts.select_related("booking__service", "booking__location").order_by("track").first()
        if participant is None:
            raise NotFound(GONE)
        return Response(part_json(participant, now=timezone.now()))

    def _for_staff(self, reference: str) -> Json:
        row = with_people(visible_to(Booking, self.actor()), by=self.actor()).filter(reference=reference).first()
        if row is None:
            raise NotFound(GONE)
        booking = booking_json(row)
        ids = [one["client"] for one in booking["people"] if one["client"]]
        record_views(subject="client", subject_ids=ids, detail="api booking", by=self.actor(), now=timezone.now())
        return booking
