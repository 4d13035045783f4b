//! Orders that wait for the worker: the newest ask of each panel, and every command.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Order;
use crate::app::PanelId;

/// What to do next.
pub enum Next {
    /// This.
    Order(Box<Order>),
    /// Nothing has come within the time.
    Nothing,
    /// End.
    Stop,
}

/// Shared by the loop, which puts, and the worker, which takes.
pub struct Inbox {
    desk: Mutex<Desk>,
    wake: Condvar,
    interrupt: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<Order>,
    /// The panel whose question is being answered, and whether it has asked anew since.
    answering: Option<(PanelId, bool)>,
    stop: bool,
}

impl Inbox {
    /// Nothing waiting.
    pub fn new(interrupt: Box<dyn Fn() + Send + Sync>) -> Self {
        Self { desk: Mutex::default(), wake: Condvar::new(), interrupt }
    }

    /// Adds an order. An ask replaces the one of the same panel that waits, and interrupts the one being answered.
    pub fn put(&self, order: Order) {
        let mut desk = self.desk();
        if let Order::Ask { panel, .. } = &order {
            desk.waiting.retain(|waiting| !matches!(waiting, Order::Ask { panel: other, .. } if other == panel));
            if let Some((answering, stale)) = &mut desk.answering
                && answering == panel
            {
                *stale = true;
                // Under the lock: the worker cannot begin another answer before this one is interrupted.
                (self.interrupt)();
            }
        }
        desk.waiting.push_back(order);
        self.wake.notify_one();
    }

    /// The next order, waiting for it at most `wait`. An ask counts as being answered until [`Inbox::finish`].
    pub fn next(&self, wait: Duration) -> Next {
        let idle = |desk: &mut Desk| desk.waiting.is_empty() && !desk.stop;
        let (mut desk, _) =
            self.wake.wait_timeout_while(self.desk(), wait, idle).unwrap_or_else(PoisonError::into_inner);
        if desk.stop {
            return Next::Stop;
        }
        let Some(order) = desk.waiting.pop_front() else { return Next::Nothing };
        if let Order::Ask { panel, .. } = &order {
            desk.answering = Some((*panel, false));
        }
        Next::Order(Box::new(order))
    }

    /// Ends the answer at hand; whether the panel has asked anew, so that nobody wants it.
    pub fn finish(&self) -> bool {
        self.desk().answering.take().is_some_and(|(_, stale)| stale)
    }

    /// Tells the worker to end; a running answer is interrupted, a command ends after its batch.
    pub fn stop(&self) {
        let mut desk = self.desk();
        desk.stop = true;
        if desk.answering.is_some() {
            (self.interrupt)();
        }
        self.wake.notify_one();
    }

    /// Whether the worker is to end.
    pub fn stopping(&self) -> bool {
        self.desk().stop
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
