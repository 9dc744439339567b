"""What a log line may say."""

import sys

import pytest

from backend.logs import keep_secrets, tell_errors


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /m/uROVsCmTxcMCjMQd2D4ZgA/", "GET /m/…/"),
        ("Not Found: /calendar/abcdefgh.ics", "Not Found: /calendar/…"),
        ("GET /desk/clients/?q=Alex+Sample", "GET /desk/clients/"),
        ("GET /book/s/4-day/when/", "GET /book/s/4-day/when/"),
    ],
)
def test_a_line_names_the_path_without_secret_or_query_F142(said, kept):
    assert keep_secrets(None, "info", {"request": said, "event": said}) == {"request": kept, "event": kept}


def test_a_line_does_not_tell_one_browser_from_another_F142():
    assert keep_secrets(None, "info", {"event": "request_started", "user_agent": "Phone/1.0"}) == {
        "event": "request_started"
    }


def test_an_error_is_told_by_kind_and_place_without_its_message_F142():
    try:
        raise ValueError("Key (email)=(alex@example.com) already exists")
    except ValueError:
        told = tell_errors(None, "error", {"event": "failed", "exc_info": sys.exc_info()})

    assert told["error"] == "ValueError"
    assert "test_logs.py" in told["frames"][0]
    assert "alex@example.com" not in str(told)
