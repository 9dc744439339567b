"""The people of the demo practice."""

from itertools import islice

from demo.practice.clients import FIRST, LAST, invented_people


def test_there_are_as_many_as_any_calendar_wants_and_no_two_share_a_name_or_an_address():
    many = 3 * len(FIRST) * len(LAST)
    people = [*islice(invented_people(), many)]
    assert len({one.name for one in people}) == len({one.email for one in people}) == many
