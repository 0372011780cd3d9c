"""The results in JUnit's XML, which every continuous integration reads."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from core.testing.flowtest.report import FileReport
from core.testing.flowtest.transcript import lines_of


def junit(reports: Sequence[FileReport]) -> str:
    """One ``testsuite`` a file, one ``testcase`` a test; a file that cannot be played is an error of its own."""
    root = ET.Element("testsuites", name="instaflow")
    for report in reports:
        suite = ET.SubElement(root, "testsuite", name=report.name, tests=str(len(report.tests)))
        suite.set("failures", str(sum(t.problem is not None for t in report.tests)))
        suite.set("errors", str(len(report.problems)))
        for problem in report.problems:
            case = ET.SubElement(suite, "testcase", classname=report.name, name="the file")
            ET.SubElement(case, "error", message=_clean(problem.message)).text = _clean(problem.hint)
        for test in report.tests:
            case = ET.SubElement(suite, "testcase", classname=report.name, name=_clean(test.name))
            if test.problem is not None:
                failure = ET.SubElement(case, "failure", message=_clean(test.problem.message))
                failure.text = _clean("\n".join([test.problem.hint, *lines_of(test.transcript)]))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    """Without the characters that XML does not take."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "?" for c in text
    )
