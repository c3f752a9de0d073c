from types import SimpleNamespace

import numpy as np
from sklearn.metrics import roc_auc_score

from weilidai.facts import FactorCatalogue, Mark
from weilidai.models.documented_rules import DocumentedRules, documented_rules
from weilidai.models.features import Features
from weilidai.rules import Eligibility


def mark(column: str, comparison: str, value: float | str) -> Mark:
    return Mark(
        column=column, comparison=comparison, value=value, unit="none", fact="D0.1.x", document="D0", section=1,
        label_en="mark", label_zh="标准",
    )


def rules(factors: FactorCatalogue, policy: Eligibility, columns: tuple[str, ...], *marks: Mark) -> DocumentedRules:
    marked = {
        name: factor.model_copy(update={"marks": tuple(m for m in marks if m.column in factor.columns)})
        for name, factor in factors.factors.items()
    }
    return documented_rules(policy, factors.model_copy(update={"factors": marked}), columns)


def test_people_who_reach_more_documented_marks_rank_higher(
    parts: SimpleNamespace, factors: FactorCatalogue, policy: Eligibility, features: Features
) -> None:
    wanted = (mark("daily_open_count", ">=", 25), mark("debt_to_income_share", "<=", 1.5))
    baseline = rules(factors, policy, features.names, *wanted)
    eligible = policy.passes(parts.test)
    score = baseline.score(parts.test)
    assert roc_auc_score(parts.test["is_invited"][eligible], score[eligible]) > 0.6
    assert (score[~eligible] == 0).all()


def test_marks_on_columns_no_model_may_read_do_not_count(
    factors: FactorCatalogue, policy: Eligibility, features: Features
) -> None:
    assert rules(factors, policy, features.names, mark("age_years", ">=", 30)).marks == ()


def test_what_nobody_can_see_counts_half(
    parts: SimpleNamespace, factors: FactorCatalogue, policy: Eligibility, features: Features
) -> None:
    baseline = rules(factors, policy, features.names, mark("debt_to_income_share", "<=", 1.5))
    person = parts.test[policy.passes(parts.test)].iloc[[0]]
    low, unseen, high = (
        baseline.score(person.assign(debt_to_income_share=np.float32(value)))[0] for value in (0.1, np.nan, 2.9)
    )
    assert low - unseen == unseen - high == 0.25


def test_a_mark_may_name_a_category(
    parts: SimpleNamespace, factors: FactorCatalogue, policy: Eligibility, features: Features
) -> None:
    baseline = rules(factors, policy, features.names, mark("user_type", "==", "retired"))
    person = parts.test[policy.passes(parts.test)].iloc[[0]]
    scores = [baseline.score(person.assign(user_type=kind))[0] for kind in ("retired", "student")]
    assert scores[0] - scores[1] == 0.5
