"""What stops a benchmark."""


class BenchmarkError(RuntimeError):
    """Its message says what is wrong and what to do; nothing was measured, or not enough."""
