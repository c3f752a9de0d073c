"""The simulator against the facts: moments, fit, fidelity."""

from weilidai.matching.compose import REFERENCE_REGIME, compose
from weilidai.matching.settings import MatchSettings
from weilidai.matching.store import load_parameters, parameters_file

__all__ = ["REFERENCE_REGIME", "MatchSettings", "compose", "load_parameters", "parameters_file"]
