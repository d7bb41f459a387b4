// What planners see on top of the map: neighbourhoods by class, homes by distance, stretches of street, and spots.
// Labels come from the server in the visitor's language and are set as text, never as markup.
(function () {
  "use strict";

  const { decoded, element, NamedIcon, painted } = window.MapParts;
  const HOMES_FROM_ZOOM = 15;
  const UNKNOWN = "unknown-area";

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // Every home a dot in the colour of its class; drawn per tile, so that moving the map stays light.
  const HomesLayer = L.GridLayer.extend({
    initialize: function (points, options) {
      L.GridLayer.prototype.initialize.call(this, { minZoom: HOMES_FROM_ZOOM, keepBuffer: 1, ...options });
      this._at = points.map(([latitude, longitude]) => L.CRS.EPSG3857.latLngToPoint(L.latLng(latitude, longitude), 0));
    },

    paint: function (classes, palette) {
      this._classes = classes;
      this._palette = palette;
      return this.redraw();
    },

    createTile: function (coords) {
      const tile = document.createElement("canvas"), size = this.getTileSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      tile.width = size.x * ratio;
      tile.height = size.y * ratio;
      const context = tile.getContext("2d"), scale = 2 ** coords.z, radius = coords.z - 12;
      context.scale(ratio, ratio);
      context.lineWidth = 0.7;
      context.strokeStyle = "#3d3d3d";
      this._at.forEach((point, home) => {
        const x = point.x * scale - coords.x * size.x, y = point.y * scale - coords.y * size.y;
        if (x < -radius || y < -radius || x > size.x + radius || y > size.y + radius) return;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fillStyle = this._palette[this._classes[home]] || "#ffffff";
        context.fill();
        context.stroke();
      });
      return tile;
    },
  });

  class PlanningLayers {
    constructor(meetingMap) {
      this.host = meetingMap;
      this.map = meetingMap.map;
      for (const [name, order] of [["areas", 300], ["homes", 350], ["stretches", 420]]) {
        this.map.createPane(name).style.zIndex = order;
      }
      this.map.getPane("homes").style.pointerEvents = "none";
      this.renderer = L.svg({ pane: "areas" });
      this.areas = L.layerGroup().addTo(this.map);
      this.stretches = L.layerGroup().addTo(this.map);
      this.spots = L.layerGroup().addTo(this.map);
      this.clicks = 0;
      this.map.on("click", ({ latlng }) => {
        if (this.view && this.view.pick === "spot") this.tell({ spot: [latlng.lng, latlng.lat] });
      });
      this.map.on("zoomend", () => this.shadeAreas());
    }

    show(view) {
      const before = this.view || {};
      this.view = view;
      const changed = (name) => JSON.stringify(before[name]) !== JSON.stringify(view[name]);
      if (changed("areas")) this.drawAreas(view.areas);
      if (changed("homes")) this.drawHomes(view.homes);
      if (changed("stretches")) this.drawStretches(view.stretches || []);
      if (changed("spots")) this.drawSpots(view.spots || []);
      this.map.getContainer().classList.toggle("picking", view.pick === "spot");
    }

    drawAreas(areas) {
      this.areas.clearLayers();
      if (!areas) return;
      for (const [code, { colour, label }] of Object.entries(areas)) {
        const outline = this.host.outlines.get(code);
        const rings = outline.rings.map((ring) => decoded(ring, this.host.scale));
        const drawn = L.polygon(rings, {
          ...painted({ color: "var(--outline)" }),
          pane: "areas", renderer: this.renderer, weight: 1, fillColor: colour || `url(#${UNKNOWN})`,
        });
        drawn.bindTooltip(() => element("span", label), { sticky: true });
        drawn.on("click", () => { if (this.view.pick === "area") this.tell({ area: code }); });
        this.areas.addLayer(drawn);
      }
      this.definePattern();
      this.shadeAreas();
    }

    // Hatched, so that "unknown" is no class of the scale, in black and white either.
    definePattern() {
      const drawing = this.renderer._container;
      if (!drawing || drawing.querySelector(`#${UNKNOWN}`)) return;
      const definitions = L.SVG.create("defs");
      definitions.innerHTML = `<pattern id="${UNKNOWN}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="7" height="7" style="fill:var(--between-hatch)"/><rect width="2" height="7" style="fill:var(--hatch)"/></pattern>`;
      drawing.prepend(definitions);
    }

    // Zoomed in, homes tell more than the mean of their neighbourhood.
    shadeAreas() {
      const near = this.view && this.view.homes && this.map.getZoom() >= HOMES_FROM_ZOOM;
      this.areas.eachLayer((area) => area.setStyle({ fillOpacity: near ? 0.15 : 0.72 }));
    }

    async drawHomes(homes) {
      if (!homes) {
        if (this.homes) this.homes.remove();
        return;
      }
      const classes = await unpacked(homes.classes);
      if (!this.homes) {
        const answer = await fetch(this.host.options.urls.homes);
        const { points, scale } = await answer.json();
        this.homes = new HomesLayer(decoded(points, scale), { pane: "homes" });
      }
      if (this.view.homes === homes) this.homes.paint(classes, homes.palette).addTo(this.map);
    }

    drawStretches(stretches) {
      this.stretches.clearLayers();
      for (const { lines, label, width, chosen, id } of stretches) {
        const drawn = L.polyline(lines.map((line) => decoded(line, this.host.scale)), painted({
          pane: "stretches", color: chosen ? "var(--chosen)" : "var(--mark)", weight: chosen ? width + 4 : width, opacity: 0.9,
        }));
        drawn.bindTooltip(() => element("span", label), { sticky: true });
        drawn.on("click", () => this.tell({ stretch: id }));
        this.stretches.addLayer(drawn);
        if (chosen) this.map.fitBounds(drawn.getBounds(), { animate: false, maxZoom: 16, padding: [40, 40] });
      }
    }

    drawSpots(spots) {
      this.spots.clearLayers();
      for (const { point: [longitude, latitude], sign, label, kind } of spots) {
        const icon = new NamedIcon({
          html: `<span>${Number(sign) || ""}</span>`, className: `spot ${kind}`, iconSize: [32, 32], label,
        });
        const marker = L.marker([latitude, longitude], { icon, keyboard: true, zIndexOffset: 5000 });
        marker.bindTooltip(() => element("span", label), { direction: "top", offset: [0, -14] });
        this.spots.addLayer(marker);
      }
    }

    // The counter makes the same thing clicked twice two messages.
    tell(message) {
      this.clicks += 1;
      window.Streamlit.setComponentValue({ ...message, click: this.clicks });
    }
  }

  window.PlanningLayers = PlanningLayers;
})();
