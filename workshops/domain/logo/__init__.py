"""A conference's logo: checked when it comes, kept in the database, given to whatever draws it."""

from workshops.domain.logo.check_logo import Checked, LogoError, check_logo
from workshops.domain.logo.keep_logo import keep_logo, remove_logo
from workshops.domain.logo.shown import ShownLogo, logo_digest, shown_logo

__all__ = [
    "Checked",
    "LogoError",
    "ShownLogo",
    "check_logo",
    "keep_logo",
    "logo_digest",
    "remove_logo",
    "shown_logo",
]
