from portal.views.enter import enter

__all__ = ["enter"]
