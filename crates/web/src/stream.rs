//! Long answers, piece by piece, and words in addresses.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Bytes;
use futures_util::Stream;
use tokio::sync::mpsc;

/// Pieces that may wait for a slow connection before the reader of the rows waits too.
const PIECES: usize = 8;

/// The end that is written to, from a thread that may wait.
pub struct ByteSender(mpsc::Sender<Bytes>);

impl ByteSender {
    /// Hands a piece over, waiting for a slow connection. False when nobody reads any more.
    #[must_use]
    pub fn send(&self, bytes: Vec<u8>) -> bool {
        self.0.blocking_send(Bytes::from(bytes)).is_ok()
    }
}

/// The pieces as they come.
pub struct ByteStream(mpsc::Receiver<Bytes>);

impl Stream for ByteStream {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|piece| piece.map(Ok))
    }
}

/// A bounded stream of bytes: one end for a thread, one for a response.
pub fn byte_stream() -> (ByteSender, ByteStream) {
    let (sender, receiver) = mpsc::channel(PIECES);
    (ByteSender(sender), ByteStream(receiver))
}

/// A word as it may stand in an address.
pub fn encoded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for byte in word.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push_str(&format!("{byte:02X}"));
            }
        }
    }
    out
}
