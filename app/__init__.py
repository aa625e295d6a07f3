"""Beschikbaarheidswijzer: free places in Dutch youth care, ranked for one child at a time."""

from importlib.metadata import version

VERSION = version("beschikbaarheidswijzer")
"""Version of product and API in one (semver); the major version is also in the base path."""
