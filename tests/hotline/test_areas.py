"""Where somebody is, from a few words: city, ZIP, county or state, and never a guess (C3, D5)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.areas import Area, find_area, find_zip

LAS_VEGAS = Area("Las Vegas", "Clark County", "NV")
RENO = Area("Reno", "Washoe County", "NV")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("im in vegas", LAS_VEGAS),
        ("Las Vegas", LAS_VEGAS),
        ("LAS VEGAS!!", LAS_VEGAS),
        ("en las vegas", LAS_VEGAS),
        ("estoy en Las Vegas, cerca del centro", LAS_VEGAS),
        ("I need somewhere to sleep in Las Vegas tonight", LAS_VEGAS),
        ("lv", LAS_VEGAS),
        ("summerlin", LAS_VEGAS),
        ("going to california from vegas", LAS_VEGAS),
        ("89101", Area("Las Vegas", "Clark County", "NV", "89101")),
        ("las vegas nv 89119", Area("Las Vegas", "Clark County", "NV", "89119")),
        ("my zip is 89101-1234", Area("Las Vegas", "Clark County", "NV", "89101")),
        ("north las vegas", Area("North Las Vegas", "Clark County", "NV")),
        ("norte de Las Vegas", Area("North Las Vegas", "Clark County", "NV")),
        ("nlv", Area("North Las Vegas", "Clark County", "NV")),
        ("reno nv", RENO),
        ("Reno, Nevada", RENO),
        ("washoe county", Area(None, "Washoe County", "NV")),
        ("clark co", Area(None, "Clark County", "NV")),
        ("carson city", Area("Carson City", "Carson City", "NV")),
        ("elko", Area("Elko", "Elko County", "NV")),
        ("sparks", Area("Sparks", "Washoe County", "NV")),
        ("in jean", Area("Jean", "Clark County", "NV")),
        ("cerca de Ely", Area("Ely", "White Pine County", "NV")),
        ("nevada", Area(state="NV")),
        ("somewhere in oregon", Area(state="OR")),
        ("salt lake city, ut", Area(state="UT")),
        ("las vegas new mexico", Area(state="NM")),
        ("98512", Area("Olympia", "Thurston County", "WA", "98512")),
    ],
)
def test_an_area_is_read_from_words(text, area):
    assert find_area(text) == area


@pytest.mark.parametrize(
    "text",
    [
        "",
        "skip",
        "no se",
        "my friend austin hurt me",
        "got a jean jacket",
        "he hit the jackpot",
        "im ok",
        "come in",
        "hi",
        "call me at 702-555-0100",
        "text 44357",
        "kansas city",
        "sparks fly",
        "call 1-800-786-2929",
    ],
)
def test_nothing_is_guessed(text):
    assert find_area(text) is None


@given(st.text())
def test_any_text_gives_an_area_or_nothing(text):
    found = find_area(text)
    assert found is None or found.state


@pytest.mark.parametrize("text", ["8910", "891011", "８９１０１", "00000", "abcde"])
def test_what_is_no_zip_has_no_area(text):
    assert find_zip(text) is None


def test_reading_an_area_takes_less_than_a_millisecond_once_loaded():
    find_area("las vegas")
    started = time.perf_counter()
    for _ in range(200):
        find_area("i need somewhere to sleep tonight, im near the strip in vegas")
    assert (time.perf_counter() - started) / 200 < 0.001
