"""Fixtures that several files of tests use."""

from tests.viewer_browser import browser, file, large, page

__all__ = ["browser", "file", "large", "page"]
