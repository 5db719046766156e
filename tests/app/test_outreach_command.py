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


async def test_the_hotlines_own_number_is_printed_unless_another_is_said_and_then_it_is_told(tmp_path: Path) -> None:
    own, other, same = tmp_path / "own.svg", tmp_path / "other.svg", tmp_path / "same.svg"
    told = await print_product(NUMBER, tmp_path, PrintOrder("insert", form="svg"), own)
    assert told[1:] == ["text HI to 775-555-0123 yourself before you print many"]
    told = await print_product(NUMBER, tmp_path, PrintOrder("insert", number="741741", form="svg"), other)
    assert "not the hotline's own" in told[-1]
    await print_product({}, tmp_path, PrintOrder("insert", number="775 555 0123", form="svg"), same)
    assert own.read_bytes() == same.read_bytes() != other.read_bytes()


async def test_without_a_number_with_a_misprint_or_a_word_that_nobody_counts_no_file_is_written(tmp_path: Path) -> None:
    """O1, O2: a word of one's own could tell what the card is for."""
    out = tmp_path / "card.pdf"
    refused = [({}, PrintOrder("insert")), (NUMBER, PrintOrder("insert", number="74174"))]
    refused += [(NUMBER, PrintOrder("insert", word=word)) for word in ("SAFE", "RESCUE1", "sun1", "sun100")]
    for environment, order in refused:
        with pytest.raises(ContentError):
            await print_product(environment, tmp_path, order, out)
    assert not out.exists()


async def test_a_logo_is_there_only_where_it_is_asked_for_and_has_room(tmp_path: Path) -> None:
    logo, out = tmp_path / "logo.svg", tmp_path / "card.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>')
    plain = await print_product(NUMBER, tmp_path, PrintOrder("wallet", form="svg"), out)
    assert await print_product(NUMBER, tmp_path, PrintOrder("wallet", form="svg", logo=logo), out) != plain
    with pytest.raises(ContentError):
        await print_product(NUMBER, tmp_path, PrintOrder("sticker", form="svg", logo=logo), out)
