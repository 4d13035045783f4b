use super::*;
use crate::app::fixture;
use crate::domain::plans::Book;
use crate::query::PlanOrder;

const ROWS: &[FieldRow] = &[
    FieldRow { id: "title", section: "WHAT", label: "title", kind: Kind::Text, need: true, hint: "its name" },
    FieldRow { id: "kind", section: "WHAT", label: "type", kind: Kind::Choice(kinds), need: true, hint: "what it is" },
    FieldRow { id: "start", section: "WHEN", label: "start", kind: Kind::Day(""), need: true, hint: "first day" },
    FieldRow { id: "finish", section: "WHEN", label: "finish", kind: Kind::Day("start"), need: true, hint: "last day" },
];

fn kinds(_: &Pool<'_>) -> Vec<Opt> {
    vec![Opt::new("cash", "money"), Opt::new("dev", "developers"), Opt::new("slot", "")]
}

fn form(texts: [&str; 4]) -> Form {
    let book = Book::default();
    let pool = Pool { book: &book, plan: None, today: Day::parse("2026-06-11").unwrap() };
    let texts = texts.into_iter().map(str::to_owned).collect();
    Form::new("new thing", ROWS, texts, &pool, |values| match values.days_fault() {
        Some(fault) => Err(vec![fault]),
        None => Ok(PlanOrder::Close(values.text("title").len() as i64)),
    })
}

fn press(form: &mut Form, action: Action, typed: Option<char>) -> Vec<Request> {
    fixture::with_env(|env| form.act(Input { action, typed }, env))
}

fn type_text(form: &mut Form, text: &str) {
    text.chars().for_each(|c| drop(press(form, Action::Type, Some(c))));
}

fn errors(form: &Form) -> Vec<String> {
    form.faults().into_iter().map(|fault| fault.field).collect()
}

#[test]
fn what_is_typed_is_read_at_once() {
    let mut form = form(["", "cash", "", ""]);
    type_text(&mut form, "Fair");
    press(&mut form, Action::Accept, None);
    press(&mut form, Action::Accept, None);
    type_text(&mut form, "1 jul");
    press(&mut form, Action::FieldDown, None);
    type_text(&mut form, "2026-06-30");
    assert_eq!(errors(&form), ["finish"], "each can be read, but not together");
    press(&mut form, Action::Clear, None);
    type_text(&mut form, "+30d");
    assert!(errors(&form).is_empty());
    assert_eq!(form.values().day("finish"), Day::parse("2026-07-31"));
}

#[test]
fn a_new_form_asks_to_be_filled_before_it_calls_anything_an_error() {
    let mut form = form(["", "cash", "", "someday"]);
    assert_eq!((errors(&form), form.to_fill()), (vec!["finish".to_owned()], 2), "what was typed is wrong at once");
    press(&mut form, Action::FieldDown, None);
    assert_eq!((errors(&form), form.to_fill()), (vec!["title".to_owned(), "finish".to_owned()], 1));
    press(&mut form, Action::Save, None);
    assert_eq!((errors(&form).len(), form.to_fill()), (3, 0), "saving asks for all of them");
}

#[test]
fn days_that_do_not_go_together_are_told_beside_a_title_that_waits() {
    let form = form(["", "cash", "2026-07-01", "2026-06-01"]);
    assert_eq!((errors(&form), form.to_fill()), (vec!["finish".to_owned()], 1));
}

#[test]
fn a_choice_is_picked_by_digit_or_turned_or_listed() {
    let mut form = form(["x", "cash", "fri", "+1d"]).at("kind");
    press(&mut form, Action::Right, None);
    assert_eq!(form.values().text("kind"), "dev");
    press(&mut form, Action::Type, Some('3'));
    assert_eq!((form.values().text("kind"), form.at), ("slot", 2));
    press(&mut form, Action::FieldUp, None);
    assert!(matches!(press(&mut form, Action::Type, Some('c')).as_slice(), [Request::Push(_)]));
    form.picked(&[Pick::Text("cash".to_owned())]);
    assert_eq!((form.values().text("kind"), form.at), ("cash", 2));
}

#[test]
fn saving_goes_to_the_first_field_that_is_wrong() {
    let mut form = form(["", "cash", "fri", "+1d"]).at("finish");
    let said = press(&mut form, Action::Save, None);
    assert!(matches!(said.as_slice(), [Request::Say(_)]) && form.at == 0);
    type_text(&mut form, "abc");
    let run = press(&mut form, Action::Save, None);
    assert!(matches!(run.as_slice(), [Request::Run(Command::Plan(PlanOrder::Close(3)))]));
}

#[test]
fn what_the_engine_refuses_stands_beside_its_field() {
    let mut form = form(["abc", "cash", "fri", "+1d"]);
    let fault = Fault { field: "finish".into(), text: "after the strategy".into() };
    let taken = form.outcome(&Ok(Outcome::Planned(Planned::Refused(vec![fault]))));
    assert!(matches!(taken.as_deref(), Some([Request::Say(_)])) && form.at == 3);
    assert_eq!(errors(&form), ["finish"]);
    type_text(&mut form, "d");
    press(&mut form, Action::Erase, None);
    assert!(errors(&form).is_empty(), "until it is changed");
}

#[test]
fn a_form_that_is_left_keeps_its_draft_where_it_was_changed() {
    let mut form = form(["", "cash", "fri", "+1d"]);
    assert!(matches!(press(&mut form, Action::Leave, None).as_slice(), [Request::Close, Request::Forget(_)]));
    type_text(&mut form, "Fair");
    let left = press(&mut form, Action::Leave, None);
    assert!(matches!(left.as_slice(), [Request::Close, Request::Say(_)]));
    assert_eq!(
        (form.draft_key(), form.typed()),
        (Some(DraftKey::new("new thing")), vec![("title".to_owned(), "Fair".to_owned())])
    );
    // What others changed meanwhile in other fields stays.
    let mut again = self::form(["", "dev", "fri", "+1d"]);
    again.recall(&form.typed());
    assert_eq!((again.values().text("title"), again.values().text("kind")), ("Fair", "dev"));
}
