use journal::{HashAlgorithm, Header};
use kernel::{ActorId, ActorKind, CommandId, EventId, NodeId, StreamId, Timestamp, UnitId};
use uuid::Uuid;

fn header() -> Header {
    Header {
        event_id: EventId(Uuid::from_u128(1)),
        node: NodeId(Uuid::from_u128(2)),
        epoch: 3,
        sequence: 4,
        stream_kind: "hazard".to_owned(),
        stream_id: StreamId(Uuid::from_u128(5)),
        stream_version: 6,
        event_type: "hazard.registered".to_owned(),
        type_version: 7,
        unit_id: UnitId(Uuid::from_u128(8)),
        unit_path: "省/市/县/第一小学".to_owned(),
        actor: ActorId(Uuid::from_u128(9)),
        actor_kind: ActorKind::Import,
        cause: EventId(Uuid::from_u128(10)),
        command_id: CommandId(Uuid::from_u128(11)),
        rules: "base@0123 + overlay@4567".to_owned(),
        decided_at: Timestamp(1_780_000_000_123),
        digests: [Some([0xaa; 32]), None, Some([0xcc; 32])],
        algorithm: HashAlgorithm::Sha256,
    }
}

/// Never changes: it is what journals in the field were hashed with.
const BYTES: &str = "\
    7869616f616e2f6865616465722f31000000100000000000000000000000000000000100000010000000000000000000\
    0000000000000200000004000000030000000800000000000000040000000668617a6172640000001000000000000000\
    0000000000000000050000000800000000000000060000001168617a6172642e72656769737465726564000000020007\
    000000100000000000000000000000000000000800000018e79c812fe5b8822fe58ebf2fe7acace4b880e5b08fe5ada6\
    000000100000000000000000000000000000000900000006696d706f7274000000100000000000000000000000000000\
    000a000000100000000000000000000000000000000b00000018626173654030313233202b206f7665726c6179403435\
    3637000000080000019e7044887b00000020aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaa0000000000000020cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc000000080000\
    000000000001";
const DIGEST: &str = "e9ee27589dc03166110599984dc250d583a8efe5e4d55cf5f48e081b24912c67";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn the_bytes_of_a_header_never_change() {
    assert_eq!(hex(&header().bytes()), BYTES);
    assert_eq!(hex(&header().digest()), DIGEST);
}

#[test]
fn every_field_of_a_header_is_hashed() {
    let id = Uuid::from_u128(99);
    let changes: [fn(&mut Header, Uuid); 20] = [
        |h, id| h.event_id = id.into(),
        |h, id| h.node = id.into(),
        |h, _| h.epoch += 1,
        |h, _| h.sequence += 1,
        |h, _| h.stream_kind.push('x'),
        |h, id| h.stream_id = id.into(),
        |h, _| h.stream_version += 1,
        |h, _| h.event_type.push('x'),
        |h, _| h.type_version += 1,
        |h, id| h.unit_id = id.into(),
        |h, _| h.unit_path.push('x'),
        |h, id| h.actor = id.into(),
        |h, _| h.actor_kind = ActorKind::Peer,
        |h, id| h.cause = id.into(),
        |h, id| h.command_id = id.into(),
        |h, _| h.rules.push('x'),
        |h, _| h.decided_at = Timestamp(0),
        |h, _| h.digests.swap(0, 1),
        |h, _| h.digests[2] = None,
        // Nothing flows from one field into the next.
        |h, _| {
            h.stream_kind.pop();
            h.event_type.insert(0, 'd');
        },
    ];
    let mut digests = std::collections::BTreeSet::from([header().digest()]);
    for change in changes {
        let mut changed = header();
        change(&mut changed, id);
        assert!(digests.insert(changed.digest()));
    }
}
