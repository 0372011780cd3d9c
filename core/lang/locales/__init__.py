"""Localisation: translations of a flow's texts, from its own ``locales`` or from files beside it, checked and put into the program.

Keys are those of ``core.model.texts``; the words of triggers have ``when.<type>.<WORD>``. The engine chooses the language at
each state by ``core.model.languages``.
"""

from core.lang.locales.files import LocaleFile, read_locale_file, whole, with_files
from core.lang.locales.table import read_locales
from core.lang.locales.texts import Text, texts_of
from core.lang.locales.translations import localised
from core.lang.locales.words import spoken_triggers

__all__ = [
    "LocaleFile",
    "Text",
    "localised",
    "read_locale_file",
    "read_locales",
    "spoken_triggers",
    "texts_of",
    "whole",
    "with_files",
]
