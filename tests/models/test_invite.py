import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from weilidai.errors import DataError
from weilidai.models.features import Features
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.settings import InviteSettings
from weilidai.rules import Eligibility


def test_the_model_comes_near_the_ceiling_among_the_eligible(invite: InviteModel, parts: SimpleNamespace) -> None:
    test = parts.test[invite.is_eligible(parts.test)]
    ceiling = roc_auc_score(test["is_invited"], test["true_chance"])
    assert roc_auc_score(test["is_invited"], invite.probability(test)) > 0.5 + 0.85 * (ceiling - 0.5)


def test_nobody_whom_the_policy_rules_out_has_any_chance(invite: InviteModel, parts: SimpleNamespace) -> None:
    eligible = invite.is_eligible(parts.test)
    chance = invite.probability(parts.test)
    assert (chance[~eligible] == 0).all()
    assert (chance[eligible] > 0).all()
    assert not invite.is_invited(parts.test)[~eligible].any()


def test_failed_rules_come_in_the_order_the_lender_meets_them(invite: InviteModel, parts: SimpleNamespace) -> None:
    failed = invite.failed_rules(parts.test)
    assert list(failed) == ["covered", "adult", "prequalified"]
    assert np.array_equal(~np.any(list(failed.values()), axis=0), invite.is_eligible(parts.test))


@pytest.mark.parametrize(("column", "direction"), [("daily_open_count", 1), ("debt_to_income_share", -1)])
def test_more_of_a_column_never_works_against_its_direction(
    invite: InviteModel, parts: SimpleNamespace, column: str, direction: int
) -> None:
    values = np.linspace(0, 3 if column == "debt_to_income_share" else 60, 25)
    steps = [invite.log_odds(parts.test.assign(**{column: np.float32(value)})) for value in values]
    assert (direction * np.diff(steps, axis=0) >= 0).all()
    assert (steps[0] != steps[-1]).any()


def test_one_person_a_batch_and_any_order_score_the_same_to_the_last_digit(
    invite: InviteModel, parts: SimpleNamespace
) -> None:
    batch = invite.probability(parts.test)
    shared = invite.contributions(parts.test)
    for place in range(0, len(parts.test), 97):
        person = parts.test.iloc[[place]]
        assert invite.probability(person)[0] == batch[place]
        assert np.array_equal(invite.contributions(person)[0], shared[place])
    assert np.array_equal(invite.probability(parts.test[::-1]), batch[::-1])


def test_a_table_from_a_text_file_scores_the_same_to_the_last_digit(
    invite: InviteModel, parts: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("tables") / "people.csv"
    parts.test.to_csv(file, index=False)
    assert np.array_equal(invite.probability(pd.read_csv(file)), invite.probability(parts.test))


def test_contributions_add_up_to_the_calibrated_log_odds(invite: InviteModel, parts: SimpleNamespace) -> None:
    added = invite.contributions(parts.test).sum(axis=1)
    assert np.abs(added - invite.log_odds(parts.test)).max() < 1e-9
    eligible = invite.is_eligible(parts.test)
    assert logit(invite.probability(parts.test)[eligible]) == pytest.approx(added[eligible], abs=1e-9)


def test_taking_the_model_apart_and_together_changes_no_digit(invite: InviteModel, parts: SimpleNamespace) -> None:
    texts, state = invite.to_parts()
    again = InviteModel.from_parts(texts, json.loads(json.dumps(state)))
    assert np.array_equal(again.probability(parts.test), invite.probability(parts.test))
    assert np.array_equal(again.is_invited(parts.test), invite.is_invited(parts.test))
    assert again.to_parts() == invite.to_parts()


def test_the_threshold_invites_the_share_of_all_people_that_the_policy_wants(
    invite: InviteModel, parts: SimpleNamespace
) -> None:
    learnt = pd.concat([parts.train, parts.valid])
    assert invite.is_invited(learnt).mean() == pytest.approx(0.15, abs=0.005)


@pytest.mark.parametrize("knobs", [{}, {"rebalance": False}, {"max_depth": 2, "num_leaves": 4}, {"coverage": 0.9}])
def test_the_threshold_is_the_exact_probability_of_whoever_comes_last(
    parts: SimpleNamespace, features: Features, policy: Eligibility, knobs: dict[str, float]
) -> None:
    settings = InviteSettings(num_iterations=60, min_data_in_leaf=20, **knobs)
    model = fit_invite(parts.train, parts.valid, parts.calibrate, features, policy, settings)
    learnt = model.probability(pd.concat([parts.train, parts.valid]))
    chosen = np.sort(learnt)[-round(settings.coverage * len(learnt))]
    assert model.threshold == max(chosen, np.finfo(np.float64).tiny)


def test_probabilities_are_true_on_average_among_the_eligible(invite: InviteModel, parts: SimpleNamespace) -> None:
    test = parts.test[invite.is_eligible(parts.test)]
    error = np.sqrt(test["is_invited"].mean() * (1 - test["is_invited"].mean()) / len(test))
    assert abs(invite.probability(test).mean() - test["is_invited"].mean()) < 4 * error
    assert np.array_equal(invite.probability(test), expit(invite.log_odds(test)))


def test_people_of_one_kind_only_are_refused_by_the_name_of_their_part(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    nobody = parts.valid.assign(is_invited=False)
    with pytest.raises(DataError, match="eligible people of valid are not of both kinds"):
        fit_invite(parts.train, nobody, parts.calibrate, features, policy, InviteSettings())


def test_a_column_the_policy_reads_must_be_there(invite: InviteModel, parts: SimpleNamespace) -> None:
    with pytest.raises(DataError, match="lender's policy are missing: age_years"):
        invite.failed_rules(parts.test.drop(columns="age_years"))
