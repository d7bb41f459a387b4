"""Streamlit and folium, texts, view state, cached loads."""
