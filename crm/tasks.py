"""Celery's side: wake up rows. Every task may run twice or not at all without harm."""

from celery import shared_task

from crm import access, attachments, due, duplicate_searches, imports, mail, search_words
from crm.vat_id_checks import put_by_id


@shared_task
def deliver(mail_id):
    """Send one mail."""
    mail.deliver(mail_id)


@shared_task
def sweep_outbox():
    """Send what should have left and did not."""
    for mail_id in mail.sweep():
        mail.deliver(mail_id)


@shared_task
def work_due():
    """Do what is due, and what a lost wake-up left lying: previews and imports."""
    for action_id in due.due_ids():
        due.work_off(action_id)
    for attachment_id in attachments.without_preview():
        attachments.make_preview(attachment_id)
    for import_id in imports.started():
        imports.run(import_id)
    for search_id in duplicate_searches.waiting():
        duplicate_searches.run(search_id)


@shared_task
def search_duplicates(search_id):
    """Look through all contacts of a business for those that are there twice."""
    duplicate_searches.run(search_id)


@shared_task
def ask_vat_office(question_id):
    """Ask the tax office about a VAT ID."""
    put_by_id(question_id)


@shared_task
def make_preview(attachment_id):
    """Make the picture of a photo that people are shown."""
    attachments.make_preview(attachment_id)


@shared_task
def run_import(import_id):
    """Try a table, take it over or take it back."""
    imports.run(import_id)


@shared_task
def note_fetched(link_id):
    """Write down that a link was opened for the first time."""
    access.note_fetched(link_id)


@shared_task
def refresh_search_words():
    """Forget the words of contacts that are gone, learn those that came in past the verbs."""
    search_words.refresh_all()
