"""The numbers a population is made of; each comes from the stored parameters, none has a default here."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, model_validator

from weilidai.bounds import Bounds
from weilidai.parameters import Strict

Trait = Literal["activity", "wealth", "creditworthiness", "sociability", "stability", "caution"]
TRAITS: tuple[Trait, ...] = ("activity", "wealth", "creditworthiness", "sociability", "stability", "caution")


NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "lognormal": ("median", "spread"), "hurdle": ("share", "median", "spread"), "count": ("median", "spread"),
    "share": ("location", "spread"), "full_share": ("full", "location", "spread"), "flag": ("share",),
    "score": ("mean", "sd"),
}
"""Marginal -> the numbers it cannot do without."""


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Columns; a single one may stand alone."""


class AgeCurve(Strict):
    """Cumulative share of people younger than each age in years."""

    years: tuple[float, ...]
    below: tuple[float, ...]


class UserTypeByAge(Strict):
    """Share of each kind of user by age band; a band ends with the age in ``up_to``, included."""

    up_to: tuple[int, ...]
    shares: tuple[Mapping[str, float], ...]


class ContextParameters(Strict):
    """Ages, kinds of users, places and snapshot months."""

    age: AgeCurve
    user_type_by_age: UserTypeByAge
    region: Mapping[str, float]
    city_tier_by_region: Mapping[str, Mapping[str, float]]
    covered_share: Mapping[str, float]
    months: int
    age_origin_years: float
    """Age at which no shift by age applies."""
    latest_tenure_year: int
    """Year up to which months of use are counted; snapshots of later years show the same people."""


class TraitParameters(Strict):
    """Correlation of the latent traits and their shifts by context, in standard deviations."""

    correlation: Mapping[str, Mapping[str, float]]
    age: Mapping[Trait, float]
    city_tier: Mapping[Trait, Mapping[str, float]]
    region: Mapping[Trait, Mapping[str, float]]
    user_type: Mapping[Trait, Mapping[str, float]]


class ColumnModel(Strict):
    """How one observed column follows from the traits.

    The index z is the standardised sum of loadings times traits, own noise and shifts by context; the
    marginal turns it into a value. Every marginal rises with z.
    """

    kind: Literal["lognormal", "hurdle", "count", "share", "full_share", "flag", "score"]
    loads: Mapping[Trait, float]
    noise: float
    by: Mapping[str, float | Mapping[str, float]] = {}
    """Shifts of z: ``age`` by ten years from the origin of age, or a category column by its level."""
    median: float | None = None
    """Median of the value (of the non-zero values of a hurdle)."""
    spread: float | None = None
    """Standard deviation of the logarithm, or of the logit of a share."""
    share: float | None = None
    """Share of non-zero values (hurdle) or of true ones (flag)."""
    full: float | None = None
    """Share of people at exactly 1 (full_share)."""
    location: float | None = None
    """Logit of the median share."""
    mean: float | None = None
    sd: float | None = None
    decimals: int | None = None
    """Digits kept after the point; -2 keeps hundreds."""
    part_of: str | None = None
    """Another column of which this one is a share."""
    at_least: float | str | None = None
    """A number, or another column, that bounds this one from below."""
    at_most: Names = ()
    """Other columns that bound this one from above."""
    zero_unless: Names = ()
    """Other columns without which this one is zero."""
    not_full_with: str | None = None
    """Another column that, above zero, keeps a full share below 1."""
    missing_unless: str | None = None
    """Another column without which this one does not exist."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a marginal without the numbers it stands on: nothing would become NaN without a word."""
        missing = [name for name in NEEDED[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"the marginal '{self.kind}' needs {', '.join(missing)}")
        return self


class PayScoreMix(Strict):
    """Documented shares of the pay score and its scale in score points."""

    centre: float
    sd: float
    index_scale: float
    """Inverse standard deviation of the weighted sum."""
    card_weight: float
    """Index points lost by a card never repaid on time."""
    late_weight: float
    """Index points lost for each overdue event, up to ``late_cap`` of them."""
    late_cap: float
    red_packets: float
    offline: float
    credit_history: float
    remainder: float


class TencentScoreMix(Strict):
    """Documented coefficients of the Tencent score and its scale in score points."""

    centre: float
    sd: float
    index_scale: float
    """Inverse standard deviation of the weighted sum."""
    spending_reference_cny: float
    """Monthly spending that counts as nothing gained or lost."""
    spending_floor_cny: float
    utility_middle: float
    """Share of utility bills on time that counts as nothing gained or lost."""
    utility_slope: float
    contact_stability: float
    spending: float
    utilities: float
    remainder: float


class Restriction(Strict):
    """Log-odds of an account being restricted, per event."""

    base: float
    remote_login: float
    aml_alert: float
    grey_activity: float
    identity_change: float
    night_transfer: float
    most_counted: float
    """Changes and transfers beyond this number weigh nothing more."""


class DerivedParameters(Strict):
    """Columns that follow from other columns."""

    lingqiantong_yearly_yield: float
    """Earnings a year of one yuan in Lingqiantong."""

    debt_per_open_loan: float
    """Increase of debt service per open loan, as a share of the basic one."""
    pay_score: PayScoreMix
    tencent_score: TencentScoreMix
    restriction: Restriction


class PopulationParameters(Strict):
    """Everything a population is made of."""

    context: ContextParameters
    traits: TraitParameters
    columns: Mapping[str, ColumnModel]
    derived: DerivedParameters
    bounds: Bounds
