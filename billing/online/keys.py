"""What can be done with a business's account at a provider: enter its keys, try them, switch it on and off."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, current
from accounts.models import Member
from accounts.refusals import Refusal
from accounts.rights import Role
from billing.models import OnlinePayment, PaymentAccount
from billing.models import Provider as Name
from billing.online import interface, secrets
from billing.online.paypal import PayPal
from billing.online.stripe import Stripe
from crm import mail

ADAPTERS: dict[str, type[interface.Provider]] = {Name.STRIPE: Stripe, Name.PAYPAL: PayPal}
BEGINNINGS = {"secret_key": ("sk_", "rk_"), "webhook_secret": ("whsec_",)}
LONGEST = 300


def adapter_of(account: PaymentAccount) -> interface.Provider:
    """The provider, opened with the business's keys. Raises WrongKeys without any that can be read."""
    try:
        keys = secrets.opened(account.credentials, owner=_owner(account.provider))
    except ValueError as error:
        raise interface.WrongKeys(str(error)) from error
    return ADAPTERS[account.provider](keys, api=settings.ONLINE_PAYMENT[account.provider]["api"])


def account_of(provider: str) -> PaymentAccount | None:
    """The current business's account, with keys in it."""
    return PaymentAccount.objects.filter(provider=provider).exclude(credentials="").first()


@transaction.atomic
def keep(provider: str, typed: dict[str, str], *, by: Member) -> PaymentAccount:
    """Store the keys of an account, encrypted; a field left empty keeps what was stored. Switched off until tried.

    Raises Refusal for a key that is missing or is obviously another one.
    """
    account, _new = PaymentAccount.objects.select_for_update().get_or_create(provider=provider)
    kind = ADAPTERS[provider]
    known = _readable(account)
    keys = {name: typed.get(name, "").strip() or known.get(name, "") for name in (*kind.NEEDED, *kind.FURTHER)}
    for name in kind.NEEDED:
        if not keys[name]:
            raise Refusal(_("Bitte geben Sie diesen Schlüssel ein. Sie finden ihn bei Ihrem Anbieter."), field=name)
    for name, value in keys.items():
        if len(value) > LONGEST or not value.isascii() or any(sign.isspace() for sign in value):
            raise Refusal(_("Bitte kopieren Sie den Schlüssel noch einmal, ganz und ohne Leerzeichen."), field=name)
        if value and not value.startswith(BEGINNINGS.get(name, "")):
            beginning = BEGINNINGS[name][0]
            raise Refusal(
                _("Das ist ein anderer Schlüssel. Dieser beginnt mit „%(beginning)s“.") % {"beginning": beginning},
                field=name,
            )
    if keys == known:
        return account
    is_same_account = all(keys[name] == known.get(name) for name in kind.NEEDED)
    account.credentials = secrets.close(keys, owner=_owner(provider))
    if not is_same_account:
        account.is_on, account.checked_at = False, None
    account.save()
    _tell(account, by=by, after=_("neue Schlüssel"))
    return account


def check(account: PaymentAccount) -> PaymentAccount:
    """Ask the provider whether it takes the keys. Raises Refusal with what to do when it does not."""
    try:
        adapter_of(account).check()
    except interface.Unreachable:
        raise Refusal(
            _("%(provider)s antwortet gerade nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.")
            % {"provider": account}
        ) from None
    except interface.Declined:
        PaymentAccount.objects.filter(pk=account.pk).update(checked_at=None, is_on=False)
        raise Refusal(
            _("%(provider)s nimmt diese Schlüssel nicht an. Bitte kopieren Sie sie noch einmal und speichern Sie sie.")
            % {"provider": account}
        ) from None
    PaymentAccount.objects.filter(pk=account.pk).update(checked_at=timezone.now())
    account.refresh_from_db()
    return account


@transaction.atomic
def switch(account: PaymentAccount, *, is_on: bool, by: Member) -> PaymentAccount:
    """Let customers pay with it, or no longer. What was begun is still brought to its end.

    Raises Refusal for keys that were not tried, and for keys that move no real money where customers are real.
    """
    account = PaymentAccount.objects.select_for_update().get(pk=account.pk)
    if account.is_on == is_on:
        return account
    if is_on and account.checked_at is None:
        raise Refusal(_("Bitte prüfen Sie zuerst die Schlüssel."))
    if is_on and settings.PRODUCTION and adapter_of(account).is_test:
        raise Refusal(_("Das sind Schlüssel zum Probieren: Damit kommt kein Geld an. Bitte geben Sie die echten ein."))
    account.is_on = is_on
    account.save(update_fields=["is_on"])
    _tell(account, by=by, after=_("eingeschaltet") if is_on else _("ausgeschaltet"))
    return account


@transaction.atomic
def forget(account: PaymentAccount, *, by: Member) -> None:
    """Throw the keys away. Raises Refusal while a payment is running: nobody could be asked what became of it."""
    account = PaymentAccount.objects.select_for_update().get(pk=account.pk)
    if OnlinePayment.objects.filter(provider=account.provider, state=OnlinePayment.State.OPEN).exists():
        raise Refusal(
            _("Gerade läuft noch eine Zahlung. Schalten Sie zuerst aus und entfernen Sie die Schlüssel morgen.")
        )
    account.credentials, account.is_on, account.checked_at = "", False, None
    account.save()
    _tell(account, by=by, after=_("Schlüssel entfernt"))


def is_test(account: PaymentAccount) -> bool:
    """Whether the stored keys move no real money."""
    try:
        return adapter_of(account).is_test
    except interface.WrongKeys:
        return False


def has_messages(account: PaymentAccount) -> bool:
    """Whether the provider's messages can be verified, because their key was entered."""
    known = _readable(account)
    return all(known.get(name) for name in ADAPTERS[account.provider].FURTHER)


def _readable(account):
    try:
        return secrets.opened(account.credentials, owner=_owner(account.provider)) if account.credentials else {}
    except ValueError:
        return {}


def _owner(provider):
    return f"{current.business().pk}:{provider}"


def _tell(account, *, by, after):
    """Where money goes is where fraud begins (R125): an entry in the log, and a mail to all owners."""
    business = current.business()
    audit.record(business, audit.Event.PAYMENTS_CHANGED, by=by, name=str(account), after=after)
    owners = business.members.filter(role=Role.OWNER, is_active=True).select_related("user")
    for owner in owners:
        mail.queue(
            "billing/mail/online_account_changed",
            to=owner.user.email,
            language=owner.user.language,
            account=str(account),
            who=by,
            change=after,
            business=business,
        )
