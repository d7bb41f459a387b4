// A button that copies a text, and a field with that text for whoever cannot or will not have it copied.
// What the page is given is set as text; the address of the site is filled in here, since only a browser knows it.

function filled(data, chosen) {
  const root = new URL("./", document.baseURI).href;
  const page = `${location.origin}${location.pathname}`;
  const added = chosen.filter((option) => !option.ask).map((option) => (option.camera ? camera() : option.query)).filter(Boolean);
  return [data.text.replaceAll("{root}", root).replaceAll("{page}", page), ...added].join("&");
}

// The middle and the zoom of the map on this page, asked of the map itself and told to nobody else.
function camera() {
  for (const frame of document.querySelectorAll("iframe")) {
    const map = frame.contentWindow && frame.contentWindow.meetingMap;
    if (map) {
      const { lng, lat } = map.map.getCenter();
      return `beeld=${lng.toFixed(4)}_${lat.toFixed(4)}_${map.map.getZoom()}`;
    }
  }
  return "";
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without permission or a secure address: the way of before there was a clipboard to write to.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

function checkbox(option) {
  const label = document.createElement("label");
  label.append(Object.assign(document.createElement("input"), { type: "checkbox" }), option.label);
  return label;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const [button, panel, options, field, status] = ["button", ".panel", ".options", "textarea", "[role=status]"].map(find);
  const boxes = () => [...options.querySelectorAll("input")];
  const fill = () => {
    field.value = filled(data, data.options.filter((_, index) => boxes()[index].checked));
    status.textContent = "";
  };
  const given = JSON.stringify(data.options.map((option) => option.label));
  if (options.dataset.given !== given) {
    options.dataset.given = given;
    options.replaceChildren(...data.options.map(checkbox));
  }
  boxes().forEach((box, index) => {
    const option = data.options[index];
    if (data.problem && option.ask) box.checked = false;
    box.onchange = () => {
      fill();
      if (!box.checked || !option.ask) return;
      status.textContent = data.texts.asking;
      setTriggerValue("ask", true);
    };
  });
  if (panel.dataset.ready !== "true") panel.hidden = data.folded;
  panel.dataset.ready = "true";
  panel.classList.toggle("over", data.folded);
  find("label > span").textContent = data.label;
  button.textContent = data.button;
  button.hidden = false;
  if (data.folded) button.setAttribute("aria-expanded", String(!panel.hidden));
  const filledBefore = field.dataset.given;
  field.dataset.given = JSON.stringify([data.text, data.options]);
  if (filledBefore !== field.dataset.given) fill();
  if (data.problem) status.textContent = data.problem;
  const show = (shown) => {
    panel.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
  };
  button.onclick = async () => {
    if (data.folded) show(true);
    fill();
    const done = await copied(field);
    status.textContent = done ? data.texts.done : data.texts.failed;
    if (!done) field.select();
  };
  field.onfocus = () => field.select();
  panel.onkeydown = (event) => {
    if (event.key !== "Escape" || !data.folded) return;
    show(false);
    button.focus();
  };
  const outside = (event) => { if (data.folded && !panel.hidden && !event.composedPath().includes(panel) && !event.composedPath().includes(button)) show(false); };
  document.addEventListener("pointerdown", outside);
  return () => document.removeEventListener("pointerdown", outside);
}
