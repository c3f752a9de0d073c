"""The same people under other rules: what each documented period does to them."""

import numpy as np
import pytest

from weilidai.columns import FEATURES
from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.matching import load_parameters
from weilidai.matching.moments import ASSESSMENT
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.pipeline.simulate import simulate

SEED, ROWS = 41, 65_536
OTHERS = [name for name in regime_names() if name != "optimisation"]
EARLIER = {"trial", "expansion"}
WITH_TIME = {
    "account_age_months", "real_name_months", "licaitong_months", "lingqiantong_earnings_cny", "housing_fund_months",
    "charity_months_12m", "moments_post_count_12m",
}
"""What a person has less of some years earlier, and nothing else."""


@pytest.fixture(scope="module")
def lived():
    return {name: simulate(load_parameters(name), ROWS, SEED) for name in regime_names()}


@pytest.mark.parametrize("name", OTHERS)
def test_the_same_people_live_through_every_regime(lived, name):
    before, after = lived["optimisation"][0], lived[name][0]
    assert before.person_id.equals(after.person_id)
    moved = {column for column in FEATURES if not before[column].equals(after[column])}
    assert moved == (WITH_TIME if name in EARLIER else set())
    assert all((after[column] <= before[column]).all() for column in moved)


@pytest.mark.parametrize("name", regime_names())
def test_months_belong_to_the_year_of_the_regime(lived, name):
    applicants = lived[name][0]
    assert set(applicants.snapshot_month.str[:4]) == {str(load_regime(name).year)}
    assert set(applicants.regime) == {name}


def test_in_the_trial_few_are_invited_and_all_get_five_hundred_yuan(lived):
    applicants = lived["trial"][0]
    opened = applicants[applicants.is_opened]
    assert applicants.is_invited.mean() < 0.03
    assert set(opened.initial_quota_cny) == set(opened.current_quota_cny) == {500}
    assert lived["trial"][1].quota_mean_cny.to_numpy() == pytest.approx(500)


def test_in_the_expansion_a_pay_score_and_licaitong_are_asked_for(lived):
    looked_at = lived["expansion"][0].query("is_eligible")
    assert looked_at.pay_score.min() >= 600
    assert looked_at.licaitong_months.min() >= 1
    assert looked_at.current_quota_cny.max() <= 200_000


def test_in_the_contraction_the_bars_are_stricter(lived):
    looked_at = lived["contraction"][0].query("is_eligible")
    assert looked_at.bureau_inquiry_count_3m.max() <= 2
    assert looked_at.debt_to_income_share.max() <= np.float32(0.3)


def test_in_the_contraction_less_is_lent_and_more_is_overdue(lived):
    before, after = (lived[name][0] for name in ("optimisation", "contraction"))
    lent = [float(table.current_quota_cny[table.is_opened].sum()) for table in (before, after)]
    overdue = [float(table.is_overdue[table.is_opened].mean()) for table in (before, after)]
    assert lent[1] / lent[0] == pytest.approx(0.65, abs=0.06)
    assert overdue[1] - overdue[0] == pytest.approx(0.028, abs=0.015)


def test_in_the_outage_of_september_fewer_can_use_the_entry_and_whoever_opened_before_stays_open(lived):
    def september(name, column):
        people = lived[name][0]
        return (people.snapshot_month[people[column]].str[-2:] == "09").mean()

    assert 0 < september("contraction", "is_entry_available") < 0.6 * september("optimisation", "is_entry_available")
    assert september("contraction", "is_opened") > 0.8 * september("optimisation", "is_opened")


def test_fewer_discounts_make_a_day_dearer_for_the_same_person(lived):
    before, after = (lived[name][0] for name in ("optimisation", "contraction"))
    both = before.is_opened & after.is_opened
    assert (after.daily_rate[both] >= before.daily_rate[both]).all()
    assert (after.daily_rate[both] > before.daily_rate[both]).any()


def test_walled_off_social_data_decide_nothing(lived):
    truth = lived["data_separated"][1]
    assert all((truth[f"logit_{factor}"] == 0).all() for factor in ASSESSMENT["social_behaviour"])
    assert lived["optimisation"][1].logit_social_ties.std() > 0.05


def test_what_a_regime_leaves_alone_gives_the_same_person_the_same_contribution(lived):
    before, after = (lived[name][1] for name in ("optimisation", "contraction"))
    assert before.logit_overdue_history.equals(after.logit_overdue_history)


def test_a_regime_of_further_bars_weighs_those_who_reach_them_as_before(lived):
    (people, before), (applicants, truth) = lived["optimisation"], lived["expansion"]
    kept = applicants.is_eligible
    assert 0 < kept.mean() < people.is_eligible.mean()
    factors = load_book().factors
    dated = {f"logit_{factors.of_column(column).id}" for column in WITH_TIME}
    weighed = {column for column in truth.columns if column.startswith("logit_")}
    assert len(weighed - dated) > 20
    assert [one for one in weighed - dated if not truth.loc[kept, one].equals(before.loc[kept, one])] == []


def test_a_regime_without_stored_parameters_names_the_command(tmp_path):
    with pytest.raises(ConfigError, match="weilidai match --regime contraction"):
        load_parameters("contraction", tmp_path)


def test_the_stored_regimes_hold_their_targets():
    for name in OTHERS:
        assert {row["verdict"] for row in load_parameters(name).certificate["targets"]} <= {"within"}, name


def test_every_number_of_a_stored_regime_has_an_origin_that_exists():
    book = load_book()
    for name in OTHERS:
        known = {
            "fact": set(book.facts), "assumption": set(book.assumptions), "parameter": {"matching"},
            "setting": {f"configs/regime/{name}.yaml"},
        }
        wrong = [path for path, n in load_parameters(name).numbers.items() if n.source not in known[n.kind]]
        assert wrong == [], name


def test_after_the_separation_a_first_borrower_who_stays_away_loses_half_of_the_grant(lived):
    def halved(name):
        once = lived[name][0].query("is_opened and not has_reborrowed")
        return float((once.quota_after_6m_cny <= once.initial_quota_cny / 2).mean())

    assert halved("optimisation") < 0.2
    assert halved("data_separated") > 0.6
