//! Tests of letters: the domain without a database, then with both.

mod answers;
mod departments;
mod golden;
mod letters;
mod matrix;
mod panel;
mod platform;
mod store;
mod support;
mod tickets;
