"""Root URL configuration."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from backend.health import health, metrics
from front.accounts.views import home
from front.feeds import feed
from front.webhooks import stripe_webhook

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("", include("front.public.urls")),
    path("", include("front.portal.urls")),
    path("calendar/<str:token>.ics", feed, name="feed"),
    path("home/", home, name="home"),
    path("billing/stripe/webhook/", stripe_webhook, name="stripe-webhook"),
    path("accounts/", include("front.accounts.urls")),
    path("api/v1/", include("front.api.urls")),
    path("desk/", include("front.desk.urls")),
    path("schedule/", include("front.schedule.urls")),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/messages/", include("demo.messages.urls")))

handler400 = "front.errors.bad_request"
handler403 = "front.errors.forbidden"
handler404 = "front.errors.not_found"
handler500 = "front.errors.server_error"
