"""What addresses may hold besides ids, slugs and dates. Anything else is no address, and no look-up."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class ReferenceConverter(StringConverter):
    """A booking's reference."""

    regex = "[0-9A-Z]{4,12}"


class TrackConverter(StringConverter):
    """One person's part in a booking."""

    regex = "[AB]"


register_converter(ReferenceConverter, "reference")
register_converter(TrackConverter, "track")
