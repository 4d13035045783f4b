//! Rules of layout that hold on every screen, whatever it shows.

use std::sync::Mutex;

use quarterdeck::app::{Key, KeyCode};
use quarterdeck::runtime::Desk;
use quarterdeck::ui::glyphs::Glyphs;
use quarterdeck::ui::pen::Look;
use quarterdeck::ui::theme::{ColorMode, Theme};
use unicode_width::UnicodeWidthStr;

use crate::picture::{row, rows};
use crate::stage::{PLAIN, Stage};
use crate::worlds::{corner_shop, demo, empty, fixture, hostile, hostile_names, orders};

pub const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 40), (200, 60)];

/// Keys from Today to each place of the tab line, with the words in its brackets.
const TABS: [(&str, &str, &str); 12] = [
    ("0", "Today", "Today"),
    ("1", "Prod", "Product"),
    ("2", "User", "User"),
    ("3", "Activ", "Activity"),
    ("4", "Mkt", "Market"),
    ("5", "Cont", "Content"),
    ("6", "Comm", "Commercial"),
    ("7", "Chan", "Channel"),
    ("8", "Plans", "Plans"),
    ("9", "Retain", "Retention"),
    ("$", "Rev", "Revenue"),
    ("#", "Data", "Data"),
];

pub fn worlds() -> [&'static Mutex<Desk>; 4] {
    [demo(), empty(), orders(), hostile()]
}

pub fn looks() -> impl Iterator<Item = Look> {
    Glyphs::ALL.into_iter().map(|glyphs| Look { glyphs, ..PLAIN })
}

#[test]
fn every_row_is_as_wide_as_the_screen_in_each_glyph_set() {
    for world in worlds() {
        for size in SIZES {
            for look in looks() {
                for (key, ..) in TABS {
                    let buffer = Stage::open(world, size, look).keys(key).draw();
                    for y in 0..size.1 {
                        assert_eq!(row(&buffer, y).width(), usize::from(size.0), "{key} {size:?}: {}", row(&buffer, y));
                    }
                }
            }
        }
    }
}

#[test]
fn the_frame_is_the_same_on_every_screen() {
    for world in worlds() {
        for size in SIZES {
            for (key, short, full) in TABS {
                let seen = rows(&Stage::open(world, size, PLAIN).keys(key).draw());
                let last = seen.last().unwrap();
                assert!(last.ends_with("? help"), "{key} {size:?}: {last}");
                let open = match size.0 {
                    60 => format!("[{key}]"),
                    80 => format!("[{key}{short}]"),
                    _ => format!("[{key}{full}]"),
                };
                assert!(seen[0].contains(&open), "{key} {size:?}: {}", seen[0]);
                if size.0 == 60 {
                    assert!(seen[0].contains(full), "{}", seen[0]);
                }
                assert!(!seen[1].is_empty(), "{key} {size:?}: no context");
            }
        }
    }
}

#[test]
fn nothing_but_the_cursor_stands_in_the_first_column() {
    for world in worlds() {
        for (key, ..) in TABS {
            for size in SIZES {
                let buffer = Stage::open(world, size, PLAIN).keys(key).draw();
                let marks: Vec<(u16, &str)> =
                    (1..size.1).map(|y| (y, buffer[(0, y)].symbol())).filter(|(_, s)| *s != " ").collect();
                let rules = marks.iter().filter(|(_, s)| *s == "─").count();
                let cursors = marks.iter().filter(|(_, s)| *s == ">").count();
                assert_eq!(rules + cursors, marks.len(), "{key} {size:?}: {marks:?}");
                assert!(cursors <= 1, "{key} {size:?}: {marks:?}");
            }
        }
    }
}

#[test]
fn column_heads_stand_where_they_stood_at_80() {
    let heads = |size| {
        let mut found = Vec::new();
        for key in ["0", "$", "#"] {
            let seen = rows(&Stage::open(demo(), size, PLAIN).keys(key).draw());
            let rules = seen.iter().filter(|r| r.starts_with("──"));
            found.extend(rules.map(|r| r.chars().take(79).collect::<String>()));
        }
        found
    };
    let (narrow, wide) = (heads((80, 24)), heads((120, 40)));
    for head in &narrow {
        let title: String = head.chars().take(12).collect();
        assert!(wide.iter().any(|w| alike(w, head)), "{title}: {head}\n{wide:#?}");
    }
}

/// Whether two heads agree where both say something; a note such as `4 of 9` goes when there is room.
fn alike(a: &str, b: &str) -> bool {
    let tail = |s: &str| {
        let tail: String = s.chars().skip(24).filter(|c| *c != '─').collect();
        let mut words: Vec<String> = tail.split_whitespace().map(str::to_owned).collect();
        if let Some(at) = words.iter().position(|word| word == "of") {
            words.drain(at - 1..at + 2);
        }
        words
    };
    a.chars().take(6).eq(b.chars().take(6)) && tail(a) == tail(b)
}

#[test]
fn without_colour_every_word_and_sign_is_still_there() {
    for mode in [ColorMode::None, ColorMode::Ansi16, ColorMode::True] {
        for (key, ..) in TABS {
            let bare = Look { theme: Theme { mode, ..PLAIN.theme }, ..PLAIN };
            let said = |look| {
                let mut seen = rows(&Stage::open(demo(), (80, 24), look).keys(key).draw());
                // The scale of the colours is the one thing that goes with them.
                seen.retain(|row| !row.starts_with(" heat"));
                seen
            };
            assert_eq!(said(PLAIN), said(bare), "{key} {mode:?}");
        }
    }
}

#[test]
fn no_cell_of_unsure_width_in_a_cjk_locale() {
    let look = Look { glyphs: Glyphs::Cjk, ..PLAIN };
    for size in SIZES {
        for (key, ..) in TABS {
            for layer in ["", "?", "f", "i"] {
                let seen = rows(&Stage::open(demo(), size, look).keys(key).keys(layer).draw());
                let unsure =
                    seen.iter().flat_map(|r| r.chars()).find(|c| c.to_string().width_cjk() != c.to_string().width());
                assert_eq!(unsure, None, "{key}{layer} {size:?}");
            }
        }
    }
}

#[test]
fn only_ascii_in_the_ascii_set() {
    let look = Look { glyphs: Glyphs::Ascii, ..PLAIN };
    for size in SIZES {
        for (key, ..) in TABS {
            for layer in ["", "?", "f", "i"] {
                let seen = rows(&Stage::open(demo(), size, look).keys(key).keys(layer).draw());
                assert!(seen.iter().all(|r| r.is_ascii()), "{key}{layer} {size:?}: {seen:#?}");
            }
        }
    }
}

#[test]
fn imported_text_controls_no_cell() {
    for (key, ..) in TABS {
        for layer in ["", "?", "f", "Enter", "J Enter", "J J Enter", "E", "/"] {
            for size in SIZES {
                let buffer = Stage::open(hostile(), size, PLAIN).keys(key).keys(layer).draw();
                for cell in buffer.content() {
                    let bad = cell.symbol().chars().find(|c| is_hostile(*c));
                    assert_eq!(bad, None, "{key} {layer} {size:?}: {:?}", cell.symbol());
                    let marks = cell.symbol().chars().filter(|c| *c == '\u{301}').count();
                    assert!(marks <= 8, "{key} {layer}: {marks} marks on one base");
                }
            }
        }
    }
}

/// Controls, direction marks, and what takes no place; a joiner may stay inside an emoji.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[test]
fn today_answers_in_its_order_and_nothing_is_scrolled_away_at_80x24() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let seen = rows(&stage.draw());
    let at = |start: &str| seen.iter().position(|row| row.starts_with(start)).unwrap_or_else(|| panic!("no {start}"));
    let order = [at(" TRUST"), at("── PACE"), at("── WHY"), at("── DO TODAY"), at("── BALANCE")];
    assert!(order.is_sorted(), "{seen:#?}");
    assert_eq!(order[1] - order[0], 1, "the rows of trust");
    for lamp in ["LEAK", "MONEY", "VIEW", "feedback"] {
        assert!(seen[order[4]..].iter().any(|row| row.contains(lamp)), "{lamp} is not in sight: {seen:#?}");
    }
    let numbers = rows(&stage.keys(".").draw());
    for name in
        ["New users", "Spend", "DAU", "WAU", "MAU", "Stickiness", "D1", "D7", "D30", "Net revenue", "Payers", "ARPU"]
    {
        assert!(
            numbers.iter().any(|r| r.chars().skip(1).collect::<String>().starts_with(name)),
            "{name} is not in sight: {numbers:#?}"
        );
    }
}

#[test]
fn streams_add_up_to_the_total_in_every_column() {
    let mut stage = Stage::open(demo(), (200, 60), PLAIN);
    stage.keys("$ x");
    let table = stage.handed_out.pop().unwrap();
    let mut lines = table.lines().map(|l| l.split(',').collect::<Vec<_>>());
    let heads = lines.next().unwrap();
    let body: Vec<Vec<&str>> = lines.collect();
    let (total, streams) = body.split_last().unwrap();
    assert_eq!(total[0], "total");
    assert!(streams.len() >= 4, "{table}");
    for column in ["actual", "prev", "gross", "refund"] {
        let at = heads.iter().position(|h| *h == column).unwrap_or_else(|| panic!("no column {column}: {table}"));
        let micros = |text: &str| (text.parse::<f64>().unwrap() * 1e6).round() as i64;
        let sum: i64 = streams.iter().map(|r| micros(r[at])).sum();
        assert_eq!(sum, micros(total[at]), "{column}: {table}");
    }
}

#[test]
fn a_screen_too_small_says_so_and_keeps_quitting() {
    for size in [(1, 1), (3, 2), (59, 16), (60, 15), (52, 12)] {
        let mut stage = Stage::open(demo(), size, PLAIN);
        stage.draw();
        if size.0 > 50 {
            assert!(rows(&stage.draw()).concat().contains("quarterdeck needs 60x16"), "{size:?}");
        }
        stage.keys("q");
        assert!(stage.quit, "{size:?}");
    }
}

#[test]
fn the_screens_survive_any_keys() {
    let words = "0 1 8 9 $ # Tab j k h l Down Left g G J K Enter Esc / s S x y Y [ ] { } D W M v f i c b d w z n > Backspace ? r o C E N A V - \
                 Space q text:x text:Enter . , 5 = ! Up Right";
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for world in [hostile_names("any-keys"), corner_shop("any-keys")] {
        let mut stage = Stage::open(&world, (80, 24), PLAIN);
        for _ in 0..600 {
            stage.keys(words[next() % words.len()]);
            if next() % 20 == 0 {
                let (width, height) = SIZES[next() % SIZES.len()];
                stage.resize(width - (next() % 30) as u16, height);
            }
            stage.draw();
        }
    }
}

#[test]
fn a_file_is_previewed_loaded_taken_back_and_brought_again_by_keys() {
    let world = corner_shop("imported");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let path = fixture("events_plain.csv").display().to_string();
    stage.keys("i");
    path.chars().for_each(|c| stage.press(Key::char(c)));
    stage.press(Key::plain(KeyCode::Enter));
    let preview = rows(&stage.draw()).join("\n");
    assert!(preview.contains("40 read = 40 new"), "{preview}");
    stage.keys("Enter #");
    assert!(rows(&stage.draw()).join("\n").contains("events_plain.csv"));
    stage.keys("J - Enter");
    let taken = rows(&stage.draw());
    assert!(taken[22].contains("out of the numbers"), "{}", taken[22]);
    stage.keys("o");
    let back = rows(&stage.draw());
    assert!(back[22].contains("back in the numbers"), "{}", back[22]);
    stage.keys("-  Enter");
}
