"""Random numbers by name and person number."""

import numpy as np

from weilidai.lender import LenderParameters, decide
from weilidai.matching import load_parameters
from weilidai.noise import BLOCK, Noise
from weilidai.population import PopulationParameters, make_people


class Listening(Noise):
    """Noise that writes down which streams it was asked for."""

    asked: list[str]

    def _generator(self, name: str, block: int) -> np.random.Generator:
        self.__dict__.setdefault("asked", []).append(name)
        return super()._generator(name, block)


def test_the_same_seed_block_and_name_give_the_same_numbers():
    assert Noise(3, 5).normal("a").tobytes() == Noise(3, 5).normal("a").tobytes()
    assert Noise(3, 5).uniform("a").tobytes() == Noise(3, 5).uniform("a").tobytes()


def test_another_seed_block_or_name_gives_other_numbers():
    drawn = [Noise(*where).normal(name) for *where, name in ((3, 5, "a"), (4, 5, "a"), (3, 6, "a"), (3, 5, "b"))]
    correlation = np.corrcoef(drawn) - np.eye(4)
    assert np.abs(correlation).max() < 5 / np.sqrt(BLOCK)


def test_seed_and_block_do_not_stand_for_each_other():
    assert Noise(1, 2).normal("a").tobytes() != Noise(2, 1).normal("a").tobytes()


def test_several_blocks_draw_what_each_draws_alone():
    for kind in ("normal", "uniform"):
        alone = [getattr(Noise(3, block), kind)("a").tobytes() for block in (5, 6, 7)]
        together = Noise(3, 5, blocks=3)
        assert getattr(together, kind)("a").tobytes() == b"".join(alone)
        assert together.people == 3 * BLOCK


def test_normals_are_standard_and_uniforms_fill_the_unit_interval():
    z, u = Noise(1, 0).normal("z"), Noise(1, 0).uniform("u")
    assert z.shape == u.shape == (BLOCK,)
    assert abs(z.mean()) < 5 / np.sqrt(BLOCK)
    assert abs(z.std() - 1) < 5 / np.sqrt(2 * BLOCK)
    assert u.min() >= 0
    assert u.max() < 1
    assert np.abs(np.sort(u) - (np.arange(BLOCK) + 0.5) / BLOCK).max() < 2 / np.sqrt(BLOCK)


def test_normals_have_the_tails_of_normals_and_their_pairs_nothing_in_common():
    z = np.stack([Noise(1, block).normal("z") for block in range(64)]).astype(np.float64)
    for bar, share in ((2, 0.04550), (3, 0.00270), (4, 6.334e-5)):
        beyond = int((np.abs(z) > bar).sum())
        assert abs(beyond - share * z.size) < 5 * np.sqrt(share * z.size)
    one, other = z[:, : BLOCK // 2].ravel(), z[:, BLOCK // 2 :].ravel()
    for power in (1, 2):
        assert abs(np.corrcoef(one**power, other**power)[0, 1]) < 5 / np.sqrt(one.size)


def test_normals_are_finite_also_where_a_uniform_is_nothing(monkeypatch):
    ends = np.zeros(BLOCK, dtype=np.float32)
    ends[1] = np.nextafter(np.float32(1), np.float32(0))
    monkeypatch.setattr(Noise, "uniform", lambda *_: ends.copy())
    assert np.isfinite(Noise(1, 0).normal("z")).all()


def test_asking_for_one_stream_more_changes_no_other():
    alone, beside = Noise(9, 1), Noise(9, 1)
    beside.normal("a stream nobody knew")
    assert alone.uniform("is_invited").tobytes() == beside.uniform("is_invited").tobytes()


def test_every_stream_of_a_block_is_asked_for_once_and_none_hides_behind_another():
    parameters, noise = load_parameters(), Listening(1, 0)
    people = make_people(parameters.part("population", PopulationParameters), noise)
    decide(people.columns, parameters.part("lender", LenderParameters), noise)
    assert len(noise.asked) > 60
    assert len(noise.asked) == len(set(noise.asked))
