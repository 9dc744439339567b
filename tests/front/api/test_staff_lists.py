"""Lists for staff by token: the right rows, in pages, in a fixed number of statements, with audit lines."""

import pytest

from backend.audit.models import AuditLine
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from billing.models import LedgerEntry
from billing.operations.booking import book
from scheduling.models import Appointment, Booking, Client, Clinician, DeskPost
from scheduling.operations.clients import Person
from tests.factories import MONDAY, NOW, a_location, a_room, a_stranger, a_user, in_days, openings_of, travel

from .conftest import API, is_problem, staff_client

pytestmark = pytest.mark.django_db


def confirmed(service, n=0, *, names=("Ann Example",)):
    """Book the n-th opening of the week without payment, as the owner would by phone."""
    from backend.accounts.actor import Actor

    found = openings_of(service=service, first=MONDAY, until=MONDAY + in_days(7), now=NOW)
    people = [Person(name=name, email=f"{name.split()[0].lower()}@example.com", may_email=True) for name in names]
    by = Actor(user=a_user("owner"))
    return book(
        opening=found[n].id, people=people, accept_policy=True, by=by, now=NOW, unpaid_reason="by phone"
    ).booking


def the_clinician(slug="robin-vale"):
    clinician = Clinician.objects.get(slug=slug)
    clinician.user = a_user("clinician")
    clinician.save()
    return clinician.user


def a_desk(*locations):
    user = a_user("desk")
    DeskPost.objects.bulk_create(DeskPost(user=user, location=location) for location in locations)
    return user


def results(user, path, **query):
    response = staff_client(user).get(API + path, query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_an_appointment_has_its_people_place_and_time(office):
    booking = confirmed(office.single)

    (told,) = results(a_user("owner"), "appointments/")

    client = Client.objects.get()
    row = Appointment.objects.get()
    assert told == {
        "id": row.pk,
        "starts_at": "2027-02-08T09:00:00-06:00",
        "ends_at": "2027-02-08T09:50:00-06:00",
        "mode": "office",
        "location": {"slug": "frisco", "name": "Frisco"},
        "room": {"id": row.room.pk, "name": row.room.name},
        "clinicians": [{"slug": "robin-vale", "name": "Robin Vale"}],
        "attendees": [{"client": client.pk, "name": "Ann Example", "booking": booking.reference, "status": "booked"}],
        "bookings": [booking.reference],
        "service": {"slug": "single", "name": "Single"},
        "status": "planned",
    }


def test_appointments_are_filtered_by_local_dates_office_clinician_and_room(office):
    confirmed(office.single)
    owner, room = a_user("owner"), Appointment.objects.get().room_id

    def found(**query):
        return len(results(owner, "appointments/", **query))

    assert found(**{"from": "2027-02-08", "to": "2027-02-09"}) == 1
    assert found(**{"from": "2027-02-09", "to": "2027-02-10"}) == 0
    assert found(**{"from": "2027-02-07", "to": "2027-02-08"}) == 0
    assert (found(location="frisco"), found(location="plano")) == (1, 0)
    assert (found(clinician="robin-vale"), found(clinician="nobody")) == (1, 0)
    assert (found(room=room), found(room=10**12)) == (1, 0)


def test_an_evening_appointment_counts_on_the_local_date_of_its_office(office):
    """7 PM in Chicago is the next day in UTC."""
    confirmed(office.single)
    Appointment.objects.update(during=("2027-02-09T01:00:00Z", "2027-02-09T01:50:00Z"))

    assert len(results(a_user("owner"), "appointments/", **{"from": "2027-02-08", "to": "2027-02-09"})) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2027-02-09", "to": "2027-02-08"},
        {"from": "2027-01-01", "to": "2027-12-31"},
        {"from": "soon"},
        {"room": "blue"},
        {"room": 2**63},
        {"room": -1},
        {"page": 0},
        {"page": "9" * 30},
        {"page_size": 501},
        {"clinician": "a b"},
        {"status": "planned"},
    ],
)
def test_a_bad_filter_is_refused_in_words(office, query):
    assert is_problem(staff_client(a_user("owner")).get(f"{API}appointments/", query), 400)


def test_a_page_past_the_end_is_a_404(office):
    assert is_problem(staff_client(a_user("owner")).get(f"{API}appointments/", {"page": 7}), 404)


def test_pages_follow_each_other(office):
    for n in range(0, 12, 4):
        confirmed(office.single, n)
    client = staff_client(a_user("owner"))
    url, seen = f"{API}appointments/?page_size=1", []
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]

    assert (page["count"], len(set(seen))) == (3, 3)


def test_the_desk_sees_its_own_office_only(office):
    confirmed(office.single)
    here, there = a_desk(office.location), a_desk(a_location("plano"))

    for path in ("appointments/", "bookings/", "ledger/", "rooms/"):
        assert results(here, path), path
        assert not results(there, path), path


def test_a_clinician_sees_what_they_lead_and_no_money(office):
    confirmed(office.single)
    confirmed(office.program, names=("Kim Example", "Lee Example"))
    user = the_clinician()

    assert {row["service"]["slug"] for row in results(user, "appointments/")} == {"single"}
    assert [row["name"] for row in results(user, "clients/")] == ["Ann Example"]
    for path in ("ledger/", "work-items/"):
        assert is_problem(staff_client(user).get(API + path), 403)


def test_clients_have_their_contact_rules_and_no_other_details(office):
    confirmed(office.single)

    (told,) = results(a_user("owner"), "clients/")

    assert set(told) == {"id", "name", "email", "phone", "zone", "contact"}
    assert told["contact"] == {
        "email": True,
        "text": False,
        "call": False,
        "voicemail": "no",
        "safe_times": "",
        "address_is_shared": "unsure",
        "wording": "discreet",
    }


def test_bookings_name_both_partners_to_staff(office):
    confirmed(office.program, names=("Kim Example", "Lee Example"))

    (told,) = results(a_user("owner"), "bookings/")

    assert [(one["track"], one["name"]) for one in told["people"]] == [("A", "Kim Example"), ("B", "Lee Example")]
    assert (told["kind"], told["status"], told["service"]["slug"]) == ("intensive", "confirmed", "4-day-couple")


def test_the_ledger_is_in_cents_and_can_be_filtered_by_booking(office):
    first, second = confirmed(office.single), confirmed(office.single, 6)
    owner = a_user("owner")

    (line,) = results(owner, "ledger/", booking=first.reference)

    assert (line["booking"], line["kind"]) == (first.reference, "charge")
    assert line["amount"] == {"amount_cents": -15_000, "currency": "usd"}
    assert len(results(owner, "ledger/")) == LedgerEntry.objects.count() == 2
    assert second.reference != first.reference


def test_travel_times_are_listed_for_each_direction(office):
    plano = a_location("plano")
    travel(office.location, plano, 20)
    travel(plano, office.location, 35)

    found = results(the_clinician(), "travel-times/")

    assert [(row["from"]["slug"], row["to"]["slug"], row["minutes"]) for row in found] == [
        ("frisco", "plano", 20),
        ("plano", "frisco", 35),
    ]


def test_rooms_have_their_capacity(office):
    told = results(a_user("owner"), "rooms/")

    assert len(told) == 4
    assert told[0]["location"] == {"slug": "frisco", "name": "Frisco"}
    assert {room["capacity"] for room in told} == {4}


def test_the_desk_sees_open_work_items_of_its_own_office(office):
    def open_at(location_id, key):
        return open_item(
            kind=WorkItem.Kind.CLASH,
            key=key,
            subject="room",
            subject_id=1,
            words="Look.",
            location_id=location_id,
            now=NOW,
        )

    open_at(office.location.pk, "here")
    open_at(None, "owner's")
    done = open_at(office.location.pk, "done")
    WorkItem.objects.filter(pk=done.pk).update(resolved_at=NOW)

    assert len(results(a_desk(office.location), "work-items/")) == 1
    assert [item["location"] and item["location"]["slug"] for item in results(a_user("owner"), "work-items/")] == [
        "frisco",
        None,
    ]


@pytest.mark.parametrize(
    "path", ["appointments/", "bookings/", "clients/", "rooms/", "travel-times/", "ledger/", "work-items/"]
)
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(
    office, path, django_assert_max_num_queries, django_assert_num_queries
):
    def more(n):
        confirmed(office.single, n)
        other = a_location()
        a_room(other)
        travel(office.location, other, 15)
        open_item(
            kind=WorkItem.Kind.CLASH,
            key=f"k{n}",
            subject="x",
            subject_id=n,
            words="Look.",
            now=NOW,
            location_id=office.location.pk,
        )

    more(0)
    client = staff_client(a_desk(office.location))
    client.get(API + path)
    with django_assert_max_num_queries(20) as one:
        client.get(API + path)
    more(4)
    more(8)

    with django_assert_num_queries(len(one)):
        assert client.get(API + path).json()["count"] >= 3


@pytest.mark.parametrize("path", ["appointments/", "bookings/", "clients/"])
def test_each_client_in_a_list_leaves_an_audit_line(office, path):
    confirmed(office.single)
    user = a_user("owner")

    results(user, path)

    line = AuditLine.objects.get(verb="view", subject="client", user=user)
    assert line.subject_id == str(Client.objects.get().pk)


def test_a_hold_without_names_shows_no_name(office):
    from scheduling.operations.bookings.hold import hold

    opening = openings_of(service=office.single, first=MONDAY, until=MONDAY + in_days(1), now=NOW)[0]
    hold(opening=opening.id, by=a_stranger(), now=NOW)

    (told,) = results(a_user("owner"), "appointments/")

    assert [(one["client"], one["name"]) for one in told["attendees"]] == [(None, None)]
    assert Booking.objects.get().status == "held"
