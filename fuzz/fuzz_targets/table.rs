//! A file somebody uploads as a spreadsheet: read or refused, never a panic, never more memory than its limits say.
#![no_main]

use documents::{ReadLimits, read_table};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &[u8])| {
    let (workbook, bytes) = input;
    let name = if workbook { "台账.xlsx" } else { "台账.csv" };
    let limits = ReadLimits { bytes: 1 << 20, ..ReadLimits::default() };
    if let Ok(tables) = read_table(bytes, name, limits) {
        assert!(tables.iter().any(|table| !table.rows.is_empty()), "an empty file is refused");
    }
});
