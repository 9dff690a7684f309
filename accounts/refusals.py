"""A refused step: the caller gets 409 and a sentence that says what to do next."""


class Refusal(Exception):
    """Raised by verbs. The message is shown to people, so it is whole, translated and names the next step.

    `field` names the input at fault, where there is one.
    """

    status = 409

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.message = str(message)
        self.field = field
