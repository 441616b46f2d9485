"""Tests that open the site in Chromium."""
