"""The scenarios, in the order in which they run: what is simple and breaks everything comes first."""

import importlib

MODULES = """
    sign_in discovery roster messages carbons offline archive blocking extensions pep
    rooms resumption registration load websocket bosh uploads push calls components federation profanity webapp gajim one_port
""".split()


def load() -> None:
    for module in MODULES:
        importlib.import_module(f"{__name__}.{module}")
