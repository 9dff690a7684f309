"""What holds for every template and stylesheet, and what the shared pieces do."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.utils import translation

from accounts.rights import Rights
from accounts.templatetags import handschlag

TEMPLATES = settings.BASE_DIR / "templates"
CSS = settings.BASE_DIR / "static" / "css"
# Mails and printed documents are no pages: mail programs need styles in the elements.
PAGES = sorted(
    path for path in TEMPLATES.rglob("*.html") if not {"email", "mail", "documents", "pdf"} & set(path.parent.parts)
)


def a_business(**changes):
    return SimpleNamespace(
        **{
            "name": "Tischlerei Haselbach", "legal_name": "Tischlerei Haselbach", "owner_name": "Jana Haselbach",
            "slug": "haselbach", "brand": "#24594a", "street": "Lohkamp 14", "postcode": "22397", "city": "Hamburg",
            "phone": "040 66969-120", "email": "werkstatt@haselbach.example",
            **changes,
        }
    )  # fmt: skip


def render(source, **context):
    return Template("{% load i18n handschlag %}" + source).render(Context(context))


# --- every template -----------------------------------------------------------------------------------------------------
def wrong(look) -> list[tuple[str, list]]:
    """(template, what `look` finds in its text) wherever it finds something."""
    found = [(str(path.relative_to(TEMPLATES)), look(path.read_text())) for path in PAGES]
    return [(name, each) for name, each in found if each]


def test_every_template_is_valid():
    broken = []
    for path in PAGES:
        try:
            get_template(str(path.relative_to(TEMPLATES)))
        except TemplateSyntaxError as error:
            broken.append((str(path.relative_to(TEMPLATES)), str(error)))
    assert broken == []
    assert len(PAGES) > 300


def test_no_page_has_inline_style_or_script():
    assert wrong(lambda text: re.findall(r"\sstyle=|<style|\son[a-z]+=\"", text)) == []
    script = r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>"
    assert wrong(lambda text: re.findall(script, text)) == []


def test_no_page_loads_anything_from_elsewhere():
    link = re.compile(r"<a\s[^>]*>")  # a link to follow loads nothing
    assert wrong(lambda text: re.findall(r"(?:src|href|action)=\"(?:https?:)?//", link.sub("", text))) == []


def test_every_icon_is_in_the_sprite():
    there = set(handschlag._symbols())

    def missing(text):
        named = re.findall(r"{% icon \"([^\"]+)\"", text) + re.findall(r"{% nav_item \"[^\"]+\" \"([^\"]+)\"", text)
        return sorted(set(named) - there)

    assert wrong(missing) == []


# --- stylesheets --------------------------------------------------------------------------------------------------------
def size(*names):
    return sum((CSS / f"{name}.css").stat().st_size for name in names)


ALWAYS = ("tokens", "base", "components")


@pytest.mark.parametrize(
    "extra", [(), ("offer",), ("decline",), ("acceptance",), ("invoice",), ("rating",), ("milestones",)]
)
def test_customer_pages_have_at_most_20_kB_of_css(extra):
    assert size(*ALWAYS, "portal", *extra) <= 20_000


@pytest.mark.parametrize(
    "extra",
    [
        ("lists",),
        ("editor", "editor_choices"),
        ("editor", "editor_files"),
        ("lists", "board"),
        ("lists", "capture"),
        ("lists", "milestones"),
        ("lists", "site"),
    ],
)
def test_office_pages_have_at_most_24_kB_of_css(extra):
    assert size(*ALWAYS, "office", *extra) <= 24_000


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_stylesheets_keep_to_the_rules(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert css.count("{") == css.count("}")
    if path.name != "base.css":
        assert "!important" not in css
    selectors = re.findall(r"([^{};]+)\{", css)
    assert [s for s in selectors if re.search(r"#[a-z]", s)] == []  # no id selectors
    assert [s for s in selectors if "&" in s] == []  # no nesting: older phones


# --- tags ---------------------------------------------------------------------------------------------------------------
def test_an_icon_comes_from_the_sprite_or_is_drawn_in_place():
    sprite = '<svg class="i" aria-hidden="true"><use href="/static/icons.svg#i-phone"/></svg>'
    assert render('{% icon "phone" %}') == sprite
    drawn = render('{% icon "phone" %}', inline_icons=True)
    assert drawn.startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="')
    assert "<use" not in drawn


def test_time_is_readable_for_people_and_machines():
    with translation.override("de"):
        assert render('{% time on "day" %}', on=date(2027, 1, 26)) == (
            '<time datetime="2027-01-26">26. Januar 2027</time>'
        )
        assert render('{% time at "clock" %}', at=datetime(2027, 1, 26, 7, 0, tzinfo=UTC)) == (
            '<time datetime="2027-01-26T08:00+01:00">8:00\u00a0Uhr</time>'
        )
    assert render("{% time nothing %}", nothing=None) == ""


@pytest.mark.parametrize(("value", "width"), [(41, "41.0"), (0, "0.0"), (None, "0.0"), (140, "100.0"), (-3, "0.0")])
def test_a_meter_stays_within_its_bounds(value, width):
    assert f'<rect width="{width}" height="6"/>' in render("{% meter value %}", value=value)


def test_a_meter_with_a_label_is_a_picture_and_without_one_is_decoration():
    assert 'role="img" aria-label="Deckungsbeitrag"' in render('{% meter 41 label="Deckungsbeitrag" %}')
    assert 'aria-hidden="true"' in render("{% meter 41 %}")


def nav_item(shown, source='{% nav_item "account_email" "mail" "E-Mail" count %}', **context):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name=shown))
    return render(source, request=request, **context)


def test_a_menu_item_is_current_on_all_pages_of_its_section():
    assert 'aria-current="page"' in nav_item("account_email")
    assert 'aria-current="page"' in nav_item("account_change_password")
    assert 'aria-current="page"' not in nav_item("mfa_index")


def test_a_menu_item_says_what_its_count_means_and_hides_zero():
    assert '<span class="n">3<span class="vh"> offen</span></span>' in nav_item("x", count=3)
    assert 'class="n"' not in nav_item("x", count=0)


def test_a_menu_item_without_a_page_is_not_there():
    assert nav_item("x", source='{% nav_item "no_such_page" "mail" "E-Mail" %}').strip() == ""


# --- forms --------------------------------------------------------------------------------------------------------------
class AForm(forms.Form):
    name = forms.CharField(
        label="Ihr Name", help_text="wie auf dem Klingelschild", widget=forms.TextInput(attrs={"placeholder": "Name"}),
        error_messages={"required": "Bitte tragen Sie Ihren Namen ein."},
    )  # fmt: skip
    secret = forms.CharField(label="Passwort", required=False, widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="Einverstanden", error_messages={"required": "Bitte bestätigen."})
    reason = forms.ChoiceField(
        label="Grund", choices=[("a", "Zu teuer"), ("b", "Termin")], widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie."},
    )  # fmt: skip

    def clean(self):
        raise forms.ValidationError("Das passt nicht zusammen.")


def test_a_field_names_its_label_hint_and_error_to_the_control():
    field = render("{{ form.name.as_field_group }}", form=AForm({}))
    assert '<label for="id_name">Ihr Name</label>' in field
    assert '<div class="hint" id="id_name_helptext">wie auf dem Klingelschild</div>' in field
    assert '<div id="id_name_error"><p class="err">' in field
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in field


def test_a_field_can_be_said_in_other_words_and_loses_its_placeholder():
    field = render('{% field form.name label="Name" hint="" %}', form=AForm())
    assert '<label for="id_name">Name</label>' in field
    assert "helptext" not in field
    assert "placeholder" not in field


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    field = render("{{ form.reason.as_field_group }}", form=AForm())
    assert '<legend class="b">Grund</legend>' in field
    assert field.count('<label class="check"') == 2


def test_the_summary_repeats_each_error_word_for_word_and_links_to_its_control():
    summary = render_to_string("components/errors.html", {"form": AForm({})})
    assert re.findall(r'<li>(?:<a href="([^"]+)">)?([^<]+)', summary) == [
        ("", "Das passt nicht zusammen."),
        ("#id_name", "Bitte tragen Sie Ihren Namen ein."),
        ("#id_agreed", "Bitte bestätigen."),
        ("#id_reason_0", "Bitte wählen Sie."),
    ]
    assert 'tabindex="-1" autofocus' in summary


def test_without_errors_there_is_no_summary():
    assert render_to_string("components/errors.html", {"form": AForm()}).strip() == ""


# --- frames -------------------------------------------------------------------------------------------------------------
def test_a_customer_page_names_the_firm_and_offers_phone_and_withdrawal():
    page = render_to_string("portal/base.html", {"business": a_business(), "withdrawal_url": "/widerruf"})
    assert '<a class="btn ico" href="tel:+494066969120" aria-label="Anrufen: 040 66969-120">' in page
    assert '<a class="btn" href="/widerruf">Vertrag widerrufen</a>' in page
    assert "Tischlerei Haselbach · Inh. Jana Haselbach · Lohkamp 14 · 22397 Hamburg" in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "icons.svg" not in page  # drawn in place: the page before the postcode has six requests


@pytest.mark.parametrize("frame", ["portal/base.html", "office/base.html", "site.html"])
def test_after_an_error_the_title_says_so_first(frame):
    page = render_to_string(frame, {"business": a_business(), "form": AForm({})})
    assert re.search(r"<title>Fehler:\s", page)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("frame", ["portal/base.html", "office/base.html", "site.html"])
def test_the_first_thing_on_every_page_is_the_skip_link(frame, language):
    with translation.override(language):
        page = render_to_string(frame, {"business": a_business()})
    assert f'<html lang="{language}">' in page
    assert re.search(r"<body[^>]*>\s*(<a[^>]*>)", page)[1] == '<a class="skip" href="#inhalt">'
    assert '<main id="inhalt"' in page


@pytest.mark.parametrize("role", ["owner", "office", "field_worker", "tax_adviser", None])
def test_the_office_frame_stands_for_every_role(role):
    page = render_to_string("office/base.html", {"business": a_business(), "member": "Emre", "rights": Rights(role)})
    assert page.count("<main") == 1


# --- errors -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("400.html", "Das konnten wir nicht lesen."),
        ("403.html", "Das dürfen Sie hier nicht."),
        ("403_csrf.html", "Die Seite war zu lange offen. Ihre Eingaben sind noch da. Bitte noch einmal senden."),
        ("404.html", "Diese Seite gibt es nicht."),
        ("409.html", "RE-2026-0001 ist bereits offen."),
        ("410.html", "Das gibt es hier nicht mehr."),
        ("429.html", "Bitte warten Sie 15 Minuten"),
        ("500.html", "Es liegt an uns, nicht an Ihnen."),
    ],
)
def test_every_error_says_in_german_what_happened(template, sentence):
    page = render_to_string(template, {"message": "RE-2026-0001 ist bereits offen."})
    assert sentence in page
    assert page.count("<h1>") == 1


def test_a_customer_is_given_the_telephone_and_staff_the_way_back():
    business = a_business()
    assert 'href="tel:+494066969120"' in render_to_string("404.html", {"business": business})
    assert 'href="tel:+494066969120"' not in render_to_string("404.html", {"business": business, "member": "Emre"})
    assert "Zu „Heute“" in render_to_string("404.html", {"member": "Emre"})


def test_one_minute_is_one_minute():
    assert "Bitte warten Sie eine Minute" in render_to_string("429.html", {"minutes": 1})


def test_the_page_of_a_failure_needs_no_other_template():
    text = Path(TEMPLATES / "500.html").read_text()
    assert re.findall(r"{% (?!if|endif|comment|endcomment)", text) == []


# --- mails --------------------------------------------------------------------------------------------------------------
def mail(source, name, **context):
    template = Template("{% extends 'email/base." + name + "' %}" + source)
    return template.render(Context({"business": a_business(name="Meier & Söhne"), **context}))


def test_a_mail_begins_with_its_subject_and_is_not_escaped():
    text = mail("{% block subject %}Ihr Angebot{% endblock %}{% block content %}<gern>{% endblock %}", "txt")
    assert text.strip().splitlines()[0] == "Ihr Angebot"
    assert "Freundliche Grüße\nMeier & Söhne" in text
    assert "Telefon 040 66969-120\n" in text


def test_a_mail_of_a_registered_firm_names_its_register():
    business = a_business(register_number="HRB 12345", register_court="Hamburg")
    text = render_to_string("email/base.txt", {"business": business})
    assert "Hamburg HRB 12345, Geschäftsführung: Jana Haselbach" in text


def test_a_mail_loads_nothing_and_carries_its_styles():
    page = mail("", "html", subject_line="Ihr Angebot", unsubscribe_url="https://example.org/aus")
    assert re.findall(r"<(?:link|script|img|style)\b", page) == []
    assert "Meier &amp; Söhne" in page
    assert 'href="https://example.org/aus"' in page


@pytest.mark.parametrize(("colour", "ink"), [("#24594a", "#ffffff"), ("#ffd500", "#000000")])
def test_the_button_of_a_mail_is_readable_on_any_colour(colour, ink):
    button = render_to_string(
        "email/button.html", {"url": "https://example.org/a", "text": "Ansehen", "business": a_business(brand=colour)}
    )
    assert f"background:{colour}" in button
    assert f"color:{ink};text-decoration:none" in button


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/email/*_subject.txt")), ids=lambda path: path.stem)
def test_every_mail_about_the_own_access_is_german_and_whole(path):
    context = {
        "code": "ABCD-1234", "email": "jana@haselbach.example", "base_url": "https://handschlag.example",
        "timestamp": datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "ip": "192.0.2.1", "user_agent": "Firefox Windows",
    }  # fmt: skip
    name = str(path.relative_to(TEMPLATES))
    subject = render_to_string(name, context).strip()
    text = render_to_string(name.replace("_subject", "_message"), context).strip()
    assert subject
    assert "\n" not in subject
    assert text.startswith("Guten Tag,\n\n")
    assert text.endswith("Freundliche Grüße\nHandschlag\nhttps://handschlag.example")
    assert not {"Please", "Your", "your", "you", "Hello", "been"} & set(re.findall(r"\w+", f"{subject} {text}"))


# --- sign-in ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_sign_in_has_one_sentence_for_a_wrong_address_and_a_wrong_password(client):
    page = client.post("/konto/login/", {"login": "niemand@haselbach.example", "password": "falsch"}).content.decode()
    assert "E-Mail oder Passwort stimmt nicht." in page


@pytest.mark.django_db
def test_sign_in_lets_password_managers_and_passkeys_work(client):
    page = client.get("/konto/login/").content.decode()
    assert 'autocomplete="email"' in page or 'autocomplete="username' in page
    assert 'autocomplete="current-password"' in page
    assert 'id="passkey_login"' in page
    assert "onpaste" not in page
