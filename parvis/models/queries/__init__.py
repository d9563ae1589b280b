"""Statements by subject: plain functions, session first, rows or values out."""
