"""The people of the demo practice."""

from demo.practice.clients import FIRST, LAST, person


def test_there_are_as_many_as_any_calendar_wants_and_no_two_share_a_name_or_an_address():
    many = 3 * len(FIRST) * len(LAST)
    people = [person(number) for number in range(many)]
    assert len({one.name for one in people}) == len({one.email for one in people}) == many


def test_a_number_always_means_the_same_person():
    assert person(700) == person(700)


def test_the_first_people_have_a_first_and_a_last_name_and_no_initial():
    assert {len(person(number).name.split()) for number in range(len(FIRST) * len(LAST))} == {2}
