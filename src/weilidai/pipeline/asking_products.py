"""Every product of the documents held against one person, with the model's decision in place of the invitation."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.errors import DataError
from weilidai.explain.product_choice import Condition, ProductAnswer, ProductChoice
from weilidai.explain.product_words import is_said, say_condition, say_proof
from weilidai.explain.sources import Source
from weilidai.explain.verdict import Verdict, verdict_on
from weilidai.facts import Book, load_book
from weilidai.facts.amounts import Language
from weilidai.lender.products.assessing import ANSWERS, Offer, assess
from weilidai.lender.products.catalogue import Product, ProductParameters, Requirement
from weilidai.lender.products.comparing import Need, cheapest, compare
from weilidai.lender.terms import Loan
from weilidai.models.features import numbers
from weilidai.parameters import Parameters
from weilidai.pipeline.asking import asked_person, parameters_of, placed
from weilidai.pipeline.asking_terms import INSTALMENTS
from weilidai.pipeline.citing import cite, cite_numbers

ADULT: Final = "adult"
"""Rule that a person who is too young for a loan fails."""
_STANDINGS: tuple[Literal["missed", "unknown", "met"], ...] = ("missed", "unknown", "met")


def ask_which_product(
    model: str, file: Path, person_id: str | None, language: Literal["en", "zh"], tracking_uri: str | None = None,
    *, amount_cny: float | None = None, instalments: int = INSTALMENTS,
) -> ProductChoice:
    """Answer which products are open to a person, at what price, and which is the cheapest.

    What no column of a person knows, such as a score on another platform, is read from the file when it is
    there under the name that the answer lists; otherwise it stays an open question.

    Parameters
    ----------
    model, file, person_id, language, tracking_uri
        As for :func:`weilidai.pipeline.asking.ask_why_not`.
    amount_cny
        Amount to borrow; the model's first grant when left out.
    instalments
        Monthly instalments.

    Raises
    ------
    DataError
        The file holds no such person, or not one, or a further column is no number.
    ConfigError
        No loan can be of this amount or length.
    """
    decider, person = asked_person(model, file, person_id, tracking_uri)
    parameters = parameters_of(decider)
    products = parameters.part("products", ProductParameters)
    with placed(file):
        verdict = verdict_on(decider, person)
        columns = _columns(person, verdict, products)
    need = Need(verdict.quota_cny if amount_cny is None else amount_cny, instalments)
    Loan(need.amount_cny, verdict.daily_rate, need.instalments)  # refuses what no loan can be, before any product does
    prices = _prices(columns, need, products)
    table = _Table(load_book(), parameters, products, need, language, prices, verdict.is_invited)
    offers = assess(columns, products)
    best = cheapest(columns, need, products).iloc[0]
    told = tuple(table.answer(name, offer) for name, offer in offers.items())
    is_minor = any(_is_too_young(one) for one in told)
    return ProductChoice(
        verdict=verdict, amount_cny=need.amount_cny, instalments=instalments, products=told,
        cheapest=None if is_minor else _word(best["product"]),
        cheapest_if_met=None if is_minor else _word(best["product_if_met"]),
        askable=tuple(name for name in products.questions() if np.isnan(columns.get(name, [np.nan])[0])),
        language=language, is_minor=is_minor,
    )


def _is_too_young(product: ProductAnswer) -> bool:
    return any(one.rule == ADULT and one.standing == "missed" for one in product.conditions)


def _columns(person: pd.DataFrame, verdict: Verdict, products: ProductParameters) -> Mapping[str, Any]:
    """Give what the product table reads: the person's columns, with the model's decision as that of the lender."""
    seen = {name: _numbers(person[name]) for name in sorted(products.columns()) if name in person.columns}
    decided = {"is_invited": float(verdict.is_invited), "current_quota_cny": np.nan, "daily_rate": np.nan}
    if verdict.is_invited:
        decided |= {"current_quota_cny": verdict.quota_cny, "daily_rate": verdict.daily_rate}
    return seen | {name: np.array([value]) for name, value in decided.items()}


def _numbers(values: pd.Series) -> Any:  # noqa: ANN401  # an array of one number
    if values.isna().all():
        return np.array([np.nan])
    read = numbers(values)
    if str(values.name) not in CATALOGUE and not np.isfinite(read).all():
        raise DataError("holds no finite number", where=str(values.name))
    return read


def _prices(columns: Mapping[str, Any], need: Need, products: ProductParameters) -> dict[str, dict[str, float]]:
    ranked = compare(columns, need, products)
    costs = zip(ranked["product"], ranked["irr_annual"], ranked["cost_cny"], strict=True)
    return {name: {"irr_annual": float(irr), "cost_cny": float(cost)} for name, irr, cost in costs}


@dataclass(frozen=True)
class _Table:
    """What every product is held against."""

    book: Book
    parameters: Parameters
    products: ProductParameters
    need: Need
    language: Language
    prices: Mapping[str, Mapping[str, float]]
    is_invited: bool

    def answer(self, name: str, offer: Offer) -> ProductAnswer:
        """Write what there is to say about one product."""
        product, price = offer.product, self.prices.get(name, {})
        fee = product.instalment_fee if self.need.instalments > 1 else None
        low, high = _known(offer.quota_low_cny[0]), _known(offer.quota_high_cny[0])
        return ProductAnswer(
            product=name, name=self._name(product), kind=product.kind,
            eligible=ANSWERS[offer.answer[0]],
            conditions=tuple(
                self._condition(rule, one, int(offer.by_requirement[rule][0]))
                for rule, one in product.requirements.items()
            ),
            limit_low_cny=low, limit_high_cny=high, is_from_model=product.kind == "own" and self.is_invited,
            covers_amount=None if high is None else self.need.amount_cny <= high,
            daily_rate_low=_known(offer.daily_rate_low[0]), daily_rate_high=_known(offer.daily_rate_high[0]),
            upfront_fee_share=product.upfront_fee_share, monthly_fee_share=fee.monthly_share if fee else 0.0,
            irr_annual=_known(price.get("irr_annual")), cost_cny=_cents(price.get("cost_cny")),
            said_cheaper_than=product.cheaper_than,
            seconds_fastest=_known(offer.seconds[0]), seconds_slowest=_known(offer.seconds[1]),
            said=tuple(self._label(one.fact) for one in product.wishes.values()),
            sources=self._sources(name, product),
        )

    def _name(self, product: Product) -> str:
        return product.name_en if self.language == "en" else product.name_zh

    def _label(self, fact: str) -> str:
        said = self.book.fact(fact)
        return said.label_en if self.language == "en" else said.label_zh

    def _condition(self, rule: str, one: Requirement, code: int) -> Condition:
        # A column that only stands in for what another platform sees would say the wrong thing.
        if one.otherwise == "unknown" and not is_said(one.column):
            text = say_proof(one.fact, self.language) or self._label(one.fact)
        else:
            text = say_condition(one.column, one.comparison, one.value, self.language)
        (source,) = cite(self.book, [one.fact])
        return Condition(rule, one.column, _STANDINGS[code], text, source)

    def _sources(self, name: str, product: Product) -> dict[str, tuple[Source, ...]]:
        path = f"products.table.{name}."
        fees = (path + "upfront_fee_share", path + "instalment_fee.monthly_share")
        rate = [product.rate.fact] if product.rate else []
        steps = [step for step in (product.approval, product.payout) if step]
        waits = [wait.fact for step in steps for wait in (step.fastest, step.slowest)]
        limits = (path + "quota.low_cny", path + "quota.high_cny")
        return {
            "product": cite(self.book, [product.fact]),
            "limit": cite_numbers(self.book, self.parameters, limits),
            "price": tuple(dict.fromkeys((*cite(self.book, rate), *cite_numbers(self.book, self.parameters, fees)))),
            "time": cite(self.book, waits),
        }


def _known(value: float | None) -> float | None:
    return None if value is None or isnan(value) else float(value)


def _cents(value: float | None) -> float | None:
    known = _known(value)
    return None if known is None else round(known, 2)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None
