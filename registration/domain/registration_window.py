"""When one can register: a fact of the programme, which its public pages tell as well."""

from workshops.domain.registration_window import Window, registration_window

__all__ = ["Window", "registration_window"]
