"""A payment sandbox that speaks Stripe's wire protocol, for the demo and the tests.

    python -m demo.payment_sandbox --port 12111 --state DIR --webhook-url URL --webhook-secret whsec_...

Point stripe-python at it with ``StripeClient(key, base_addresses={"api": "http://127.0.0.1:12111"})``.

| subject | modules |
|---|---|
| HTTP, routes, one API request | ``server`` ``routes`` ``api`` ``idempotency`` |
| parameters as stripe-python types them | ``spec`` ``params`` ``money`` |
| objects from Stripe's fixtures, on disk | ``objects`` ``store`` ``lists`` ``expand`` |
| handlers of the API calls | ``customers`` ``checkout`` ``payments`` ``charges`` ``refunds`` ``events`` |
| the hosted page and its test cards | ``page`` ``card_form`` ``cards`` ``render`` ``pages/`` |
| webhooks and the levers for tests | ``webhooks`` ``levers`` ``control`` |

To add a resource (SetupIntents, Disputes), write a module with its handlers and add it to
``objects.CLASSES``, ``objects.PREFIXES`` and ``routes.ROUTES``.
"""
