//! The terminal: guard, signals, hang-up watch, input thread, data worker, the loop.
