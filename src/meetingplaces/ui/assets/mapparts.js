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

  window.MapParts = { decoded, element, fetched, seen, symbol, NamedIcon };
})();
