//! The journal's promises, told on both databases with a subject of its own: a jar.

#[cfg(test)]
mod batches;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod envelope;
#[cfg(test)]
mod epochs;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod full;
#[cfg(test)]
mod jar;
#[cfg(test)]
mod jar_state;
#[cfg(test)]
mod past;
#[cfg(test)]
mod reactions;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod simulation;
#[cfg(all(test, not(debug_assertions)))]
mod speed;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod upcast;
mod works;
