//! Text of unknown origin inside HTML and Markdown: shown as it was imported, obeyed as neither.

use super::text;

/// Text for an element or a quoted attribute: what a page would obey is written as an entity, what nobody sees is named.
pub fn html(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in text::safe(raw).as_str().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text for a line or a table cell of Markdown: every character that would format, link or end the cell is escaped.
pub fn markdown(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in text::safe(raw).as_str().chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_imported_is_obeyed() {
        assert_eq!(html("<script>a('b')</script>"), "&lt;script&gt;a(&#39;b&#39;)&lt;/script&gt;");
        assert_eq!(html("\" onload=\"x & y"), "&quot; onload=&quot;x &amp; y");
        assert_eq!(markdown("a|b [x](y) `c` <i>"), "a\\|b \\[x\\](y) \\`c\\` &lt;i&gt;");
        for shown in [html("a\u{1b}[2J\nb\u{202e}"), markdown("a\u{1b}[2J\nb\u{202e}")] {
            assert!(!shown.chars().any(text::is_unsafe), "{shown:?}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        assert_eq!((html("渠道 A"), markdown("feed-a (new)")), ("渠道 A".to_owned(), "feed-a (new)".to_owned()));
    }
}
