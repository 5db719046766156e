"""SMS parts and the fold for SMS (V1, V9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.gsm import BASIC, EXTENSION, Encoding, count_parts, count_units, fold_for_sms, split_parts

GSM_TEXT = st.text(alphabet=sorted(BASIC | EXTENSION), max_size=700)
MIXED_TEXT = st.one_of(
    GSM_TEXT,
    st.text(max_size=300),
    st.text(alphabet=st.sampled_from("aáíóúéñ¿{€\u0301\u0308’“—…\u00a0😀x"), max_size=300),
)


def test_the_tables_have_the_sizes_of_the_standard() -> None:
    """3GPP TS 23.038: 127 characters beside the escape, and ten in the extension table."""
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "count", "encoding", "units"),
    [
        ("", 0, Encoding.GSM7, 0),
        ("a" * 160, 1, Encoding.GSM7, 160),
        ("a" * 161, 2, Encoding.GSM7, 161),
        ("a" * 306, 2, Encoding.GSM7, 306),
        ("a" * 307, 3, Encoding.GSM7, 307),
        ("€" * 80, 1, Encoding.GSM7, 160),
        ("a" * 159 + "€", 2, Encoding.GSM7, 161),
        ("a" * 152 + "€" + "a" * 152, 3, Encoding.GSM7, 306),
        ("ñé¿¡ü", 1, Encoding.GSM7, 5),
        ("á" + "a" * 69, 1, Encoding.UCS2, 70),
        ("á" + "a" * 70, 2, Encoding.UCS2, 71),
        ("á" * 134, 2, Encoding.UCS2, 134),
        ("á" * 135, 3, Encoding.UCS2, 135),
        ("😀" * 35, 1, Encoding.UCS2, 70),
        ("á" * 66 + "😀" + "á" * 66, 3, Encoding.UCS2, 134),
    ],
)
def test_parts_are_counted_as_networks_count_them_v1(text: str, count: int, encoding: Encoding, units: int) -> None:
    parts = count_parts(text)
    assert (parts.count, parts.encoding, parts.units) == (count, encoding, units)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Aquí está la opción útil", "Aqui esta la opcion util"),
        ("ÁÍÓÚ é É ñ Ñ ü ¿qué? ¡eh!", "AIOU é É ñ Ñ ü ¿qué? ¡eh!"),
        ("a\u0301 i\u0301 e\u0301", "a i é"),
        ("“hi” – it’s… ok\u00a0now", '"hi" - it\'s... ok now'),
        ("\ufeffzero\u200bwidth", "zerowidth"),
    ],
)
def test_the_fold_makes_spanish_and_typography_plain_v9(text: str, folded: str) -> None:
    assert fold_for_sms(text) == folded


@given(MIXED_TEXT)
def test_folding_twice_equals_once(text: str) -> None:
    assert fold_for_sms(fold_for_sms(text)) == fold_for_sms(text)


@given(MIXED_TEXT)
def test_splitting_keeps_the_text(text: str) -> None:
    assert "".join(split_parts(text)) == text


@given(MIXED_TEXT)
def test_every_part_fits(text: str) -> None:
    parts = split_parts(text)
    encoding = count_parts(text).encoding
    limit = encoding.single_units if len(parts) == 1 else encoding.part_units
    assert all(0 < count_units(part, encoding) <= limit for part in parts)
    assert len(parts) == count_parts(text).count


@given(st.text(alphabet="abc áíóúÁÍÓÚéñü¿¡’“”…—", max_size=400))
def test_folded_spanish_is_always_gsm_7_v9(text: str) -> None:
    assert count_parts(fold_for_sms(text)).encoding is Encoding.GSM7
