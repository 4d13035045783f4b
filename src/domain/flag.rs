//! Flags of stored records: 0 and 1.

use serde::{Deserialize, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub fn serialize<S: Serializer>(flag: &bool, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_i64(i64::from(*flag))
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(i64::deserialize(from)? != 0)
}
