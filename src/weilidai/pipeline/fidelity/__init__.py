"""The fidelity report: generated people held against the documents, and against common sense."""
