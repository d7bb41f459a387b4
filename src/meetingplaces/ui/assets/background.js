// Streets, water and green as tiles that are drawn when they come into view: moving the map costs the same for a village
// and for a city, and nothing is fetched for it.
(function () {
  "use strict";

  const { inScheme } = window.MapParts;
  const RIM = "var(--street-rim)";
  const AREAS = [["green", "var(--green)"], ["water", "var(--water)"]];
  // Kind, colour, width in pixels at zoom 15, colour of the rim, dashes. Wide rivers are areas too, but those are missing
  // where the extract cuts them; the line then still shows them.
  const LINES = [
    ["river", "var(--water)", 9], ["canal", "var(--water)", 3], ["footpath", "var(--footpath)", 1, null, [2, 4]],
    ["street", "var(--street)", 2.5, RIM], ["living_street", "var(--living-street)", 3.5, RIM],
    ["main_street", "var(--main-street)", 4, RIM], ["railway", "var(--railway)", 1.5, null, [6, 4]],
  ];
  const TILE_PX = 512;

  // Web Mercator, the whole world from 0 to 1 (EPSG:3857 divided by its extent).
  function mercator(coded, scale) {
    const points = new Float64Array(coded.length);
    const box = [1, 1, 0, 0];
    let longitude = 0, latitude = 0;
    for (let i = 0; i < coded.length; i += 2) {
      longitude += coded[i];
      latitude += coded[i + 1];
      const sine = Math.sin((latitude / scale) * (Math.PI / 180));
      const x = longitude / scale / 360 + 0.5;
      const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
      points[i] = x;
      points[i + 1] = y;
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    return { points, box };
  }

  window.BackgroundLayer = L.GridLayer.extend({
    initialize: function (background, options) {
      L.GridLayer.prototype.initialize.call(this, { tileSize: TILE_PX, keepBuffer: 1, ...options });
      this._kinds = Object.fromEntries(
        Object.entries(background.layers).map(([kind, lines]) => [kind, lines.map((coded) => mercator(coded, background.scale))]),
      );
    },

    createTile: function (coords) {
      const tile = document.createElement("canvas");
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      tile.width = tile.height = TILE_PX * ratio;
      const world = 256 * 2 ** coords.z;
      const context = tile.getContext("2d");
      context.setTransform(world * ratio, 0, 0, world * ratio, -coords.x * TILE_PX * ratio, -coords.y * TILE_PX * ratio);
      const rim = 12 / world;
      const [left, top] = [(coords.x * TILE_PX) / world, (coords.y * TILE_PX) / world];
      const view = [left - rim, top - rim, left + TILE_PX / world + rim, top + TILE_PX / world + rim];
      for (const [kind, colour] of AREAS) {
        context.fillStyle = inScheme(colour);
        context.fill(this._path(kind, view, true), "evenodd");
      }
      this._drawLines(context, view, coords.z, world);
      return tile;
    },

    _drawLines: function (context, view, zoom, world) {
      const growth = Math.min(Math.max(2 ** ((zoom - 15) / 2), 0.45), 2.5);
      context.lineJoin = context.lineCap = "round";
      for (const [kind, colour, width, rim, dashes] of LINES) {
        const path = this._path(kind, view, false);
        const stroke = (style, pixels) => {
          context.strokeStyle = inScheme(style);
          context.lineWidth = pixels / world;
          context.stroke(path);
        };
        context.setLineDash((dashes || []).map((length) => length / world));
        if (rim) stroke(rim, width * growth + 1.5);
        stroke(colour, width * growth);
      }
    },

    _path: function (kind, [left, top, right, bottom], closed) {
      const path = new Path2D();
      for (const { points, box } of this._kinds[kind] || []) {
        if (box[0] > right || box[2] < left || box[1] > bottom || box[3] < top) continue;
        path.moveTo(points[0], points[1]);
        for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
        if (closed) path.closePath();
      }
      return path;
    },
  });
})();
