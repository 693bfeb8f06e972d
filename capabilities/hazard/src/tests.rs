//! Tests of hazards: the domain without a database, then with both.

mod carried;
mod climb;
mod clocks;
mod drawing;
mod due;
mod exports;
mod fairness;
mod follow;
mod golden;
mod guide;
mod help;
mod lists;
mod matrix;
mod numbers;
mod offers;
mod plan;
mod platform;
mod repeats;
mod restricted;
mod reuse;
mod sequences;
mod store;
mod support;
mod timers;
mod urge;
mod views;
