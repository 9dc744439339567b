"""The site map."""

from django.urls import URLPattern, URLResolver, include, path

from front.accounts.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("front.public.urls")),
    path("", include("front.portal.urls")),
    path("home/", home, name="home"),
    path("accounts/", include("front.accounts.urls")),
]

handler400 = "front.errors.bad_request"
handler403 = "front.errors.forbidden"
handler404 = "front.errors.not_found"
handler500 = "front.errors.server_error"
