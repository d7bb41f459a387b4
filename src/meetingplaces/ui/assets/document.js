// What Streamlit 1.67 says in English only, said in the language of the page: `lang` (streamlit#8399), the skip link,
// and the names that screen readers read (streamlit#1353).
const ENGLISH = {
  "App pages": "pages", "Sidebar": "menu", "Expand sidebar": "menu_open", "Collapse sidebar": "menu_close", "Open": "choices_open", "Close": "close",
};
const HELP = "Help for ";
// The dialog for an address that is no page.
const SENTENCES = { "Page not found": "no_page", "The page that you have requested does not seem to exist. Running the app's main page.": "no_page_told" };
let words = {};
let waiting = false;

function spokenFor(english) {
  if (english.startsWith(HELP)) return words.help.replace("{label}", english.slice(HELP.length));
  return words[ENGLISH[english]] ?? english;
}

// Streamlit 1.67 puts sections of the menu between a list and its items, which is then no list; the links are what counts.
function unlistSections() {
  for (const list of document.querySelectorAll('[data-testid="stSidebarNavItems"]:has(> div)')) {
    for (const part of [list, ...list.querySelectorAll("li")]) {
      if (part.getAttribute("role") !== "none") part.setAttribute("role", "none");
    }
  }
}

// React writes a name again only when it changes; what it wrote is kept beside ours.
function translate() {
  waiting = false;
  unlistSections();
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip && skip.textContent !== words.skip) skip.textContent = words.skip;
  for (const element of document.querySelectorAll('[role="dialog"] :is(h2, div, p):not(:has(*))')) {
    const told = words[SENTENCES[element.textContent]];
    if (told) element.textContent = told;
  }
  for (const element of document.querySelectorAll("[aria-label]")) {
    const now = element.getAttribute("aria-label");
    const english = now === element.spokenName ? element.englishName : now;
    const spoken = spokenFor(english);
    Object.assign(element, { englishName: english, spokenName: spoken });
    if (spoken !== now) element.setAttribute("aria-label", spoken);
  }
}

const observer = new MutationObserver(() => {
  if (!waiting) requestAnimationFrame(translate);
  waiting = true;
});

export default function ({ data }) {
  document.documentElement.lang = data.language;
  words = data.words;
  translate();
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
}
