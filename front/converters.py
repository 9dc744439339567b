"""URL converters for references and tracks. Other values match no address, so they reach no query."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class ReferenceConverter(StringConverter):
    """Reference of a booking."""

    regex = "[0-9A-Z]{4,12}"


class TrackConverter(StringConverter):
    """Track of one person in a booking, A or B."""

    regex = "[AB]"


register_converter(ReferenceConverter, "reference")
register_converter(TrackConverter, "track")
