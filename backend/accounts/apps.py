from django.apps import AppConfig


class Config(AppConfig):
    name = "backend.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from .second_factor import remember_set_up
        from .session_limits import begin

        user_logged_in.connect(begin, dispatch_uid="session-begins")
        authenticator_added.connect(remember_set_up, dispatch_uid="second-factor-set-up")
