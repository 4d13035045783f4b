//! Answers queries (store reads and metrics) and runs commands (ingest into store). No terminal.

pub mod demo;
