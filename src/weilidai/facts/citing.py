"""Where the package and its settings name a fact: the text that an auditor is led to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from weilidai.places import configs_dir, package_folder

PACKAGE: Final = package_folder()
_STAGES: Final = ("population", "lender", "matching", "explain", "pipeline")
"""Parts that do what is documented; the others only name facts as examples."""
_SETTINGS: Final = ("readings.yaml", "regime/*.yaml")
_FACT: Final = re.compile(r"\bD[0-4]\.[0-9]\.[a-z][a-z0-9_]*")


def named_in(text: str) -> tuple[str, ...]:
    """Give every fact id that a text names, each once."""
    return tuple(dict.fromkeys(_FACT.findall(text)))


def module_exists(name: str) -> bool:
    """Tell whether the package has a module, as in ``lender.entry``."""
    place = PACKAGE.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def setting_exists(name: str) -> bool:
    """Tell whether there are settings of a name, as in ``regime/trial``; facts kept without settings are believed."""
    folder = configs_dir()
    return (folder / f"{name}.yaml").is_file() or ("/" in name and not folder.is_dir())


def modules() -> tuple[str, ...]:
    """Give the modules that a fact may say it is obeyed by."""
    return tuple(_dotted(file) for stage in _STAGES for file in sorted((PACKAGE / stage).rglob("*.py")))


@lru_cache(maxsize=1)
def citing_modules() -> Mapping[str, tuple[str, ...]]:
    """Give fact id -> modules whose text names it, by their dotted names below the package."""
    files = (file for stage in _STAGES for file in sorted((PACKAGE / stage).rglob("*.py")))
    return _gathered((_dotted(file), file.read_text(encoding="utf-8")) for file in files)


def citing_settings() -> Mapping[str, tuple[str, ...]]:
    """Give fact id -> settings of regimes and readings that name it, as in ``regime/trial``."""
    return _settings(configs_dir())


@lru_cache(maxsize=4)
def _settings(folder: Path) -> Mapping[str, tuple[str, ...]]:
    files = sorted(file for pattern in _SETTINGS for file in folder.glob(pattern))
    names = (file.relative_to(folder).with_suffix("").as_posix() for file in files)
    return _gathered(zip(names, (file.read_text(encoding="utf-8") for file in files), strict=True))


def _gathered(texts: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for fact, name in _pairs(texts):
        found[fact] = (*found.get(fact, ()), name)
    return found


def _pairs(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, text in texts:
        for fact in named_in(text):
            yield fact, name


def _dotted(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
