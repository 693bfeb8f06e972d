//! The application: assembles crates and capabilities into one platform. `main.rs` only reads the command line.

mod backups;
mod bench;
pub mod cli;
mod connections;
pub mod demo;
mod demonstration;
mod held;
mod keys;
mod outside;
mod photos;
pub mod platform;
mod private;
pub mod router;
mod serve;
pub mod settings;
mod survey;
mod tls;
mod trials;

#[cfg(test)]
mod tests;
