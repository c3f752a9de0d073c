"""Memory: runs, metrics, artifacts and registered models in MLflow.

Importing this package does not import MLflow; that happens when a store is opened.
"""
