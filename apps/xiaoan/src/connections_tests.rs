//! Over real sockets, with the clock of the runtime standing still: it goes on by itself whenever nothing else is to do.

use axum::{
    body::{Body, Bytes},
    routing::get,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use super::*;
use crate::tls::OwnAuthority;

const SHORT: Allowed = Allowed {
    connections: 2,
    head: Duration::from_secs(20),
    stalled: Duration::from_secs(60),
    last_requests: Duration::from_secs(10),
};

struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<()>>,
    /// Told when the page that never answers was asked for.
    asked: Arc<Notify>,
}

async fn served(tls: Option<RustlsConfig>) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let asked = Arc::new(Notify::new());
    let told = Arc::clone(&asked);
    let never = move || {
        told.notify_one();
        std::future::pending::<()>()
    };
    let routes = Router::new().route("/", get(|| async { "here" })).route("/never", get(never));
    let stopped = async move {
        let _ = stopped.await;
    };
    Served { address, stop, asked, ended: tokio::spawn(serve(listener, routes, tls, SHORT, stopped)) }
}

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.address).await.unwrap()
}

/// What comes until the server closes; a reset is an end too.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn page(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut bytes = vec![0; 4_096];
    let mut text = String::new();
    while !text.ends_with("here") {
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    text
}

#[tokio::test(start_paused = true)]
async fn whoever_sends_no_head_or_half_of_one_is_let_go() {
    let served = served(None).await;
    let since = tokio::time::Instant::now();
    assert_eq!(to_the_end(&mut connect(&served).await).await, "");
    let mut half = connect(&served).await;
    half.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let told = to_the_end(&mut half).await;
    assert!(!told.contains("here"), "{told}");
    // The same for a connection that was used and then lies idle.
    let mut idle = connect(&served).await;
    assert!(page(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert_eq!(to_the_end(&mut idle).await, "");
    assert!(since.elapsed() >= SHORT.head * 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_handshake_that_does_not_come() {
    let directory = tempfile::tempdir().unwrap();
    let today = "2026-11-24".parse().unwrap();
    let own = OwnAuthority::in_directory(directory.path(), &["localhost".to_owned()], today).unwrap();
    let config = RustlsConfig::from_pem_file(&own.files.certificate, &own.files.key).await.unwrap();
    let served = served(Some(config)).await;
    assert_eq!(to_the_end(&mut connect(&served).await).await, "");
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_a_place_that_is_free_is_given_again() {
    let served = served(None).await;
    let (mut one, mut two) = (connect(&served).await, connect(&served).await);
    page(&mut one).await;
    page(&mut two).await;
    assert_eq!(to_the_end(&mut connect(&served).await).await, "");
    page(&mut two).await;
    one.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(to_the_end(&mut one).await.ends_with("here"));
    // Its place is given back a moment after its end is seen here.
    loop {
        let mut next = connect(&served).await;
        next.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        if to_the_end(&mut next).await.ends_with("here") {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_waits_for_no_request_for_ever() {
    let served = served(None).await;
    let mut never = connect(&served).await;
    never.write_all(b"GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.asked.notified().await;
    let since = tokio::time::Instant::now();
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
    let took = since.elapsed();
    assert!(took >= SHORT.last_requests && took < SHORT.last_requests * 2, "{took:?}");
    assert_eq!(to_the_end(&mut never).await, "");
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_nothing_is_given_up_and_whoever_takes_slowly_is_not() {
    let (mut slow, near) = duplex(1);
    let mut near = Held::new(near, SHORT.stalled, None);
    let taking = tokio::spawn(async move {
        let mut byte = [0];
        for _ in 0..4 {
            tokio::time::advance(SHORT.stalled * 2 / 3).await;
            slow.read_exact(&mut byte).await.unwrap();
        }
        slow
    });
    near.write_all(b"four").await.unwrap();
    let _still_there = taking.await.unwrap();
    let error = near.write_all(b"and more").await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

/// So much of the time that stands still.
async fn passed(time: Duration) {
    let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
}

/// A form of which a piece comes every so often, and then nothing more if it is `broken`.
fn pieces(every: Duration, broken: bool) -> Body {
    let pieces = [&b"large="[..], b"1", b"&back=%2F", b"here"];
    let stream = futures_util::stream::unfold(0, move |at| async move {
        passed(every).await;
        if broken && at == 2 {
            std::future::pending::<()>().await;
        }
        let piece = pieces.get(at)?;
        Some((Ok::<_, io::Error>(Bytes::from_static(piece)), at + 1))
    });
    Body::from_stream(stream)
}

async fn sent(body: Body) -> axum::http::StatusCode {
    use tower::ServiceExt;
    let request = axum::http::Request::post("/preferences")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let routes = web::assemble(Router::new(), web::Face::default());
    routes.oneshot(request.body(body).unwrap()).await.unwrap().status()
}

#[tokio::test(start_paused = true)]
async fn a_form_over_a_slow_line_arrives_and_one_that_stands_still_does_not() {
    let pause = Duration::from_secs(limits::BODY_PAUSE_SECONDS);
    assert_eq!(sent(pieces(pause * 2 / 3, false)).await, axum::http::StatusCode::SEE_OTHER);
    let since = tokio::time::Instant::now();
    assert_eq!(sent(pieces(pause * 2 / 3, true)).await, axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    assert!(since.elapsed() < pause * 4);
    // A byte now and then holds nobody for hours either.
    let whole = Duration::from_secs(limits::BODY_SECONDS);
    let drops = futures_util::stream::unfold((), move |()| async move {
        passed(pause / 2).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b"a")), ()))
    });
    let since = tokio::time::Instant::now();
    assert_eq!(sent(Body::from_stream(drops)).await, axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    assert!(since.elapsed() < whole + pause);
}
