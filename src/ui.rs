//! Widgets, themes, safe and width-aware text, number and date formatting. Knows nothing of the app.
