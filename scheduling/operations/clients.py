"""Add and update clients, and link two of them as partners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.accounts.actor import Actor
from backend.audit.models import AuditLine
from backend.audit.operations import record_many
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Client, ClientLink, Resource
from scheduling.operations.links.links import revoke_all_step


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person's details as given at booking. Every channel is off unless that person chose it (promise 10).

    `client_id`: an existing client whom the desk found; the client's own row then stays as it is.
    `calendar_invites`: calendar entries for this booking only.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    may_email: bool = False
    may_text: bool = False
    may_call: bool = False
    voicemail: str = Client.Voicemail.NO
    safe_times: str = ""
    address_is_shared: str = Client.Shared.UNSURE
    wording: str = Client.Wording.DISCREET
    calendar_invites: bool = False
    comfort_note: str = ""
    client_id: int | None = None

    @property
    def has_chosen(self) -> bool:
        """True if this person chose at least one channel: mail, text or calls."""
        return self.may_email or self.may_text or self.may_call


def known_of(people: Iterable[Person]) -> tuple[int, ...]:
    """Ids of the people who are clients already, in the order given."""
    return tuple(person.client_id for person in people if person.client_id is not None)


def by_track(people: Iterable[Person]) -> tuple[int | None, ...]:
    """Client ids by track: A, then B. None stands for a new person."""
    return tuple(person.client_id for person in people)


def add_clients_step(*, people: Sequence[Person], by: Actor, now: datetime) -> list[Client]:
    """Add a new client for each person. An address that is known already may belong to another person.

    Takes three statements for any number of people, and none for an empty list.
    """
    assert_in_transaction()
    if not people:
        return []
    resources = Resource.objects.bulk_create(Resource(kind=Client.RESOURCE_KIND) for _ in people)
    clients = Client.objects.bulk_create(
        _client(person, resource, now) for person, resource in zip(people, resources, strict=True)
    )
    ids = [client.pk for client in clients]
    record_many(verb=AuditLine.Verb.CREATE, subject="client", subject_ids=ids, by=by, now=now)
    return clients


def _client(person: Person, resource: Resource, now: datetime) -> Client:
    return Client(
        resource=resource,
        name_to_use=person.name.strip(),
        email=person.email.strip().lower(),
        phone=person.phone,
        contact_chosen_at=now if person.has_chosen else None,
        text_consent_at=now if person.may_text else None,
        text_consent_source="booking" if person.may_text else "",
        created_at=now,
        **contact_rules(person),
    )


def add_client_step(*, person: Person, by: Actor, now: datetime) -> Client:
    """Add one new client."""
    return add_clients_step(people=[person], by=by, now=now)[0]


add_client = durable(add_client_step)


def update_client_step(*, client: Client, person: Person, source: str, now: datetime) -> None:
    """Overwrite a client's name, address, number and contact choices. `source` is stored with a consent to texts.

    A changed address or number revokes the client's links in every booking: somebody else may read the old one (F129).
    The caller issues a fresh link to a client who came by one.
    """
    assert_in_transaction()
    old_email, old_phone = client.email, client.phone
    client.name_to_use = person.name.strip() or client.name_to_use
    client.email, client.phone = person.email.strip().lower(), person.phone
    if person.has_chosen:
        client.contact_chosen_at = now
    if person.may_text and not client.may_text:
        client.text_consent_at, client.text_consent_source = now, source
    for column, value in contact_rules(person).items():
        setattr(client, column, value)
    client.save()
    if old_email not in ("", client.email) or old_phone not in ("", client.phone):
        revoke_all_step(client=client, now=now)


def contact_rules(person: Person) -> dict[str, object]:
    """Client columns that say how the person may be reached. A shared or unsure address means discreet wording."""
    shared = person.address_is_shared != Client.Shared.NO
    return {
        "may_email": person.may_email,
        "may_text": person.may_text,
        "may_call": person.may_call,
        "voicemail": person.voicemail,
        "safe_times": person.safe_times,
        "address_is_shared": person.address_is_shared,
        "wording": Client.Wording.DISCREET if shared else person.wording,
    }


def link_partners_step(*, first: Client, second: Client, are_new: bool = False, now: datetime) -> None:
    """Link two clients as partners, once. `are_new`: at least one of them was added in this transaction."""
    assert_in_transaction()
    low, high = sorted((first.pk, second.pk))
    ends = {"first_id": low, "second_id": high, "kind": ClientLink.Kind.PARTNER}
    if are_new:
        ClientLink.objects.create(**ends, since=now)
    else:
        ClientLink.objects.get_or_create(**ends, ended_at=None, defaults={"since": now})
