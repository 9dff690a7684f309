from feedback.views.answer import answer, opt_out, thanks, unsubscribe
from feedback.views.overview import overview, request_send

__all__ = ["answer", "opt_out", "overview", "request_send", "thanks", "unsubscribe"]
