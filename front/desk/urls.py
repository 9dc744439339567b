"""Addresses of the front desk. They hold ids, references, slugs and dates; never a name."""

from django.urls import path

from front import converters  # noqa: F401  # registers them

from . import book, booking, dates, day, panel, people, why_not

app_name = "desk"

urlpatterns = [
    path("", day.today, name="today"),
    path("<slug:location>/today/", day.today_at, name="today_at"),
    path("book/", book.book, name="book"),
    path("book/hold/", book.hold, name="hold"),
    path("book/dates/", dates.dates, name="dates"),
    path("book/why-not/", why_not.why, name="why_not"),
    path("clients/search/", people.find, name="find"),
    path("clients/search/elsewhere/", people.find_elsewhere, name="find_elsewhere"),
    path("clients/add/", people.add, name="add_client"),
    path("clients/<int:client_id>/", panel.client, name="client"),
    path("appointments/<int:appointment_id>/", panel.appointment, name="appointment"),
    path("bookings/<reference:reference>/", booking.show, name="booking"),
    path("bookings/<reference:reference>/commitment/", booking.commit, name="commit"),
    path("bookings/<reference:reference>/payment/", booking.pay_page, name="pay_page"),
    path("bookings/<reference:reference>/pay-link/", booking.pay_link, name="pay_link"),
    path("bookings/<reference:reference>/more-time/", booking.more_time, name="more_time"),
    path("bookings/<reference:reference>/release/", booking.release, name="release"),
    path("bookings/<reference:reference>/links/<track:track>/", booking.link, name="link"),
    path("items/<int:item_id>/done/", day.item_done, name="item_done"),
    path("<slug:location>/<str:day>/", day.day_list, name="day"),
]
