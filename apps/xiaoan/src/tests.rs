//! The application as its users meet it: the whole router in process, on a small real platform.

mod batch;
mod columns;
mod commands;
mod exports;
mod faults;
mod fields;
mod filters;
mod golden;
mod held;
mod helping;
mod kept;
mod large_type;
mod listings;
mod matrix;
mod offers;
mod places;
mod reuse;
mod routes;
mod story;
mod support;
mod tables;
mod telling;
mod terminal;
mod twice;
mod views;
mod words;
