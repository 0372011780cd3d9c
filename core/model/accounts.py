"""What an account's settings are when nobody set them, and the words that end and begin automation (decisions 10, 11, 18, 25)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.model.fold import plain
from core.model.limits import BURST_MS

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "timezone": "UTC",
        "languages": ("en",),
        "echoTakeover": True,
        "experimentalFollow": False,
        "sameTriggerSeconds": 5,
        "burstSeconds": BURST_MS // 1000,
        "botBrake": 60,
        "disclosure": "",
        "softCapPerHour": 0,
        "humanTimeoutHours": 24,
        "staleText": "That button is no longer active.",
        "stopWords": (),
        "startWords": (),
        "privateReplyButtons": False,
    }
)
"""``burstSeconds``: for so long after a question an answer that fits nothing counts as the rest of a burst of short messages
(0 = off, for tests and benches). ``sameTriggerSeconds``, ``botBrake`` (automated messages to one contact in an hour) and ``softCapPerHour``: 0 = off.
``disclosure``: the sentence before the first automated message; "" = off. ``stopWords``, ``startWords``: besides the
languages'. ``staleText``: what an old quick reply gets when there is no question to repeat."""

STOP_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("stop", "unsubscribe", "stop all", "opt out"),
        "es": ("parar", "cancelar suscripción", "darse de baja", "baja"),
        "pt": ("parar", "sair", "cancelar inscrição"),
        "fr": ("arrêter", "se désabonner", "désabonner"),
        "de": ("stopp", "abmelden", "abbestellen"),
        "it": ("ferma", "annulla iscrizione", "disiscrivi"),
        "nl": ("stoppen", "afmelden", "uitschrijven"),
        "tr": ("dur", "abonelikten çık"),
        "ru": ("стоп", "отписаться"),
        "ar": ("توقف", "إلغاء الاشتراك"),
        "hi": ("रोकें", "सदस्यता समाप्त करें"),
    }
)
START_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("start", "unstop", "subscribe", "opt in"),
        "es": ("empezar", "suscribirse"),
        "pt": ("começar", "inscrever"),
        "fr": ("démarrer", "s'abonner"),
        "de": ("starten", "anmelden"),
        "it": ("inizia", "iscrivi"),
        "nl": ("beginnen", "aanmelden"),
        "tr": ("başla", "abone ol"),
        "ru": ("старт", "подписаться"),
        "ar": ("ابدأ", "اشتراك"),
        "hi": ("शुरू",),
    }
)
ALWAYS_STOP = ("stop", "unsubscribe")
"""Understood in every language."""


def setting(settings: Mapping[str, Any], name: str) -> Any:
    """The account's value, or the default.

    >>> setting({}, "botBrake"), setting({"botBrake": 0}, "botBrake")
    (60, 0)
    """
    value = settings.get(name)
    return DEFAULTS[name] if value is None else value


def effective(settings: Mapping[str, Any]) -> dict[str, Any]:
    """All settings as JSON values: the account's own over the defaults.

    >>> found = effective({"botBrake": 0})
    >>> found["botBrake"], found["languages"], found["humanTimeoutHours"]
    (0, ['en'], 24)
    """
    plain_ = {name: list(value) if isinstance(value, tuple) else value for name, value in DEFAULTS.items()}
    return {**plain_, **{name: value for name, value in settings.items() if value is not None}}


def stop_words(settings: Mapping[str, Any]) -> frozenset[str]:
    """The folded messages that end automation for whoever writes them.

    >>> "stop" in stop_words({"languages": ["de"]}), "abmelden" in stop_words({"languages": ["de"]})
    (True, True)
    """
    return _words(settings, STOP_WORDS, "stopWords", ALWAYS_STOP)


def start_words(settings: Mapping[str, Any]) -> frozenset[str]:
    """The folded messages that begin it again."""
    return _words(settings, START_WORDS, "startWords", ("start",))


def _words(
    settings: Mapping[str, Any], table: Mapping[str, tuple[str, ...]], own: str, always: tuple[str, ...]
) -> frozenset[str]:
    languages = setting(settings, "languages")
    found = [word for language in languages for word in table.get(language, ())]
    return frozenset(plain(word) for word in (*found, *setting(settings, own), *always))
