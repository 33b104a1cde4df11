"""Tests; a package so that ``tests.stod`` can be imported from everywhere below."""
