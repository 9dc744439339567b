"""Many holds of one browser at the same moment are as many as one browser may have (F19)."""

import pytest

from scheduling.models import Booking
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import TooManyHolds
from tests.billing.factories import an_office, opening_ids
from tests.factories import NOW, a_stranger
from tests.racing import together

pytestmark = pytest.mark.django_db(transaction=True)
PLENTY = 8


def test_eight_holds_of_one_browser_at_once_are_three(settings):
    _, service = an_office()
    wanted = opening_ids(service)[:: 60 // service.step_minutes][:PLENTY]

    results = together(PLENTY, lambda n: hold(opening=wanted[n], by=a_stranger("one browser"), now=NOW))

    most = settings.LIMITS["holds_live_per_session"]
    refused = [one for one in results if not isinstance(one, Booking)]
    assert {type(one) for one in refused} == {TooManyHolds}
    assert Booking.objects.count() == PLENTY - len(refused) == most == 3
