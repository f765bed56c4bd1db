"""Certificates of attendance: who gets one, how it is issued, printed, verified and withdrawn."""
