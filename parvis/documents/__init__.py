"""Data becomes PDF, DOCX or ICS."""
