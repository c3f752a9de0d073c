"""The file that MLflow runs to get the model; it stands beside the bundle in every kept model."""

from weilidai.inference.pyfunc import publish

publish()
