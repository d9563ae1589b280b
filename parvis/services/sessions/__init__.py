"""Sessions of committees: opened, attended, decided case by case, closed at once."""
