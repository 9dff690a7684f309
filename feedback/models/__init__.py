from feedback.models.request import FeedbackAnswer, FeedbackRequest

__all__ = ["FeedbackAnswer", "FeedbackRequest"]
