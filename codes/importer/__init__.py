"""Reads CMS's release files and works out their history. Pure Python: no Django, no database."""
