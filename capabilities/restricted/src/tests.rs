//! Decisions as a matrix, samples of every event, and the whole of it on both databases.

mod golden;
mod matrix;
mod platform;
mod store;
