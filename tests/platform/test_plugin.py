"""Tests run on a real PostgreSQL, cannot reach other machines, and fail on warnings."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.plugin import NetworkRefused, is_loopback

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = "192.0.2.1"  # TEST-NET-1 (RFC 5737): never routed


@pytest.mark.django_db
def test_the_database_is_postgresql_15_or_later():
    assert connection.vendor == "postgresql"
    assert connection.cursor().connection.info.server_version >= 150000


def test_connecting_to_another_machine_is_refused():
    with socket.socket() as client, pytest.raises(NetworkRefused):
        client.connect((OUTSIDE, 80))


def test_connect_ex_to_another_machine_is_refused():
    with socket.socket() as client, pytest.raises(NetworkRefused):
        client.connect_ex((OUTSIDE, 80))


def test_sending_a_datagram_to_another_machine_is_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(NetworkRefused):
        client.sendto(b"x", (OUTSIDE, 53))


def test_looking_up_an_external_host_name_is_refused():
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("practice.example", 443)


def test_connecting_to_this_machine_works():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"localhost"])
def test_hosts_of_this_machine_are_allowed(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", [OUTSIDE, "10.0.0.1", "2001:db8::1", "localhost.example", b"practice.example"])
def test_hosts_of_other_machines_are_not_allowed(host):
    assert not is_loopback(host)


def run_pytest(tmp_path: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with the project's configuration on one generated file, in another process."""
    (tmp_path / "test_made.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    command += ["-p", "no:cacheprovider", *options, str(tmp_path / "test_made.py")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_a_warning_fails_a_test(tmp_path):
    done = run_pytest(tmp_path, "import warnings\ndef test_it():\n    warnings.warn('old', DeprecationWarning)\n")
    assert "1 failed" in done.stdout
    assert "DeprecationWarning: old" in done.stdout


def test_an_undeclared_marker_is_an_error(tmp_path):
    done = run_pytest(tmp_path, "import pytest\n@pytest.mark.slwo\ndef test_it(): pass\n")
    assert "'slwo' not found in `markers`" in done.stdout


def test_stack_soak_and_bench_tests_run_only_on_request(tmp_path):
    source = "import pytest\n" + "".join(
        f"@pytest.mark.{marker}\ndef test_{marker}(): pass\n" for marker in ("stack", "soak", "bench")
    )
    assert "3 deselected" in run_pytest(tmp_path, source).stdout
    assert "3 passed" in run_pytest(tmp_path, source, "-m", "stack or soak or bench").stdout


def test_two_workers_share_one_server_and_have_a_database_each(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    source = (
        "import os, psycopg, pytest\nfrom django.conf import settings\n"
        "@pytest.mark.parametrize('n', range(2))\n"
        "def test_it(n, worker_id, django_db_modify_db_settings):\n"
        "    assert settings.DATABASES['default']['TEST']['NAME'].endswith(worker_id)\n"
        "    psycopg.connect(os.environ['DATABASE_URL']).close()\n"
        f"    with open({str(tmp_path / 'urls')!r}, 'a') as urls: urls.write(os.environ['DATABASE_URL'] + '\\n')\n"
    )
    done = run_pytest(tmp_path, source, "-n", "2")
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    urls = set((tmp_path / "urls").read_text().split())
    assert len(urls) == 1
    assert not Path(urls.pop().partition("host=")[2]).exists()  # stopped and removed
