// Names on the map for whoever sits at the back of the room: as many as fit, the chosen place first.
(function () {
  "use strict";

  const apart = (one, other) =>
    one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;

  class RoomLabels {
    constructor(owner) {
      this.owner = owner;
      owner.map.on("moveend zoomend", () => this.place());
      owner.cluster.on("animationend", () => this.place());
    }

    // What a marker says all the time here, instead of when it is pointed at.
    bind(marker, name) {
      marker.bindTooltip(() => window.MapParts.element("span", name), {
        permanent: true, direction: "auto", offset: [14, 0], className: "room",
      });
    }

    place() {
      const { map, markers, selected } = this.owner;
      const frame = map.getContainer().getBoundingClientRect();
      const taken = [...map.getContainer().querySelectorAll(".group, .place, .leaflet-control")].map((one) => one.getBoundingClientRect());
      const rows = [...markers.keys()].sort((one, other) => (other === selected) - (one === selected) || one - other);
      for (const row of rows) {
        const label = markers.get(row).getTooltip().getElement();
        if (!label || !label.isConnected) continue;
        const box = label.getBoundingClientRect();
        const fits = row === selected || (box.left >= frame.left && box.right <= frame.right && taken.every((one) => apart(one, box)));
        label.style.visibility = fits ? "" : "hidden";
        if (fits) taken.push(box);
      }
    }
  }

  window.RoomLabels = RoomLabels;
})();
