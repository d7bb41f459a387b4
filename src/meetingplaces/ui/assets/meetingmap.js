// Draws one municipality in a Leaflet map: background, outlines and places once, then what a view asks for.
// Everything that comes from the data is set as text, never as markup.
(function () {
  "use strict";

  const UNCLUSTERED_ZOOM = 17;

  const { decoded, element, fetched, seen, symbol, NamedIcon, followScheme, painted } = window.MapParts;

  class MeetingMap {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.texts = options.texts;
      this.kinds = options.kinds;
      this.markers = new Map();
      this.view = null;
      this.clicks = 0;
      document.documentElement.lang = options.language;
      followScheme(map, Boolean(options.tiles));
      map.getContainer().setAttribute("role", "region");
      map.getContainer().setAttribute("aria-label", this.texts.label);
      this.nameControls();
      map.attributionControl.setPrefix(false);
      map.attributionControl.addAttribution(options.attribution);
      map.setMinZoom(8).setMaxZoom(19);
      map.options.zoomSnap = 0.25;
      L.control.scale({ imperial: false }).addTo(map);
      this.prepareGestures();
      for (const [name, order] of [["background", 210], ["outlines", 405]]) {
        map.createPane(name).style.zIndex = order;
        map.getPane(name).style.pointerEvents = "none";
      }
      this.areas = L.layerGroup().addTo(map);
      this.focus = L.layerGroup().addTo(map);
      this.cluster = this.makeCluster().addTo(map);
      this.planning = window.PlanningLayers ? new window.PlanningLayers(this) : null;
      this.ready = this.load();
      if (options.tiles) this.addTiles(options.tiles);
    }

    // Names for screen readers: Streamlit calls the frame after its module, Leaflet speaks English.
    nameControls() {
      const { map, texts } = this;
      if (window.frameElement) window.frameElement.title = texts.title;
      for (const [button, text] of [[map.zoomControl._zoomInButton, texts.zoom_in], [map.zoomControl._zoomOutButton, texts.zoom_out]]) {
        button.title = text;
        button.setAttribute("aria-label", text);
      }
      map.on("popupopen", ({ popup }) => popup._closeButton.setAttribute("aria-label", texts.close));
    }

    // One finger scrolls the page on a phone, two move the map; the wheel zooms only a map that was clicked.
    prepareGestures() {
      const map = this.map;
      // Leaflet 1.9 focuses the map on mousedown. A map that is partly below the fold is then scrolled into view, so that
      // the mouse comes up beside the marker and the click is lost.
      const container = map.getContainer();
      container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
      if (L.Browser.mobile) {
        map.dragging.disable();
        map.getContainer().style.touchAction = "pan-y";
      }
      map.scrollWheelZoom.disable();
      map.on("focus click", () => map.scrollWheelZoom.enable());
      map.on("blur mouseout", () => map.scrollWheelZoom.disable());
    }

    makeCluster() {
      const texts = this.texts;
      const cluster = L.markerClusterGroup({
        maxClusterRadius: 44, disableClusteringAtZoom: UNCLUSTERED_ZOOM, spiderfyOnMaxZoom: false, showCoverageOnHover: false,
        chunkedLoading: false, animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
        iconCreateFunction: (group) => {
          const count = group.getChildCount();
          return new NamedIcon({
            html: `<span>${count}</span>`, className: "group", iconSize: [36, 36],
            label: texts.group_label.replace("{count}", count),
          });
        },
      });
      cluster.on("clusterkeypress", (event) => {
        if (event.originalEvent && event.originalEvent.key === "Enter") event.layer.zoomToBounds({ padding: [24, 24] });
      });
      return cluster;
    }

    addTiles(tiles) {
      const layer = L.tileLayer(tiles.url, {
        attribution: tiles.attribution, minZoom: tiles.min_zoom, maxZoom: tiles.max_zoom, bounds: tiles.bounds,
      });
      // The drawn background goes only when tiles really arrive, and returns when they stop.
      layer.on("tileload", () => this.showDrawn(false));
      layer.on("tileerror", () => this.showDrawn(true));
      layer.addTo(this.map);
    }

    showDrawn(shown) {
      this.map.getPane("background").style.display = shown ? "" : "none";
    }

    async load() {
      const urls = this.options.urls;
      this.loadBackground(urls.background).catch((error) => this.fail(error));
      try {
        const [shapes, outlines] = await Promise.all([fetched(urls.shapes), fetched(urls.outlines)]);
        this.places = shapes.places;
        this.scale = shapes.scale;
        this.outlines = new Map(outlines.neighbourhoods.map((row) => [row.code, row]));
        this.drawOutlines(outlines);
        if (this.view) this.apply(this.view);
      } catch (error) {
        this.fail(error);
      }
    }

    // The larger part of what a map weighs. On a phone the map is below the list, and not everybody goes there.
    async loadBackground(url) {
      await seen(this.map.getContainer());
      new window.BackgroundLayer(await fetched(url), { pane: "background" }).addTo(this.map);
    }

    fail(error) {
      console.error(error);
      if (document.documentElement.dataset.drawn === "failed") return;
      const failed = L.control({ position: "topright" });
      failed.onAdd = () => { const box = element("div", this.texts.load_failed, "failed"); box.setAttribute("role", "alert"); return box; };
      failed.addTo(this.map);
      document.documentElement.dataset.drawn = "failed";
    }

    drawOutlines(outlines) {
      const rings = outlines.neighbourhoods.map((row) => row.rings.map((ring) => decoded(ring, outlines.scale)));
      L.polygon(rings, painted({ pane: "outlines", color: "var(--outline)", weight: 1, dashArray: "3 4", fill: false, interactive: false })).addTo(this.map);
      const [west, south, east, north] = this.options.extent;
      L.rectangle([[south, west], [north, east]], painted({ pane: "outlines", color: "var(--mark)", weight: 1.5, dashArray: "10 6", fill: false, interactive: false })).addTo(this.map);
    }

    // Called by the page on every change; only what changed is done.
    show(view) {
      this.view = view;
      this.ready.then(() => { if (this.places && this.view === view) this.apply(view); });
    }

    apply(view) {
      if (view.large && !this.labels) {
        this.labels = new window.RoomLabels(this);
        document.documentElement.classList.add("large");
        this.map.invalidateSize({ animate: false });
      }
      const rows = view.rows.filter((row) => this.places[row]);
      if (this.shownRows !== JSON.stringify(view.rows)) {
        this.shownRows = JSON.stringify(view.rows);
        this.cluster.clearLayers();
        this.areas.clearLayers();
        this.cluster.addLayers(rows.map((row) => this.marker(row)));
        for (const row of rows) if (this.places[row].rings) this.areas.addLayer(this.area(row));
      }
      if (this.focused !== view.focus) this.focusOn(view.focus);
      if (view.camera) this.lookAt(view.camera);
      if (this.selected !== view.selected) this.select(view.selected, rows);
      if (this.planning) this.planning.show(view);
      if (this.labels) this.labels.place();
      document.documentElement.dataset.drawn = String(rows.length);
    }

    focusOn(code) {
      this.focused = code;
      this.focus.clearLayers();
      const row = this.outlines.get(code);
      const chosen = row ? [row] : [...this.outlines.values()].filter((one) => one.extent_share > 0);
      const bounds = L.latLngBounds(chosen.flatMap(({ bounds: [west, south, east, north] }) => [[south, west], [north, east]]));
      if (row) {
        const rings = row.rings.map((ring) => decoded(ring, this.scale));
        for (const [color, weight] of [["var(--chosen-rim)", 6], ["var(--chosen)", 3]]) {
          L.polygon(rings, painted({ pane: "outlines", color, weight, fill: false, interactive: false })).addTo(this.focus);
        }
      }
      this.map.fitBounds(row ? bounds : this.within(bounds), { animate: false, padding: [12, 12] });
    }

    // What the map showed when a link was made; once, since after that she moves it herself.
    lookAt(camera) {
      if (this.looked === String(camera)) return;
      this.looked = String(camera);
      const [latitude, longitude, zoom] = camera;
      this.map.setView([latitude, longitude], zoom, { animate: false });
    }

    // The whole municipality: what lies inside the data extent, where there is something to see.
    within(bounds) {
      const [west, south, east, north] = this.options.extent;
      return L.latLngBounds(
        [Math.max(south, bounds.getSouth()), Math.max(west, bounds.getWest())],
        [Math.min(north, bounds.getNorth()), Math.min(east, bounds.getEast())],
      );
    }

    select(row, rows) {
      const before = this.selected;
      this.selected = row;
      if (before !== null && before !== undefined && this.markers.has(before)) this.markers.get(before).setIcon(this.icon(before));
      const clicked = this.clicked;
      this.clicked = null;
      if (row === null || !rows.includes(row)) {
        this.map.closePopup();
        return;
      }
      this.marker(row).setIcon(this.icon(row));
      if (clicked !== row) this.reveal(row);
    }

    reveal(row) {
      // While Leaflet 1.9 or markercluster 1.4 still moves for an earlier zoom, a view set now is undone at its end.
      if (this.map._animatingZoom || this.cluster._inZoomAnimation) {
        setTimeout(() => { if (this.selected === row) this.reveal(row); }, 60);
        return;
      }
      const marker = this.marker(row);
      if (this.cluster.getVisibleParent(marker) !== marker || !this.map.getBounds().contains(marker.getLatLng())) {
        this.map.setView(marker.getLatLng(), Math.max(this.map.getZoom(), UNCLUSTERED_ZOOM), { animate: false });
      }
      marker.openPopup();
    }

    title(place) {
      const kind = this.kinds[place.category] || place.category;
      return place.name ? `${place.name} (${kind})` : place.near_street ? `${kind}, ${place.near_street}` : kind;
    }

    icon(row) {
      const place = this.places[row];
      const style = place.weight === "amenity" ? "amenity" : this.options.restricted.includes(place.access) ? "restricted" : "open";
      return new NamedIcon({
        html: symbol(this.options.symbols[place.setting], style), className: `place ${style}`, iconSize: [28, 28], iconAnchor: [14, 14],
        popupAnchor: [0, -10], label: this.title(place), selected: this.selected === row,
      });
    }

    marker(row) {
      if (!this.markers.has(row)) {
        const [longitude, latitude] = this.places[row].point;
        const marker = L.marker([latitude, longitude], { icon: this.icon(row), keyboard: true, riseOnHover: true });
        // In a room the facts stand beside the map, so the map keeps to names.
        if (this.labels) this.labels.bind(marker, this.places[row].name || this.kinds[this.places[row].category]);
        else this.explain(marker, row);
        marker.on("click", () => this.tell(row));
        marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") this.tell(row); });
        this.markers.set(row, marker);
      }
      return this.markers.get(row);
    }

    explain(marker, row) {
      marker.bindPopup(() => this.popup(row), { maxWidth: 280, autoPan: true });
      marker.bindTooltip(() => element("span", this.title(this.places[row])), { direction: "top", offset: [0, -10] });
    }

    area(row) {
      const place = this.places[row];
      const { colour } = this.options.symbols[place.setting];
      const rings = place.rings.map((ring) => decoded(ring, this.scale));
      const color = `light-dark(${colour}, color-mix(in srgb, ${colour}, white))`;
      const drawn = L.polygon(rings, painted({ color, weight: 2, fillColor: color, fillOpacity: 0.22, dashArray: place.inferred ? "4 4" : null }));
      drawn.on("click", () => { this.marker(row).openPopup(); this.tell(row); });
      return drawn;
    }

    popup(row) {
      const place = this.places[row], texts = this.texts;
      const box = element("div", undefined, "popup");
      box.append(element("h2", place.name || this.kinds[place.category]));
      const facts = [
        `${this.kinds[place.category] || place.category} · ${texts[`setting_${place.setting}`]}`,
        place.address || (place.near_street ? texts.near.replace("{street}", place.near_street) : texts.address_unknown),
        texts[`access_${place.access}`],
        texts[`fee_${place.fee}`],
        this.hours(row),
        texts[`wheelchair_${place.wheelchair}`],
      ];
      if (place.provides) facts.push(`${texts.provides}: ${place.provides.map((one) => texts[`provides_${one}`]).join(", ")}`);
      if (place.inferred) facts.push(texts.inferred);
      const list = element("ul");
      for (const fact of facts) list.append(element("li", fact));
      box.append(list);
      return box;
    }

    // An ordinary week in words; what is not understood as the source writes it.
    hours(row) {
      const written = this.places[row].opening_hours, told = this.options.hours[row];
      if (told) return `${this.texts.hours}: ${told}`;
      return written ? this.texts.hours_as_written.replace("{hours}", () => written) : this.texts.hours_unknown;
    }

    // The counter makes the same place clicked twice two messages.
    tell(row) {
      this.clicked = row;
      this.clicks += 1;
      window.Streamlit.setComponentValue({ place: this.places[row].place_id, click: this.clicks });
    }
  }

  window.MeetingMap = MeetingMap;
})();
