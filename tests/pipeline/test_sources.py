"""Where people come from: what a mapping makes of a lender, and what its page of instructions shows."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from own_tables import taiwan
from weilidai.config import load_settings
from weilidai.dataset.mapping import read_mapping
from weilidai.errors import ConfigError
from weilidai.own_table import OwnTable
from weilidai.pipeline.learning import challengers_of
from weilidai.pipeline.sources import found, own_lender, own_slices
from weilidai.places import configs_dir, project_root

CONFIG = configs_dir() / "own_data" / "taiwan.yaml"


def blocks(kind: str) -> list[str]:
    page = (project_root() / "docs" / "how-to-own-data.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def test_a_lender_of_ones_own_table_rules_nobody_out() -> None:
    lender = own_lender(taiwan())
    assert lender.policy.is_open
    assert not lender.has_amounts
    assert not lender.has_rates


def test_a_band_begins_at_its_value_and_the_missing_stand_apart() -> None:
    ages = pd.DataFrame({"age_years": [24, 25, 54, 80, np.nan]})
    named = own_slices(taiwan())["age_band"](ages).tolist()
    assert named == ["below 25", "25 to below 35", "45 to below 55", "55 and above", "unknown"]


def test_challengers_by_default_are_those_that_can_learn() -> None:
    settings = load_settings(CONFIG).settings
    unset = settings.model_copy(update={"model": settings.model.model_validate({})})
    assert challengers_of(own_lender(taiwan()), unset) == [
        "woe_scorecard", "logistic", "additive", "interactions", "unconstrained",
    ]


def test_a_file_is_looked_for_where_one_works_and_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").touch()
    assert found("own.csv", "data.file") == Path("own.csv")
    assert found("configs/own_data/taiwan.yaml", "data.file") == CONFIG
    with pytest.raises(ConfigError, match="no such file"):
        found("nowhere.csv", "data.file")


def test_the_mapping_that_the_page_shows_can_be_meant(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(blocks("yaml")[0], encoding="utf-8")
    own: OwnTable = read_mapping(file)
    assert own.contract.labels == ("is_invited", "is_opened", "initial_quota_cny")
    assert own.by_name["late_count"].direction == -1


def test_the_settings_that_the_page_shows_can_be_meant(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(blocks("yaml")[1], encoding="utf-8")
    assert load_settings(file).settings.data.source == "table"
