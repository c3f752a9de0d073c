"""What a training imports, for a process from which children start: nothing here starts a thread of its own."""

from weilidai.stores import prepare_mlflow

prepare_mlflow()

import lightgbm  # noqa: E402, F401
import matplotlib.pyplot as plt  # noqa: E402, F401
import mlflow.pyfunc  # noqa: E402, F401
import shap  # noqa: E402, F401

import weilidai.pipeline.training  # noqa: E402, F401
