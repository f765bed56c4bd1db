"""Sentences of django-allauth that our catalogues say anew.

Its German calls people "du", where we say "Sie"; its Turkish has one informal form, and another word for a
password than Django's. The words stand here only to be collected: the project's catalogues come first.
"""

from django.utils.translation import gettext_noop as _

PHRASES = (
    _("Please type your current password."),
    _("Incorrect password."),
    _("Incorrect code."),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("You must type the same password each time."),
    _("Forgot your password?"),
    _("Email"),
    _("Email address"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Password (again)"),
    _("Passwordless"),
    _("Cancel"),
    _("Remove"),
    _("Are you sure?"),
    _("Enter an authenticator code:"),
    _("You have signed out."),
    _("Your password has been changed."),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("You are already logged in as %(user_display)s."),
    _("Successfully signed in as %(name)s."),
    _("Password successfully changed."),
    _("Use your password"),
    _("Enter your password:"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection."
    ),
    _("MFA"),
)
