"""Interpreters of what course authors export, one package for each format."""
