"""Addresses of one person's part in one booking, opened by a link from a message."""

from django.urls import path

from front import converters  # noqa: F401  # registers them

from . import done_views, link_views, pay_views, views

app_name = "portal"

urlpatterns = [
    path("m/<str:secret>/", link_views.open_link, name="open"),
    path("link/", link_views.link, name="link"),
    path("link/sent/", link_views.sent, name="link-sent"),
    path("booking/<reference:reference>/", views.manage, name="manage"),
    path("booking/<reference:reference>/choices/", views.choices, name="choices"),
    path("booking/<reference:reference>/done/", done_views.done, name="done"),
    path("booking/<reference:reference>/pay/", pay_views.pay, name="pay"),
    path("booking/<reference:reference>/pass-on/", done_views.pass_on, name="pass-on"),
]
