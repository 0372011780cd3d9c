"""Expressions and templates of the flow language: text to JSON s-expressions, never evaluated here.

Scalars are themselves: text, number, true, false, null. Everything else is a list that begins with its operator. Evaluation
(``core.engine``) is total: missing = null = empty text; wrong types give null or false, never an exception.

============================== ===================================== =========================================================
text                           JSON                                  meaning
============================== ===================================== =========================================================
``contact.firstName``          ``["var", "contact", "firstName"]``   roots: contact account trigger last window now
``score`` / ``order.total``    ``["var", "order", "total"]``         any other first word is a variable of the flow
``(e).name``                   ``["attr", e, "name"]``               member of a computed value
``e[i]``                       ``["idx", e, i]``                     element by number (negative: from the end) or by key
``"a"`` ``1`` ``1.5`` …        the scalar
``90s`` ``1d12h``              ``["dur", 129600]``                   a duration: the number of seconds
``[a, b]``                     ``["list", a, b]``
``{k: v}``                     ``["obj", [["k", v]]]``
``e|default("x")``             ``["filter", e, "default", "x"]``     see FILTERS
``round(e, 2)``                ``["call", "round", e, 2]``           see FUNCTIONS
``tagged vip``                 ``["tagged", "vip"]``                 the contact has the tag
``says ["a", "b"]``            ``["says", "a", "b"]``                the last reply holds one of the words (core.model.fold.plain)
``not e`` ``-e``               ``["not", e]`` ``["neg", e]``
``e is set`` / ``is not set``  ``["isset", e]`` ``["isunset", e]``   null, empty text, empty list and empty object are not set
``a and b`` ``a or b``         ``["and", a, b]`` ``["or", a, b]``    the value that decided, as in Python
``a == b`` ``a != b``          ``["==", a, b]`` ``["!=", a, b]``     numbers as numbers (also "5" == 5), else the same JSON value
``a is "text"``                ``["is", a, "text"]``                 equal as texts (null is "")
``a < b`` ``<= > >=``          ``["<", a, b]``                       two numbers (also in texts), else two texts, else false
``a in b`` / ``a not in b``    ``["in", a, b]`` ``["notin", a, b]``  element of a list, part of a text, key of an object
``a has b``                    ``["has", a, b]``                     the list a holds b; else false
``a contains b``               ``["contains", a, b]``                the text a holds the text b, case-free
``a + b``                      ``["+", a, b]``                       numbers added (unless both are texts), lists joined, else texts joined
``a - b`` ``* / %``            ``["-", a, b]``                       numbers; null when one is none, or for a division by 0
(templates)                    ``["tpl", ["Hi ", [e], "!"]]``        parts: text, or ``[expression]``; the joined text
(random_split)                 ``["roll", key, upto, sticky]``       die(key) < upto, the die in [0, 1) made from the run's id
                                                                     (sticky: the contact's id) and the key, the same each time
============================== ===================================== =========================================================

FILTERS (first argument is the value): default(x) upper lower title trim truncate(n=60) length first join(sep=", ") number
money(currency="USD") date(format="%Y-%m-%d") urlencode.
FUNCTIONS: min(a, …) max(a, …) round(n, digits=0) length(x) lower(x) text(x) number(x) in_segment("id or name")
matches(text, "pattern") with a literal pattern, searched anywhere. In a program every pattern is plain re2 syntax, flags
included (authors write ``/…/``, ``/…/i`` or a bare pattern, which ignores case): ``re2.compile(pattern).search(text)``.
Filters, conditions and input types of plugins are expanded into these at lowering (decision 21): the engine meets none of them.
"""

from core.lang.expressions.error import ExpressionError
from core.lang.expressions.names import FILTERS, FUNCTIONS, ROOTS
from core.lang.expressions.parse import parse_expression
from core.lang.expressions.template import parse_template, parse_value
from core.lang.expressions.walk import substitute, variables, walk

__all__ = [
    "FILTERS",
    "FUNCTIONS",
    "ROOTS",
    "ExpressionError",
    "parse_expression",
    "parse_template",
    "parse_value",
    "substitute",
    "variables",
    "walk",
]
