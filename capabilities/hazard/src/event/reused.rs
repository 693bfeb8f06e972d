//! A photo of the fix that was used before. **Decoded for ever**, as [`super`] says.

use kernel::StreamId;
use serde::{Deserialize, Serialize};

use crate::level::Number;

/// A photo that is meant to prove a fix and was there before: said to whoever accepts, and never held against anybody
/// by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reused {
    /// Which of the act's photos, beginning with 0; its hash is part of the text, which may be erased.
    pub photo: u32,
    /// The other hazard that had it; absent when it shows this one as it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherHazard>,
}

/// Another hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherHazard {
    /// It.
    pub hazard: StreamId,
    /// Its number in its unit's ledger.
    pub number: Number,
    /// It is another unit's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
}
