from feedback.views.overview import overview, request_send

__all__ = ["overview", "request_send"]
