"""Ontmoetingskaart: `streamlit run app.py`, or `meetingplaces serve` for a production server."""

from meetingplaces.ui.frame import run_app

run_app()
