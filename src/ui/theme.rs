//! Colours by meaning. Every role has a form in each colour mode, and none depends on colour alone.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColorMode {
    /// Attributes only (`NO_COLOR`).
    None,
    /// The terminal's own 16 colours.
    Ansi16,
    /// The 256-colour cube.
    #[default]
    Indexed,
    /// 24-bit colours.
    True,
}

/// What background the accents are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Mid-tones that are legible on black and on white.
    #[default]
    Neutral,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
}

impl Tone {
    /// Reads `auto`, `dark` or `light`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Neutral),
            "dark" => Some(Self::Dark),
            "light" => Some(Self::Light),
            _ => None,
        }
    }

    /// Indexes of the 256-colour table: accent, good, warn, bad.
    const fn accents(self) -> [u8; 4] {
        match self {
            Self::Neutral => [30, 31, 133, 130],
            Self::Dark => [80, 75, 179, 208],
            Self::Light => [24, 25, 90, 124],
        }
    }
}

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// All text and numbers.
    Base,
    /// Rules, column heads, units, missing and running values.
    Muted,
    /// Section titles, the open tab.
    Title,
    /// Keys, the cursor, choices that differ from the default.
    Accent,
    /// OK, positive effect.
    Good,
    /// Stale, at risk.
    Warn,
    /// Off, rejected, an error.
    Bad,
    /// The sign before a bad word: reversed where there is no colour.
    BadSign,
    /// Name of the row under the cursor.
    Selection,
    /// 1 actual, 2 line, 3 previous, 4 band, 5 and 6 overlays.
    Series(u8),
    /// Background of a retention cell, 0 to 9.
    Heat(u8),
}

/// Colour mode and tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// How many colours.
    pub mode: ColorMode,
    /// For which background.
    pub tone: Tone,
}

/// Cividis in the 256-colour cube, and its exact anchors; the ten steps rise in lightness.
const HEAT_256: [u8; 10] = [235, 24, 60, 243, 102, 246, 108, 179, 185, 227];
const HEAT_RGB: [u32; 10] = [
    0x0000_224e,
    0x0012_3570,
    0x003b_496c,
    0x0057_5d6d,
    0x0070_7173,
    0x008a_8678,
    0x00a5_9c74,
    0x00c3_b369,
    0x00e1_cc55,
    0x00fe_e838,
];

/// Heat steps from this one on carry black text, those below white; whichever contrasts more.
const DARK_TEXT_256: usize = 3;
const DARK_TEXT_RGB: usize = 5;

const BLACK: Color = Color::Indexed(16);
const WHITE: Color = Color::Indexed(231);

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        match role {
            Role::Base => plain,
            Role::Muted => plain.add_modifier(Modifier::DIM),
            Role::Title | Role::Selection => plain.add_modifier(Modifier::BOLD),
            Role::Heat(step) => self.heat(step),
            Role::Series(n) => self.series(n),
            Role::Accent | Role::Good | Role::Warn | Role::Bad | Role::BadSign => self.meaning(role),
        }
    }

    fn meaning(self, role: Role) -> Style {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        if self.mode == ColorMode::None {
            return match role {
                Role::Accent => plain.add_modifier(Modifier::UNDERLINED),
                Role::Warn | Role::Bad => bold,
                Role::BadSign => bold.add_modifier(Modifier::REVERSED),
                _ => plain,
            };
        }
        let color = self.accent(role);
        if matches!(role, Role::Bad | Role::BadSign) { bold.fg(color) } else { plain.fg(color) }
    }

    fn accent(self, role: Role) -> Color {
        let at = match role {
            Role::Accent => 0,
            Role::Good => 1,
            Role::Warn => 2,
            _ => 3,
        };
        if self.mode == ColorMode::Ansi16 {
            return [Color::Cyan, Color::Blue, Color::Yellow, Color::Red][at];
        }
        Color::Indexed(self.tone.accents()[at])
    }

    fn series(self, n: u8) -> Style {
        let plain = Style::new();
        let role = match n {
            1 => return plain,
            4 => return self.style(Role::Muted),
            2 => Role::Accent,
            3 if self.mode == ColorMode::Ansi16 => return plain.fg(Color::Magenta),
            3 | 5 => Role::Warn,
            _ => Role::Good,
        };
        if self.mode == ColorMode::None { plain } else { plain.fg(self.accent(role)) }
    }

    fn heat(self, step: u8) -> Style {
        let step = usize::from(step.min(9));
        let plain = Style::new();
        match self.mode {
            ColorMode::None => plain,
            ColorMode::Ansi16 => match step {
                0 | 1 => plain.add_modifier(Modifier::DIM),
                2..=4 => plain,
                5..=7 => plain.add_modifier(Modifier::BOLD),
                _ => plain.add_modifier(Modifier::REVERSED),
            },
            ColorMode::Indexed => {
                plain.bg(Color::Indexed(HEAT_256[step])).fg(if step < DARK_TEXT_256 { WHITE } else { BLACK })
            }
            ColorMode::True => {
                plain.bg(Color::from_u32(HEAT_RGB[step])).fg(if step < DARK_TEXT_RGB { WHITE } else { BLACK })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// sRGB of an index of the 256-colour table (cube and grey ramp).
    fn rgb(index: u8) -> u32 {
        let (r, g, b) = if index >= 232 {
            let v = 8 + 10 * u32::from(index - 232);
            (v, v, v)
        } else {
            let i = u32::from(index - 16);
            let level = |n: u32| if n == 0 { 0 } else { 55 + 40 * n };
            (level(i / 36), level(i / 6 % 6), level(i % 6))
        };
        r << 16 | g << 8 | b
    }

    /// Relative luminance by WCAG 2.
    fn luminance(color: u32) -> f64 {
        let channel = |shift: u32| {
            let v = f64::from(color >> shift & 0xff) / 255.0;
            if v <= 0.03928 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    fn contrast(a: u32, b: u32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn heat_rises_in_lightness_and_its_text_is_legible() {
        let cube: Vec<u32> = HEAT_256.iter().map(|i| rgb(*i)).collect();
        for (ramp, dark_from) in [(&cube[..], DARK_TEXT_256), (&HEAT_RGB[..], DARK_TEXT_RGB)] {
            for (step, pair) in ramp.windows(2).enumerate() {
                assert!(luminance(pair[0]) < luminance(pair[1]), "step {step}");
            }
            for (step, color) in ramp.iter().enumerate() {
                let text = if step < dark_from { 0x00ff_ffff } else { 0 };
                let other = 0x00ff_ffff - text;
                assert!(contrast(*color, text) >= 4.5, "step {step}: {}", contrast(*color, text));
                assert!(contrast(*color, text) >= contrast(*color, other), "step {step}");
            }
        }
    }

    #[test]
    fn neutral_accents_are_legible_on_black_and_on_white() {
        for index in Tone::Neutral.accents() {
            let color = rgb(index);
            assert!(contrast(color, 0) >= 3.0 && contrast(color, 0x00ff_ffff) >= 3.0, "{index}");
        }
        for (tone, ground) in [(Tone::Dark, 0x0000_0000), (Tone::Light, 0x00ff_ffff)] {
            for index in tone.accents() {
                assert!(contrast(rgb(index), ground) >= 4.5, "{tone:?} {index}");
            }
        }
    }

    #[test]
    fn without_colour_no_style_names_a_colour() {
        let theme = Theme { mode: ColorMode::None, tone: Tone::Neutral };
        let roles =
            [Role::Base, Role::Muted, Role::Title, Role::Accent, Role::Good, Role::Warn, Role::Bad, Role::BadSign];
        let more = (0..7).map(Role::Series).chain((0..10).map(Role::Heat));
        for role in roles.into_iter().chain(more) {
            let style = theme.style(role);
            assert!(style.fg.is_none() && style.bg.is_none(), "{role:?}");
        }
    }
}
