//! Long answers, piece by piece, and words in addresses.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Bytes;
use futures_util::Stream;
use tokio::{runtime::Handle, sync::mpsc, time::timeout};

/// Pieces that may wait for a slow connection before the reader of the rows waits too.
const PIECES: usize = 8;
/// How long one piece may wait for a connection that takes nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// The end that is written to, from a thread that may wait.
#[derive(Clone)]
pub struct ByteSender {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    patience: Duration,
}

impl ByteSender {
    /// Hands a piece over, waiting for a slow connection, though not for ever. False when nobody reads any more.
    /// Call it from a thread that may wait, never from one that serves pages.
    #[must_use]
    pub fn send(&self, bytes: Vec<u8>) -> bool {
        // Made inside: a timer needs the runtime.
        let sent = async { timeout(self.patience, self.pieces.send(Ok(Bytes::from(bytes)))).await };
        matches!(self.runtime.block_on(sent), Ok(Ok(())))
    }

    /// Breaks the answer off, so that nobody takes what came for the whole.
    pub async fn break_off(&self) {
        let broken = io::Error::other("the answer could not be finished");
        // Whoever went away need not be told.
        let _ = self.pieces.send(Err(broken)).await;
    }
}

/// The pieces as they come.
pub struct ByteStream(mpsc::Receiver<io::Result<Bytes>>);

impl Stream for ByteStream {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// A bounded stream of bytes: one end for a thread, one for a response. Made where the answer is made, inside the
/// runtime.
pub fn byte_stream() -> (ByteSender, ByteStream) {
    byte_stream_with(PATIENCE)
}

fn byte_stream_with(patience: Duration) -> (ByteSender, ByteStream) {
    let (pieces, receiver) = mpsc::channel(PIECES);
    (ByteSender { pieces, runtime: Handle::current(), patience }, ByteStream(receiver))
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

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};

    use super::*;

    #[tokio::test]
    async fn what_was_broken_off_is_not_taken_for_the_whole() {
        let (sender, stream) = byte_stream();
        let writing = tokio::task::spawn_blocking(move || {
            assert!(sender.send(b"a row".to_vec()));
            sender
        });
        writing.await.unwrap().break_off().await;
        assert!(to_bytes(Body::from_stream(stream), usize::MAX).await.is_err());
        let (sender, stream) = byte_stream();
        tokio::task::spawn_blocking(move || assert!(sender.send(b"a row".to_vec()))).await.unwrap();
        assert_eq!(to_bytes(Body::from_stream(stream), usize::MAX).await.unwrap(), "a row");
    }

    #[tokio::test]
    async fn a_connection_that_takes_nothing_is_given_up() {
        let (sender, stream) = byte_stream_with(Duration::from_millis(1));
        let full = tokio::task::spawn_blocking(move || (0..=PIECES).map(|_| sender.send(vec![0])).collect());
        let sent: Vec<bool> = full.await.unwrap();
        assert_eq!(sent.iter().filter(|sent| !**sent).count(), 1);
        drop(stream);
    }
}
