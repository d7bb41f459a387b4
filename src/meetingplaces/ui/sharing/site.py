"""The address of this site as a visitor reaches it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from meetingplaces.ui.settings import site_url


def site_address() -> str | None:
    """The address that the server is set to have, else where her browser says this page is; no slash at the end."""
    parts = urlsplit(st.context.url or "")
    return site_url() or (f"{parts.scheme}://{parts.netloc}" if parts.netloc else None)
