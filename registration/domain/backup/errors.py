from __future__ import annotations


class BackupError(Exception):
    """Why there is no backup, or why it was not restored: one line for the operator. Nothing was changed."""
