"""A document's life: one function that takes a step or refuses."""

from django.utils.translation import gettext as _

from accounts.refusals import Refusal


class NotAllowed(Refusal):
    """The document is not in a state from which this step can be taken."""

    def __init__(self, document):
        super().__init__(
            _("%(document)s ist bereits: %(state)s. Bitte laden Sie die Seite neu.")
            % {"document": document, "state": document.get_state_display()}
        )
        self.document = document


def move(document, to, /, **changes):
    """Take one step of `STEPS` or raise NotAllowed. One UPDATE: of two who click at once, the second changes nothing."""
    model = type(document)
    come_from = [state for state, steps in model.STEPS.items() if to in steps]
    moved = model.objects.filter(pk=document.pk, state__in=come_from).update(state=to, **changes)
    document.refresh_from_db()
    if not moved:
        raise NotAllowed(document)
