// The nearest places in three groups, for mouse, keyboard and screen reader. All data is set as text, never as markup;
// links are only followed when somebody follows them.
const KEYS = 9;
const SAFE = /^(https?:|tel:|geo:)/i;

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

function cardOf(card, texts) {
  const box = made("div", "card");
  const facts = made("dl");
  for (const [label, text] of card.facts) facts.append(made("dt", "", label), made("dd", "", text));
  box.append(facts);
  if (card.week.length) {
    box.append(made("h4", "", texts.week));
    const week = made("dl", "week");
    for (const [day, hours] of card.week) week.append(made("dt", "", day), made("dd", "", hours));
    box.append(week);
  }
  const links = made("ul", "links");
  for (const { href, text } of card.links) {
    if (!SAFE.test(href)) continue;
    const link = made("a", "", text);
    link.href = href;
    link.rel = "noopener noreferrer";
    if (/^http/i.test(href)) link.target = "_blank";
    const item = made("li");
    item.append(link);
    links.append(item);
  }
  box.append(links);
  return box;
}

function entryOf(place, number, data, pick) {
  const item = made("li");
  const button = made("button", "entry");
  const body = made("span", "body");
  body.append(made("span", "name", place.name), made("span", "where", place.where));
  for (const [name, text] of [["way", place.way], ["hours", place.hours], ["doubt", place.doubt]]) {
    if (text) body.append(made("span", name, text));
  }
  const sign = made("span", "sign");
  sign.append(symbol(data.symbols[place.setting], place.hollow));
  if (number <= KEYS) sign.append(made("span", "number", String(number)));
  button.append(sign, body);
  button.type = "button";
  button.dataset.place = place.id;
  button.setAttribute("aria-expanded", String(Boolean(place.card)));
  if (number <= KEYS) button.dataset.number = number;
  button.onclick = () => pick(place.id);
  item.append(button);
  if (place.card) item.append(cardOf(place.card, data.texts));
  return item;
}

function groupOf(group, before, data, tell) {
  const box = made(group.closed ? "details" : "section", `group ${group.key}`);
  const heading = made("h3", "", group.heading);
  if (group.closed) {
    const summary = made("summary");
    summary.append(heading);
    box.append(summary);
  } else box.append(heading);
  if (group.note) box.append(made("p", "note", group.note));
  const list = made("ol");
  list.dataset.count = group.count;
  group.entries.forEach((place, at) => list.append(entryOf(place, before + at + 1, data, (id) => tell("picked", id))));
  box.append(list);
  const left = group.count - group.entries.length;
  if (left > 0) {
    const more = made("button", "more", data.texts.more.replace("{count}", left));
    more.type = "button";
    more.dataset.place = `more-${group.key}`;
    more.onclick = () => tell("more", group.key);
    box.append(more);
  }
  return box;
}

// Keys 1 to 9 go to the nearest places, from anywhere but a field to type in, and can be switched off (WCAG 2.1.4).
function listen(state, holder) {
  state.onKey = (event) => {
    if (!state.keysOn || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.composedPath()[0];
    if (at.matches && at.matches("input, textarea, select, [contenteditable]")) return;
    const button = /^[1-9]$/.test(event.key) && holder.querySelector(`button[data-number="${event.key}"]`);
    if (!button) return;
    const closed = button.closest("details:not([open])");
    if (closed) closed.open = true;
    button.focus();
    button.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  };
  document.addEventListener("keydown", state.onKey);
}

function drawKeys(holder, state, texts, any) {
  const button = made("button", "switch", texts.keys);
  button.type = "button";
  button.setAttribute("aria-pressed", String(state.keysOn));
  button.onclick = () => {
    state.keysOn = !state.keysOn;
    button.setAttribute("aria-pressed", String(state.keysOn));
  };
  holder.replaceChildren(button);
  holder.hidden = !any;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const groups = parentElement.querySelector(".groups");
  const state = (parentElement.nearList ??= { keysOn: true });
  const active = parentElement.activeElement || document.activeElement;
  const focused = active && active.dataset ? active.dataset.place : undefined;
  const opened = new Set([...groups.querySelectorAll("details[open]")].map((one) => one.className));
  let before = 0;
  groups.replaceChildren(...data.groups.map((group) => {
    const box = groupOf(group, before, data, setTriggerValue);
    if (opened.has(box.className)) box.open = true;
    before += group.entries.length;
    return box;
  }));
  drawKeys(parentElement.querySelector(".keys"), state, data.texts, before > 0);
  if (focused) {
    const again = [...groups.querySelectorAll("button")].find((button) => button.dataset.place === focused);
    if (again) again.focus({ preventScroll: true });
  }
  listen(state, groups);
  return () => document.removeEventListener("keydown", state.onKey);
}
