"""Parvis runs a call for projects from the first deposit to the last evaluation."""
