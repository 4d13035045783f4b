//! The only place that opens files with `std::fs`.
