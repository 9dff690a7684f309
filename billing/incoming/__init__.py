"""Reading the invoices others send: find the structured part, read it, judge it. Nothing here believes what it reads."""
