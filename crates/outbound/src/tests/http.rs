use axum::{Router, body::Bytes, http::StatusCode, response::Redirect, routing::post};
use kernel::limits::OUTBOUND_ANSWER_BYTES;

use crate::{Door, DoorSettings, OutboundError};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server on this machine; its `host:port`.
async fn server() -> String {
    let routes = Router::new()
        .route("/echo", post(|body: Bytes| async move { body }))
        .route("/busy", post(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/elsewhere", post(|| async { Redirect::temporary("/echo") }))
        .route("/long", post(|| async { vec![b'x'; OUTBOUND_ANSWER_BYTES + 1] }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    at
}

fn door(allow: &[&str]) -> Door {
    let allow = allow.iter().map(|line| (*line).to_owned()).collect();
    Door::open(DoorSettings { allow, mail: None }).unwrap()
}

#[test]
fn a_named_host_is_asked_and_every_other_answer_has_its_name() {
    runtime().block_on(async {
        let at = server().await;
        let door = door(&[&at]);
        let ask = async |path: &str| door.post_json(&format!("http://{at}{path}"), "{}".to_owned()).await;
        assert_eq!(ask("/echo").await.unwrap().body, b"{}");
        assert_eq!(ask("/busy").await, Err(OutboundError::Status(503)));
        assert_eq!(ask("/gone").await, Err(OutboundError::Status(404)));
        assert_eq!(ask("/elsewhere").await, Err(OutboundError::Redirected));
        assert_eq!(ask("/long").await, Err(OutboundError::TooLong));
        let plain = door.post_json(&format!("https://{at}/echo"), String::new()).await;
        assert_eq!(plain, Err(OutboundError::Encryption), "no TLS there");
    });
}

#[test]
fn a_name_that_leads_to_this_machine_is_refused_unless_named_with_its_port() {
    runtime().block_on(async {
        let door = door(&["localhost", "127.0.0.1"]);
        for address in ["https://localhost/x", "https://127.0.0.1/x"] {
            let refused = door.post_json(address, String::new()).await;
            assert_eq!(refused, Err(OutboundError::NotPublic), "{address}");
        }
        let elsewhere = door.post_json("https://example.invalid/x", String::new()).await;
        assert_eq!(elsewhere, Err(OutboundError::NotAllowed));
    });
}

#[test]
fn nobody_there() {
    runtime().block_on(async {
        let free =
            tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
        let door = door(&[&free]);
        let answer = door.post_json(&format!("http://{free}/x"), String::new()).await;
        assert_eq!(answer, Err(OutboundError::Connect));
    });
}

#[test]
fn nothing_goes_through_a_shut_door() {
    runtime().block_on(async {
        let at = server().await;
        let door = Door::shut();
        let answer = door.post_json(&format!("http://{at}/echo"), "{}".to_owned()).await;
        assert_eq!(answer, Err(OutboundError::Demonstration));
        assert_eq!(door.check(&format!("http://{at}/echo")).unwrap(), "127.0.0.1");
    });
}
