"""The demo's broker of files: no reader ever sees half a message."""

import subprocess
import sys
import threading

import pytest
from kombu import Connection

from demo.broker import Transport

ROUNDS = 300


@pytest.fixture
def options(tmp_path):
    folders = {"data_folder_in": "queue", "data_folder_out": "queue", "processed_folder": "processed"}
    chosen = {name: str(tmp_path / folder) for name, folder in (folders | {"control_folder": "control"}).items()}
    for folder in set(chosen.values()):
        (tmp_path / folder).mkdir(exist_ok=True)
    return chosen


def queue_on(connection: Connection):
    return connection.SimpleQueue("celery", serializer="json")


def test_a_reader_that_never_rests_takes_every_message_whole(options):
    def write() -> None:
        with Connection(transport=Transport, transport_options=options) as connection, queue_on(connection) as queue:
            for number in range(ROUNDS):
                queue.put({"number": number, "filler": "x" * 20_000})

    taken: list[int] = []
    writer = threading.Thread(target=write)
    with Connection(transport=Transport, transport_options=options) as connection, queue_on(connection) as queue:
        writer.start()
        while len(taken) < ROUNDS:
            message = queue.get(block=True, timeout=20)
            taken.append(message.payload["number"])
            message.ack()
    writer.join()
    assert taken == list(range(ROUNDS))


def test_messages_of_two_processes_keep_their_order_in_time(options):
    for number in range(12):
        with Connection(transport=Transport, transport_options=options) as connection, queue_on(connection) as queue:
            queue.put({"number": number})
    with Connection(transport=Transport, transport_options=options) as connection, queue_on(connection) as queue:
        assert [queue.get(block=True, timeout=20).payload["number"] for _ in range(12)] == list(range(12))


def test_the_demo_uses_this_broker():
    program = "import django; django.setup(); from kombu import Connection; print(Connection('filesystem://').get_transport_cls())"
    environment = {"DEMO": "1", "DATABASE_URL": "postgresql://x@/x", "DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert "demo.broker" in done.stdout
