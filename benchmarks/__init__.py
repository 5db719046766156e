"""Speed of the whole path beside stock Rasa: ``python -m benchmarks [--quick]`` (benchmarks/README.md)."""
