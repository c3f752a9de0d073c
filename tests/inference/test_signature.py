from weilidai.columns import CATALOGUE, FEATURES
from weilidai.inference.signature import Field, input_fields, output_fields

FIELDS = {field.name: field for field in input_fields(FEATURES)}


def test_every_feature_has_a_field_and_the_person_may_be_named() -> None:
    assert set(FIELDS) == {"person_id", *FEATURES}
    assert not FIELDS["person_id"].is_required


def test_what_may_be_missing_may_be_left_out_and_nothing_else() -> None:
    assert {n for n, f in FIELDS.items() if not f.is_required} == {
        "person_id", *(name for name in FEATURES if CATALOGUE[name].may_be_missing)
    }  # fmt: skip


def test_types_follow_the_catalogue() -> None:
    assert FIELDS["user_type"] == Field("user_type", "string", is_required=True)
    assert FIELDS["uses_vpn"] == Field("uses_vpn", "boolean", is_required=True)
    assert FIELDS["monthly_spend_cny"] == Field("monthly_spend_cny", "double", is_required=True)
    assert FIELDS["debit_card_count"] == Field("debit_card_count", "long", is_required=True)


def test_a_count_that_may_be_missing_is_no_whole_number() -> None:
    assert FIELDS["overdue_count_24m"] == Field("overdue_count_24m", "double", is_required=False)


def test_reasons_are_an_optional_part_of_the_answer() -> None:
    assert output_fields()[-1] == Field("reasons", "string", is_required=False)
