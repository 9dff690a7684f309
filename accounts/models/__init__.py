from accounts.models.business import Business, SmallBusinessPeriod
from accounts.models.member import Invitation, Member
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = ["ApiToken", "Business", "Invitation", "Member", "SmallBusinessPeriod", "User"]
