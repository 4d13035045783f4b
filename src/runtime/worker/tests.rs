use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, SyncSender, sync_channel};

use super::*;
use crate::query::{Choices, ImportRequest};

/// A deadline for what must come; generous, for loaded machines.
const SOON: Duration = Duration::from_secs(20);

/// An engine whose answers the test lets go one by one.
struct Fake {
    begun: Sender<Query>,
    go: Receiver<Result<Answer, String>>,
    changed: Arc<AtomicBool>,
    rested: Arc<AtomicBool>,
    interrupt: SyncSender<Result<Answer, String>>,
}

impl Answers for Fake {
    fn answer(&mut self, query: &Query) -> Result<Answer, String> {
        self.begun.send(query.clone()).unwrap();
        let result = self.go.recv().unwrap();
        assert_ne!(result, Err("panic".to_owned()), "asked to panic");
        result
    }

    fn run(&mut self, _: &Command, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Outcome, String> {
        let mut rows = 0;
        while progress(Progress { bytes: 0, total: 0, rows }).is_continue() {
            rows += 1;
        }
        Err("stopped".into())
    }

    fn keep(&mut self, _: &[Draft]) -> Result<(), String> {
        Ok(())
    }

    fn changed(&mut self) -> Result<bool, String> {
        Ok(self.changed.swap(false, Ordering::SeqCst))
    }

    fn rest(&mut self) {
        self.rested.store(true, Ordering::SeqCst);
    }

    fn interrupter(&self) -> Box<dyn Fn() + Send + Sync> {
        let interrupt = Mutex::new(self.interrupt.clone());
        Box::new(move || interrupt.lock().unwrap().send(Err("interrupted".into())).unwrap())
    }
}

struct Bed {
    worker: Worker,
    begun: Receiver<Query>,
    go: SyncSender<Result<Answer, String>>,
    changed: Arc<AtomicBool>,
    rested: Arc<AtomicBool>,
    told: Receiver<Msg>,
}

fn bed() -> Bed {
    let (begin, begun) = channel();
    let (go, gone) = sync_channel(8);
    let (tell, told) = channel();
    let changed = Arc::new(AtomicBool::new(false));
    let rested = Arc::new(AtomicBool::new(false));
    let (changed_too, rested_too) = (Arc::clone(&changed), Arc::clone(&rested));
    let fake = Fake { begun: begin, go: gone, changed: changed_too, rested: rested_too, interrupt: go.clone() };
    let worker = Worker::start(fake, move |msg| drop(tell.send(msg))).unwrap();
    Bed { worker, begun, go, changed, rested, told }
}

fn ask(panel: PanelId, generation: u64, query: Query) -> Order {
    Order::Ask { panel, generation, query }
}

fn choices() -> Answer {
    Answer::Choices(Choices::default())
}

#[test]
fn the_newest_question_of_a_panel_interrupts_the_older_and_only_it_is_answered() {
    let bed = bed();
    let (one, other) = (PanelId(1), PanelId(2));
    bed.worker.order(ask(one, 1, Query::Choices));
    bed.begun.recv_timeout(SOON).unwrap();
    bed.worker.order(ask(other, 2, Query::Data));
    bed.worker.order(ask(one, 3, Query::Choices));
    assert_eq!(bed.begun.recv_timeout(SOON).unwrap(), Query::Data, "3 has interrupted 1");
    bed.worker.order(ask(one, 4, Query::Choices));
    bed.go.send(Ok(choices())).unwrap();
    bed.go.send(Ok(choices())).unwrap();
    let generations: Vec<u64> = (0..2)
        .map(|_| match bed.told.recv_timeout(SOON).unwrap() {
            Msg::Reply { generation, .. } => generation,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(generations, [2, 4]);
}

#[test]
fn a_panic_while_answering_is_a_failed_reply_and_the_next_question_is_answered() {
    let bed = bed();
    let reply = |generation, given| {
        bed.worker.order(ask(PanelId(1), generation, Query::Choices));
        bed.go.send(given).unwrap();
        match bed.told.recv_timeout(SOON).unwrap() {
            Msg::Reply { result, .. } => result,
            other => panic!("{other:?}"),
        }
    };
    let results = [reply(1, Err("panic".into())), reply(2, Ok(choices()))];
    assert!(results[0].as_ref().unwrap_err().contains("asked to panic"));
    assert_eq!(results[1], Ok(choices()));
}

#[test]
fn a_commit_of_another_process_is_told_without_a_question() {
    let bed = bed();
    bed.changed.store(true, Ordering::SeqCst);
    assert!(matches!(bed.told.recv_timeout(SOON).unwrap(), Msg::Changed));
}

#[test]
fn work_ahead_waits_until_all_questions_are_answered() {
    let bed = bed();
    bed.worker.order(ask(PanelId(1), 1, Query::Choices));
    bed.begun.recv_timeout(SOON).unwrap();
    bed.worker.order(ask(PanelId(2), 2, Query::Data));
    bed.rested.store(false, Ordering::SeqCst);
    bed.go.send(Ok(choices())).unwrap();
    bed.begun.recv_timeout(SOON).unwrap();
    assert!(!bed.rested.load(Ordering::SeqCst), "another question waited");
    bed.go.send(Ok(choices())).unwrap();
    let end = Instant::now() + SOON;
    while !bed.rested.load(Ordering::SeqCst) {
        assert!(Instant::now() < end, "nobody asks any more");
        thread::yield_now();
    }
}

#[test]
fn stopping_ends_a_running_command_after_its_batch() {
    let bed = bed();
    bed.worker.order(Order::Run(Command::Import(ImportRequest::default())));
    assert!(matches!(bed.told.recv_timeout(SOON).unwrap(), Msg::Progress(_)));
    bed.worker.stop(SOON);
    let last: Vec<Msg> = bed.told.iter().collect();
    let done = last.iter().position(|msg| matches!(msg, Msg::Done(_)));
    assert!(matches!(last.get(done.unwrap() + 1), Some(Msg::Changed)), "the screens read what was committed: {last:?}");
}
