"""The data of a year for the tax office on a medium of their own (Z3, § 147 (6) AO), and the way back.

A ZIP that needs no program of ours: tables as CSV in UTF-8, described by index.xml in the description standard for the
handing over of data media (GDPdU, 2004), each document as it was issued (JSON, PDF, XML) and checksums (R58, R59).
"""
