"""Log lines carry no secrets and no personal data."""

import sys

import pytest

from backend.logs import keep_secrets, reduce_errors


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("GET /m/uROVsCmTxcMCjMQd2D4ZgA/", "GET /m/…/"),
        ("Not Found: /calendar/abcdefgh.ics", "Not Found: /calendar/…"),
        ("GET /desk/clients/?q=Alex+Sample", "GET /desk/clients/"),
        ("GET /book/s/4-day/when/", "GET /book/s/4-day/when/"),
    ],
)
def test_a_line_names_the_path_without_secret_or_query_F142(line, logged):
    assert keep_secrets(None, "info", {"request": line, "event": line}) == {"request": logged, "event": logged}


def test_a_line_drops_the_user_agent_F142():
    assert keep_secrets(None, "info", {"event": "request_started", "user_agent": "Phone/1.0"}) == {
        "event": "request_started"
    }


def test_an_error_is_logged_by_type_and_frames_without_its_message_F142():
    try:
        raise ValueError("Key (email)=(alex@example.com) already exists")
    except ValueError:
        event = reduce_errors(None, "error", {"event": "failed", "exc_info": sys.exc_info()})

    assert event["error"] == "ValueError"
    assert "test_logs.py" in event["frames"][0]
    assert "alex@example.com" not in str(event)
