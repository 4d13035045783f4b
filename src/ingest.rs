//! Reads operators' files into records: sniffing, mapping, one streaming reader, one policy for bad rows.
//! Knows no database. One file a format.
