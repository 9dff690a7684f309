"""What somebody wrote in a mail, told from what he answered to."""

import pytest

from crm import reply_text

QUOTED = "\n> Guten Tag\n>\n> ja, gern.\n"


@pytest.mark.parametrize(
    "introduction",
    [
        "Am 21.11.2026 um 17:05 schrieb Tischlerei Haselbach:",
        "Am Sa., 21. Nov. 2026 um 17:05 Uhr schrieb Tischlerei Haselbach <\npost@haselbach.example>:",
        "Am Samstag, dem 21.11.2026 um 17:05 +0100 schrieb\nTischlerei Haselbach:",
        "On Sat, Nov 21, 2026 at 5:05 PM Tischlerei Haselbach <post@haselbach.example> wrote:",
        "On 21/11/2026 17:05, Tischlerei Haselbach\nwrote:",
        "Tischlerei Haselbach <post@haselbach.example> schrieb am Sa., 21. Nov. 2026, 17:05:",
        "Tischlerei Haselbach <post@haselbach.example> hat am 21.11.2026 17:05 CET geschrieben:",
    ],
)
@pytest.mark.parametrize("quoted", [QUOTED, "\nGuten Tag\n\nja, gern.\n"])
def test_what_was_answered_to_goes_with_its_introduction(introduction, quoted):
    assert reply_text.new_words(f"Danke.\n\nSabine\n\n{introduction}\n{quoted}") == "Danke.\n\nSabine"


@pytest.mark.parametrize(
    "beginning",
    [
        "-----Ursprüngliche Nachricht-----\nVon: Haselbach",
        "--- Original Message ---\nirgendwas",
        "________________________________\nVon: Haselbach <p@h.example>\nGesendet: Samstag\nAn: Sabine\nBetreff: Antwort\n",
        "From: Haselbach\nSent: Saturday\nTo: Sabine\nSubject: Answer\n",
        "*Von:* Haselbach\n*Gesendet:* Samstag\n*An:* Sabine\n",
        "-- \nSabine Brandt\nRotdornweg 8",
    ],
)
def test_old_mails_and_signatures_end_the_text(beginning):
    assert reply_text.new_words(f"Danke.\r\n\r\n{beginning}\n\nGuten Tag") == "Danke."


@pytest.mark.parametrize(
    "last", ["Von meinem iPhone gesendet", "Gesendet von Outlook für Android", "Sent from my iPhone", "_______"]
)
def test_the_word_of_the_program_goes(last):
    assert reply_text.new_words(f"Danke.\n\n{last}\n") == "Danke."


def test_answers_between_the_lines_stay():
    text = "Am 21.11.2026 um 17:05 schrieb Haselbach:\n> Messing?\nJa.\n> Wann?\nDienstag.\n"
    assert reply_text.new_words(text) == "Ja.\nDienstag."


@pytest.mark.parametrize(
    "text",
    [
        "Am Montag schrieb ich Ihnen schon:\nbitte ohne Sockel.",
        "Am 12.11. schrieb ich:\nbitte ohne Sockel.",
        "Von: der Ecke bis zum Fenster sind es 2,10 m.",
        "Gesendet habe ich den Plan gestern.\nDanke",
        "Mit freundlichen Grüßen\nSabine",
        "Maße -- grob --\nfolgen.",
    ],
)
def test_words_that_only_look_like_it_stay(text):
    assert reply_text.new_words(text) == text


def test_where_nothing_would_be_left_all_is_kept():
    assert reply_text.new_words("> Bitte ruf an.") == "Bitte ruf an."
    assert reply_text.new_words(" \n\n") == ""


def test_html_becomes_words_and_nothing_else():
    html = (
        "<style>p{}</style><p>Erst <b>dies</b> &amp;\n das</p><ul><li>eins<li>zwei</ul><script>alert(1)</script>"
        "<table><tr><td>a<td>b</table><img src='https://track.example/x.gif'><blockquote>alt</blockquote>"
    )
    assert reply_text.from_html(html) == "Erst dies & das\n\neins\nzwei\na b\n> alt"


def test_what_is_endless_is_read_to_a_limit():
    assert len(reply_text.new_words("x" * 1_000_000)) == reply_text.MOST
    assert reply_text.from_html("<div>" * 100_000 + "a") == ""
