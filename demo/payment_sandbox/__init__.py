"""A payment sandbox that speaks Stripe's wire protocol, for the demo and the tests.

    python -m demo.payment_sandbox --port 12111 --state DIR --webhook-url URL --webhook-secret whsec_...

Point stripe-python at it with ``StripeClient(key, base_addresses={"api": "http://127.0.0.1:12111"})``.

| what | where |
|---|---|
| HTTP, routes, one API request | ``server`` ``routes`` ``api`` ``idempotency`` |
| parameters as stripe-python types them | ``spec`` ``params`` ``money`` |
| objects from Stripe's fixtures, on disk | ``objects`` ``store`` ``lists`` ``expand`` |
| what a call does | ``customers`` ``checkout`` ``payments`` ``charges`` ``refunds`` ``events`` |
| the hosted page and its test cards | ``page`` ``card_form`` ``cards`` ``render`` ``pages/`` |
| webhooks and the levers for tests | ``webhooks`` ``levers`` ``control`` |

A further resource (SetupIntents, Disputes) is a module with its handlers, an entry in
``objects.CLASSES`` and ``objects.PREFIXES``, and its lines in ``routes.ROUTES``.
"""
