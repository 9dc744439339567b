"""Addresses of the pages that anybody may open. No address holds a word about a person."""

from django.urls import path

from . import views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("exit/", views.leave, name="exit"),
    path("ended/", views.ended, name="ended"),
    path("book/", views.before, name="before"),
    path("call/", views.before, name="call"),
    path("staying-private/", views.private, name="private"),
]
