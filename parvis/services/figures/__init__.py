"""Figures people read: sections with a sentence, a chart drawn by hand and its table, wherever they are shown."""
