"""`POST bookings/`: hold, names, terms and the payment page by one verb. `GET bookings/{reference}/`: the own part."""

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
from front.api.answers.common import Told
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
    """Making a booking is open to everybody, the list is for staff."""

    method_permissions = {"GET": [StaffOnly], "POST": [AllowAny]}

    @extend_schema(operation_id="bookings", parameters=[Paged], responses=paged(StaffBookingShape))
    def get(self, request: Request) -> Response:
        """The bookings one may see, the latest first."""
        rows = with_people(visible_to(Booking, self.actor()), by=self.actor())
        page = self.page(rows.order_by("-created_at", "-pk"))
        told = [booking_json(row) for row in page]
        self.record("client", sorted({one["client"] for row in told for one in row["people"] if one["client"]}))
        return self.framed(told)

    @extend_schema(
        operation_id="book",
        parameters=[KEY_PARAMETER],
        request=BookingInput,
        responses=described(BookedShape, 401, 403, 409, 413, 415, 422, 429, ok=201, problem_409=TakenShape),
    )
    def post(self, request: Request) -> Response:
        """Take an opening. It is held until `hold_expires_at`, and confirmed when `payment.due_now` was paid."""
        key = key_in(request.headers.get("Idempotency-Key"))
        wish = BookingInput(data=request.data)
        wish.is_valid(raise_exception=True)
        now = timezone.now()
        caller = request.user.pk or "anybody"
        answer = once(
            key=key,
            scope=f"POST bookings by {caller}",
            body=request.data,
            run=lambda run: self.book(wish, now, run),
            now=now,
        )
        return _response(answer)

    def book(self, wish: BookingInput, now: datetime, run: Run | None) -> Answer:
        """One verb; its refusals that may be repeated are answers, all others are raised."""
        if run is not None and run.may_have_run:
            made = pick_up(api_call=run.call, by=self.actor(), now=now)
            if made is not None:
                page = payment_of(made.booking, now=now).checkout_url
                return _answer(replace(made, checkout_url=page))
        self.count("bookings_per_address")
        try:
            with saying_what_is_wrong():
                booked = book(
                    opening=wish.validated_data["opening"],
                    people=wish.people(),
                    accept_policy=wish.validated_data["accept_policy"],
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
    """Turn what the verb refuses into a problem that names the field."""
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
    """One booking, for one of its people."""

    authentication_classes = (ManageTokenAuthentication, ApiTokenAuthentication, SessionAuthentication)
    permission_classes = (PartOrUser,)

    @extend_schema(operation_id="booking", responses=described(EITHER, 401, 403))
    def get(self, request: Request, reference: str) -> Response:
        """The part of the person whose manage token this is; to staff, the row of their list."""
        if self.actor().is_staff:
            return Response(self._for_staff(reference))
        mine = visible_to(Participant, self.actor()).filter(booking__reference=reference)
        participant = mine.select_related("booking__service", "booking__location").order_by("track").first()
        if participant is None:
            raise NotFound(GONE)
        return Response(part_json(participant, now=timezone.now()))

    def _for_staff(self, reference: str) -> Told:
        row = with_people(visible_to(Booking, self.actor()), by=self.actor()).filter(reference=reference).first()
        if row is None:
            raise NotFound(GONE)
        told = booking_json(row)
        ids = [one["client"] for one in told["people"] if one["client"]]
        record_views(subject="client", subject_ids=ids, detail="api booking", by=self.actor(), now=timezone.now())
        return told
