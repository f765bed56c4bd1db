"""Texts out to a translation office and back: XLIFF or XLSX, a preview of what came back, and keeping it."""
