"""The single parts of the benchmark: each starts what it needs, measures, and returns its entry of results.json."""
