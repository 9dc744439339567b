"""One browser that makes many holds at once gets no more than its limit (F19)."""

import pytest

from scheduling.models import Booking
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import TooManyHolds
from tests.billing.factories import an_office, opening_ids
from tests.factories import NOW, a_stranger
from tests.racing import together

pytestmark = pytest.mark.django_db(transaction=True)
PLENTY = 8


def test_of_eight_holds_at_once_one_browser_gets_three(settings):
    _, service = an_office()
    openings = opening_ids(service)[:: 60 // service.step_minutes][:PLENTY]

    results = together(PLENTY, lambda n: hold(opening=openings[n], by=a_stranger("one browser"), now=NOW))

    most = settings.LIMITS["holds_live_per_session"]
    refused = [result for result in results if not isinstance(result, Booking)]
    assert {type(error) for error in refused} == {TooManyHolds}
    assert Booking.objects.count() == PLENTY - len(refused) == most == 3
