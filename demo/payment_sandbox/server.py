"""The HTTP server: ``/v1/`` is Stripe's API, ``/c/`` the hosted page, ``/_sandbox/`` the levers."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from . import checkout, control, page, render
from .api import Api, Request
from .config import Config
from .page import Page
from .sandbox import Sandbox

log = logging.getLogger(__name__)
LARGEST_BODY = 1_000_000
COMMON = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def policy(form_targets: list[str]) -> str:
    """Content-Security-Policy of a page. Forms may lead to this server and to ``form_targets``."""
    targets = " ".join(["'self'", *form_targets])
    return f"default-src 'none'; style-src 'self'; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"


class Handler(BaseHTTPRequestHandler):
    """Handler of one connection. Its server holds the sandbox."""

    protocol_version = "HTTP/1.1"
    server: Server
    timeout = 300

    def version_string(self) -> str:
        """The Server header, without the interpreter's version."""
        return "payment-sandbox"

    def log_message(self, format: str, *args: Any) -> None:
        """Log method, path and status at debug; never headers or bodies."""
        log.debug(format, *args)

    def do_GET(self) -> None:
        """Answer a GET request."""
        self._dispatch(b"")

    def do_HEAD(self) -> None:
        """Answer like GET, without the body."""
        self._dispatch(b"")

    def do_POST(self) -> None:
        """Answer a POST request; 411 without a length, 413 if the body is too large."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(413 if length.isdigit() else 411, b"", {})
            return
        self._dispatch(self.rfile.read(int(length)))

    def do_DELETE(self) -> None:
        """Answer a DELETE request, which resets levers."""
        self._dispatch(b"")

    def _dispatch(self, body: bytes) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/v1/"):
            self._api(url.path, url.query, body)
        elif url.path.startswith("/_sandbox/"):
            self._control(url.path, body)
        elif url.path == "/c/assets/pay.css":
            self._send(200, render.STYLES, {"Content-Type": "text/css; charset=utf-8"})
        else:
            self._page(url.path, body)

    def _api(self, path: str, query: str, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.api.answer(Request(self.command, path, query, headers, body))
        if answer.lost:
            self.close_connection = True
            return
        self._send(answer.status, answer.body.encode(), answer.headers | {"Content-Type": "application/json"})

    def _control(self, path: str, body: bytes) -> None:
        kind = self.headers.get("Content-Type", "")
        status, answer = control.answer(self.server.sandbox, self.command, path, kind, body)
        self._send(status, json.dumps(answer, indent=2).encode(), {"Content-Type": "application/json"})

    def _page(self, path: str, body: bytes) -> None:
        found = _page_for(self.server.sandbox, self.command, path, body)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy(found.form_targets),
        }
        if found.location:
            headers["Location"] = found.location
        self._send(found.status, found.html.encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send head and body in one write, because Nagle's algorithm would delay a second small one."""
        self.send_response(status)
        for name, value in (COMMON | headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self._headers_buffer: list[bytes]
        self._headers_buffer.append(b"\r\n" + (b"" if self.command == "HEAD" else body))
        self.flush_headers()


def _page_for(sandbox: Sandbox, method: str, path: str, body: bytes) -> Page:
    """The hosted page for a path. HEAD is answered like GET."""
    parts = path.strip("/").split("/")
    acts = method == "POST"
    match parts:
        case ["c", "pay", session_id] if method != "DELETE":
            return page.pay(sandbox, session_id, body) if acts else page.look(sandbox, session_id)
        case ["c", "authenticate", intent_id] if method != "DELETE":
            return page.answer_bank(sandbox, intent_id, body) if acts else page.look_at_bank(sandbox, intent_id)
        case ["c", "done"]:
            return page.done(sandbox)
    return Page(404, render.notice(sandbox.config, "Not here", "There is no page at this address."))


class Server(ThreadingHTTPServer):
    """HTTP server with its courier thread, which sends webhooks, and its sweeper thread, which expires sessions."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, config: Config, host: str, port: int) -> None:
        super().__init__((host, port), Handler)
        public_url = config.public_url or f"http://{host}:{self.server_port}"
        self.sandbox = Sandbox.open(replace(config, public_url=public_url.rstrip("/")))
        self.api = Api(self.sandbox)
        self.stopping = threading.Event()
        self.sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def start(self) -> None:
        """Start the threads that send webhooks and expire sessions; then call ``serve_forever``."""
        self.sandbox.courier.start()
        self.sweeper.start()

    def close(self) -> None:
        """Stop the threads and close the store. Unsent webhooks are sent after the next start."""
        self.stopping.set()
        self.server_close()
        self.sweeper.join()
        self.sandbox.courier.stop()
        self.sandbox.store.close()

    def _sweep(self) -> None:
        while not self.stopping.wait(self.sandbox.config.sweep_seconds):
            try:
                checkout.sweep(self.sandbox)
            except Exception:
                log.exception("could not expire overdue sessions")
