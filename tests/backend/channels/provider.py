"""A text provider over real HTTP on this machine, with the two Twilio calls that we use."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Twilio(BaseHTTPRequestHandler):
    """Twilio's API as far as we use it.

    A `status` of 400 or more makes it fail, `hang_up` drops the answer after the text is stored, `gate` delays the
    answer, and `keeps = False` forgets the text.
    """

    kept: list[dict[str, str]] = []
    seen: list[str] = []
    status = 201
    hang_up = False
    keeps = True
    gate: threading.Event | None = None
    reached = threading.Event()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        Twilio.seen.append(self.headers["Authorization"])
        if self.status >= 400:
            return self.answer({"code": 21610, "message": "secret"})
        found = {"sid": f"SM{len(self.kept)}", "to": form["To"][0], "body": form["Body"][0]}
        if self.keeps:
            Twilio.kept.append(found)
        self.reached.set()
        if self.gate is not None:
            self.gate.wait(30)
        if self.hang_up:
            return self.connection.close()
        return self.answer(found)

    def do_GET(self) -> None:
        page = int(parse_qs(urlsplit(self.path).query).get("Page", ["0"])[0])
        more = f"/2010-04-01/Accounts/AC1/Messages.json?Page={page + 1}" if page + 1 < len(self.kept) else None
        Twilio.seen.append(self.path)
        self.answer({"messages": self.kept[page : page + 1], "next_page_uri": more})

    def answer(self, body: Mapping[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Log nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Start a provider without texts; yields its base URL."""
    Twilio.kept, Twilio.seen, Twilio.status, Twilio.hang_up, Twilio.keeps = [], [], 201, False, True
    Twilio.gate, Twilio.reached = None, threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Twilio)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
