"""Staff pages of contacts."""

from django.urls import path

from crm import views

app_name = "crm"

urlpatterns = [
    path("kontakte/", views.customer_list, name="customer_list"),
    path("kontakte/neu/", views.customer_create, name="customer_create"),
    path("kontakte/uebernehmen/", views.import_upload, name="import_upload"),
    path("kontakte/uebernehmen/<int:pk>/", views.import_preview, name="import_preview"),
    path("kontakte/uebernehmen/<int:pk>/pruefen/", views.import_check, name="import_check"),
    path("kontakte/uebernehmen/<int:pk>/starten/", views.import_run, name="import_run"),
    path("kontakte/kontakte.csv", views.export_csv, name="export_csv"),
    path("kontakte/kontakte.xlsx", views.export_xlsx, name="export_xlsx"),
    path("kontakte/<int:pk>/", views.customer_detail, name="customer_detail"),
    path("kontakte/<int:pk>/bearbeiten/", views.customer_edit, name="customer_edit"),
    path("kontakte/<int:pk>/archivieren/", views.customer_archive, name="customer_archive"),
    path("kontakte/<int:pk>/wiederherstellen/", views.customer_unarchive, name="customer_unarchive"),
    path("kontakte/<int:pk>/wiedervorlage/", views.customer_followed_up, name="customer_followed_up"),
    path("kontakte/<int:pk>/notizen/", views.note_add, name="note_add"),
    path("kontakte/<int:pk>/aufgaben/", views.todo_add, name="todo_add"),
    path("kontakte/<int:pk>/termine/", views.appointment_add, name="appointment_add"),
    path("notizen/<int:pk>/loeschen/", views.note_delete, name="note_delete"),
    path("notizen/<int:pk>/wiederherstellen/", views.note_restore, name="note_restore"),
    path("aufgaben/", views.todo_list, name="todo_list"),
    path("aufgaben/<int:pk>/erledigen/", views.todo_finish, name="todo_finish"),
    path("aufgaben/<int:pk>/oeffnen/", views.todo_reopen, name="todo_reopen"),
    path("termine/<int:pk>/absagen/", views.appointment_cancel, name="appointment_cancel"),
    path("termine/<int:pk>/wiederherstellen/", views.appointment_restore, name="appointment_restore"),
    path("dateien/<int:pk>/", views.attachment_download, name="attachment_download"),
    path("dateien/<int:pk>/bild/", views.attachment_preview, name="attachment_preview"),
    path("dateien/<int:pk>/freigeben/", views.attachment_share, name="attachment_share"),
    path("dateien/<int:pk>/loeschen/", views.attachment_delete, name="attachment_delete"),
    path("dateien/<int:pk>/wiederherstellen/", views.attachment_restore, name="attachment_restore"),
    path("fragen/<int:pk>/", views.message_answer, name="message_answer"),
    path("fragen/<int:pk>/erledigt/", views.message_read, name="message_read"),
    path("postausgang/", views.mail_list, name="mail_list"),
    path("postausgang/<int:pk>/noch-einmal/", views.mail_retry, name="mail_retry"),
    path("vor-ort/", views.on_site, name="on_site"),
    path("vor-ort/notiz/", views.site_note, name="site_note"),
    path("vor-ort/notiz/kontakt/", views.site_customer, name="site_customer"),
]
