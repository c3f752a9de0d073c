"""Asking a saved model: from a folder, from the registry, or through MLflow's own door.

``weilidai.load_model`` is the entry; importing this package loads neither LightGBM nor MLflow.
"""
