"""More than one process: the same work over partitions on the workers of a Dask cluster."""
