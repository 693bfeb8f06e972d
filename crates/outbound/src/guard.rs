//! Which addresses are on the open internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// True for an address of the open internet: not this machine, no closed, link-local, shared or reserved network, no
/// multicast; addresses that wrap an IPv4 one are judged by it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation();
    // "This network", carriers' shared space, protocol assignments, benchmarks, reserved.
    let reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special && !reserved
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match v6.segments() {
        // NAT64 and 6to4 wrap an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Teredo, benchmarks and other special purposes; documentation.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        // Only this block is given out for the open internet.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
