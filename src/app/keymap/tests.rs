use std::collections::HashMap;

use super::*;

#[test]
fn no_key_has_two_meanings_in_a_context_with_what_it_inherits() {
    for context in Context::ALL {
        let mut seen: HashMap<Press, Action> = HashMap::new();
        for binding in BINDINGS.iter().filter(|b| context.chain().contains(&b.context)) {
            for key in binding.keys {
                if let Some(other) = seen.insert(*key, binding.action) {
                    panic!("{}: {} is {other:?} and {:?}", context.name(), key.name(), binding.action);
                }
            }
        }
    }
}

#[test]
fn every_binding_has_words_and_is_reached_by_each_of_its_keys() {
    for binding in BINDINGS {
        assert!(!binding.help.is_empty() && !binding.keys.is_empty(), "{:?}", binding.action);
        for press in binding.keys {
            let key = match *press {
                Press::Char(c) => Key::char(c),
                Press::Ctrl(c) => Key::ctrl(c),
                Press::Code(code) => Key::plain(code),
                Press::Digit => Key::char('3'),
                Press::Text => Key::char('w'),
            };
            assert_eq!(resolve(key, binding.context), Some(binding.action), "{}", press.name());
        }
    }
}

#[test]
fn every_hint_is_bound_where_it_is_shown_and_help_is_last() {
    for (context, listed) in HINTS {
        for hint in *listed {
            for action in hint.actions {
                assert!(key_of(*action, *context).is_some(), "{}: {action:?} is not bound", context.name());
            }
        }
        let has_help = key_of(Action::Help, *context).is_some();
        let last = listed.last().unwrap();
        assert_eq!(has_help, last.actions == [Action::Help], "{}", context.name());
    }
}

#[test]
fn every_screen_and_layer_has_hints() {
    for context in Context::ALL {
        let shown = !matches!(context, Context::System | Context::Global | Context::List | Context::TooSmall);
        assert_eq!(HINTS.iter().any(|(c, _)| *c == context), shown, "{}", context.name());
    }
}

#[test]
fn system_keys_work_in_every_context() {
    for context in Context::ALL {
        assert_eq!(resolve(Key::ctrl('c'), context), Some(Action::Quit), "{}", context.name());
        assert_eq!(resolve(Key::ctrl('l'), context), Some(Action::Redraw), "{}", context.name());
    }
}

#[test]
fn the_key_that_removes_means_nothing_else_anywhere() {
    for binding in BINDINGS {
        let removes = binding.keys.iter().any(|k| matches!(k, Press::Char('-') | Press::Code(KeyCode::Delete)));
        let removing = matches!(binding.action, Action::ImportRemove | Action::Remove);
        assert_eq!(removes, removing, "{:?}", binding.action);
    }
}

#[test]
fn no_word_of_the_help_is_cut() {
    use super::super::layers::help::{KEYS, WORDS};
    let shown = Context::ALL.into_iter().filter(|c| key_of(Action::Help, *c).is_some());
    for context in shown.flat_map(Context::chain) {
        for (keys, words) in help_lines(*context) {
            assert!(keys.len() <= usize::from(KEYS) && words.len() <= usize::from(WORDS), "{keys}: {words}");
        }
    }
}

#[test]
fn help_joins_keys_that_belong_together() {
    let lines = help_lines(Context::Global);
    assert_eq!(lines[0], ("0-9 $ #".to_owned(), "go to a screen"));
    assert!(lines.contains(&("[ ]".to_owned(), "earlier, later period")));
    assert_eq!(hints(Context::Retention, false)[0], ("hjkl".to_owned(), "cell"));
    assert_eq!(hints(Context::Today, false)[0], ("c".to_owned(), "check-in"));
}
