from accounts.views.look import brand_css, business_logo
from accounts.views.profile import business_leave, profile
from accounts.views.settings import (
    logo_remove,
    settings,
    settings_bank,
    settings_customer_page,
    settings_documents,
    settings_follow_up,
    settings_log,
    settings_look,
    settings_tax,
    settings_terms_version,
)
from accounts.views.start import business_create, business_switch, invitation, invitation_accept
from accounts.views.team import (
    invitation_resend,
    invitation_withdraw,
    member_change_role,
    member_deactivate,
    member_invite,
    settings_team,
)
from accounts.views.tokens import settings_tokens, token_create, token_revoke

__all__ = [
    "brand_css",
    "business_create",
    "business_leave",
    "business_logo",
    "business_switch",
    "invitation",
    "invitation_accept",
    "invitation_resend",
    "invitation_withdraw",
    "logo_remove",
    "member_change_role",
    "member_deactivate",
    "member_invite",
    "profile",
    "settings",
    "settings_bank",
    "settings_customer_page",
    "settings_documents",
    "settings_follow_up",
    "settings_log",
    "settings_look",
    "settings_tax",
    "settings_team",
    "settings_terms_version",
    "settings_tokens",
    "token_create",
    "token_revoke",
]
