"""The card of a model says what the model and its birth certificate say."""

from dataclasses import replace

import pytest

import small_bundle
from weilidai.pipeline.model_card import NO_CEILING, model_card

METRICS = {
    "test.invite.auc": 0.975, "ceiling.invite.auc": 0.9762, "baseline.woe_scorecard.invite.auc": 0.9701,
    "test.invite_eligible.auc": 0.8734, "test.invite_eligible.auc_low": 0.8685, "test.invite_eligible.auc_high": 0.8784,
    "gain.woe_scorecard.invite_eligible.auc": 0.021, "gain.woe_scorecard.invite_eligible.auc_low": 0.0181,
    "gain.woe_scorecard.invite_eligible.auc_high": 0.0233, "test.invite.ece": 0.0031, "test.invite.ece_floor": 0.0024,
    "test.invite.slice_auc_min": 0.8488, "explain.agreement.main_dimension": 0.8936, "test.quota.coverage": 0.929,
    "monotone.price.invite_eligible.auc": 0.0003, "test.invite.psi_max": 0.002, "test.columns.csi_max": 0.03,
    "test.invite.psi.month_1": 0.001, "test.invite.psi.month_2": 0.002, "test.columns.csi_max.month_1": 0.02,
    "test.columns.csi_max.month_2": 0.03, "weight.bureau.oracle": 0.41, "weight.bureau.model": 0.4,
    "weight.bureau.documented": 0.4, "weight.bureau.difference": -0.01, "weight.bureau.difference_low": -0.012,
    "weight.bureau.difference_high": -0.008, "recourse.found_share": 0.4,
}  # fmt: skip
PROOFS = {"invite": {"claims": 41, "proved": 40, "not_proved": [{"column": "friend_count"}]}}


@pytest.fixture(scope="module")
def bundle():
    certificate = {
        "commit": "abc123", "seed": 5, "regime": "optimisation", "versions": {"lightgbm": "4.7.0"}, "metrics": METRICS,
        "monotone": PROOFS, "settings": {"data": {"rows": 200_000}, "evaluation": {"protected": ["region"]}},
        "facts_digest": "f" * 64, "moved_most": {"column": "real_name_months", "month": "2021-12", "psi": 0.03},
    }  # fmt: skip
    return replace(small_bundle.build_bundle()[0], birth_certificate=certificate)


@pytest.fixture(scope="module")
def card(bundle):
    return model_card(bundle)


def test_it_says_first_of_all_that_it_is_synthetic(card):
    assert "synthetic" in card.splitlines()[2]


def test_figures_stand_beside_their_ceiling_and_the_plain_model(card):
    assert "| ranking of everybody (AUC) | 0.9750 | 0.9762 | 0.9701 | how often" in card
    assert "`test.invite_eligible.auc` 0.8734, interval 0.8685 to 0.8784." in card


def test_challengers_calibration_proofs_groups_and_reasons_are_told(card):
    assert "| woe scorecard | invite_eligible.auc | 0.0210 | 0.0181 to 0.0233 | a points card" in card
    assert "| calibration error, everybody | 0.0031 | 0.0024 | mean distance" in card
    assert "| invite | 41 | 40 | 1 |" in card
    assert "invite_eligible.auc +0.0003" in card
    assert "| ranking of the group ranked worst (AUC) | 0.8488 |" in card
    assert "`age_years`, `region`" in card
    assert "| main dimension as in the truth | 0.8936 |" in card


def test_how_far_score_and_columns_moved_is_told_by_month(card):
    assert "| 2 | 0.0020 | 0.0300 |" in card
    assert "`real_name_months`, in 2021-12" in card


def test_weights_of_document_truth_and_model_stand_side_by_side(card):
    assert "| bureau | 0.4000 | 0.4100 | 0.4000 | -0.0100 | -0.0120 to -0.0080 |" in card


def test_files_of_the_run_are_named_but_none_of_a_model_it_does_not_hold(bundle, card):
    assert "- `plots/calibration_eligible.png`" in card
    assert "plots/first_grant.png" in card
    assert "plots/first_grant.png" not in model_card(replace(bundle, birth_certificate={"metrics": {}}))


def test_studies_are_told_only_where_a_store_was_asked_and_the_run_where_it_is_known(bundle, card):
    assert "## Studies" not in card
    assert "| run |" not in card
    asked = model_card(bundle, {}, "abcd1234")
    assert "Not run yet: `weilidai study gap`." in asked
    assert "| run | `abcd1234` |" in asked


def test_where_it_comes_from_is_told(card, bundle):
    assert "| learnt from | 200,000 people, seed 5, regime optimisation |" in card
    assert "| digest of facts | ffffffffffff |" in card
    assert f"invite {bundle.invite.booster.num_trees()}" in card


def test_every_column_it_reads_is_listed_with_what_may_be_left_out(card, bundle):
    assert [name for name in bundle.columns if card.count(f"\n| `{name}` |") != 1] == []
    assert "| `overdue_count_24m` | double | yes |" in card


def test_a_model_whose_truth_nobody_knows_says_that_there_is_no_ceiling(bundle):
    metrics = {name: value for name, value in METRICS.items() if not name.startswith(("ceiling", "explain"))}
    card = model_card(replace(bundle, birth_certificate={"metrics": metrics}))
    assert NO_CEILING in card
    assert "Not held against a truth" in card


def test_a_card_kept_in_docs_is_whole(root, bundle):
    file = root / "docs" / "model_card.md"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    sections = [line for line in model_card(bundle, {}).splitlines() if line.startswith("## ")]
    assert [line for line in kept.splitlines() if line.startswith("## ")] == sections, "train, then run 'make card'"
    assert "synthetic" in kept.splitlines()[2]
