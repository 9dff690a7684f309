from accounts.models.audit import AuditEntry
from accounts.models.business import Business, SmallBusinessPeriod
from accounts.models.idempotency import IdempotencyKey
from accounts.models.member import Invitation, Member
from accounts.models.terms import TermsVersion
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Business",
    "IdempotencyKey",
    "Invitation",
    "Member",
    "SmallBusinessPeriod",
    "TermsVersion",
    "User",
]
