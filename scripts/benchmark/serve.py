"""Serves one of the benchmark's own applications as `wijzer serve` serves the product's."""

import sys

import uvicorn


def main(application: str, port: int, workers: int) -> None:
    """`application` is a module of this folder and its factory: limits:framework."""
    uvicorn.run(
        f"scripts.benchmark.{application}",
        factory=True,
        port=port,
        workers=workers,
        access_log=False,
        log_config=None,
        server_header=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
