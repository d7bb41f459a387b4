// The nearest places in three groups, for mouse, keyboard and screen reader. All data is set as text, never as markup;
// links are only followed when somebody follows them.
const KEYS = 9;
const SAFE = /^(https?:|tel:|geo:|mailto:)/i;

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

function linkTo({ href, text }) {
  const link = made("a", "", text);
  if (!SAFE.test(href)) return link;
  link.href = href;
  link.rel = "noopener noreferrer";
  if (/^http/i.test(href)) link.target = "_blank";
  return link;
}

// What most people do not need, behind its name; `key` tells it from that of another place.
function fold(key, title, ...inside) {
  const box = made("details", "fold");
  box.dataset.key = key;
  box.append(made("summary", "", title), ...inside);
  return box;
}

function listOf(className, members) {
  const list = made("ul", className);
  for (const member of members) {
    const item = made("li");
    item.append(...member);
    list.append(item);
  }
  return list;
}

function storiesOf(id, { title, members }) {
  const told = members.map((story) => [linkTo(story), made("span", "line", story.line), made("span", "note", story.note)]);
  return fold(`stories ${id}`, title, listOf("stories", told));
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without permission or a secure address: the way of before there was a clipboard to write to.
    field.select();
    return document.execCommand("copy");
  }
}

function correctionOf(id, { words, text, links }, texts) {
  const label = made("label", "", words.text), field = made("textarea"), button = made("button", "copy", words.copy);
  const status = made("p", "note");
  Object.assign(field, { value: text, readOnly: true, spellcheck: false, rows: 6 });
  label.append(field);
  button.type = "button";
  status.setAttribute("role", "status");
  button.onclick = async () => { status.textContent = (await copied(field)) ? texts.done : texts.failed; };
  const ways = listOf("links", links.map((link) => [linkTo(link)]));
  return fold(`correction ${id}`, words.title, label, button, status, made("p", "note", words.meaning), ways);
}

function cardOf(id, card, texts) {
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
  box.append(listOf("links", card.links.map((link) => [linkTo(link)])));
  if (card.stories) box.append(storiesOf(id, card.stories));
  if (card.correction) box.append(correctionOf(id, card.correction, texts));
  return box;
}

function entryOf(place, number, data, pick) {
  const item = made("li");
  const button = made("button", "entry");
  const body = made("span", "body");
  body.append(made("span", "name", place.name));
  if (place.mark) body.append(made("span", "mark", place.mark));
  body.append(made("span", "where", place.where));
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
  if (place.card) item.append(cardOf(place.id, place.card, data.texts));
  return item;
}

function groupOf(group, before, data, tell) {
  const box = made(group.closed ? "details" : "section", `group ${group.key}`);
  box.dataset.key = group.key;
  const heading = made("h3", "", group.heading);
  if (group.closed) {
    const summary = made("summary");
    summary.append(heading);
    box.append(summary);
  } else if (group.heading) box.append(heading);
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
  const opened = new Set([...groups.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  let before = 0;
  groups.replaceChildren(...data.groups.map((group) => {
    const box = groupOf(group, before, data, setTriggerValue);
    before += group.entries.length;
    return box;
  }));
  for (const box of groups.querySelectorAll("details")) box.open = opened.has(box.dataset.key);
  drawKeys(parentElement.querySelector(".keys"), state, data.texts, before > 0);
  if (focused) {
    const again = [...groups.querySelectorAll("button")].find((button) => button.dataset.place === focused);
    if (again) again.focus({ preventScroll: true });
  }
  // Who follows a link to a place sees that place.
  const linked = !state.drawn && groups.querySelector('[aria-expanded="true"]');
  state.drawn = true;
  if (linked) linked.scrollIntoView({ block: "center" });
  listen(state, groups);
  return () => document.removeEventListener("keydown", state.onKey);
}
