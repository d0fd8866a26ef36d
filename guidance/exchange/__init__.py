"""Guidance as files, out and in: the pack's YAML, and a sheet of one row a statement."""
