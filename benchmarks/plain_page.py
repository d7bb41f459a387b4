"""The peer of our map page: what a Streamlit app with folium looks like when nobody thought about weight.

The same choosers and the same places of the bundle that ships, but a fresh folium map at every run with one
`folium.Marker` and popup per place, as the tutorials do it. folium's files come from packages instead of CDNs, so that
it runs without internet; that is in its favour.
"""

import folium
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium
from xstatic.pkg import jquery, leaflet

from meetingplaces.storage.bundle import open_bundle
from meetingplaces.storage.locations import data_folder


@st.cache_data
def load():
    bundle = open_bundle(data_folder(), "GM0166")
    return bundle.places(), bundle.neighbourhoods()


components.declare_component("plain_leaflet", path=leaflet.BASE_DIR)
components.declare_component("plain_jquery", path=jquery.BASE_DIR)
places, neighbourhoods = load()
names = dict(zip(neighbourhoods["neighbourhood_code"], neighbourhoods["neighbourhood_name"], strict=True))
st.title("Ontmoetingskaart")
st.selectbox("Gemeente", ["Kampen"])
code = st.selectbox("Buurt", ["", *names], format_func=lambda code: names.get(code, "Hele gemeente"))
is_shown = places["weight"].isin(["core", "secondary"]) & ~places["access"].isin(["customers", "members", "referral"])
is_shown &= places["neighbourhood_codes"].map(lambda codes: code in codes if code else len(codes) > 0)
shown = places[is_shown]
st.write(f"{len(shown)} plekken")
chart = folium.Map(location=[52.555, 5.91], zoom_start=13, tiles=None)
chart.default_js = [
    ("jquery", "../plain_page.plain_jquery/jquery.min.js"),
    ("leaflet", "../plain_page.plain_leaflet/leaflet.js"),
]
chart.default_css = [("leaflet", "../plain_page.plain_leaflet/leaflet.css")]
for place in shown.itertuples():
    facts = "<br>".join(
        f"{name}: {getattr(place, name)}" for name in ("category", "access", "fee", "opening_hours", "wheelchair")
    )
    folium.Marker(
        [place.latitude, place.longitude],
        popup=folium.Popup(f"<b>{place.name}</b><br>{facts}", max_width=280),
        tooltip=str(place.name),
    ).add_to(chart)
if len(shown):
    chart.fit_bounds([[shown["latitude"].min(), shown["longitude"].min()],
                      [shown["latitude"].max(), shown["longitude"].max()]])  # fmt: skip
st_folium(chart, height=560, use_container_width=True)
