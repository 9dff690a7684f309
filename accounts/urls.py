"""Starting a business, its settings, one's own profile."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("betrieb/neu/", views.business_create, name="business_create"),
    path("betrieb/wechseln/", views.business_switch, name="business_switch"),
    path("betrieb/verlassen/", views.business_leave, name="business_leave"),
    path("einladung/", views.invitation_accept, name="invitation_accept"),
    path("einladung/<str:token>/", views.invitation, name="invitation"),
    path("profil/", views.profile, name="profile"),
    path("einstellungen/", views.settings, name="settings"),
    path("einstellungen/steuern/", views.settings_tax, name="settings_tax"),
    path("einstellungen/bank/", views.settings_bank, name="settings_bank"),
    path("einstellungen/aussehen/", views.settings_look, name="settings_look"),
    path("einstellungen/aussehen/logo/", views.logo_remove, name="logo_remove"),
    path("einstellungen/belege/", views.settings_documents, name="settings_documents"),
    path("einstellungen/belege/agb/<int:pk>/", views.settings_terms_version, name="settings_terms_version"),
    path("einstellungen/nachfassen/", views.settings_follow_up, name="settings_follow_up"),
    path("einstellungen/kundenseite/", views.settings_customer_page, name="settings_customer_page"),
    path("einstellungen/team/", views.settings_team, name="settings_team"),
    path("einstellungen/team/einladen/", views.member_invite, name="member_invite"),
    path("einstellungen/team/einladungen/<int:pk>/erneut/", views.invitation_resend, name="invitation_resend"),
    path(
        "einstellungen/team/einladungen/<int:pk>/zurueckziehen/", views.invitation_withdraw, name="invitation_withdraw"
    ),
    path("einstellungen/team/<int:pk>/rolle/", views.member_change_role, name="member_change_role"),
    path("einstellungen/team/<int:pk>/abmelden/", views.member_deactivate, name="member_deactivate"),
    path("einstellungen/api/", views.settings_tokens, name="settings_tokens"),
    path("einstellungen/api/anlegen/", views.token_create, name="token_create"),
    path("einstellungen/api/<int:pk>/sperren/", views.token_revoke, name="token_revoke"),
    path("einstellungen/protokoll/", views.settings_log, name="settings_log"),
]
