"""The floors that requests are measured against: Django with one view and nothing around it."""
