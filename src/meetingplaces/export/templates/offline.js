// Zooms and moves the map by its view box, and shows the places that fit the choices. All text is in the page already.
(function () {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];
  const box = document.querySelector(".map"), map = box.querySelector("svg");
  const form = document.querySelector("form"), told = document.getElementById("shown");
  const whole = { x: 0, y: 0, width: map.viewBox.baseVal.width, height: map.viewBox.baseVal.height };
  const CLOSEST = 24, STEP = 1.6, MOVE = 0.25, DESIGNED_PX = 760;
  const closer = [...map.querySelectorAll(".closer")];
  const RINGS = [0, 1, 1.5, 2, 2.6, 3.3, 4, 5], ANGLES = [...Array(16).keys()].map((step) => (step * Math.PI) / 8 - Math.PI / 2);
  let view = { ...whole }, placedAt = 0;

  // Symbols and names keep their size on screen, a little smaller where the map itself is small.
  function draw() {
    const zoom = whole.width / view.width;
    view.x = Math.min(Math.max(view.x, 0), whole.width - view.width);
    view.y = Math.min(Math.max(view.y, 0), whole.height - view.height);
    map.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    const small = Math.min(Math.max(DESIGNED_PX / (map.clientWidth || DESIGNED_PX), 1), 2);
    map.style.setProperty("--keep", String(small / zoom));
    if (placedAt !== small / zoom) place(small / zoom);
    const scale = map.querySelector(".scale"), north = map.querySelector(".north");
    for (const [one, home] of [[scale, scaleHome], [north, northHome]]) {
      one.setAttribute("transform", `translate(${view.x + home.x / zoom} ${view.y + home.y / zoom}) scale(${1 / zoom})`);
    }
    const metres = scaleMetres / zoom;
    const round = metres >= 10 ? Math.round(metres) : Math.round(metres * 10) / 10;
    scale.querySelector("text").textContent = `${round} m`;
    for (const one of closer) one.setAttribute("display", zoom >= Number(one.dataset.zoom) ? "inline" : "none");
    box.dataset.zoom = zoom.toFixed(2);
  }

  const pins = all(".marker").map((marker) => {
    const holder = marker.parentNode, at = holder.parentNode.parentNode.transform.baseVal.getItem(0).matrix;
    const lead = map.querySelector(`.lead[data-number="${marker.dataset.number}"]`);
    return { marker, holder, lead, x: at.e, y: at.f };
  });

  // Each symbol on its spot where it covers no other, else beside it: nearer to it the more one zooms in.
  function place(keep) {
    placedAt = keep;
    const taken = [];
    for (const pin of pins) {
      const size = pin.marker.querySelector("circle").r.baseVal.value * 2 * keep;
      const shown = pin.marker.style.display !== "none";
      const at = (shown && free(pin, size, taken)) || pin;
      if (shown) taken.push(at);
      const [right, down] = [(at.x - pin.x) / keep, (at.y - pin.y) / keep];
      pin.holder.setAttribute("transform", `translate(${right} ${down})`);
      pin.lead.querySelectorAll("path").forEach((path) => path.setAttribute("d", `M0 0L${right} ${down}`));
      pin.lead.setAttribute("display", shown && (right || down) ? "inline" : "none");
    }
  }

  function free(pin, size, taken) {
    for (const ring of RINGS) {
      for (const angle of ANGLES) {
        const at = { x: pin.x + size * ring * Math.cos(angle), y: pin.y + size * ring * Math.sin(angle) };
        const inside = at.x > size / 2 && at.y > size / 2 && at.x < whole.width - size / 2 && at.y < whole.height - size / 2;
        if (inside && taken.every((one) => Math.abs(one.x - at.x) >= size || Math.abs(one.y - at.y) >= size)) return at;
      }
    }
    return null;
  }

  const home = (selector) => map.querySelector(selector).transform.baseVal.getItem(0).matrix;
  const scaleHome = { x: home(".scale").e, y: home(".scale").f }, northHome = { x: home(".north").e, y: home(".north").f };
  const scaleMetres = Number(map.querySelector(".scale").dataset.metres);

  function zoomBy(factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
    const width = Math.min(Math.max(view.width / factor, whole.width / CLOSEST), whole.width);
    const share = width / view.width;
    view = { x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share, width, height: view.height * share };
    draw();
  }

  function move(right, down) {
    view.x += view.width * MOVE * right;
    view.y += view.height * MOVE * down;
    draw();
  }

  const acts = {
    zoom_in: () => zoomBy(STEP), zoom_out: () => zoomBy(1 / STEP), zoom_all: () => { view = { ...whole }; draw(); },
    pan_left: () => move(-1, 0), pan_right: () => move(1, 0), pan_up: () => move(0, -1), pan_down: () => move(0, 1),
  };
  const keys = {
    "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", "0": "zoom_all",
    ArrowLeft: "pan_left", ArrowRight: "pan_right", ArrowUp: "pan_up", ArrowDown: "pan_down",
  };

  all("[data-act]").forEach((button) => { button.onclick = acts[button.dataset.act]; });
  box.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[keys[event.key]]();
  });

  // The mouse drags; a finger scrolls the page, so that nobody is caught in the map.
  let grip = null;
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) grip = { x: event.clientX, y: event.clientY, view: { ...view } };
  });
  window.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const unit = view.width / map.clientWidth;
    view.x = grip.view.x - (event.clientX - grip.x) * unit;
    view.y = grip.view.y - (event.clientY - grip.y) * unit;
    draw();
  });
  window.addEventListener("pointerup", () => { grip = null; });
  box.addEventListener("dragstart", (event) => event.preventDefault());

  function choose(number) {
    all(".chosen").forEach((one) => one.classList.remove("chosen"));
    const marker = map.querySelector(`.marker[data-number="${number}"]`);
    marker.classList.add("chosen");
    const spot = marker.parentNode.parentNode.parentNode.transform.baseVal.getItem(0).matrix;
    const width = whole.width / 4, height = whole.height / 4;
    view = { x: spot.e - width / 2, y: spot.f - height / 2, width, height };
    draw();
    box.scrollIntoView({ block: "nearest" });
    marker.focus({ preventScroll: true });
  }
  all(".on-map").forEach((button) => { button.onclick = () => choose(button.dataset.number); });
  all(".marker").forEach((marker) => marker.addEventListener("click", () => {
    const entry = document.getElementById(`place-${marker.dataset.number}`);
    requestAnimationFrame(() => entry.focus({ preventScroll: true }));
  }));

  // A question whose boxes are all empty leaves nothing over, as it says.
  function filter() {
    const wanted = new Map();
    for (const box of form.querySelectorAll("input")) {
      if (!wanted.has(box.name)) wanted.set(box.name, new Set());
      if (box.checked) wanted.get(box.name).add(box.value);
    }
    const kind = form.elements.kind ? form.elements.kind.value : "";
    const places = all(".place");
    let shown = 0;
    for (const one of places) {
      const fits = (!kind || one.dataset.kind === kind) && [...wanted].every(([name, values]) => values.has(one.dataset[name]));
      one.hidden = !fits;
      shown += Number(fits);
      map.querySelector(`.marker[data-number="${one.dataset.number}"]`).style.display = fits ? "" : "none";
    }
    place(placedAt);
    all(".group").forEach((group) => { group.hidden = !group.querySelector(".place:not([hidden])"); });
    const count = told.dataset.words.replace("{shown}", shown).replace("{all}", places.length);
    told.textContent = shown || !places.length ? count : `${count}. ${told.dataset.nothing}`;
  }
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => requestAnimationFrame(filter));

  if (all(".place").length) Object.assign(document.getElementById("choose"), { hidden: false, open: window.innerWidth > 900 });
  all(".script").forEach((one) => { one.hidden = false; });
  window.addEventListener("resize", draw);
  draw();
  filter();
})();
