from crm.models.access_code import AccessCode
from crm.models.access_link import AccessLink
from crm.models.appointment import Appointment
from crm.models.appointment_rules import AppointmentRules, DayOff
from crm.models.arrangement import Arrangement, ProposedTime
from crm.models.attachment import Attachment
from crm.models.calendar_feed import CalendarFeed
from crm.models.comment import Comment
from crm.models.consent import Consent, Suppression
from crm.models.contact_merge import ContactMerge
from crm.models.contact_proposal import ContactProposal
from crm.models.customer import ContactPerson, Customer, Site
from crm.models.data_export import DataExport
from crm.models.due import DueAction
from crm.models.duplicate import DuplicatePair, DuplicateSearch
from crm.models.mail import Mail, MailAttachment
from crm.models.message import Message
from crm.models.note import Note, NoteVersion
from crm.models.number_range import NumberRange
from crm.models.pin import Pin
from crm.models.privacy import PrivacyRequest, Restriction
from crm.models.search_word import SearchWord
from crm.models.segment import Segment
from crm.models.table_import import ImportedRow, TableImport
from crm.models.tag import CustomerTag, EntryTag, Tag
from crm.models.timeline import TimelineEntry
from crm.models.todo import Todo
from crm.models.vat_id_check import VatIdCheck, VatIdQuestion
from crm.models.work_request import WorkRequest, WorkRequestPhoto

__all__ = [
    "AccessCode",
    "AccessLink",
    "Appointment",
    "AppointmentRules",
    "Arrangement",
    "Attachment",
    "CalendarFeed",
    "Comment",
    "Consent",
    "ContactMerge",
    "ContactPerson",
    "ContactProposal",
    "Customer",
    "CustomerTag",
    "DataExport",
    "DayOff",
    "DueAction",
    "DuplicatePair",
    "DuplicateSearch",
    "EntryTag",
    "ImportedRow",
    "Mail",
    "MailAttachment",
    "Message",
    "Note",
    "NoteVersion",
    "NumberRange",
    "Pin",
    "PrivacyRequest",
    "ProposedTime",
    "Restriction",
    "SearchWord",
    "Segment",
    "Site",
    "Suppression",
    "TableImport",
    "Tag",
    "TimelineEntry",
    "Todo",
    "VatIdCheck",
    "VatIdQuestion",
    "WorkRequest",
    "WorkRequestPhoto",
]
