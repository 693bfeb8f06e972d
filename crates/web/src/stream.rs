//! Long answers by way of a file, and words in addresses.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use axum::body::{Body, Bytes};
use tempfile::NamedTempFile;
use tokio::sync::watch;

/// Bytes handed to the connection at a time.
const PIECE: u64 = 64 * 1024;

/// How far the file is written.
#[derive(Clone, Copy, Debug)]
struct Written {
    bytes: u64,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Whole,
    Broken,
}

/// Takes an answer as fast as it is made, into a file without a name, and lets the connection take it from there at
/// its own pace: whoever makes it, a reader of the database, never waits for a client. Dropped before
/// [`Self::finish`], the answer breaks off, so that nobody takes what came for the whole.
pub struct Spool {
    file: File,
    written: watch::Sender<Written>,
}

impl Spool {
    /// Takes a piece. False when nobody reads any more, or the disk takes no more.
    #[must_use]
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        if self.written.is_closed() {
            return false;
        }
        if let Err(error) = self.file.write_all(bytes) {
            tracing::warn!(%error, "an answer could not be put aside");
            return false;
        }
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.written.send_modify(|written| written.bytes = written.bytes.saturating_add(more));
        true
    }

    /// The answer is whole.
    pub fn finish(self) {
        self.written.send_modify(|written| written.end = Some(End::Whole));
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.written.send_modify(|written| written.end = written.end.or(Some(End::Broken)));
    }
}

/// A file to write an answer into, and the answer that is read from it while it grows. The file is gone with both.
///
/// # Errors
/// The system gives no temporary file.
pub fn spool() -> io::Result<(Spool, Body)> {
    let named = NamedTempFile::new()?;
    let file = named.reopen()?;
    let (written, watched) = watch::channel(Written { bytes: 0, end: None });
    Ok((Spool { file: named.into_file(), written }, body(Reading { file, sent: 0, written: watched })))
}

/// A file that is whole, as an answer; no thread waits while the client takes it.
///
/// # Errors
/// The system does not tell its length.
pub fn file_body(file: File) -> io::Result<Body> {
    let whole = Written { bytes: file.metadata()?.len(), end: Some(End::Whole) };
    let (_, written) = watch::channel(whole);
    Ok(body(Reading { file, sent: 0, written }))
}

struct Reading {
    file: File,
    sent: u64,
    written: watch::Receiver<Written>,
}

fn body(reading: Reading) -> Body {
    // Fused: whoever compresses the body asks once more after its end.
    let pieces = futures_util::stream::unfold(Some(reading), |reading| async move {
        let mut reading = reading?;
        match reading.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    Body::from_stream(futures_util::StreamExt::fuse(pieces))
}

impl Reading {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let written = *self.written.borrow_and_update();
            if written.bytes > self.sent {
                return self.piece((written.bytes - self.sent).min(PIECE)).await.map(Some);
            }
            match written.end {
                Some(End::Whole) => return Ok(None),
                Some(End::Broken) => return Err(io::Error::other("the answer could not be finished")),
                None => self.written.changed().await.map_err(io::Error::other)?,
            }
        }
    }

    async fn piece(&mut self, bytes: u64) -> io::Result<Bytes> {
        let mut file = self.file.try_clone()?;
        let read = move || {
            let mut piece = Vec::new();
            Read::take(&mut file, bytes).read_to_end(&mut piece)?;
            Ok::<_, io::Error>(piece)
        };
        let piece = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
        if piece.is_empty() {
            return Err(io::Error::other("the file is shorter than it was"));
        }
        self.sent = self.sent.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Ok(Bytes::from(piece))
    }
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

/// An address with its query; what is empty is left out.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The address of a filtered list with one field changed, or one added that is about a single page.
pub fn address_with(path: &str, filter: &[(&str, &str)], field: &str, value: &str) -> String {
    let mut fields: Vec<(&str, &str)> =
        filter.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect();
    if !filter.iter().any(|(name, _)| *name == field) {
        fields.push((field, value));
    }
    address(path, &fields)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn read(body: Body) -> Result<Vec<u8>, axum::Error> {
        to_bytes(body, usize::MAX).await.map(|bytes| bytes.to_vec())
    }

    #[tokio::test]
    async fn whoever_makes_an_answer_never_waits_for_whoever_takes_it() {
        let (mut spool, body) = spool().unwrap();
        let piece = vec![7; 100_000];
        // On the thread that would have to take it: were it waited for, this would never end.
        for _ in 0..100 {
            assert!(spool.write(&piece));
        }
        spool.finish();
        assert_eq!(read(body).await.unwrap(), piece.repeat(100));
    }

    #[tokio::test]
    async fn a_body_may_be_asked_once_more_after_its_end() {
        use futures_util::StreamExt;

        let (mut spool, body) = spool().unwrap();
        assert!(spool.write(b"all"));
        spool.finish();
        let mut pieces = body.into_data_stream();
        assert_eq!(pieces.next().await.unwrap().unwrap(), "all");
        assert!(pieces.next().await.is_none());
        // As compressing does.
        assert!(pieces.next().await.is_none());
    }

    #[tokio::test]
    async fn what_is_made_while_it_is_taken_arrives_whole() {
        let (mut spool, body) = spool().unwrap();
        let taking = tokio::spawn(read(body));
        for _ in 0..10 {
            assert!(spool.write(b"a row\n"));
            tokio::task::yield_now().await;
        }
        spool.finish();
        assert_eq!(taking.await.unwrap().unwrap(), b"a row\n".repeat(10));
    }

    #[tokio::test]
    async fn what_was_not_finished_is_not_taken_for_the_whole() {
        let (mut spool, body) = spool().unwrap();
        assert!(spool.write(b"a row"));
        drop(spool);
        assert!(read(body).await.is_err());
    }

    #[tokio::test]
    async fn nothing_more_is_made_for_whoever_went_away() {
        let (mut spool, body) = spool().unwrap();
        drop(body);
        assert!(!spool.write(b"a row"));
    }

    #[tokio::test]
    async fn a_file_is_answered_as_it_lies() {
        let lies = NamedTempFile::new().unwrap();
        let bytes: Vec<u8> = (0..200_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        std::fs::write(lies.path(), &bytes).unwrap();
        assert_eq!(read(file_body(lies.reopen().unwrap()).unwrap()).await.unwrap(), bytes);
    }
}
