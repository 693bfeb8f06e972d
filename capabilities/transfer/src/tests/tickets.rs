//! Tickets by themselves.

use journal::Vault;
use kernel::IdSource;

use crate::ticket::Ticket;

#[test]
fn a_ticket_has_160_bits_and_is_shown_by_name_alone() {
    let ids = IdSource::seeded(3);
    let (one, two) = (Ticket::new(&ids), Ticket::new(&ids));
    assert_eq!(one.shown().len(), 40);
    assert_ne!(one, two);
    assert_eq!(Ticket::read(one.shown()), Some(one.clone()));
    assert_eq!(format!("{one:?}"), "Ticket(..)");
}

#[test]
fn what_cannot_be_a_ticket_is_none() {
    let long = "a".repeat(41);
    for bad in ["", "a", "../../etc", &"A".repeat(40), &"g".repeat(40), &long, "é".repeat(20).as_str()] {
        assert_eq!(Ticket::read(bad), None, "{bad}");
    }
}

#[test]
fn the_hash_of_a_ticket_needs_the_key() {
    let ticket = Ticket::read(&"0a".repeat(20)).unwrap();
    let (one, other) = (Vault::new(&[1; 32]), Vault::new(&[2; 32]));
    assert_eq!(ticket.digest(&one), ticket.digest(&one));
    assert_ne!(ticket.digest(&one), ticket.digest(&other));
}
