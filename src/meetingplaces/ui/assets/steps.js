// Previous, next and full screen; the arrow keys do the same, unless she is typing or moving the map.
const TYPING = "input, textarea, select, [contenteditable], [role=combobox], [role=radiogroup], [role=toolbar], [role=listbox]";

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector(`.${name}`);
  for (const name of ["previous", "next", "keys"]) find(name).textContent = data.texts[name];
  find("previous").onclick = () => setTriggerValue("step", -1);
  find("next").onclick = () => setTriggerValue("step", 1);
  const root = document.documentElement;
  find("full").hidden = !root.requestFullscreen;
  find("full").onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  const pressed = (event) => {
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.composedPath().some((one) => one.matches && one.matches(TYPING))) return;
    event.preventDefault();
    setTriggerValue("step", step);
  };
  const named = () => { find("full").textContent = data.texts[document.fullscreenElement ? "small" : "full"]; };
  named();
  document.addEventListener("keydown", pressed);
  document.addEventListener("fullscreenchange", named);
  return () => {
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("fullscreenchange", named);
  };
}
