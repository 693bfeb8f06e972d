//! Every limit has a name, and the name is here.

/// Bytes of one record's state as JSON.
pub const RECORD_STATE_BYTES: usize = 64 * 1024;
/// Characters of one free-text field.
pub const TEXT_CHARS: usize = 2_000;
/// Characters of a name, a title, a place.
pub const NAME_CHARS: usize = 100;
/// Photos attached to one act.
pub const PHOTOS_PER_ACT: usize = 9;
/// Bytes of one uploaded photo.
pub const PHOTO_BYTES: usize = 12 * 1024 * 1024;
/// Bytes of one form post: nine photos and some text.
pub const FORM_BYTES: usize = 40 * 1024 * 1024;
/// Pixels (width x height) an image may claim before it is decoded.
pub const IMAGE_PIXELS: u64 = 40_000_000;
/// Units of work waiting for the writer before it answers "busy".
pub const WRITER_QUEUE: usize = 4_096;
/// Units of work in one transaction.
pub const WRITER_BATCH: usize = 256;
/// Commands in one unit of work.
pub const COMMANDS_PER_UNIT_OF_WORK: usize = 1_000;
/// How deep reactions to reactions may go.
pub const REACTION_DEPTH: u8 = 3;
/// Milliseconds the bulk lane may hold the writer at a time.
pub const BULK_SLICE_MS: u64 = 20;
/// Rows of one list page.
pub const PAGE_ROWS: usize = 50;
/// Counts are exact up to here, then shown as "10,000+".
pub const COUNT_EXACT: i64 = 10_000;
/// Units a scope may list one by one in a query; a wider one is matched as a set.
pub const SCOPE_UNITS_LISTED: usize = 64;
/// Rows an export writes while the asker waits; more runs in the background.
pub const EXPORT_ROWS_INLINE: u64 = 50_000;
