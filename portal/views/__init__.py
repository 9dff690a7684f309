from portal.views.arrangement import (
    arrangement,
    arrangement_cancel,
    arrangement_file,
    arrangement_move,
    arrangement_refuse,
    arrangement_take,
)
from portal.views.center import (
    center,
    center_appointment,
    center_data,
    center_export,
    center_export_file,
    center_file,
    center_leave,
    center_open,
    center_picture,
    center_way,
)
from portal.views.center_door import center_door, center_public
from portal.views.check import accept, accepted, check
from portal.views.consents import center_consents, consent_confirm
from portal.views.contract import building_description, contract_pdf, information, instruction, terms
from portal.views.decline import decline, other_day
from portal.views.enter import enter, home, renew, seen
from portal.views.files import (
    cancellation_pdf,
    invoice_attachment,
    invoice_pdf,
    invoice_xml,
    order_pdf,
    picture,
    quote_pdf,
    shared_file,
)
from portal.views.gate import code, code_send, gate
from portal.views.invoice import invoice, invoice_code, receipt_pdf
from portal.views.messages import ask, general, message_file, messages_read
from portal.views.on_site import (
    acceptance_on_site,
    acceptance_on_site_check,
    acceptance_on_site_done,
    acceptance_on_site_total,
)
from portal.views.order import amendment, appointment, order, planned_day
from portal.views.pay import paid, pay, payment_message
from portal.views.public import accessibility, imprint, privacy
from portal.views.quote import quote, total
from portal.views.reminders import no_reminders, stop_reminders
from portal.views.requests import request_check, request_form, request_sent, work_request, work_requested
from portal.views.sign_off import sign_off, sign_off_pdf, sign_off_picture
from portal.views.versions import quote_changes, quote_version, quote_version_pdf
from portal.views.website import settings_website
from portal.views.wish import wish, wished
from portal.views.withdrawal import withdraw, withdraw_openly

__all__ = [
    "accept",
    "acceptance_on_site",
    "acceptance_on_site_check",
    "acceptance_on_site_done",
    "acceptance_on_site_total",
    "accepted",
    "accessibility",
    "amendment",
    "appointment",
    "arrangement",
    "arrangement_cancel",
    "arrangement_file",
    "arrangement_move",
    "arrangement_refuse",
    "arrangement_take",
    "ask",
    "building_description",
    "cancellation_pdf",
    "center",
    "center_appointment",
    "center_consents",
    "center_data",
    "center_door",
    "center_export",
    "center_export_file",
    "center_file",
    "center_leave",
    "center_open",
    "center_picture",
    "center_public",
    "center_way",
    "check",
    "code",
    "code_send",
    "consent_confirm",
    "contract_pdf",
    "decline",
    "enter",
    "gate",
    "general",
    "home",
    "imprint",
    "information",
    "instruction",
    "invoice",
    "invoice_attachment",
    "invoice_code",
    "invoice_pdf",
    "invoice_xml",
    "message_file",
    "messages_read",
    "no_reminders",
    "order",
    "order_pdf",
    "other_day",
    "paid",
    "pay",
    "payment_message",
    "picture",
    "planned_day",
    "privacy",
    "quote",
    "quote_changes",
    "quote_pdf",
    "quote_version",
    "quote_version_pdf",
    "receipt_pdf",
    "renew",
    "request_check",
    "request_form",
    "request_sent",
    "seen",
    "settings_website",
    "shared_file",
    "sign_off",
    "sign_off_pdf",
    "sign_off_picture",
    "stop_reminders",
    "terms",
    "total",
    "wish",
    "wished",
    "withdraw",
    "withdraw_openly",
    "work_request",
    "work_requested",
]
