//! Tests of places: the decisions, then rows, codes and who sees what on both databases.

mod decisions;
mod golden;
mod panel;
mod platform;
mod store;
