"""Tables written as files an office opens: CSV, XLSX and ODS, row by row."""
