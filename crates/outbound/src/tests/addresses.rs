use crate::{Door, DoorSettings, OutboundError, is_mailbox, is_public, retry_after};

#[test]
fn only_the_open_internet_is_public() {
    for open in ["1.1.1.1", "59.37.97.61", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
        assert!(is_public(open.parse().unwrap()), "{open}");
    }
    let closed = [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "ff02::1",
        "::127.0.0.1",
    ];
    for closed in closed {
        assert!(!is_public(closed.parse().unwrap()), "{closed}");
    }
}

fn door(allow: &[&str]) -> Door {
    let allow = allow.iter().map(|line| (*line).to_owned()).collect();
    Door::open(DoorSettings { allow, mail: None }).unwrap()
}

#[test]
fn an_address_is_checked_before_anything_is_asked_of_the_network() {
    let door = door(&["qyapi.weixin.qq.com", "robot.county.lan:8080", "[::1]:9000"]);
    let checked = |address: &str| door.check(address);
    assert_eq!(
        checked("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1").unwrap(),
        "qyapi.weixin.qq.com"
    );
    assert!(checked("https://QYAPI.weixin.qq.com/x").is_ok());
    assert!(checked("http://robot.county.lan:8080/x").is_ok());
    assert!(checked("http://[::1]:9000/x").is_ok());
    assert_eq!(checked("http://qyapi.weixin.qq.com/x"), Err(OutboundError::NotEncrypted));
    assert_eq!(checked("http://robot.county.lan/x"), Err(OutboundError::NotAllowed));
    assert_eq!(checked("https://qyapi.weixin.qq.com.evil.example/x"), Err(OutboundError::NotAllowed));
    assert_eq!(checked("https://qyapi.weixin.qq.com@evil.example/x"), Err(OutboundError::Shape));
    assert_eq!(checked("https://user:word@qyapi.weixin.qq.com/x"), Err(OutboundError::Shape));
    assert_eq!(checked("ftp://robot.county.lan:8080/x"), Err(OutboundError::NotEncrypted));
    assert_eq!(checked("file:///etc/passwd"), Err(OutboundError::Shape));
    assert_eq!(checked("qyapi.weixin.qq.com"), Err(OutboundError::Shape));
}

#[test]
fn a_line_that_is_no_host_is_refused() {
    for line in ["", "https://a.example", "a.example:port", "a b", "[zz]:1", "a.example/x"] {
        let settings = DoorSettings { allow: vec![line.to_owned()], mail: None };
        assert_eq!(Door::open(settings).unwrap_err(), OutboundError::Shape, "{line}");
    }
}

#[test]
fn tries_grow_rare_and_end() {
    let waits: Vec<Option<i64>> = (0..=6).map(retry_after).collect();
    let minutes = |n: i64| Some(n * 60_000);
    assert_eq!(waits, [None, minutes(1), minutes(5), minutes(15), minutes(60), minutes(240), None]);
}

#[test]
fn what_lasts_and_what_passes() {
    for lasting in [
        OutboundError::Demonstration,
        OutboundError::NotAllowed,
        OutboundError::NotPublic,
        OutboundError::Status(404),
        OutboundError::Mail(550),
        OutboundError::NoMailServer,
        OutboundError::Redirected,
    ] {
        assert!(lasting.is_lasting(), "{lasting}");
    }
    for passing in [
        OutboundError::TimedOut,
        OutboundError::Connect,
        OutboundError::Status(502),
        OutboundError::Status(429),
        OutboundError::Mail(451),
        OutboundError::Name,
    ] {
        assert!(!passing.is_lasting(), "{passing}");
    }
}

#[test]
fn mailboxes() {
    assert!(is_mailbox("office@shizong.example.cn"));
    for wrong in
        ["office", "a@b@c", "Office <office@example.cn>", "a b@example.cn", "a@example.cn\r\nBcc: x@y.cn"]
    {
        assert!(!is_mailbox(wrong), "{wrong}");
    }
}
