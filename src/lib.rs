//! quarterdeck: a terminal cockpit for internet operations over one local SQLite file.
//!
//! # The house
//! Arrows point down only; `tests/layers.rs` fails on any other.
//! ```text
//! cli      one file a command                       -> runtime app engine query ui
//! runtime  terminal, signals, threads, the loop     -> app engine query ui
//! app      keys, screens, layers: pure state        -> query ui
//! engine   answers a Query, runs a Command          -> query metrics store ingest
//! ui       widgets, themes, safe text, formats      -> metrics (result types)
//! query    what can be asked and told; plain data   -> metrics
//! metrics  every number's definition, pure          ingest  files into records      store  the SQLite file
//! domain   calendar, money, records                 files   the only std::fs opens
//! ```
//! # One way
//! ```text
//! terminal -> input thread -> Key -> keymap -> Action -> App::update(Msg) -> Effects
//! effects  -> data worker: Engine::answer(Query) -> Reply -> App::update
//! App::draw(&self) once per drained batch of messages, only if something changed
//! ```
//! A number is computed by one function, wherever it appears: screens and command line send the same [`query::Query`]
//! through the same [`engine::Engine`].

pub mod app;
pub mod cli;
pub mod domain;
pub mod engine;
pub mod files;
pub mod ingest;
pub mod metrics;
pub mod query;
pub mod runtime;
pub mod store;
pub mod ui;
