//! What a terminal can show, from environment variables.

use crate::ui::theme::ColorMode;

/// Colours of the terminal; a flag is decided before this.
///
/// `NO_COLOR`, then what forces colour, then `TERM=dumb`, then 24-bit and 256-colour signs; 16 where nothing is told.
/// GNU screen never gets 24-bit colour, which it draws without any.
pub fn colors(env: impl Fn(&str) -> Option<String>) -> ColorMode {
    let set = |name: &str| env(name).filter(|v| !v.is_empty());
    let term = set("TERM").unwrap_or_default();
    let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].iter().any(|n| set(n).is_some_and(|v| v != "0"));
    if set("NO_COLOR").is_some() || (!forced && (term == "dumb" || set("CLICOLOR").as_deref() == Some("0"))) {
        return ColorMode::None;
    }
    let screen = set("STY").is_some() || term.starts_with("screen");
    let direct = set("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit")
        || ["-direct", "kitty", "ghostty", "foot", "alacritty", "wezterm", "iterm"].iter().any(|t| term.contains(t));
    if direct && !screen {
        ColorMode::True
    } else if term.contains("256") || direct || screen {
        ColorMode::Indexed
    } else {
        ColorMode::Ansi16
    }
}

/// Whether the locale is UTF-8, and whether it is one in which ambiguous characters are two cells wide.
pub fn locale(env: impl Fn(&str) -> Option<String>) -> (bool, bool) {
    let value =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|n| env(n).filter(|v| !v.is_empty())).unwrap_or_default();
    let value = value.to_ascii_lowercase();
    let utf8 = value.contains("utf-8") || value.contains("utf8");
    (utf8, ["zh", "ja", "ko"].iter().any(|l| value.starts_with(l)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> ColorMode {
        colors(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_first_sign_decides() {
        assert_eq!(of(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), ColorMode::None);
        assert_eq!(of(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), ColorMode::Indexed);
        assert_eq!(of(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), ColorMode::True);
        assert_eq!(of(&[("TERM", "screen"), ("COLORTERM", "truecolor")]), ColorMode::Indexed);
        assert_eq!(of(&[("TERM", "dumb")]), ColorMode::None);
        assert_eq!(of(&[("TERM", "xterm")]), ColorMode::Ansi16);
    }

    #[test]
    fn the_locale_tells_width_and_encoding() {
        let of = |value: &str| locale(|name| (name == "LANG").then(|| value.to_owned()));
        assert_eq!(of("zh_CN.UTF-8"), (true, true));
        assert_eq!(of("C.UTF-8"), (true, false));
        assert_eq!(of("C"), (false, false));
    }
}
