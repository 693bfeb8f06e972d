//! What both databases promise, told on both.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod log;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod search;
#[cfg(test)]
mod sums;
#[cfg(test)]
mod values;
