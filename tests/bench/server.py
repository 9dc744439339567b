"""The settings of production, with a site map that has the floors as well."""

from backend.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
