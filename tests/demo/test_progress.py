"""How far the filling is, and the line that says so."""

import pytest
from django.test import RequestFactory

from demo import context
from demo.filling import progress


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def line():
    return str(context.filling(RequestFactory().get("/"))["site_notice"])


def test_there_is_no_line_before_anything_is_filled():
    assert line() == ""


@pytest.mark.parametrize(("done", "percent"), [(0, 0), (1, 25), (3, 75)])
def test_the_line_says_how_many_of_the_parts_are_there(done, percent):
    progress.write(done, 4)
    assert line() == f"The demo practice is still being filled: {percent}%."


def test_the_line_never_says_a_hundred_before_the_end_is_noted():
    progress.write(4, 4)
    assert "99%" in line()


def test_the_line_is_gone_once_the_practice_is_filled():
    progress.write(3, 4)
    progress.finish()
    assert line() == ""


def test_a_note_that_cannot_be_read_shows_no_line(tmp_path):
    (tmp_path / "filling.json").write_text("{")
    assert line() == ""
