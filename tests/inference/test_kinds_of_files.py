from pathlib import Path

import pandas as pd

from weilidai.dataset.people_files import find_people
from weilidai.inference.decider import Decider


def test_parquet_csv_and_json_are_the_same_people(decider: Decider, people: pd.DataFrame, tmp_path: Path) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    people.to_csv(tmp_path / "people.csv", index=False)
    people.to_json(tmp_path / "people.json", orient="records", double_precision=15)
    wanted = decider.decide(people, reasons="en")
    for name in ("people.parquet", "people.csv", "people.json"):
        for rows in (150, 1_000):
            parts = [decider.decide(part, reasons="en") for part in find_people(tmp_path / name).chunks(rows)]
            pd.testing.assert_frame_equal(pd.concat(parts), wanted, check_exact=True)
