"""Bank statements: what banks hand out (camt.053, MT940, CSV) read into one shape, and whose payment an entry may be.

Nothing here knows the database. Readers take everything or refuse everything, with a sentence that names the repair.
"""
