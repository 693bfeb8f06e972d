//! Memory of this process, as the system counts it. Zero where it does not say.

use std::fs;

/// Bytes that belong to this process alone or in part (PSS), in megabytes.
pub(crate) fn pss_mb() -> f64 {
    value_mb("/proc/self/smaps_rollup", "Pss:")
}

/// The largest resident size since [`fresh_peak`], in megabytes.
pub(crate) fn peak_mb() -> f64 {
    value_mb("/proc/self/status", "VmHWM:")
}

/// Forgets the peak so far; false where the system cannot.
pub(crate) fn fresh_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

fn value_mb(file: &str, name: &str) -> f64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
