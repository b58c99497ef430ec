"""Measurements against goals and peers: each folder is one command, and README.md says what it measures."""
