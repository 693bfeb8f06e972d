//! What WeCom's and DingTalk's group robots take and answer.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::ChannelKind;

/// Codes that stay until somebody changes the robot or the channel.
const LASTING: &[(ChannelKind, i64)] = &[
    (ChannelKind::Wecom, 40_008),
    (ChannelKind::Wecom, 45_002),
    (ChannelKind::Wecom, 93_000),
    (ChannelKind::Dingtalk, 40_035),
    (ChannelKind::Dingtalk, 300_001),
    (ChannelKind::Dingtalk, 300_005),
    (ChannelKind::Dingtalk, 310_000),
    (ChannelKind::Dingtalk, 400_013),
    (ChannelKind::Dingtalk, 400_101),
    (ChannelKind::Dingtalk, 400_102),
];

/// A message of plain text; both robots take the same.
pub(crate) fn body(text: &str) -> String {
    json!({ "msgtype": "text", "text": { "content": text } }).to_string()
}

/// The address with time and signature, as DingTalk asks of robots with a signing secret.
pub(crate) fn signed(address: &str, secret: &str, now: Timestamp) -> String {
    let stamp = now.unsigned_millis();
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()) else {
        return address.to_owned();
    };
    mac.update(format!("{stamp}\n{secret}").as_bytes());
    let sign = in_query(&STANDARD.encode(mac.finalize().into_bytes()));
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}timestamp={stamp}&sign={sign}")
}

/// What the robot answered: its `errcode`, with whether trying again is in vain. Both answer 200 whatever happens.
pub(crate) fn heard(kind: ChannelKind, answer: &[u8]) -> Result<(), (String, bool)> {
    let code = serde_json::from_slice::<Value>(answer).ok().and_then(|json| json.get("errcode")?.as_i64());
    match code {
        Some(0) => Ok(()),
        Some(code) => Err((format!("{}-{code}", kind.name()), LASTING.contains(&(kind, code)))),
        None => Err(("no-errcode".to_owned(), false)),
    }
}

fn in_query(base64: &str) -> String {
    base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dingtalk_signs_time_and_secret() {
        let signed = signed(
            "https://oapi.dingtalk.com/robot/send?access_token=x",
            "SEC1",
            Timestamp(1_700_000_000_000),
        );
        let (_, query) = signed.split_once('?').unwrap();
        assert!(query.starts_with("access_token=x&timestamp=1700000000000&sign="), "{signed}");
        // HMAC-SHA256 of "1700000000000\nSEC1" with the key "SEC1".
        assert!(query.ends_with("&sign=ukR4%2BWoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio%3D"), "{signed}");
    }

    #[test]
    fn an_errcode_is_a_failure_whatever_the_status() {
        assert_eq!(heard(ChannelKind::Wecom, br#"{"errcode":0,"errmsg":"ok"}"#), Ok(()));
        let wrong_key = heard(ChannelKind::Wecom, br#"{"errcode":93000,"errmsg":"invalid webhook url"}"#);
        assert_eq!(wrong_key, Err(("wecom-93000".to_owned(), true)));
        let too_fast = heard(ChannelKind::Wecom, br#"{"errcode":45009}"#);
        assert_eq!(too_fast, Err(("wecom-45009".to_owned(), false)));
        let sign = heard(ChannelKind::Dingtalk, br#"{"errcode":310000}"#);
        assert_eq!(sign, Err(("dingtalk-310000".to_owned(), true)));
        assert_eq!(heard(ChannelKind::Dingtalk, b"<html>"), Err(("no-errcode".to_owned(), false)));
    }
}
