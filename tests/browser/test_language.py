import pytest
from map_view import KAMPEN, LINK, PHONE, TOWN_CENTRE
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("locale", "taal", "language"),
    [("nl-NL", "", "nl"), ("en-GB", "", "en"), ("de-DE", "", "nl"), ("nl-NL", "&taal=en", "en"),
     ("en-GB", "&taal=nl", "nl")],
)  # fmt: skip
def test_the_page_and_its_map_speak_the_language_asked_for(visit, locale, taal, language):
    view = visit(LINK + taal, locale=locale)
    expect(view.page.locator("html")).to_have_attribute("lang", language)
    expect(view.map.locator("html")).to_have_attribute("lang", language)
    word = {"nl": "plekken in", "en": "places in"}[language]
    expect(view.heading).to_contain_text(word)


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [("nl-NL,nl;q=0.9", "", "nl"), ("en-US,en;q=0.9", "", "en"), ("fr-FR", "", "nl"), ("nl", "?taal=en", "en"),
     ("en", "?taal=nl", "nl"), ("en", "?taal=<script>", "en"), ("nl", "?buurt=x&taal=en", "en")],
)  # fmt: skip
def test_the_first_document_states_its_language(server, accepted, query, language):
    assert f'<html lang="{language}"' in server.get(f"/{query}", Accept_Language=accepted).text


@pytest.mark.parametrize("page", ["/", "/dichtbij", "/bronnen"])
def test_a_packed_document_states_its_language_too(server, page):
    answer = server.get(page, Accept_Language="nl-NL", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert '<html lang="nl"' in answer.text


def test_switching_the_language_changes_everything_and_goes_into_the_link(visit):
    view = visit(LINK)
    view.page.get_by_role("radio", name="English").click()
    expect(view.heading).to_contain_text("places in Binnenstad Kampen")
    view.drawn()
    expect(view.page.locator("html")).to_have_attribute("lang", "en")
    expect(view.map.locator("html")).to_have_attribute("lang", "en")
    expect(view.page.get_by_role("button", name="About the data")).to_be_visible()
    view.expect_query(gemeente=KAMPEN, buurt=TOWN_CENTRE, taal="en")


def test_the_language_is_kept_on_the_other_page(visit):
    view = visit(f"{LINK}&taal=en")
    view.page.get_by_role("button", name="About the data").click()
    view.page.get_by_role("menuitem", name="Sources").click()
    expect(view.page.get_by_role("heading", name="Sources", level=1)).to_be_visible()
    expect(view.page.locator("html")).to_have_attribute("lang", "en")


def test_names_of_kinds_are_in_the_chosen_language(visit):
    assert "Gebedshuis" in " ".join(visit(LINK).entries.all_inner_texts())
    english = " ".join(visit(f"{LINK}&taal=en").entries.all_inner_texts())
    assert "Gebedshuis" not in english
    assert "indoor" in english


@pytest.mark.parametrize(("language", "names"), [("nl", ["Inzoomen", "Uitzoomen"]), ("en", ["Zoom in", "Zoom out"])])
def test_the_controls_of_the_map_have_names_in_the_chosen_language(visit, language, names):
    view = visit(f"{LINK}&taal={language}")
    for name in names:
        expect(view.map.get_by_role("button", name=name, exact=True)).to_be_visible()
    region = {"nl": "Kaart met de plekken", "en": "Map of the places"}[language]
    expect(view.map.get_by_role("region", name=region)).to_be_visible()
    view.entries.first.click()
    expect(view.map.get_by_role("button", name={"nl": "Sluiten", "en": "Close"}[language], exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("taal", "skip", "pages", "help_for"),
    [("nl", "Naar de inhoud", "Pagina's", "Uitleg bij"), ("en", "Skip to main content", "Pages", "Help for")],
)
def test_the_words_of_streamlit_itself_are_in_the_chosen_language(visit, taal, skip, pages, help_for):
    view = visit(f"{LINK}&taal={taal}")
    expect(view.page.get_by_role("link", name=skip)).to_have_count(1)
    expect(view.page.get_by_role("navigation", name=pages)).to_have_count(1)
    view.open_more_filters()
    expect(view.page.get_by_role("button", name=help_for)).to_have_count(2)
    view.page.get_by_role("radio", name="English" if taal == "nl" else "Nederlands").click()
    expect(view.page.get_by_role("link", name=skip)).to_have_count(0)


def test_the_menu_on_a_phone_is_named_in_dutch_and_works(visit):
    view = visit(LINK, size=PHONE)
    view.page.get_by_role("button", name="Menu openen").click()
    expect(view.page.get_by_role("button", name="Menu sluiten")).to_be_visible()
    view.page.get_by_role("link", name="Bronnen").click()
    expect(view.page.get_by_role("heading", name="Bronnen", level=1)).to_be_visible()
