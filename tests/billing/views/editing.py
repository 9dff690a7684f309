"""What the editor posts: a document's page as form fields, in the way a browser sends them."""


def fields_of(rows, **head):
    """Rows as dictionaries (text, quantity, unit_price …) and the head's fields, as POST data."""
    data = {"rows": [], **head}
    for place, row in enumerate(rows, 1):
        key = row.get("key", f"z{place}")
        data["rows"].append(key)
        values = {"kind": "item", "quantity": "1", "unit": "Stk.", "vat": "19", "cost_kind": "material", **row}
        values.pop("key", None)
        if set_name := values.pop("default_of", ""):
            data[f"default-{set_name}"] = key
        data |= {f"{key}-{name}": value for name, value in values.items() if value is not None}
    return data


def quote_fields(*rows, **head):
    """A whole quote as the browser posts it."""
    first = {"title": "Schrank", "intro": "Guten Tag,", "closing": "", "mode": "net", "discount_percent": "0",
             "valid_until": "2030-01-31", "site": "", "payment_terms": "", "internal_note": "",
             "seen_at": "", "do": "save"}  # fmt: skip
    return fields_of(rows, **(first | head))


def invoice_fields(*rows, **head):
    """A whole invoice draft as the browser posts it."""
    first = {"title": "Schrank", "intro": "", "mode": "net", "discount_percent": "0", "service_from": "2026-11-20",
             "service_until": "", "payment_days": "14", "buyer_reference": "", "is_property_work": "on", "send_to": "",
             "do": "save"}  # fmt: skip
    return fields_of(rows, **(first | head))
