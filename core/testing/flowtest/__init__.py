"""Tests of flows: conversations written down in YAML, played by the engine itself with a clock of their own.

A file (``docs/reference/flow-tests.md`` has every word)::

    file: welcome.yaml
    contact: {firstName: Ana}
    mocks: {mailchimp.subscribe: success}
    tests:
      - name: browsing leads to the question one hour later
        start: {dm: hi}
        steps:
          - expect: {say: "Hello Ana!*", buttons: [Browse Products, Contact Support]}
          - tap: Browse Products
          - expect: {tag: browsed_products}
          - advance: 1h
          - expect: {say: "Can I get your email*"}

Every message that is sent must be expected; what Instagram would refuse fails a test by itself.
"""

from core.testing.flowtest.coverage import Coverage
from core.testing.flowtest.junit import junit
from core.testing.flowtest.problem import Problem, Unplayable
from core.testing.flowtest.reading import Suite, read_suite
from core.testing.flowtest.report import FileReport, TestReport, told
from core.testing.flowtest.run import run_file, run_suite

__all__ = [
    "Coverage",
    "FileReport",
    "Problem",
    "Suite",
    "TestReport",
    "Unplayable",
    "junit",
    "read_suite",
    "run_file",
    "run_suite",
    "told",
]
