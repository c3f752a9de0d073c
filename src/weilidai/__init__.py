"""A credit-model laboratory built from five public documents about Weilidai."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weilidai.inference.loading import load_model

__all__ = ["load_model"]


def __getattr__(name: str) -> object:
    """Load the entry on first use, so that importing the package loads nothing heavy."""
    if name == "load_model":
        from weilidai.inference.loading import load_model

        return load_model
    raise AttributeError(f"module 'weilidai' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
