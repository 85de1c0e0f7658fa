"""In which language a brief is written: by its script, else by its commonest words."""

import unicodedata
from collections.abc import Mapping

from apps.engine.facts.verb_words import word_set

# languages with lists of verbs and other words; of others only the sentences are read
READ_LANGUAGES = ("en", "de", "fr", "es", "it")
LANGUAGE_NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "tr": "Turkish", "ru": "Russian", "el": "Greek", "ja": "Japanese",
    "zh": "Chinese", "ko": "Korean", "ar": "Arabic", "he": "Hebrew", "hi": "Hindi", "th": "Thai",
}  # fmt: skip
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": word_set("the a an and of to is are in for with that it we our be can must should on by as from"),
    "de": word_set("der die das und ein eine einen ist sind zu mit für von wir den dem auf soll kann nicht im"),
    "fr": word_set("le la les et un une des est sont à avec pour de nous du dans que qui sur doit peut ne"),
    "es": word_set("el la los las y un una es son con para de nosotros del en que por debe puede al su se"),
    "it": word_set("il lo la gli le e un una uno di del della è sono con per che i da nel può possono deve non ogni"),
    "pt": word_set("o a os as e um uma é são com para de do da em que por deve pode não uma nos dos das seu ao"),
    "nl": word_set("de het een en van is zijn met voor dat we onze moet kan kunnen op te aan niet moeten elke wij"),
    "pl": word_set("i w na z do się jest są że dla nie to powinien może oraz lub każdy przez który które po być mieć"),
    "sv": word_set("och en ett att är som för med på av vi ska kan inte den det till varje om från eller vill ha"),
    "tr": word_set("ve bir bu için ile olan da de çok daha gibi her olarak var ne kadar sonra değil biz olmalı"),
}
# the beginning of the names of a script's letters, and the language that is meant by it
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "HANGUL": "ko", "ARABIC": "ar",
    "HEBREW": "he", "DEVANAGARI": "hi", "THAI": "th",
}  # fmt: skip
MOST_OF_ONE = 50  # a word repeated for ever tells no more than one repeated so often
_SHARE = 0.4
_LOOKED_AT = 40  # letters of a word


def detect_language(counts: Mapping[str, int]) -> str:
    """The language of a text by the number of times it has each word; English if nothing tells.

    >>> from collections import Counter
    >>> [detect_language(Counter(text.split())) for text in ("die nutzer können das buch mit einer karte", "", "検索")]
    ['de', 'en', 'zh']
    >>> detect_language(Counter("gli utenti possono cercare un libro e il catalogo è online".split()))
    'it'
    """
    scripts: dict[str, int] = {}
    letters = 0
    found = dict.fromkeys(STOP_WORDS, 0)
    for word, count in counts.items():
        times = min(count, MOST_OF_ONE)
        letters += times * len(word)
        if language := _by_script(word):
            scripts[language] = scripts.get(language, 0) + times * len(word)
        for language, stop_words in STOP_WORDS.items():
            if word in stop_words:
                found[language] += times
    if scripts and sum(scripts.values()) > _SHARE * letters:
        return "ja" if "ja" in scripts else max(scripts, key=lambda language: scripts[language])
    return max(found, key=lambda language: (found[language], language == "en"))


def _by_script(word: str) -> str:
    """What its letters beyond Latin say, or nothing; one syllable sign among Chinese characters makes it Japanese."""
    if word.isascii():
        return ""
    names = [unicodedata.name(letter, "") for letter in word[:_LOOKED_AT]]
    found = {language for script, language in _SCRIPTS.items() if any(name.startswith(script) for name in names)}
    return "ja" if "ja" in found else min(found, default="")
