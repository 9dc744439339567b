"""The demo's filesystem broker delivers every message complete and in order."""

import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport.virtual import BrokerState

from demo.broker import Transport

ROUNDS = 300


@pytest.fixture
def opened(tmp_path):
    """Open a queue of the broker in `tmp_path` on a new connection, as each process does."""

    class OwnTransport(Transport):
        global_state = BrokerState()  # kombu keeps bindings per process, not per directory

    folders = {"data_folder_in": "queue", "data_folder_out": "queue", "processed_folder": "processed"}
    options = {name: str(tmp_path / folder) for name, folder in (folders | {"control_folder": "control"}).items()}

    @contextmanager
    def queue():
        with (
            Connection(transport=OwnTransport, transport_options=options) as connection,
            connection.SimpleQueue("celery", serializer="json") as found,
        ):
            yield found

    return queue


def take(queue) -> int:
    message = queue.get(block=True, timeout=20)
    message.ack()
    number: int = message.payload["number"]
    return number


def test_a_busy_reader_gets_every_message_complete(opened):
    def write() -> None:
        with opened() as queue:
            for number in range(ROUNDS):
                queue.put({"number": number, "filler": "x" * 20_000})

    writer = threading.Thread(target=write)
    with opened() as queue:
        writer.start()
        taken = [take(queue) for _ in range(ROUNDS)]
    writer.join()
    assert taken == list(range(ROUNDS))


def test_messages_of_several_connections_keep_their_order(opened):
    for number in range(12):
        with opened() as queue:
            queue.put({"number": number})
    with opened() as queue:
        assert [take(queue) for _ in range(12)] == list(range(12))


@pytest.mark.parametrize("deleted", ["queue", "processed"])
def test_a_directory_deleted_while_running_loses_only_its_messages(opened, tmp_path, deleted):
    with opened() as writer, opened() as reader:
        writer.put({"number": 1})
        assert take(reader) == 1
        shutil.rmtree(tmp_path / deleted)
        with pytest.raises(Empty):
            reader.get(block=True, timeout=0.1)
        writer.put({"number": 2})
        assert take(reader) == 2


def test_the_demo_uses_this_broker():
    program = "import django; django.setup(); from kombu import Connection; print(Connection('filesystem://').get_transport_cls())"
    environment = {"DEMO": "1", "DATABASE_URL": "postgresql://x@/x", "DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert "demo.broker" in done.stdout
