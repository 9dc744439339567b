"""Start the payment sandbox: ``python -m demo.payment_sandbox --port P --state DIR ...``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from .config import Config
from .server import Server


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="payment_sandbox", description="Stripe's wire protocol on this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 picks a free port")
    parser.add_argument("--state", type=Path, required=True, help="directory of the data")
    parser.add_argument("--webhook-url", help="URL that events are posted to; without it none are sent")
    parser.add_argument("--webhook-secret", default="whsec_sandbox")
    parser.add_argument("--public-url", help="URL at which browsers reach this server; default http://host:port")
    parser.add_argument("--business-name", default=Config.business_name, help="neutral name shown to payers")
    parser.add_argument("--statement-prefix", default=Config.statement_prefix)
    parser.add_argument("--retry-base", type=float, default=Config.retry_base, help="seconds until the first retry")
    parser.add_argument("--verbose", action="store_true", help="log each request")
    return parser.parse_args(given)


def main() -> int:
    """Serve until SIGINT or SIGTERM."""
    options = arguments()
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO, format="%(name)s %(message)s", stream=sys.stderr
    )
    config = Config(
        state=options.state,
        public_url=options.public_url or "",
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
        business_name=options.business_name,
        statement_prefix=options.statement_prefix,
        retry_base=options.retry_base,
    )
    server = Server(config, options.host, options.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.start()
    print(f"payment sandbox on http://{options.host}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
