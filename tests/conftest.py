"""Fixtures that several files of tests use."""

from tests.viewer_browser import browser, file

__all__ = ["browser", "file"]
