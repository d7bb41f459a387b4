// The list beside the map: the same places in the same order, for mouse, keyboard and screen reader.
// It reads the file that the map reads, so that only row numbers travel; all data is set as text.
const FIRST = 60;
const loads = new Map();

// The promise of a file is shared by all lists of this page; a failed one is asked for again.
function placesOf(url) {
  if (!loads.has(url)) {
    const load = fetch(new URL(url, document.baseURI)).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      return answer.json();
    });
    load.catch(() => loads.delete(url));
    loads.set(url, load);
  }
  return loads.get(url).then((content) => content.places);
}

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function symbol({ path, colour }, hollow) {
  const paint = hollow ? `fill="#fff" stroke="${colour}" stroke-width="3"` : `fill="${colour}" stroke="#fff" stroke-width="3" paint-order="stroke"`;
  const holder = made("span", "symbol");
  holder.innerHTML = `<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="${path}" ${paint} stroke-linejoin="round"/></svg>`;
  return holder;
}

function entry(place, row, data, pick) {
  const item = made("li");
  const button = made("button", "entry");
  const kind = data.kinds[place.category] || place.category;
  const where = place.address ? place.address : place.near_street ? data.texts.near.replace("{street}", place.near_street) : "";
  const body = made("span", "body");
  body.append(made("span", "name", place.name || kind));
  body.append(made("span", "where", [place.name ? kind : "", data.texts[`setting_${place.setting}`], where].filter(Boolean).join(" · ")));
  const told = data.texts[`flag_${place.access}`];
  if (told) body.append(made("span", "flag", told));
  button.append(symbol(data.symbols[place.setting], data.hollow.includes(place.access)), body);
  button.type = "button";
  button.setAttribute("aria-pressed", String(data.selected === row));
  button.dataset.place = place.place_id;
  button.onclick = () => pick(place.place_id);
  item.append(button);
  return item;
}

// The details stand above the list; whoever chose low in a long list must see that they came.
function reveal() {
  setTimeout(() => {
    const details = document.querySelector("section.details");
    if (details) details.scrollIntoView({ block: "nearest" });
  }, 150);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  const more = parentElement.querySelector(".more");
  const problem = parentElement.querySelector(".problem");
  const state = (parentElement.placeList ??= { shown: FIRST, rows: "" });
  const rows = JSON.stringify(data.rows);
  if (state.rows !== rows) state.shown = FIRST;
  state.rows = rows;
  list.setAttribute("aria-label", data.texts.label);
  let current = true;
  placesOf(data.url).then((places) => {
    if (!current) return;
    problem.hidden = true;
    const known = data.rows.filter((row) => places[row]);
    const chosen = known.indexOf(data.selected);
    const until = Math.max(state.shown, chosen + 1);
    const pick = (placeId) => {
      state.picked = placeId;
      setTriggerValue("picked", placeId);
    };
    const active = parentElement.activeElement || document.activeElement;
    const focused = active && active.dataset ? active.dataset.place : undefined;
    list.replaceChildren(...known.slice(0, until).map((row) => entry(places[row], row, data, pick)));
    list.dataset.count = String(known.length);
    if (focused) {
      const again = [...list.querySelectorAll("button")].find((button) => button.dataset.place === focused);
      if (again) again.focus({ preventScroll: true });
    }
    const pressed = list.querySelector('[aria-pressed="true"]');
    if (pressed && state.selected !== data.selected) {
      const box = list.getBoundingClientRect(), at = pressed.getBoundingClientRect();
      if (at.top < box.top || at.bottom > box.bottom) list.scrollTop += at.top - box.top - box.height / 3;
    }
    if (state.selected !== data.selected && places[data.selected] && places[data.selected].place_id === state.picked) reveal();
    state.selected = data.selected;
    more.hidden = until >= known.length;
    more.textContent = data.texts.more.replace("{count}", known.length);
    more.onclick = () => {
      state.shown = known.length;
      list.append(...known.slice(until).map((row) => entry(places[row], row, data, pick)));
      more.hidden = true;
      const next = list.querySelectorAll("button")[until];
      if (next) next.focus();
    };
  }).catch((error) => {
    console.error(error);
    problem.hidden = false;
    problem.textContent = data.texts.load_failed;
  });
  return () => { current = false; };
}
