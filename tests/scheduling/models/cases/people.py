"""Rule cases of clients, consents and clinicians."""

from tests.factories import NOW, in_days
from tests.rules import Case, Unique
from tests.scheduling.models.rows import (
    client,
    client_link,
    clinician,
    consent,
    license_,
    resource,
    saved,
    usual_room,
)

REACHED = {"contact_chosen_at": NOW, "email": "robin@example.com", "phone": "+12145550102"}
CONSENTED = {"text_consent_at": NOW, "text_consent_source": "page"}

CLIENTS = [
    Case("client_has_a_name", client, broken={"name_to_use": ""}),
    Case("client_email_is_lower_case", client, given=REACHED, broken={"email": "Robin@example.com"}),
    Case(
        "client_mail_has_an_address", client, REACHED | {"may_email": True, "email": ""}, REACHED | {"may_email": True}
    ),
    Case(
        "client_texts_have_number_and_consent",
        client,
        given=REACHED | CONSENTED | {"may_text": True},
        broken=REACHED | CONSENTED | {"may_text": True, "phone": ""},
    ),
    Case("client_texts_have_number_and_consent", client, broken=REACHED | {"may_text": True}),
    Case("client_text_consent_has_a_source", client, given=CONSENTED, broken={"text_consent_at": NOW}),
    Case("client_text_consent_has_a_source", client, broken={"text_consent_source": "page"}),
    Case("client_calls_have_a_number", client, REACHED | {"may_call": True, "phone": ""}, REACHED | {"may_call": True}),
    *(
        Case(
            "client_is_contacted_only_after_choosing",
            client,
            given=REACHED | CONSENTED | {channel: True},
            broken=REACHED | CONSENTED | {channel: True, "contact_chosen_at": None},
        )
        for channel in ("may_email", "may_text", "may_call")
    ),
    Case("client_voicemail", client, given={"voicemail": "first_name"}, broken={"voicemail": "sing"}),
    Case("client_shared", client, given={"address_is_shared": "yes"}, broken={"address_is_shared": "maybe"}),
    Case("client_wording", client, broken={"wording": "loud", "address_is_shared": "no"}),
    *(
        Case(
            "client_shared_address_means_discreet",
            client,
            given={"wording": "standard", "address_is_shared": "no"},
            broken={"wording": "standard", "address_is_shared": shared},
        )
        for shared in ("yes", "unsure")
    ),
    Case(
        "client_emergency_contact_has_a_name",
        client,
        given={"emergency_name": "Kim", "emergency_phone": "+12145550103"},
        broken={"emergency_phone": "+12145550103"},
    ),
    Case("client_emergency_contact_has_a_name", client, broken={"emergency_relation": "sister"}),
    Case(
        "client_merges_into_another",
        client,
        given=lambda row: {"merged_into": saved(client())},
        broken=lambda row: {"merged_into_id": row.resource_id},
    ),
    Case("owns_its_kind", client, broken=lambda row: {"resource": saved(resource(kind="room"))}),
]

LINKS = [
    Case("client_link_between_two", client_link, broken=lambda row: {"kind": "guardian", "second": row.first}),
    Case("client_link_kind", client_link, given={"kind": "keep_apart"}, broken={"kind": "cousin"}),
    Case("client_link_in_order", client_link, broken=lambda row: {"first": row.second, "second": row.first}),
    Case(
        "client_link_in_order",
        client_link,
        given=lambda row: {"first": row.second, "second": row.first, "kind": "guardian"},
        broken=lambda row: {"first": row.second, "second": row.first, "kind": "keep_apart"},
    ),
    Case(
        "client_link_ends_after_it_began", client_link, given={"ended_at": NOW}, broken={"ended_at": NOW - in_days(1)}
    ),
    Unique("client_link_once", client_link, same=("first", "second", "kind"), apart="second", unless={"ended_at": NOW}),
    Case("consent_kind", consent, given={"kind": "treatment"}, broken={"kind": "everything"}),
    Case("consent_names_the_version", consent, broken={"version": ""}),
    Case("consent_ends_after_it_was_given", consent, {"withdrawn_at": NOW - in_days(1)}, {"withdrawn_at": NOW}),
    Unique("consent_once", consent, same=("client", "kind", "version"), apart="version", unless={"withdrawn_at": NOW}),
]

CLINICIANS = [
    Case("clinician_profession", clinician, given={"profession": "coach"}, broken={"profession": "pilot"}),
    Case("clinician_level", clinician, given={"level": "senior"}, broken={"level": "legend"}),
    *(
        Case("clinician_npi_has_ten_digits", clinician, given={"npi": "1234567890"}, broken={"npi": npi})
        for npi in ("123456789", "123456789X")
    ),
    Unique("clinician_npi_once", clinician, given={"npi": "1234567890"}, same=("npi",), unless={"npi": ""}),
    Case("owns_its_kind", clinician, broken=lambda row: {"resource": saved(resource(kind="room"))}),
    Unique("usual_room_once", usual_room, same=("clinician", "room"), apart="room"),
    Unique("license_once", license_, same=("kind", "state", "number"), apart="number"),
    Case("license_kind", license_, given={"kind": "lmft"}, broken={"kind": "driver"}),
    Case(
        "license_of_an_associate_names_the_supervisor",
        license_,
        given=lambda row: {"kind": "lpc_associate", "supervisor": saved(clinician())},
        broken={"kind": "lpc_associate"},
    ),
    Case(
        "license_supervisor_is_somebody_else",
        license_,
        given=lambda row: {"supervisor": saved(clinician())},
        broken=lambda row: {"supervisor": row.clinician},
    ),
]

CASES = [*CLIENTS, *LINKS, *CLINICIANS]
