"""Parts of the runner that need no started demo."""

import json
import socket
import subprocess
import sys

import pytest

from demo import processes
from demo.runner import environment, instance, telling
from demo.runner.layout import Layout, Refused, is_free, payments_port
from demo.runner.services import services
from tests.platform.places import ROOT


@pytest.fixture
def layout(tmp_path):
    found = Layout(var=tmp_path, port=8000, database_url=None)
    found.make()
    return found


@pytest.fixture
def sleeper():
    """A process that leads a group, as each child of the runner does."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
        yield child
        child.kill()


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "80.0"])
def test_a_port_that_is_none_is_refused_in_words(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refused, match="PORT must be a number"):
        Layout.from_environment()


def test_a_leftover_child_is_ended(layout, sleeper):
    instance.note_children(layout, {"web": sleeper.pid})
    assert instance.end_leftovers(layout) == ["web"]
    assert sleeper.wait(5) < 0


def test_a_stranger_with_the_number_of_a_dead_child_is_left_alone(layout, sleeper):
    started = processes.started_at(sleeper.pid)
    assert started
    row = {"name": "web", "pid": sleeper.pid, "started": started - 100}
    (layout.var / "processes.json").write_text(json.dumps([row]))
    assert instance.end_leftovers(layout) == []
    assert sleeper.poll() is None


def test_a_damaged_note_of_children_does_not_stop_a_start(layout):
    (layout.var / "processes.json").write_text("[{")
    assert instance.end_leftovers(layout) == []


def test_a_second_holder_of_the_lock_is_refused(layout):
    with instance.only_one(layout), pytest.raises(Refused, match="already runs"), instance.only_one(layout):
        pass


def test_the_payment_port_stays_the_same_while_it_is_free(layout):
    assert payments_port(layout) == payments_port(layout)


def test_a_taken_payment_port_is_replaced(layout):
    port = payments_port(layout)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert payments_port(layout) != port


def test_the_secret_is_kept_and_private(tmp_path):
    note = tmp_path / "secret_key"
    first = environment.kept_secret(note)
    assert environment.kept_secret(note) == first
    assert len(first) >= 50
    assert note.stat().st_mode & 0o077 == 0


def test_limits_may_be_set_from_outside_but_the_database_may_not(layout, monkeypatch):
    monkeypatch.setenv("LIMIT_HOLDS_PER_ADDRESS", "7")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    found = environment.children(layout, database_url="postgresql://here/x", payments_port=1)
    assert found["LIMIT_HOLDS_PER_ADDRESS"] == "7"
    assert found["LIMIT_LINKS_PER_ADDRESS"] == environment.LIMIT
    assert found["DATABASE_URL"] == "postgresql://here/x"


def test_every_raised_limit_is_one_that_the_settings_read():
    source = (ROOT / "backend" / "settings.py").read_text()
    assert [name for name in environment.RAISED_LIMITS if f'"{name}"' not in source] == []


def test_the_backends_of_the_demo_can_be_imported():
    program = "import django; django.setup(); from django.utils.module_loading import import_string as load; "
    program += f"load({environment.EMAIL_BACKEND!r}); load({environment.SMS_BACKEND!r})"
    settings = {"DEMO": "1", "DATABASE_URL": "postgresql://x@/x", "DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_children_agree_on_the_webhook_secret(layout):
    found = environment.children(layout, database_url="x", payments_port=1)
    payments = services(layout, payments_port=1, webhook_secret=found["STRIPE_WEBHOOK_SECRET"])[0]
    assert payments.command[payments.command.index("--webhook-secret") + 1] == found["STRIPE_WEBHOOK_SECRET"]


def test_the_users_of_the_seeding_are_kept_in_demo_json(layout):
    users = [{"role": "owner", "email": "owner@example.com"}]
    (layout.var / "demo.json").write_text(json.dumps({"users": users, "base_url": "http://old"}))
    assert telling.write_demo_json(layout) == users
    content = json.loads((layout.var / "demo.json").read_text())
    assert content == {"base_url": "http://127.0.0.1:8000", "users": users}


def test_the_table_lines_up_its_columns():
    assert telling.table([["a", "bb"], ["ccc", "d"]]) == "  a    bb\n  ccc  d"


def test_the_summary_shows_a_dash_for_what_a_user_lacks(layout):
    said = telling.summary(layout, payments_port=9, users=[{"role": "client", "email": "kim@example.com"}], seconds=3)
    assert "client" in said
    assert "–" in said
