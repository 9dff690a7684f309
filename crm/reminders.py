"""Due handlers of contacts: what is mailed to members when its time has come."""

from crm import mail
from crm.models import Todo


def remind_of_todo(todo: Todo) -> None:
    """Due handler: mail the assignee, unless it is done by now."""
    if todo.done_at or todo.deleted_at or todo.assignee is None or not todo.assignee.is_active:
        return
    user = todo.assignee.user
    mail.queue("crm/mail/todo_reminder", to=user.email, about=todo, todo=todo, language=user.language or "de")
