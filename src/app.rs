//! Screens, keys and state: a pure function from messages to state and effects, and a pure drawing of it.
