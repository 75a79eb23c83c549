"""Fixtures that several files of tests use."""

from __future__ import annotations

import signal

from tests.viewer_browser import browser, file, large, page

__all__ = ["browser", "file", "large", "page"]

# A shell starts what it runs in the background with SIGINT ignored, and children inherit that; those that tests interrupt must hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
