//! Drawing: safe and width-aware text, formats, colour roles, glyph sets, charts and tables. Knows nothing of the app.
//!
//! Every text reaches a cell through [`pen::Pen`], which passes it through [`safe::Safe`]: no byte of imported data
//! controls the terminal.

pub mod amount;
pub mod chart;
pub mod dates;
pub mod format;
pub mod glyphs;
pub mod heat;
pub mod layer;
pub mod markup;
pub mod pen;
pub mod plot;
pub mod safe;
pub mod spark;
pub mod svg;
pub mod table;
pub mod text;
pub mod theme;
pub mod verdict;
pub mod when;
