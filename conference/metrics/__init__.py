"""Figures for Prometheus; docs/monitoring.md names them all."""
