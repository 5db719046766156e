"""``porchlight outreach``: one product to a file (O1)."""

from pathlib import Path

import pytest

from app.outreach_command import PrintOrder, list_products, print_product
from hotline.errors import ContentError
from outreach.products import PRODUCTS

NUMBER = {"TWILIO_FROM": "+17755550123"}


def test_every_product_is_listed() -> None:
    listed = "\n".join(list_products())
    assert all(product in listed for product in PRODUCTS)


def test_the_hotlines_own_number_is_printed_unless_another_is_said(tmp_path: Path) -> None:
    own, other, same = tmp_path / "own.svg", tmp_path / "other.svg", tmp_path / "same.svg"
    print_product(NUMBER, PrintOrder("insert", form="svg"), own)
    print_product(NUMBER, PrintOrder("insert", number="741741", form="svg"), other)
    print_product({}, PrintOrder("insert", number="775 555 0123", form="svg"), same)
    assert own.read_bytes() == same.read_bytes() != other.read_bytes()


def test_without_a_number_or_with_a_known_misprint_no_file_is_written(tmp_path: Path) -> None:
    out = tmp_path / "card.pdf"
    for environment, order in (({}, PrintOrder("insert")), (NUMBER, PrintOrder("insert", number="74174"))):
        with pytest.raises(ContentError):
            print_product(environment, order, out)
    assert not out.exists()


def test_a_logo_is_there_only_where_it_is_asked_for_and_has_room(tmp_path: Path) -> None:
    logo, out = tmp_path / "logo.svg", tmp_path / "card.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>')
    plain = print_product(NUMBER, PrintOrder("wallet", form="svg"), out)
    assert print_product(NUMBER, PrintOrder("wallet", form="svg", logo=logo), out) != plain
    with pytest.raises(ContentError):
        print_product(NUMBER, PrintOrder("sticker", form="svg", logo=logo), out)
