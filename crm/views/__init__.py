"""Pages of contacts; one name in every place: view, address, template and test."""

from crm.views.attachments import (
    attachment_delete,
    attachment_download,
    attachment_preview,
    attachment_restore,
    attachment_share,
)
from crm.views.center import center_close, center_invite
from crm.views.customers import (
    customer_archive,
    customer_create,
    customer_detail,
    customer_edit,
    customer_followed_up,
    customer_list,
    customer_unarchive,
)
from crm.views.imports import export_csv, export_xlsx, import_check, import_preview, import_run, import_upload
from crm.views.messages import mail_list, mail_retry, message_answer, message_list, message_read
from crm.views.notes import (
    appointment_add,
    appointment_cancel,
    appointment_restore,
    note_add,
    note_delete,
    note_restore,
    todo_about,
    todo_add,
    todo_finish,
    todo_list,
    todo_reopen,
)
from crm.views.on_site import on_site, site_customer, site_note
from crm.views.proposals import proposal_decide
from crm.views.vat_ids import vat_id_check
from crm.views.work_requests import (
    work_request_answer,
    work_request_assign,
    work_request_contact,
    work_request_detail,
    work_request_dismiss,
    work_request_list,
    work_request_photo,
    work_request_reopen,
)

__all__ = [
    "appointment_add",
    "appointment_cancel",
    "appointment_restore",
    "attachment_delete",
    "attachment_download",
    "attachment_preview",
    "attachment_restore",
    "attachment_share",
    "center_close",
    "center_invite",
    "customer_archive",
    "customer_create",
    "customer_detail",
    "customer_edit",
    "customer_followed_up",
    "customer_list",
    "customer_unarchive",
    "export_csv",
    "export_xlsx",
    "import_check",
    "import_preview",
    "import_run",
    "import_upload",
    "mail_list",
    "mail_retry",
    "message_answer",
    "message_list",
    "message_read",
    "note_add",
    "note_delete",
    "note_restore",
    "on_site",
    "proposal_decide",
    "site_customer",
    "site_note",
    "todo_about",
    "todo_add",
    "todo_finish",
    "todo_list",
    "todo_reopen",
    "vat_id_check",
    "work_request_answer",
    "work_request_assign",
    "work_request_contact",
    "work_request_detail",
    "work_request_dismiss",
    "work_request_list",
    "work_request_photo",
    "work_request_reopen",
]
