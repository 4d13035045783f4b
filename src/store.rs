//! The workspace file. Only this module speaks SQL.
