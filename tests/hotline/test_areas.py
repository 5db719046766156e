"""Where somebody is, from a few words: city, ZIP, county or state, and never a guess (C3, D5)."""

import subprocess
import sys
import time

import pytest
import zipcodes
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.postal_list import load_postal_list
from hotline.areas import Area, find_area, find_zip
from hotline.gazetteer import find_far_zip, load_gazetteer, use_postal_list
from hotline.place_names import LONG_NAMES, MISSPELT, NICKNAMES, ORDINARY, SURE, WHOLE_ONLY

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
        ("las vagas", LAS_VEGAS),
        ("im in las begas", LAS_VEGAS),
        ("lasvegas", LAS_VEGAS),
        ("vegas rn", LAS_VEGAS),
        ("the strip", LAS_VEGAS),
        ("hendo", Area("Henderson", "Clark County", "NV")),
        ("hendersen", Area("Henderson", "Clark County", "NV")),
        ("stuck near hednerson", Area("Henderson", "Clark County", "NV")),
        ("por henderson", Area("Henderson", "Clark County", "NV")),
        ("winnemuca", Area("Winnemucca", "Humboldt County", "NV")),
        ("parhump", Area("Pahrump", "Nye County", "NV")),
        ("carson", Area("Carson City", "Carson City", "NV")),
        ("carson nv", Area("Carson City", "Carson City", "NV")),
        ("fallon", Area("Fallon", "Churchill County", "NV")),
        ("paradise", LAS_VEGAS),
        ("i think its sparks", Area("Sparks", "Washoe County", "NV")),
        ("got kicked out in sparks, no ride", Area("Sparks", "Washoe County", "NV")),
        ("CLARK CO.", Area(None, "Clark County", "NV")),
        ("he lives in reno but im in vegas", LAS_VEGAS),
        ("i left vegas and now im in elko", Area("Elko", "Elko County", "NV")),
        ("not in reno, vegas", LAS_VEGAS),
        ("vive en reno y estoy en las vegas", LAS_VEGAS),
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
        "home",
        "im home",
        "trouble in paradise",
        "he keeps me in jean shorts",
        "he was laughin",
        "im vegan",
        "me corte las venas",
        "las viejas",
        "hot in caliente",
        "mr henderson hurt me",
        "im scared of officer sparks",
        "my friend ely",
        "carson hit me",
        "fallon is mean to me",
        "he built an empire",
        "on the strip of tape",
        "estoy en la casa",
        "my boyfriend lives with smith",
        "call 1-800-786-2929",
    ],
)
def test_nothing_is_guessed(text):
    assert find_area(text) is None


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("oakland", "Oakland"),
        ("im in LA rn", "Los Angeles"),
        ("los angelas", "Los Angeles"),
        ("sacremento", "Sacramento"),
        ("san deigo", "San Diego"),
        ("in compton", "Compton"),
        ("weed", "Weed"),
        ("i smoke weed", None),
        ("estoy en la casa", None),
        ("en la calle", None),
        ("it was so cool", None),
        ("good commerce", None),
    ],
)
def test_areas_of_another_region_are_read_by_its_own_names(text, city):
    """D9."""
    found = find_area(text, home="CA")
    assert (found.city if found else None) == city


@pytest.mark.parametrize("state", ["NV", "CA"])
def test_every_name_of_our_own_belongs_to_a_place_of_the_postal_list(state):
    names = load_gazetteer(state).names
    for table in (NICKNAMES, MISSPELT, ORDINARY, WHOLE_ONLY, LONG_NAMES, SURE):
        ours = table.get(state, ())
        assert set(ours) <= set(names), set(ours) - set(names)


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


def test_a_postal_list_in_lines_gives_the_places_of_the_package_and_is_made_in_a_process_of_its_own(monkeypatch):
    """What the actions hold in place of the package's 37 MB; the package stays what is read without the lines."""
    states, some = ("NV", "CA", "DC"), [row["zip_code"] for row in zipcodes.list_all()][::97]
    theirs = [load_gazetteer(state) for state in states], [find_far_zip(one) for one in [*some, "00000", "99999"]]
    ran = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *given, **named: ran.append(run(*given, **named)) or ran[0])
    try:
        assert load_postal_list()
        assert ran[0].stdout.count("\n") == len(zipcodes.list_all()) - 1
        with monkeypatch.context() as without:
            without.setitem(sys.modules, "zipcodes", None)
            ours = [load_gazetteer(state) for state in states], [find_far_zip(one) for one in [*some, "00000", "99999"]]
    finally:
        use_postal_list("")
    assert ours == theirs


def test_without_the_lines_the_package_is_read(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert not load_postal_list()
    assert find_far_zip("10001") == Area("New York", "New York County", "NY", "10001")
