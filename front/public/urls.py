"""Addresses of the public pages. They hold nothing about a person."""

from django.urls import path

from . import ask_views, callback_views, catalog_views, check_views, details_views, hold_views, views, when_views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("exit/", views.leave, name="exit"),
    path("ended/", views.ended, name="ended"),
    path("staying-private/", views.private, name="private"),
    path("call/", callback_views.call, name="call"),
    path("book/", catalog_views.before, name="before"),
    path("book/choose/", catalog_views.services, name="services"),
    path("book/you/", details_views.you, name="you"),
    path("book/contact/", details_views.contact, name="contact"),
    path("book/partner/", details_views.partner, name="partner"),
    path("book/check/", check_views.check, name="check"),
    path("book/more-time/", check_views.more_time, name="more-time"),
    path("book/asked/", callback_views.asked, name="asked"),
    path("book/s/<slug:slug>/", catalog_views.service, name="service"),
    path("book/s/<slug:slug>/place/", ask_views.place, name="place"),
    path("book/s/<slug:slug>/who/", ask_views.who, name="who"),
    path("book/s/<slug:slug>/when/", when_views.when, name="when"),
    path("book/s/<slug:slug>/office/", when_views.office, name="office"),
    path("book/s/<slug:slug>/let-go/", hold_views.let_go, name="let-go"),
    path("book/s/<slug:slug>/call/", callback_views.callback, name="callback"),
]
