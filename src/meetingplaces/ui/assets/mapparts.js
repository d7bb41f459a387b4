// What the layers of the map share: decoding of drawings, elements that hold text and never markup, icons with a name,
// and waiting for a file and for being in view.
(function () {
  "use strict";

  function decoded(coded, scale) {
    const points = [];
    let longitude = 0, latitude = 0;
    for (let i = 0; i < coded.length; i += 2) {
      longitude += coded[i];
      latitude += coded[i + 1];
      points.push([latitude / scale, longitude / scale]);
    }
    return points;
  }

  function symbol({ path, colour }, style) {
    const fill = style === "restricted" ? "#ffffff" : style === "amenity" ? "#5a5a5a" : colour;
    const stroke = style === "restricted" ? `stroke="${colour}" stroke-width="3"` : 'stroke="#ffffff" stroke-width="2"';
    const move = style === "amenity" ? 'transform="translate(12 12) scale(0.6) translate(-12 -12)"' : "";
    return `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="${path}" ${move} fill="${fill}" ${stroke} stroke-linejoin="round"/></svg>`;
  }

  const NamedIcon = L.DivIcon.extend({
    createIcon: function (old) {
      const element = L.DivIcon.prototype.createIcon.call(this, old);
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", this.options.label);
      element.classList.toggle("selected", Boolean(this.options.selected));
      return element;
    },
  });

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // A canvas takes no variables of CSS: what a colour of palette.css is in the scheme that the map has now.
  const probe = document.documentElement.appendChild(element("i"));
  probe.hidden = true;

  function inScheme(colour) {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  }

  // Options of a drawn line or area whose `color` and `fillColor` follow the scheme.
  function painted(options) {
    const wanted = Object.entries(options).filter(([name]) => name === "color" || name === "fillColor");
    const paint = () => Object.fromEntries(wanted.map(([name, colour]) => [name, inScheme(colour)]));
    return { ...options, ...paint(), paint };
  }

  function repaint(layer) {
    if (layer.options.paint) layer.setStyle(layer.options.paint());
    else if (layer instanceof L.GridLayer) layer.redraw();
  }

  // Light or dark like the page around the frame, and again whenever Streamlit has a message for the map. With tiles the
  // map stays a light plate: those are light, and what is drawn on them must stand out.
  function followScheme(map, withTiles) {
    const root = document.documentElement;
    const follow = () => {
      const scheme = withTiles ? "light" : getComputedStyle(window.frameElement.parentElement).colorScheme;
      if (root.style.colorScheme === scheme) return;
      root.style.colorScheme = scheme;
      map.eachLayer(repaint);
    };
    follow();
    window.addEventListener("message", follow);
  }

  async function fetched(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    return answer.json();
  }

  function seen(shown) {
    return new Promise((resolve) => {
      const observer = new IntersectionObserver((changes) => {
        if (!changes.some((change) => change.isIntersecting)) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(shown);
    });
  }

  window.MapParts = { decoded, element, fetched, seen, symbol, NamedIcon, inScheme, painted, followScheme };
})();
