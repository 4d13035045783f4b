//! Text by display width: measuring, cutting and padding by grapheme, never by byte or character.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::safe::{self, Safe};

/// Cleans a text of unknown origin for the terminal.
pub fn safe(raw: &str) -> Safe<'_> {
    Safe::new(raw)
}

/// Whether a character never reaches the terminal as itself.
pub fn is_unsafe(c: char) -> bool {
    safe::is_unsafe(c)
}

/// Graphemes with their width in cells.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true).map(|g| (g, g.width()))
}

/// Width in cells.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { graphemes(text).map(|(_, w)| w).sum() }
}

/// Cuts to a width from the end, with `~` or `…` in place of what is missing.
pub fn cut(text: &str, cells: usize, ascii: bool) -> String {
    cut_with(text, cells, if ascii { '~' } else { '…' })
}

/// Cuts to a width from the end; `mark` (one cell) stands for what is missing.
pub fn cut_with(text: &str, cells: usize, mark: char) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for (grapheme, w) in graphemes(text) {
        if used + w + 1 > cells {
            break;
        }
        out.push_str(grapheme);
        used += w;
    }
    if used < cells {
        out.push(mark);
    }
    out
}

/// Blanks on the right up to a width; a wider text stays as it is.
pub fn pad(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))))
}

/// Blanks on the left up to a width; a wider text stays as it is.
pub fn pad_left(text: &str, cells: usize) -> String {
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(text))))
}

/// The shortest of some forms of a text that still tells the most: the first that fits, else the last cut.
pub fn first_fit(forms: &[String], cells: usize, mark: char) -> String {
    cut_with(best_fit(forms, cells), cells, mark)
}

/// The same whole, for a line that cuts what it is given.
pub fn best_fit(forms: &[String], cells: usize) -> &str {
    forms.iter().find(|form| width(form) <= cells).or(forms.last()).map_or("", String::as_str)
}

/// Breaks a text at blanks; a longer word is cut into pieces.
pub fn wrapped(said: &str, cells: usize) -> Vec<String> {
    let clean = safe(said).to_string();
    let mut lines = Vec::new();
    let mut line = String::new();
    let cells = cells.max(2);
    for word in clean.split_whitespace() {
        let mut word = word.to_owned();
        if !line.is_empty() && width(&line) + 1 + width(&word) > cells {
            lines.push(std::mem::take(&mut line));
        }
        while width(&word) > cells {
            let head: String = graphemes(&word)
                .scan(0, |used, (g, w)| {
                    *used += w;
                    (*used <= cells).then(|| g.to_owned())
                })
                .collect();
            word.drain(..head.len());
            lines.push(head);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_text_is_cut_between_graphemes_and_never_wider_than_asked() {
        assert_eq!(cut("广告投放", 5, false), "广告…");
        assert_eq!(cut("广告投放", 4, false), "广…");
        assert_eq!(cut("广告", 4, false), "广告");
        assert_eq!(cut("abcdef", 4, true), "abc~");
        assert_eq!(cut("e\u{301}te\u{301}", 2, true), "e\u{301}~");
        assert_eq!(cut("广", 1, true), "~");
        assert_eq!(cut("abc", 0, true), "");
        for cells in 0..12 {
            assert!(width(&cut("a广b告c投d", cells, true)) <= cells);
        }
    }

    #[test]
    fn padding_counts_cells() {
        assert_eq!(pad("广", 4), "广  ");
        assert_eq!(pad_left("12", 4), "  12");
        assert_eq!(pad("longer", 3), "longer");
    }

    #[test]
    fn the_longest_form_that_fits_is_taken() {
        let forms = ["data to Wed 10 Jun".to_owned(), "to 10 Jun".to_owned()];
        assert_eq!(first_fit(&forms, 20, '~'), "data to Wed 10 Jun");
        assert_eq!(first_fit(&forms, 10, '~'), "to 10 Jun");
        assert_eq!(first_fit(&forms, 5, '~'), "to 1~");
    }

    #[test]
    fn text_breaks_at_blanks_and_long_words_in_pieces() {
        assert_eq!(wrapped("gross - refunds of each day", 12), ["gross -", "refunds of", "each day"]);
        assert_eq!(wrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("广告投放", 5), ["广告", "投放"]);
        assert!(wrapped("", 5).is_empty());
    }
}
