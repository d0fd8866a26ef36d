"""Measurements, each against what is promised: script/bench [name]."""
