use super::*;
use crate::app::KeyCode;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::{ColorMode, Theme, Tone};

const LOOK: Look = Look { theme: Theme { mode: ColorMode::None, tone: Tone::Neutral }, glyphs: Glyphs::Unicode };

fn screen() -> FirstRun {
    let readable = |path: &Path| {
        if path == Path::new("a.csv") { Ok(path.to_path_buf()) } else { Err(format!("no {}", path.display())) }
    };
    FirstRun::new(Machine { workspace: "w.db".into(), zone: Zone::UTC, readable }, LOOK, (80, 24))
}

/// Presses keys; whether the last one ended the screen.
fn press(screen: &mut FirstRun, keys: &[Key]) -> bool {
    let effects = keys.iter().map(|key| screen.update(Msg::Key(*key))).last().unwrap_or_default();
    effects.iter().any(|effect| matches!(effect, Effect::Quit))
}

fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::char).collect()
}

fn code(code: KeyCode) -> Key {
    Key::plain(code)
}

#[test]
fn one_key_takes_the_sample_and_leaving_takes_nothing() {
    let mut sample = screen();
    assert!(press(&mut sample, &typed("1")));
    assert_eq!(sample.begun(), Some(Begin::Sample));
    for key in [code(KeyCode::Esc), Key::char('q'), Key::ctrl('c')] {
        let mut left = screen();
        assert!(press(&mut left, &[key]));
        assert_eq!(left.begun(), None);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_screen_stays() {
    let mut run = screen();
    press(&mut run, &typed("2b.csv"));
    assert!(!press(&mut run, &[code(KeyCode::F(2))]));
    assert_eq!((run.trouble.as_deref(), run.at), (Some("no b.csv"), Some(0)));
    assert!(!press(&mut run, &[code(KeyCode::Enter)]) && run.at == Some(0));
    press(&mut run, &[Key::ctrl('u')]);
    press(&mut run, &typed("a.csv"));
    assert_eq!(run.trouble, None);
    assert!(press(&mut run, &[code(KeyCode::F(2))]));
    let Some(Begin::New { opening, zone, currency, .. }) = run.begun() else { panic!("nothing begun") };
    assert_eq!((opening, zone, currency), (Opening::Import("a.csv".into()), Zone::UTC, None));
}

#[test]
fn plans_begin_with_what_is_typed_and_a_wrong_code_is_refused() {
    let mut run = screen();
    press(&mut run, &[code(KeyCode::Down), code(KeyCode::Down), code(KeyCode::Enter)]);
    press(&mut run, &typed("Lan4ern?"));
    press(&mut run, &[code(KeyCode::Enter)]);
    press(&mut run, &typed("EUX"));
    assert!(!press(&mut run, &[code(KeyCode::Enter)]));
    assert!(run.trouble.as_deref().is_some_and(|why| why.contains("EUX")), "{:?}", run.trouble);
    press(&mut run, &[code(KeyCode::Backspace), Key::char('r'), code(KeyCode::Enter)]);
    assert!(press(&mut run, &[code(KeyCode::Enter)]));
    let begun = Begin::New {
        product: "Lan4ern?".to_owned(),
        currency: Currency::parse("EUR"),
        zone: Zone::UTC,
        opening: Opening::Plans,
    };
    assert_eq!(run.begun(), Some(begun));
}

#[test]
fn the_way_may_be_changed_and_help_lies_over_it() {
    let mut run = screen();
    press(&mut run, &typed("4"));
    assert_eq!(run.context(), Context::FirstRunField);
    press(&mut run, &[code(KeyCode::F(1))]);
    assert_eq!(run.context(), Context::Help);
    press(&mut run, &[code(KeyCode::Esc), code(KeyCode::Esc)]);
    assert_eq!((run.context(), run.way), (Context::FirstRun, 3));
    press(&mut run, &typed("9"));
    assert_eq!((run.context(), run.way), (Context::FirstRun, 3));
    run.update(Msg::Resize(40, 10));
    assert_eq!(run.context(), Context::TooSmall);
}
