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
    "monotone.price.invite_eligible.auc": 0.0003,
}  # fmt: skip
PROOFS = {"invite": {"claims": 41, "proved": 40, "not_proved": [{"column": "friend_count"}]}}


@pytest.fixture(scope="module")
def bundle():
    certificate = {
        "commit": "abc123", "seed": 5, "regime": "optimisation", "versions": {"lightgbm": "4.7.0"}, "metrics": METRICS,
        "monotone": PROOFS, "settings": {"data": {"rows": 200_000}, "evaluation": {"protected": ["region"]}},
        "facts_digest": "f" * 64,
    }  # fmt: skip
    return replace(small_bundle.build_bundle()[0], birth_certificate=certificate)


@pytest.fixture(scope="module")
def card(bundle):
    return model_card(bundle)


def test_it_says_first_of_all_that_it_is_synthetic(card):
    assert "synthetic" in card.splitlines()[2]


def test_figures_stand_beside_their_ceiling_and_the_plain_model(card):
    assert "| ranking of everybody (AUC) | 0.975 | 0.976 | 0.970 |" in card
    assert "`test.invite_eligible.auc` 0.8734, interval 0.8685 to 0.8784." in card


def test_challengers_calibration_proofs_groups_and_reasons_are_told(card):
    assert "| woe scorecard | invite_eligible.auc | 0.021 | 0.0181 to 0.0233 |" in card
    assert "| calibration error, everybody | 0.003 | 0.002 |" in card
    assert "| invite | 41 | 40 | 1 |" in card
    assert "invite_eligible.auc +0.0003" in card
    assert "| ranking of the group ranked worst (AUC) | 0.849 |" in card
    assert "`age_years`, `region`" in card
    assert "| main dimension as in the truth | 0.894 |" in card


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


def test_a_card_kept_in_docs_is_whole(root):
    file = root / "docs" / "model_card.md"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    assert kept.count("\n## ") == 10, "train, then run 'make card'"
    assert "synthetic" in kept.splitlines()[2]
