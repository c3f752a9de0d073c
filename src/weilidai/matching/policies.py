"""Named policies: the lender's invitation by one of the documented weightings alone.

The documents weigh credit dimensions in several places, each at a stage of its own: pre-qualification
(D1.1.weight_account_history and the two beside it), the Tencent track (D1.2.coefficient_social_stability ...),
the four-part assessment (D3.3.weight_bureau ...) and the risk model at the application (D2.4.weight_social ...).
``configs/policy/<name>.yaml`` says which factors feed each part. Under such a policy the log-odds of an
invitation consist of these parts, every part with the shapes that the composite lender gives its factors.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from pydantic import Field, model_validator

from weilidai.errors import ConfigError, suggest
from weilidai.facts import Book
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.overlay import Closed, Text, figure, read_settings
from weilidai.parameters import Number, Parameters, read_parameters
from weilidai.places import configs_dir, data_dir

COMPOSITE: Final = "composite"
"""The matched lender, which weighs everything the documents name."""
UNDOCUMENTED: Final = "undocumented"
"""Part that takes what the documented weights leave to 1."""
DIGITS: Final = 9


class PolicyPart(Closed):
    """One documented part: its weight is a fact, its factors are ours."""

    fact: Text
    factors: tuple[Text, ...] = Field(min_length=1)
    why: Text


class Remainder(Closed):
    """Factors that take the weight which the documents give to nothing."""

    factors: tuple[Text, ...] = Field(min_length=1)
    why: Text


class PolicyTitle(Closed):
    """The policy's name for readers."""

    en: Text
    zh: Text


class Policy(Closed):
    """One documented weighting that decides alone."""

    name: Text
    title: PolicyTitle
    parts: Mapping[str, PolicyPart] = Field(min_length=1)
    undocumented: Remainder | None = None

    @model_validator(mode="after")
    def _weighs_every_factor_once(self) -> Self:
        named = [factor for factors in self.factors().values() for factor in factors]
        if len(set(named)) != len(named):
            raise ValueError("a factor feeds more than one part")
        if UNDOCUMENTED in self.parts:
            raise ValueError(f"no part may be called '{UNDOCUMENTED}'; it is what the parts leave")
        return self

    @property
    def source(self) -> str:
        """File it stands in, as parameters name it."""
        return f"configs/policy/{self.name}.yaml"

    @property
    def digest(self) -> str:
        """SHA-256 of all it says."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    def factors(self) -> dict[str, tuple[str, ...]]:
        """Give part -> factors, with the undocumented part last."""
        parts = {name: part.factors for name, part in self.parts.items()}
        return parts | ({UNDOCUMENTED: self.undocumented.factors} if self.undocumented else {})

    def weights(self, book: Book) -> dict[str, float]:
        """Give part -> weight, 0 to 1, together 1; what is undocumented takes the rest.

        Raises
        ------
        ConfigError
            A fact does not exist, or the weights do not make 1 with what is undocumented.
        """
        known = {name: figure(book, part.fact, 0) for name, part in self.parts.items()}
        rest = round(1 - sum(known.values()), DIGITS)
        if rest < 0 or bool(rest) != (self.undocumented is not None):
            raise ConfigError(f"the documented weights leave {rest:g} to 1", where=self.source,
                              cure="name 'undocumented' factors where weight is left, and none where it is not")
        return known | ({UNDOCUMENTED: rest} if rest else {})


def policy_names(folder: Path | None = None) -> list[str]:
    """Name every policy, the composite lender first."""
    return [COMPOSITE, *sorted(file.stem for file in _folder(folder).glob("*.yaml"))]


def load_policy(name: str, folder: Path | None = None) -> Policy:
    """Read one named policy.

    Raises
    ------
    ConfigError
        There is no such policy (the near one is named), it is the composite lender, which has no file, or
        its file cannot be meant.
    """
    known = policy_names(folder)
    if name not in known:
        raise ConfigError(f"unknown policy '{name}'", where="data.policy", cure=suggest(name, known))
    if name == COMPOSITE:
        raise ConfigError("the composite lender is no single weighting", where="data.policy",
                          cure=f"name one of {', '.join(known[1:])}")
    return _read(_folder(folder) / f"{name}.yaml")


def policy_file(name: str, folder: Path | None = None) -> Path:
    """Tell where a policy's numbers are kept."""
    return (folder or data_dir() / "matched") / "policy" / f"{name}.yaml"


def load_policy_numbers(name: str) -> Parameters:
    """Read the numbers that matching found for a policy.

    Raises
    ------
    ConfigError
        There is no such policy, or it is not matched yet.
    """
    file = policy_file(load_policy(name).name)
    if not file.is_file():
        raise ConfigError(f"no matched numbers for policy '{name}'", where=str(file.parent),
                          cure=f"run 'weilidai match --policy {name}'")
    return read_parameters(file)


def with_policy(parameters: Parameters, name: str) -> Parameters:
    """Let a named policy decide alone; the composite changes nothing.

    Raises
    ------
    ConfigError
        There is no such policy, it is not matched yet, or the parameters are not the reference's: the scales
        were found on its people.
    """
    if name == COMPOSITE:
        return parameters
    found = load_policy_numbers(name)
    if parameters.regime != REFERENCE_REGIME:
        raise ConfigError(f"policy '{name}' is matched to regime '{REFERENCE_REGIME}' alone", where="data.policy",
                          cure=f"choose regime {REFERENCE_REGIME}, or policy {COMPOSITE}")
    return laid_over(parameters, found.numbers)


def laid_over(parameters: Parameters, numbers: Mapping[str, Number]) -> Parameters:
    """Replace the numbers that a policy found."""
    return Parameters(parameters.regime, {**parameters.numbers, **numbers}, parameters.certificate)


def policy_agrees(name: str, reference: Parameters, book: Book) -> bool:
    """Tell whether a policy's numbers were found on these reference parameters, this file and these facts."""
    if name == COMPOSITE:
        return True
    told = load_policy_numbers(name).certificate
    policy = load_policy(name)
    return (told.get("reference"), told.get("policy"), told.get("weights")) == (
        reference.digest, policy.digest, policy.weights(book),
    )


def _folder(folder: Path | None) -> Path:
    return configs_dir() / "policy" if folder is None else folder


@lru_cache(maxsize=16)
def _read(file: Path) -> Policy:
    policy = read_settings(file, Policy, f"configs/policy/{file.name}")
    if policy.name != file.stem:
        raise ConfigError(f"calls itself '{policy.name}'", where=f"configs/policy/{file.name}",
                          cure=f"write 'name: {file.stem}'")
    return policy
