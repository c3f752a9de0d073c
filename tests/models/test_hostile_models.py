"""What is done to a saved model by accident or on purpose, each with what must then happen."""

import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import small_bundle  # type: ignore[import-not-found]
from weilidai.errors import ModelError
from weilidai.models import boosting
from weilidai.models.bundle import FILES, load_bundle, save_bundle
from weilidai.models.manifest import read_sealed, seal

Damage = Callable[[str], str]
MUTANTS = 100


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "bundle"
    bundle, people = small_bundle.build_bundle()
    save_bundle(bundle, folder, people)
    return folder


def first_number(key: str, value: str, place: int = 0) -> Damage:
    """Change one number of the first tree that has enough of them."""

    def change(text: str) -> str:
        for found in re.finditer(rf"^{key}=(\S.*)$", text, re.MULTILINE):
            numbers = found[1].split()
            if len(numbers) > place:
                numbers[place] = value
                return text[: found.start(1)] + " ".join(numbers) + text[found.end(1) :]
        raise AssertionError(key)

    return change


def resized(text: str) -> str:
    """Write the true sizes of the trees into the header, as somebody would who knows the format."""
    body = text.partition("\n\n")[2].partition("end of trees")[0]
    sizes = [len(block) for block in re.split(r"(?=Tree=\d)", body) if block]
    return re.sub(r"tree_sizes=.*", "tree_sizes=" + " ".join(map(str, sizes)), text, count=1)


def without_the_last_tree(text: str) -> str:
    start = text.rindex("Tree=")
    return resized(text[:start] + text[text.index("end of trees") :])


HOSTILE: dict[str, tuple[str, Damage]] = {
    "child out of range": ("quota.txt", first_number("left_child", "99")),
    "negative child out of range": ("quota.txt", first_number("right_child", "-99")),
    "cycle": ("quota.txt", first_number("left_child", "0")),
    "NaN leaf": ("quota.txt", first_number("leaf_value", "nan")),
    "infinite leaf": ("rate.txt", first_number("leaf_value", "inf")),
    "more leaves than there are": ("rate.txt", first_number("num_leaves", "65536")),
    "oversized count of leaves": ("rate.txt", first_number("num_leaves", "2147483647")),
    "count beyond any integer": ("rate.txt", first_number("leaf_count", "1e300")),
    "oversized count of categories": ("quota.txt", first_number("num_cat", "2147483647")),
    "feature out of range": ("quota.txt", first_number("split_feature", "4096")),
    "unknown decision": ("quota.txt", first_number("decision_type", "255")),
    "tree sizes removed": ("invite.txt", lambda text: re.sub(r"tree_sizes=.*\n", "", text)),
    "tree sizes of another model": ("invite.txt", first_number("tree_sizes", "1")),
    "objective swapped": ("invite.txt", lambda text: text.replace("=binary sigmoid:1", "=regression", 1)),
    "one tree fewer": ("invite.txt", without_the_last_tree),
    "several classes": ("invite.txt", lambda text: text.replace("num_class=1", "num_class=9", 1)),
    "linear leaves": ("invite.txt", first_number("is_linear", "1")),
    "hidden line end": ("invite.txt", lambda text: text.replace("\nright_child=", "\x0bright_child=", 1)),
    "carriage return": ("invite.txt", lambda text: text.replace("\nright_child=", "\rright_child=", 1)),
    "no end": ("invite.txt", lambda text: text.partition("end of trees")[0]),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_model_with_right_digests_never_reaches_lightgbm(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(boosting, "read_booster", lambda *_: pytest.fail("LightGBM was handed a hostile text"))
    name, damage = HOSTILE[case]
    contents = read_sealed(saved, FILES)
    text = contents[name].decode("ascii")
    changed = damage(text)
    assert changed != text
    changed = changed if "tree_sizes=" not in changed or case.startswith("tree sizes") else resized(changed)
    seal({**contents, name: changed.encode("ascii")}, tmp_path / "bundle", {})
    with pytest.raises(ModelError, match="not a sound LightGBM model") as refused:
        load_bundle(tmp_path / "bundle")
    assert refused.value.exit_code == 4


MATRIX = """
import sys
from collections import Counter
from pathlib import Path
import lightgbm
from weilidai.errors import ModelError
from weilidai.models import boosting
from weilidai.models.bundle import FILES, load_bundle
from weilidai.models.manifest import MANIFEST

def never(*_, **__):
    raise SystemExit("LightGBM was called")

boosting.read_booster = never
lightgbm.Booster.__init__ = never
folder, step = Path(sys.argv[1]), int(sys.argv[2])
names = (*FILES, MANIFEST)
whole = {name: (folder / name).read_bytes() for name in names}
places = [(name, place) for name in names for place in range(len(whole[name]))][:: step]
seen = Counter()
for number, (name, place) in enumerate(places):
    flipped = bytearray(whole[name])
    flipped[place] ^= 1 << number % 8
    for damaged in (whole[name][:place], bytes(flipped)):
        (folder / name).write_bytes(damaged)
        try:
            load_bundle(folder)
        except ModelError as error:
            seen[error.exit_code] += 1
        else:
            raise SystemExit(f"{name} at byte {place}: opened")
    (folder / name).write_bytes(whole[name])
print(*(f"{code}:{count}" for code, count in seen.items()), len(places))
"""


def byte_matrix(saved: Path, folder: Path, step: int) -> tuple[str, int]:
    """Cut and flip at every ``step``-th byte, in a process of its own: a signal death is a failure, too."""
    folder.mkdir()
    for file in saved.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, "-c", MATRIX, folder, str(step)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.returncode} {done.stderr[-500:]}"
    codes, places = done.stdout.split()
    return codes, int(places)


def test_a_bundle_cut_or_flipped_anywhere_is_refused(saved: Path, tmp_path: Path) -> None:
    total = sum(file.stat().st_size for file in saved.iterdir())
    codes, places = byte_matrix(saved, tmp_path / "bundle", total // 300)
    assert places >= 300
    assert codes == f"4:{2 * places}"


@pytest.mark.slow
def test_a_bundle_cut_or_flipped_at_one_byte_in_many_is_refused(saved: Path, tmp_path: Path) -> None:
    codes, places = byte_matrix(saved, tmp_path / "bundle", 20)
    assert codes == f"4:{2 * places}"
    assert places > 10_000


@pytest.mark.weekly
def test_a_bundle_cut_or_flipped_at_any_byte_is_refused(saved: Path, tmp_path: Path) -> None:
    codes, places = byte_matrix(saved, tmp_path / "bundle", 1)
    assert codes == f"4:{2 * places}"
    assert places >= sum(file.stat().st_size for file in saved.iterdir())


MUTATE = """
import sys
from pathlib import Path
import numpy as np
from weilidai.errors import ModelError
from weilidai.models.bundle import load_bundle
import small_bundle
people = small_bundle.draw_people(200, seed=3)
refused = 0
for folder in sorted(Path(sys.argv[1]).iterdir()):
    try:
        answers = load_bundle(folder).answers(people)
    except ModelError:
        refused += 1
        continue
    assert np.isfinite(answers.select_dtypes("number").to_numpy()).all(), folder
    assert answers["p_invite"].between(0, 1).all(), folder
print(refused)
"""


ODD = ["0", "-1", "1", "2", "99", "-99", "nan", "inf", "1e308", "2147483648", "3.5", "", "x"]


def mutant(text: str, draw: random.Random) -> str:
    """Change one number somewhere in the trees to another that a careless or hostile hand might write."""
    lines = text.split("\n")
    with_numbers = [place for place, line in enumerate(lines) if re.fullmatch(r"[a-z_]+=[-+0-9.e inf]+", line)]
    place = draw.choice(with_numbers)
    key, _, values = lines[place].partition("=")
    numbers = values.split()
    chosen = draw.randrange(len(numbers))
    numbers[chosen] = draw.choice(ODD)
    lines[place] = f"{key}={' '.join(numbers)}"
    return resized("\n".join(lines)) if key != "tree_sizes" else "\n".join(lines)


def test_no_mutant_with_right_digests_crashes_hangs_or_scores_nonsense(saved: Path, tmp_path: Path) -> None:
    """Most are refused; what is opened answers finitely, for it changed nothing that a score hangs on."""
    draw, contents = random.Random(11), read_sealed(saved, FILES)  # noqa: S311  # drawn, not secret
    for number in range(MUTANTS):
        name = draw.choice(["invite.txt", "quota.txt", "rate.txt"])
        changed = mutant(contents[name].decode("ascii"), draw)
        seal({**contents, name: changed.encode("ascii")}, tmp_path / f"{number:04}", {})
    done = subprocess.run(
        [sys.executable, "-c", MUTATE, tmp_path], capture_output=True, text=True, check=False, timeout=300,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.returncode} {done.stderr[-500:]}"
    assert int(done.stdout) > MUTANTS / 2
