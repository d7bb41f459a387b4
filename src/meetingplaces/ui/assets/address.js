// A field that suggests addresses while she types: a combobox with a list from which she chooses (WAI-ARIA APG). What she
// types goes to our own server only. Nothing is kept here, and suggestions are set as text, never as markup.
const PAUSE_MS = 300, LEAST = 3;
const SLOW_MS = 700, LATE_MS = 8000;

function part(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

class AddressField {
  constructor(root) {
    [this.label, this.input, this.list, this.status, this.hint] =
      ["label", "input", "ul", "[role=status]", "#hint"].map((selector) => root.querySelector(selector));
    // Numbers go on where an earlier field of this visit stopped, so that its answers are not taken for ours.
    this.number = Date.now();
    this.answered = 0;
    this.entries = [];
    this.active = -1;
    this.input.oninput = () => this.typed();
    this.input.onkeydown = (event) => this.pressed(event);
    this.input.onblur = () => this.close();
    this.list.onmousedown = (event) => event.preventDefault();
    this.list.onclick = (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(Number(option.dataset.index));
    };
  }

  update(data, send) {
    this.send = send;
    this.texts = data.texts;
    this.label.textContent = data.label;
    this.hint.textContent = data.texts.hint;
    if (this.chosen && !data.chosen) this.forget();
    this.chosen = data.chosen;
    const { answer } = data;
    if (answer && answer.number === this.number) this.take(answer);
  }

  // What the server says. The same answer comes again with every run of the page; the second time only its words count.
  take(answer) {
    this.tell(answer.told);
    if (this.answered === answer.number) return;
    this.answered = answer.number;
    this.entries = answer.entries;
    this.show();
  }

  typed() {
    this.close();
    this.entries = [];
    this.number += 1;
    this.tell("");
    if (this.input.value.trim().length >= LEAST) this.soon = setTimeout(() => this.ask("typed"), PAUSE_MS);
  }

  ask(event, text = this.input.value) {
    if (!this.input.isConnected) return;
    this.number += 1;
    this.tell("");
    this.slow = setTimeout(() => { this.status.textContent = this.texts.searching; }, SLOW_MS);
    this.late = setTimeout(() => { this.status.textContent = this.texts.down; }, LATE_MS);
    this.send(event, { text: text.trim(), number: this.number });
  }

  tell(text) {
    for (const timer of [this.soon, this.slow, this.late]) clearTimeout(timer);
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  show() {
    this.list.replaceChildren(...this.entries.map(({ label, kind }, index) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `option-${index}`;
      option.dataset.index = index;
      option.append(part("label", label), part("kind", kind));
      return option;
    }));
    const focused = this.input.getRootNode().activeElement === this.input;
    this.open(focused && this.entries.length > 0);
    this.move(-1);
    if (!this.list.hidden) this.list.scrollIntoView({ block: "nearest" });
  }

  open(opened) {
    this.list.hidden = !opened;
    this.input.setAttribute("aria-expanded", String(opened));
  }

  close() {
    this.open(false);
    this.move(-1);
  }

  move(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `option-${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    event.stopPropagation();  // letters and digits mean something to the page around it
    if (event.isComposing) return;
    const act = { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), Enter: () => this.enter(), Escape: () => this.escape() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // Past the last option comes the field itself, and then the first.
  step(by) {
    const count = this.entries.length;
    if (!count) return;
    const from = this.list.hidden ? -1 : this.active;
    this.open(true);
    this.move(((from + 1 + by + count + 1) % (count + 1)) - 1);
  }

  enter() {
    if (this.active >= 0) this.pick(this.active);
    else if (this.input.value.trim().length >= LEAST) this.ask("entered");
  }

  escape() {
    if (this.list.hidden) this.forget();
    else this.close();
  }

  pick(index) {
    const { id, label } = this.entries[index];
    this.input.value = label;
    this.close();
    this.ask("picked", id);
  }

  forget() {
    this.input.value = "";
    this.typed();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const field = (parentElement.addressField ??= new AddressField(parentElement));
  field.update(data, setTriggerValue);
}
