"""To whom a document goes: the person at the contact it is for, proposed and never more than that. What somebody types
instead goes there once and changes no master data.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import ContactPerson, Customer


def known(customer: Customer) -> list[tuple[str, str]]:
    """(address, name) of the contact and of everybody there, each address once."""
    people = [(customer.email, customer.person_name or customer.name)]
    people += [(person.email, person.name) for person in customer.contact_persons.all()]
    found: dict[str, tuple[str, str]] = {}
    for address, name in people:
        if address:
            found.setdefault(address.lower(), (address, name))
    return list(found.values())


def for_quotes(customer: Customer) -> list[str]:
    """The addresses quotes are proposed for: those of the persons who get them, else the contact's own, else anybody's."""
    return _persons(customer, "gets_quotes") or [address for address, _name in known(customer)[:1]]


def for_invoices(customer: Customer) -> str:
    """The address invoices are proposed for: of the person who gets them, else the contact's own; empty without any."""
    return next(iter(_persons(customer, "gets_invoices")), customer.email)


def greeting(customer: Customer, to: str) -> str:
    """How a mail to that address begins, in the customer's language: a person there is greeted by his own name, anybody else
    as the contact is.
    """
    with override(customer.language):
        if to.lower() != customer.email.lower() and (name := name_of(customer, to)):
            return _("Guten Tag %(name)s") % {"name": name}
        return str(customer.greeting)


def name_of(customer: Customer, to: str) -> str:
    """Whose address that is; empty for an unknown one."""
    return next((name for address, name in known(customer) if address.lower() == to.lower()), "")


def _persons(customer, gets):
    persons: list[ContactPerson] = [each for each in customer.contact_persons.all() if each.email]
    return list(dict.fromkeys(person.email for person in persons if getattr(person, gets)))
