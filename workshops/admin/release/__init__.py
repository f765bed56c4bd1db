"""Publishing, and the versions published so far: looking at them, comparing and restoring them."""

from workshops.admin.release.admin import ReleaseAdmin

__all__ = ["ReleaseAdmin"]
