//! The journal: envelope, chains, the writer, what follows from an event
