"""The files one brings along: sheet, booklet, page without internet and QR code."""
