from dataclasses import replace

import pytest

from weilidai.tracking.comparing import WORLD_TAGS, Measured, weigh_up
from weilidai.tracking.settings import TrackingSettings

SETTINGS = TrackingSettings(champion_margin=0.01)
METRIC = SETTINGS.champion_metric
WORLD = dict(WORLD_TAGS)
CHAMPION = Measured({METRIC: 0.8}, ("facts", "parameters"), WORLD, "people")
BETTER = replace(CHAMPION, metrics={METRIC: 0.9})


@pytest.mark.parametrize(("figure", "alias"), [(0.82, "champion"), (0.805, "challenger"), (0.7, "challenger")])
def test_on_the_same_people_the_margin_decides(figure: float, alias: str) -> None:
    assert weigh_up(replace(CHAMPION, metrics={METRIC: figure}), CHAMPION, "3", SETTINGS)[0] == alias


@pytest.mark.parametrize("people", ["others", None])
def test_figures_of_other_or_unknown_people_are_not_compared(people: str | None) -> None:
    alias, why = weigh_up(replace(BETTER, people=people), CHAMPION, "3", SETTINGS)
    assert alias == "challenger"
    assert "other people" in why


def test_people_whom_neither_run_recorded_are_not_the_same() -> None:
    assert weigh_up(replace(BETTER, people=None), replace(CHAMPION, people=None), "3", SETTINGS)[0] == "challenger"


@pytest.mark.parametrize("simulator", [("facts", "changed"), ("changed", "parameters")])
def test_another_simulator_makes_the_new_model_champion_whatever_its_figure(simulator: tuple[str, str]) -> None:
    worse = replace(CHAMPION, metrics={METRIC: 0.6}, simulator=simulator, people="others")
    alias, why = weigh_up(worse, CHAMPION, "3", SETTINGS)
    assert alias == "champion"
    assert "version 3" in why
    assert "another simulator" in why


@pytest.mark.parametrize(("name", "value"), [
    ("regime", "trial"), ("policy", "tencent_track"), ("readings", '{"thin_files": "gate"}'), ("source", "table"),
])
def test_a_model_of_another_world_leaves_the_champion_in_place(name: str, value: str) -> None:
    other = replace(BETTER, world={**WORLD, name: value}, simulator=("facts", "of its own"), people="others")
    alias, why = weigh_up(other, CHAMPION, "3", SETTINGS)
    assert alias == "challenger"
    assert f"learnt with {name} {value}" in why
